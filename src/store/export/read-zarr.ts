/**
 * Reads Zarr stores in folders, version 2 and 3, consolidated or not: the groups `posterior` and `sample_stats` of ArviZ's
 * InferenceData (also as nutpie writes them), or arrays without a group.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { StoreError } from "../../errors.ts";
import { readBounded } from "../files.ts";
import {
  asArray,
  asCount,
  asObject,
  asOneOf,
  inside,
  type Json,
  type JsonObject,
  member,
  type Place,
  parseJson,
} from "../json.ts";
import { readRoles, VARIABLE_ROLES } from "../roles.ts";
import { quotedName } from "./read-index.ts";
import { type LabelledArray, type LabelledGroup, posteriorDraws, statisticsOf } from "./read-labelled.ts";
import type { ReadDraws } from "./read-table.ts";
import { readElements, type StoredArray } from "./zarr-array.ts";

/** Statistics that diagnose uses. */
const JUDGED: ReadonlySet<string> = new Set(["diverging", "divergent", "energy"]);
const MAX_METADATA = 64 * 2 ** 20;

/** What the store says of its arrays in one place, by path; empty where it is not consolidated. */
type Consolidated = ReadonlyMap<string, JsonObject>;

async function jsonOf(path: string): Promise<JsonObject | undefined> {
  const bytes = await readBounded(path, MAX_METADATA);
  return bytes === undefined ? undefined : asObject(parseJson(bytes.toString("utf8"), path), { file: path, key: "" });
}

/** Metadata as text that is the same where it says the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

async function consolidated(root: string): Promise<Consolidated> {
  const file = join(root, ".zmetadata");
  const v2 = await jsonOf(file);
  const v3 = v2 === undefined ? await jsonOf(join(root, "zarr.json")) : undefined;
  const inline = v3 && member(v3, "consolidated_metadata");
  const found =
    v2 ??
    (inline === undefined || inline === null ? undefined : asObject(inline, { file, key: "consolidated_metadata" }));
  if (found === undefined) return new Map();
  const entries = Object.entries(asObject(member(found, "metadata"), { file, key: "metadata" }));
  return new Map(entries.map(([path, value]) => [path, asObject(value, { file, key: path })]));
}

/** Refuses an array that the store describes in two ways. */
function checkAgainst(known: Consolidated, path: string, found: JsonObject, folder: string): void {
  const expected = known.get(path);
  if (expected === undefined) return;
  const plain = ({ consolidated_metadata: _, ...rest }: JsonObject): JsonObject => rest;
  if (canonical(plain(expected)) === canonical(plain(found))) return;
  throw new StoreError(
    `${folder}: its metadata is not what the store's consolidated metadata says: the store is damaged, or was changed since. Consolidate it again (zarr.consolidate_metadata).`,
  );
}

interface Store {
  readonly root: string;
  readonly known: Consolidated;
}

async function storedArray({ root, known }: Store, path: string, name: string): Promise<StoredArray | undefined> {
  const folder = join(root, path);
  const v3 = await jsonOf(join(folder, "zarr.json"));
  const metadata = v3 ?? (await jsonOf(join(folder, ".zarray")));
  if (metadata === undefined) return undefined;
  const place: Place = { file: folder, key: "zarr_format" };
  asOneOf(String(member(metadata, "zarr_format")), [v3 === undefined ? "2" : "3"], place);
  if (
    v3 !== undefined &&
    asOneOf(member(v3, "node_type"), ["array", "group"], { ...place, key: "node_type" }) === "group"
  )
    return undefined;
  checkAgainst(known, v3 === undefined ? `${path}/.zarray` : path, metadata, folder);
  const attributes = (v3 === undefined ? await jsonOf(join(folder, ".zattrs")) : v3["attributes"]) ?? {};
  const held = asObject(attributes, { file: folder, key: "attributes" });
  if (v3 === undefined && known.has(`${path}/.zattrs`)) checkAgainst(known, `${path}/.zattrs`, held, folder);
  const at: Place = { file: folder, key: "shape" };
  const shape = asArray(member(metadata, "shape"), at).map((length, axis) => asCount(length, inside(at, axis)));
  return { name, folder, metadata, attributes: held, version: v3 === undefined ? 2 : 3, shape };
}

function kindOf({ metadata, version }: StoredArray): LabelledArray["kind"] {
  const type = version === 2 ? metadata["dtype"] : metadata["data_type"];
  const name = typeof type === "string" ? type : JSON.stringify(type ?? null);
  if (version === 2)
    return /^[<>|][biuf]\d$/.test(name) ? "number" : /^(?:[<>|][US]\d+|\|O)$/.test(name) ? "text" : "other";
  if (/^(?:bool|u?int(?:8|16|32|64)|float(?:16|32|64))$/.test(name)) return "number";
  return /string|utf32|null_terminated_bytes/.test(name) ? "text" : "other";
}

/** The attributes that say how numbers are to be read. Version 2 has the fill value as the one of what is missing. */
function encodingOf({ attributes, metadata, version, name, folder }: StoredArray): JsonObject {
  const fill = metadata["fill_value"];
  const isMark = version === 2 && fill !== undefined && fill !== null && fill !== 0 && typeof fill !== "boolean";
  if (
    !isMark ||
    attributes["_FillValue"] !== undefined ||
    kindOf({ metadata, version, name, folder, attributes, shape: [] }) !== "number"
  )
    return attributes;
  return { ...attributes, _FillValue: fill };
}

function dimsOf({ attributes, metadata, version, shape }: StoredArray): (string | undefined)[] {
  const named: Json | undefined = version === 2 ? attributes["_ARRAY_DIMENSIONS"] : metadata["dimension_names"];
  return shape.map((_, axis) => {
    const name = Array.isArray(named) ? named[axis] : undefined;
    return typeof name === "string" ? name : undefined;
  });
}

function labelled(array: StoredArray, tell: (note: string) => void): LabelledArray {
  const kind = kindOf(array);
  return {
    name: array.name,
    dims: dimsOf(array),
    shape: array.shape,
    kind,
    attributes: encodingOf(array),
    read: () => readElements(array, kind === "text", (text) => tell(`${text}.`)),
  };
}

/** The group at a path within the store; undefined where there is none. */
async function groupAt(store: Store, path: string, notes: string[]): Promise<LabelledGroup | undefined> {
  const folder = join(store.root, path);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return undefined;
  const arrays: LabelledArray[] = [];
  for (const name of entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()) {
    const array = await storedArray(store, path === "" ? name : `${path}/${name}`, name);
    // Of statistics, only what is judged is worth a word.
    const isQuiet = path === "sample_stats" && !JUDGED.has(name);
    if (array !== undefined) arrays.push(labelled(array, isQuiet ? () => undefined : (note) => notes.push(note)));
  }
  const metadata = (await jsonOf(join(folder, "zarr.json")))?.["attributes"] ?? (await jsonOf(join(folder, ".zattrs")));
  return {
    place: path === "" ? store.root : `${store.root}, group ${path}`,
    attributes: metadata === undefined ? {} : asObject(metadata, { file: folder, key: "attributes" }),
    arrays,
    coordinate: (dim) => arrays.find(({ name }) => name === dim),
  };
}

/** A group's coordinates may be those of the whole store. */
function within(group: LabelledGroup, root: LabelledGroup | undefined): LabelledGroup {
  return { ...group, coordinate: (dim) => group.coordinate(dim) ?? root?.coordinate(dim) };
}

/** Reads a Zarr store. @throws StoreError where it has no posterior draws, or is damaged */
export async function readZarr(path: string): Promise<ReadDraws> {
  const notes: string[] = [];
  const store = { root: path, known: await consolidated(path) };
  const root = await groupAt(store, "", notes);
  const posterior = await groupAt(store, "posterior", notes);
  const isEmpty = posterior === undefined || posterior.arrays.length === 0;
  if (root === undefined || (isEmpty && root.arrays.length === 0)) {
    const found = (await readdir(path)).filter((name) => !name.startsWith(".") && name !== "zarr.json");
    throw new StoreError(
      `${path} has no group "posterior" with draws: expected InferenceData as ArviZ writes it, found ${found.slice(0, 8).map(quotedName).join(", ") || "nothing"}.`,
    );
  }
  const quantities = await posteriorDraws(isEmpty ? root : within(posterior, root), notes);
  const group = isEmpty ? undefined : await groupAt(store, "sample_stats", notes);
  const statistics = group === undefined ? [] : await statisticsOf(within(group, root));
  const roles = readRoles(posterior?.attributes[VARIABLE_ROLES], quantities, path);
  return { quantities, roles, ...(statistics.length > 0 && { statistics }), ...(notes.length > 0 && { notes }) };
}
