/** Where two JSON documents differ, leaf by leaf. */
import type { Json, JsonObject } from "./json.ts";

/** One thing that differs between two results folders. */
export interface FolderDifference {
  /** `run.json: config.gates.rhat`, `draws.zarr/posterior/mu: chain 5, draw 7`. */
  readonly where: string;
  /** As texts. */
  readonly was: string;
  readonly is: string;
}

export interface DocumentOptions {
  /** Paths that are not compared: `host` stands for all below it. */
  readonly own?: readonly string[];
  /** What the first document lacks is passed over: it is of an older form. */
  readonly older?: boolean;
}

/** The leaves in which two documents differ, in the order of the first. Elements that have a name go by it. */
export function documentDifferences(
  file: string,
  before: Json | undefined,
  now: Json | undefined,
  options: DocumentOptions = {},
): FolderDifference[] {
  const { own = [], older = false } = options;
  const found: FolderDifference[] = [];
  const visit = (path: string, was: Json | undefined, is: Json | undefined): void => {
    if (own.includes(path) || (was === undefined && older)) return;
    const keys = keysOf(was, is);
    if (keys === undefined) {
      if (JSON.stringify(was) !== JSON.stringify(is))
        found.push({ where: path === "" ? file : `${file}: ${path}`, was: shown(was), is: shown(is) });
      return;
    }
    for (const { key, step } of keys) visit(joined(path, step), part(was, key), part(is, key));
  };
  visit("", before, now);
  return found;
}

function joined(path: string, step: string): string {
  return path === "" || step.startsWith("[") ? `${path}${step}` : `${path}.${step}`;
}

interface Key {
  readonly key: string | number;
  /** As it stands in a path. */
  readonly step: string;
}

/** What is inside of two objects or two lists; undefined where they are to be compared as they are. */
function keysOf(was: Json | undefined, is: Json | undefined): Key[] | undefined {
  if (Array.isArray(was) && Array.isArray(is)) {
    const names = is.length === was.length ? is.map(nameOf) : [];
    return Array.from({ length: Math.max(was.length, is.length) }, (_, index) => ({
      key: index,
      step: `[${names[index] ?? index}]`,
    }));
  }
  if (!isObject(was) || !isObject(is)) return undefined;
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].map((key) => ({ key, step: key }));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nameOf(value: Json): string | undefined {
  const name = isObject(value) && Object.hasOwn(value, "name") ? value["name"] : undefined;
  return typeof name === "string" ? name : undefined;
}

function part(value: Json | undefined, key: string | number): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(key)];
  return isObject(value) && Object.hasOwn(value, String(key)) ? value[String(key)] : undefined;
}

/** A value, cut to fit; control characters are escaped. */
function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
