/** Where the draws.zarr of two results folders differ: every file of it, and of arrays the first element. */
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { documentDifferences, type FolderDifference } from "./compare-documents.ts";
import { guarded, TEMPORARY } from "./files.ts";
import { type JsonObject, parseJson } from "./json.ts";
import type { ResultsReader } from "./reader.ts";
import { CHECKSUM_BYTES } from "./zarr.ts";
import { elementText, isWhole, type StoredArray, storedArray } from "./zarr-elements.ts";

/** A file of the store, by its path in it with `/`. */
type Files = ReadonlyMap<string, { readonly path: string; readonly isFile: boolean }>;

/** A results folder. */
type Compared = Pick<ResultsReader, "directory" | "layout">;

async function filesOf({ directory }: Compared): Promise<Files> {
  const folder = join(directory, "draws.zarr");
  const entries = await guarded("list", folder, () => readdir(folder, { recursive: true, withFileTypes: true }));
  const found = entries
    .filter((entry) => !entry.isDirectory() && !TEMPORARY.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path).split(sep).join("/"), { path, isFile: entry.isFile() }] as const;
    });
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Compares two stores.
 * @param only which files count, by their paths; default: all
 * @returns one difference a metadata leaf, and one an array
 */
export async function arrayDifferences(
  before: Compared,
  now: Compared,
  only: (path: string) => boolean = () => true,
): Promise<FolderDifference[]> {
  const [was, is] = [await filesOf(before), await filesOf(now)];
  const name = elementNamer(now);
  const paths = [...new Set([...is.keys(), ...was.keys()])].filter(only);
  const metadata: FolderDifference[] = [];
  const arrays = new Map<string, ArrayDifference>();
  for (const path of paths) {
    const [a, b] = [was.get(path), is.get(path)];
    if (a?.isFile !== true || b?.isFile !== true) {
      metadata.push({ where: `draws.zarr/${path}`, was: kindOf(a), is: kindOf(b) });
      continue;
    }
    const [x, y] = [await readFile(a.path), await readFile(b.path)];
    if (x.equals(y)) continue;
    if (isMetadata(path)) metadata.push(...metadataDifferences(path, x, y));
    else addChunk(arrays, path, { files: [x, y], array: await describedBy(is, path), name });
  }
  return [...[...arrays.values()].map(toldOf), ...metadata];
}

function kindOf(file: { readonly isFile: boolean } | undefined): string {
  if (file === undefined) return "nothing";
  return file.isFile ? "a file" : "a link, or another thing that is no file";
}

function isMetadata(path: string): boolean {
  return /(?:^|\/)\.z[a-z]+$/.test(path);
}

/** When the run began stands in every group. */
function metadataDifferences(path: string, was: Buffer, is: Buffer): FolderDifference[] {
  const parsed = (text: Buffer): JsonObject | undefined => {
    try {
      return parseJson(text.toString("utf8").replaceAll(/"created_at": "[^"\\]*"/g, '"created_at": ""'), path);
    } catch {
      return undefined;
    }
  };
  const [a, b] = [parsed(was), parsed(is)];
  if (a === undefined) return [{ where: `draws.zarr/${path}`, was: "no JSON", is: "metadata" }];
  return documentDifferences(`draws.zarr/${path}`, a, b);
}

interface ArrayDifference {
  /** The first element that differs, and its values. */
  readonly first: FolderDifference;
  readonly chunks: number;
}

/** A chunk's two files, and how its elements are found and named. */
interface ChunkPair {
  readonly files: readonly [Buffer, Buffer];
  readonly array: StoredArray | undefined;
  readonly name: ElementNamer;
}

function addChunk(arrays: Map<string, ArrayDifference>, path: string, pair: ChunkPair): void {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const known = arrays.get(folder);
  const first = known?.first ?? firstElement(path, pair);
  arrays.set(folder, { first, chunks: (known?.chunks ?? 0) + 1 });
}

function toldOf({ first, chunks }: ArrayDifference): FolderDifference {
  return chunks === 1 ? first : { ...first, where: `${first.where} is the first; ${chunks} of its chunks differ` };
}

async function describedBy(files: Files, path: string): Promise<StoredArray | undefined> {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const read = async (name: string): Promise<JsonObject | undefined> => {
    const file = files.get(`${folder}/${name}`);
    return file && parseJson(await readFile(file.path, "utf8"), file.path);
  };
  return storedArray(await read(".zarray"), await read(".zattrs"));
}

/** The first element of a chunk that differs. */
function firstElement(path: string, { files: [was, is], array, name }: ChunkPair): FolderDifference {
  const where = `draws.zarr/${path}`;
  if (array === undefined || was.length !== is.length)
    return { where, was: `${was.length} bytes`, is: `${is.length} bytes` };
  const { width } = array;
  for (let at = CHECKSUM_BYTES; at < is.length; at += width) {
    const [a, b] = [was.subarray(at, at + width), is.subarray(at, at + width)];
    if (a.equals(b)) continue;
    const slash = path.lastIndexOf("/");
    const index = array.indexOf(path.slice(slash + 1), (at - CHECKSUM_BYTES) / width);
    const damaged = isWhole(was) ? "" : " (its checksum is wrong)";
    const place = index === undefined ? `${where}, beyond its end` : name(path.slice(0, slash), array.dims, index);
    return { where: place, was: elementText(array, a) + damaged, is: elementText(array, b) };
  }
  return { where, was: "a wrong checksum", is: "a right one" };
}

/** `draws.zarr/posterior/theta[B]: chain 5, draw 7`. */
type ElementNamer = (array: string, dims: readonly string[], index: readonly number[]) => string;

function elementNamer({ layout }: Compared): ElementNamer {
  const every = layout.keep?.kind === "thinned" ? layout.keep.every : 1;
  return (array, dims, index) => {
    const inner = dims.flatMap((dim, axis) => {
      if (dim === "chain" || dim === "draw") return [];
      const labels = Object.hasOwn(layout.coordinates, dim) ? layout.coordinates[dim] : undefined;
      return [String(labels?.[index[axis]!] ?? index[axis])];
    });
    const outer = dims.flatMap((dim, axis) => {
      if (dim === "chain") return [`chain ${index[axis]}`];
      return dim === "draw" ? [`draw ${index[axis]! * every}`] : [];
    });
    const element = inner.length === 0 ? "" : `[${inner.join(", ")}]`;
    return `draws.zarr/${array}${element}${outer.length === 0 ? "" : `: ${outer.join(", ")}`}`;
  };
}
