/** The metadata files of `draws.zarr`: groups, arrays, coordinates, and `.zmetadata`, which consolidates them. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Coordinates, Numbers, VariableSpec } from "../draws.ts";
import { guarded, writeAtomic } from "./files.ts";
import type { JsonObject } from "./json.ts";
import type { DataArray } from "./layout.ts";
import { axisLabels } from "./names.ts";
import {
  arrayMetadata,
  bytesOf,
  chunkKey,
  encodeLabels,
  metadataText,
  sealChunk,
  type ZarrArray,
  zarrType,
} from "./zarr.ts";

/** The metadata of a store that is being written. */
export interface MetadataTree {
  readonly folder: string;
  /** Attributes of the root and of every group. */
  readonly attributes: JsonObject;
  /** Metadata files by path within the store: what `.zmetadata` consolidates. */
  readonly entries: Map<string, JsonObject>;
  /** What this process wrote last, by path. */
  readonly written: Map<string, string>;
}

export function createTree(folder: string, attributes: JsonObject, entries: JsonObject = {}): MetadataTree {
  const known = Object.entries(entries) as [string, JsonObject][];
  return { folder, attributes, entries: new Map(known), written: new Map() };
}

export async function makeFolder(path: string): Promise<void> {
  await guarded("make the folder", path, () => mkdir(path, { recursive: true }));
}

export async function putMetadata(tree: MetadataTree, path: string, value: JsonObject): Promise<void> {
  const text = metadataText(value);
  tree.entries.set(path, value);
  if (tree.written.get(path) === text) return;
  await writeAtomic(join(tree.folder, path), text);
  tree.written.set(path, text);
}

/** Makes an array's folder and describes it; its chunks are written by others. */
export async function putArray(
  tree: MetadataTree,
  path: string,
  array: ZarrArray,
  dims: readonly string[],
): Promise<void> {
  await makeFolder(join(tree.folder, path));
  await putMetadata(tree, `${path}/.zarray`, arrayMetadata(array));
  await putMetadata(tree, `${path}/.zattrs`, { _ARRAY_DIMENSIONS: dims });
}

/** Writes a coordinate with all its labels, of which `visible` are within its shape. */
export async function putCoordinate(
  tree: MetadataTree,
  path: string,
  dim: string,
  labels: readonly (string | number)[],
  visible: number,
): Promise<void> {
  const { dtype, bytes } = encodeLabels(labels);
  await putArray(tree, path, { shape: [visible], chunks: [Math.max(1, labels.length)], dtype }, [dim]);
  if (labels.length > 0) await writeAtomic(join(tree.folder, path, "0"), sealChunk(bytes));
}

/** Writes a group's attributes and the coordinates of its named dimensions. */
export async function putGroup(
  tree: MetadataTree,
  group: string,
  variables: readonly VariableSpec[],
  coordinates: Coordinates,
): Promise<void> {
  await makeFolder(join(tree.folder, group));
  await putMetadata(tree, `${group}/.zgroup`, { zarr_format: 2 });
  await putMetadata(tree, `${group}/.zattrs`, tree.attributes);
  const lengths = new Map<string, number>();
  for (const variable of variables) {
    for (const [axis, dim] of variable.dims.entries()) lengths.set(dim, variable.shape[axis] ?? 0);
  }
  for (const [dim, length] of lengths) {
    await putCoordinate(tree, `${group}/${dim}`, dim, axisLabels(dim, length, coordinates), length);
  }
}

/** Writes a group of arrays that never grow. */
export async function putDataGroup(
  tree: MetadataTree,
  group: string,
  arrays: readonly DataArray[],
  coordinates: Coordinates,
): Promise<void> {
  if (arrays.length === 0) return;
  await putGroup(tree, group, arrays, coordinates);
  for (const array of arrays) {
    const chunks = array.shape.map((length) => Math.max(1, length));
    const path = `${group}/${array.name}`;
    await putArray(tree, path, { shape: array.shape, chunks, dtype: zarrType(array.dtype) }, array.dims);
    await putChunk(
      tree,
      path,
      array.shape.map(() => 0),
      array.values,
    );
  }
}

/** Writes one chunk of an array; an empty one has no file. */
export async function putChunk(
  tree: MetadataTree,
  path: string,
  indices: readonly number[],
  values: Numbers,
): Promise<void> {
  if (values.length > 0) await writeAtomic(join(tree.folder, path, chunkKey(indices)), sealChunk(bytesOf(values)));
}

/** The commit point: `.zmetadata`, on the disk when it resolves. */
export async function consolidate(tree: MetadataTree): Promise<void> {
  const metadata = Object.fromEntries([...tree.entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = metadataText({ metadata, zarr_consolidated_format: 1 });
  await writeAtomic(join(tree.folder, ".zmetadata"), text, true);
}
