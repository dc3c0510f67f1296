import { isAbsolute, posix, relative, resolve, sep } from "node:path";
import type { Entry, Located, LocatedMap, Path } from "./located.ts";

/** Keys that choose between alternatives: a mapping that chooses another one replaces instead of merging. */
const INIT_KEYS = ["uniform", "value", "values"];
const FILE_KEYS = ["csv", "json"];

/** `over` merged over `base`: mappings key by key, everything else by replacement. */
export function merge(base: Located, over: Located, path: Path = []): Located {
  if (base.kind !== "map" || over.kind !== "map" || replaces(base, over, path)) return over;
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    entries.set(
      key,
      below === undefined ? entry : { key: entry.key, node: merge(below.node, entry.node, [...path, key]) },
    );
  }
  return { kind: "map", entries, span: over.span };
}

function replaces(base: LocatedMap, over: LocatedMap, path: Path): boolean {
  if (path.length === 1 && path[0] === "sampler") {
    const chosen = scalarAt(over, "name");
    return chosen !== undefined && chosen !== (scalarAt(base, "name") ?? "chees");
  }
  const keys =
    path.length === 1 && path[0] === "init" ? INIT_KEYS : path.length === 2 && path[0] === "data" ? FILE_KEYS : [];
  return (
    keys.some((key) => over.entries.has(key)) && !keys.some((key) => over.entries.has(key) && base.entries.has(key))
  );
}

function scalarAt(map: LocatedMap, key: string): unknown {
  const node = map.entries.get(key)?.node;
  return node?.kind === "scalar" ? node.value : undefined;
}

function withEntry(map: LocatedMap, key: string, change: (node: Located) => Located): LocatedMap {
  const entry = map.entries.get(key);
  if (entry === undefined) return map;
  return { ...map, entries: new Map(map.entries).set(key, { key: entry.key, node: change(entry.node) }) };
}

/** `sampler: hmc` written out as `sampler: { name: hmc }`, so that it merges like one. */
export function spellOut(root: LocatedMap): LocatedMap {
  return withEntry(root, "sampler", (node) => {
    if (node.kind !== "scalar" || typeof node.value !== "string") return node;
    return { kind: "map", entries: new Map([["name", { key: node.span, node }]]), span: node.span };
  });
}

/**
 * The paths of one source (the model's file, data files), which are relative to the source's own folder, rewritten
 * relative to `directory`, with `/` between folders.
 */
export function rebase(root: LocatedMap, directory: string): LocatedMap {
  const path = (node: Located): Located => {
    if (node.kind !== "scalar" || typeof node.value !== "string" || node.value === "") return node;
    return { ...node, value: rebasePath(node.value, node.span.source.directory, directory) };
  };
  const source = (node: Located): Located => {
    return node.kind === "map" ? FILE_KEYS.reduce((map, key) => withEntry(map, key, path), node) : node;
  };
  const data = (node: Located): Located => {
    return node.kind === "map"
      ? [...node.entries.keys()].reduce((map, key) => withEntry(map, key, source), node)
      : node;
  };
  const model = (node: Located): Located => {
    return node.kind === "scalar" && typeof node.value === "string" && isModelFile(node.value) ? path(node) : node;
  };
  return withEntry(withEntry(root, "model", model), "data", data);
}

/** Whether a `model` is a file (`./my-model.ts#name`), not the name of a shipped model. */
export function isModelFile(model: string): boolean {
  const file = model.split("#")[0]!;
  return /[/\\]/.test(file) || /\.[cm]?[jt]s$/.test(file);
}

function rebasePath(path: string, from: string, to: string): string {
  if (isAbsolute(path) || resolve(from) === resolve(to)) return path;
  const moved = relative(to, resolve(from, path)).split(sep).join(posix.sep);
  return moved.startsWith(".") || isAbsolute(moved) ? moved : `./${moved}`;
}
