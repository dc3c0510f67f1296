/**
 * Arrays of a foreign Zarr store, version 2 or 3, read chunk by chunk with zarrita. Metadata is checked before it is
 * believed; a chunk that is not there stands for its fill value, and that is told or refused.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DataType, Array as ZarrArray } from "zarrita";
import { ManychainError, StoreError } from "../../errors.ts";
import { errorCode } from "../files.ts";
import type { JsonObject } from "../json.ts";
import { quotedName } from "./read-index.ts";
import { type Elements, rowMajor } from "./read-labelled.ts";
import { zarrLibrary } from "./zarr-codecs.ts";

const MAX_ELEMENTS = 2 ** 28;
const MAX_CHUNKS = 2 ** 20;
const MAX_CHUNK_BYTES = 2 ** 30;

/** An array by its folder and metadata. */
export interface StoredArray {
  readonly name: string;
  readonly folder: string;
  /** `.zarray` and `.zattrs`, or `zarr.json`. */
  readonly metadata: JsonObject;
  readonly attributes: JsonObject;
  readonly version: 2 | 3;
  readonly shape: readonly number[];
}

/** What is said of chunks that are not there. */
export type Absent = (text: string) => void;

/** Files of one array, whose keys zarrita makes of chunk indices. */
class ArrayFiles {
  readonly #array: StoredArray;
  readonly #metadata: Uint8Array;
  /** True if the last file that was asked for is not there. */
  isAbsent = false;

  constructor(array: StoredArray, metadata: JsonObject) {
    this.#array = array;
    this.#metadata = new TextEncoder().encode(JSON.stringify(metadata));
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    if (key === "/.zarray" || key === "/zarr.json") return this.#metadata;
    if (key === "/.zattrs") return new TextEncoder().encode(JSON.stringify(this.#array.attributes));
    const path = join(this.#array.folder, key);
    try {
      const info = await stat(path);
      if (!info.isFile()) throw new StoreError(`${path} is not a file: expected a chunk there.`);
      if (info.size > MAX_CHUNK_BYTES) throw new StoreError(`${path} is larger than a chunk can be.`);
      this.isAbsent = false;
      return new Uint8Array(await readFile(path));
    } catch (error) {
      if (!["ENOENT", "ENOTDIR"].includes(errorCode(error))) throw error;
      this.isAbsent = true;
      return undefined;
    }
  }

  async getRange(
    key: string,
    range: { readonly offset: number; readonly length: number } | { readonly suffixLength: number },
  ): Promise<Uint8Array | undefined> {
    const file = await this.get(key);
    if (file === undefined) return undefined;
    if ("suffixLength" in range) return file.slice(Math.max(0, file.length - range.suffixLength));
    const { offset, length } = range;
    if (offset + length > file.length) throw new StoreError(`${key}: a part of the shard is not within the file`);
    return file.slice(offset, offset + length);
  }
}

/** zarrita's name of a type that it knows under another one: texts of fixed length in version 3. */
function knownType(type: unknown): unknown {
  if (typeof type !== "object" || type === null) return type;
  const { name, configuration } = type as { name?: unknown; configuration?: { length_bytes?: unknown } };
  const bytes = Number(configuration?.length_bytes);
  if (name === "fixed_length_utf32" && bytes > 0) return `v2:U${bytes / 4}`;
  if (name === "null_terminated_bytes" && bytes > 0) return `v2:S${bytes}`;
  return typeof name === "string" && configuration === undefined ? name : String(name);
}

/** The metadata as zarrita takes it. Keys of chunks may not leave the array's folder. */
function cleaned({ metadata, version, folder }: StoredArray): JsonObject {
  const encoding = (metadata["chunk_key_encoding"] ?? {}) as { configuration?: { separator?: unknown } };
  const separator = version === 2 ? metadata["dimension_separator"] : encoding.configuration?.separator;
  if (separator !== undefined && separator !== "." && separator !== "/") {
    throw new StoreError(`${folder}: the separator of chunk indices is ${JSON.stringify(separator)}; expected . or /`);
  }
  return version === 2 ? metadata : { ...metadata, data_type: knownType(metadata["data_type"]) as string };
}

async function opened(array: StoredArray): Promise<{ readonly files: ArrayFiles; readonly zarr: ZarrArray<DataType> }> {
  const { open } = await zarrLibrary();
  const files = new ArrayFiles(array, cleaned(array));
  const from = array.version === 2 ? open.v2 : open.v3;
  return { files, zarr: await from(files, { kind: "array" }) };
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((all, length) => all * length, 1);
}

/** Copies what of a chunk lies within the array. */
function place(
  target: {
    readonly values: unknown[] | Float64Array;
    readonly shape: readonly number[];
    readonly strides: readonly number[];
  },
  chunk: {
    readonly at: (index: number) => unknown;
    readonly shape: readonly number[];
    readonly stride: readonly number[];
  },
  first: readonly number[],
): void {
  const inside = chunk.shape.map((length, axis) => Math.min(length, target.shape[axis]! - first[axis]!));
  const visit = (axis: number, from: number, to: number): void => {
    if (axis === inside.length) {
      target.values[to] = chunk.at(from) as number;
      return;
    }
    for (let i = 0; i < inside[axis]!; i++) {
      visit(axis + 1, from + i * chunk.stride[axis]!, to + (first[axis]! + i) * target.strides[axis]!);
    }
  };
  visit(0, 0, 0);
}

/** All elements of an array, row by row; numbers and flags as float64. */
export async function readElements(array: StoredArray, isText: boolean, absent: Absent): Promise<Elements> {
  try {
    return await readChunks(array, isText, absent);
  } catch (error) {
    if (error instanceof ManychainError && error.message.includes(array.folder)) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message.split("\n")[0]!.slice(0, 200) : String(cause);
    throw new StoreError(`cannot read ${array.folder}: ${reason}.`, { cause: error });
  }
}

async function readChunks(array: StoredArray, isText: boolean, absent: Absent): Promise<Elements> {
  const { shape, folder, name } = array;
  const { files, zarr } = await opened(array);
  const { chunks } = zarr;
  const total = product(shape);
  const counts = shape.map((length, axis) => Math.ceil(length / chunks[axis]!));
  const count = product(counts);
  const isFit = chunks.length === shape.length && chunks.every((length) => Number.isSafeInteger(length) && length > 0);
  if (!isFit || !(Math.max(total, product(chunks)) <= MAX_ELEMENTS) || !(count <= MAX_CHUNKS)) {
    throw new StoreError(
      `${folder}: ${quotedName(name)} claims ${total} elements in ${count} chunks of ${product(chunks)}: its metadata is damaged, or it is too large.`,
    );
  }
  const strides = rowMajor(shape);
  const target = { values: isText ? new Array<unknown>(total) : new Float64Array(total), shape, strides };
  const steps = rowMajor(counts);
  let gone = 0;
  for (let nth = 0; nth < count; nth++) {
    const at = counts.map((length, axis) => Math.floor(nth / steps[axis]!) % length);
    const { data, stride } = await zarr.getChunk(at);
    if (files.isAbsent) gone++;
    if (data.length !== product(chunks)) {
      throw new StoreError(
        `${folder}: chunk ${at.join(", ")} has ${data.length} elements, expected ${product(chunks)}: it is damaged.`,
      );
    }
    const element = elementOf(data);
    place(
      target,
      { at: isText ? element : (index) => Number(element(index)), shape: chunks, stride },
      at.map((index, axis) => index * chunks[axis]!),
    );
  }
  if (gone > 0) absent(tellAbsent(array, gone, count, zarr.fillValue));
  return { values: target.values, strides };
}

function elementOf(data: unknown): (index: number) => unknown {
  const list = data as { get?: (index: number) => unknown } & ArrayLike<unknown>;
  return typeof list.get === "function" ? (index) => list.get!(index) : (index) => list[index];
}

function tellAbsent({ name, metadata }: StoredArray, gone: number, count: number, fill: unknown): string {
  const type = String(metadata["dtype"] ?? metadata["data_type"]);
  const text = `${gone} of ${count} chunks of ${quotedName(name)} are not stored and stand for its fill value ${String(fill)}`;
  // Numbers with fractions do not happen to be one and the same in a whole chunk, and others not.
  if (gone < count && /f\d$|float/.test(type))
    throw new StoreError(`${text}: they are missing, and the store is damaged`);
  return text;
}
