/** What differs between a run and the one that is to go on with it, as far as draws depend on it. */
import type { VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { own } from "../named.ts";
import type { Json, JsonObject } from "./json.ts";
import type { StoreLayout } from "./layout.ts";
import type { Manifest } from "./manifest.ts";

/** One thing that differs. */
export interface ManifestDifference {
  /** `config: sampler.name`, `data: x.csv`, `package version`, `engine`, … */
  readonly what: string;
  /** As a text; "nothing" where it is missing. */
  readonly before: string;
  readonly now: string;
}

/** Options of a config that never change a draw. */
const NEUTRAL: ReadonlySet<string> = new Set(["name", "device", "workers", "block", "gates", "output", "extends"]);

function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The leaves in which two values differ. */
function leaves(what: string, before: Json | undefined, now: Json | undefined): ManifestDifference[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  const isObject = (value: Json | undefined): value is JsonObject =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject(before) || !isObject(now)) return [{ what, before: shown(before), now: shown(now) }];
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  const separator = what.endsWith(": ") ? "" : ".";
  return [...keys].sort().flatMap((key) => leaves(`${what}${separator}${key}`, own(before, key), own(now, key)));
}

function configDifferences(before: Manifest, now: Manifest): ManifestDifference[] {
  if (before.hashes["config"] === now.hashes["config"]) return [];
  const relevant = (config: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(config).filter(([key]) => !NEUTRAL.has(key)));
  return leaves("config: ", relevant(before.config), relevant(now.config));
}

/** Of one engine and precision, the library or the device: in one run they must not change. */
function classDifferences(before: Manifest, now: Manifest): ManifestDifference[] {
  const same = (key: string): boolean => before.engine[key] === now.engine[key];
  return same("name") && same("precision") ? leaves("engine class", before.engine["class"], now.engine["class"]) : [];
}

/** The file of a model, or what stands for a shipped one. */
export function modelDifference(before: Json | undefined, now: Json | undefined): ManifestDifference[] {
  return leaves("model", before, now);
}

/**
 * The model as it was bound, and the data as they were given to it. Where the files are the same, what a file imports has
 * changed, or what it reads. Folders of format 1 have no such hashes.
 */
function boundDifferences(before: Manifest, now: Manifest): ManifestDifference[] {
  return (["program", "bound_data"] as const).flatMap((key) =>
    before.hashes[key] === undefined ? [] : leaves(BOUND[key], before.hashes[key], now.hashes[key]),
  );
}

const BOUND = {
  program: "the model's program (what its file imports, or reads, counts too)",
  bound_data: "the data and labels that the model was given",
};

/**
 * What differs of all that draws depend on: config, data, model, seed, package version, engine and its precision. Empty
 * where a run may be resumed. Names, gates, workers, Node's version and the machine may differ.
 */
export function compareManifest(before: Manifest, now: Manifest): ManifestDifference[] {
  const one = (what: string, a: Json | undefined, b: Json | undefined): ManifestDifference[] => leaves(what, a, b);
  const found = [
    ...configDifferences(before, now),
    ...one("data: ", before.hashes["data"], now.hashes["data"]),
    ...modelDifference(before.hashes["model"], now.hashes["model"]),
    ...boundDifferences(before, now),
    ...one("seed", before.seed, now.seed),
    ...one("package version", before.versions["package"], now.versions["package"]),
    ...one("engine", before.engine["name"], now.engine["name"]),
    ...one("precision", before.engine["precision"], now.engine["precision"]),
    ...classDifferences(before, now),
  ];
  // The engine is part of the config too: once is enough.
  const seen = new Set<string>();
  const once = found.filter(({ what }) => {
    const name = what.replace(/^config: (?=(?:engine|precision|seed)$)/, "");
    return !seen.has(name) && seen.add(name);
  });
  if (once.length > 0) return once;
  return one("config", before.hashes["config"], now.hashes["config"]);
}

/** A variable as far as its draws depend on it: runs of older versions know no roles. */
export function withoutRole({ role: _, ...rest }: VariableSpec): Omit<VariableSpec, "role"> {
  return rest;
}

/** What differs of the arrays that a run writes; how they are cut into chunks does not matter. */
export function compareLayout(before: StoreLayout, now: StoreLayout): ManifestDifference[] {
  const plain = ({ chunkDraws: _, variables, ...rest }: StoreLayout): JsonObject =>
    JSON.parse(JSON.stringify({ ...rest, variables: variables.map(withoutRole) })) as JsonObject;
  return leaves("arrays: ", plain(before), plain(now));
}

/** @throws StoreError that says what differs, where something does */
export function refuseForeign(directory: string, differences: readonly ManifestDifference[]): void {
  if (differences.length === 0) return;
  const lines = differences.slice(0, 8).map(({ what, before, now }) => `  ${what}: was ${before}, is ${now}`);
  if (differences.length > 8) lines.push(`  and ${differences.length - 8} more`);
  throw new StoreError(
    `${directory} cannot be resumed: its draws were made with something else:\n${lines.join("\n")}\nResume it as it was, or begin a new run.`,
  );
}
