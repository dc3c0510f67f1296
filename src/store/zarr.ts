/**
 * Zarr v2 by hand: array metadata, and chunks as bytes.
 *
 * Numbers are little-endian and row-major, chunks are not compressed (float draws shrink by under a tenth: see
 * results/README.md) and each begins with the CRC-32 of the rest, the `crc32` filter of numcodecs: ArviZ, xarray and our
 * reader all refuse a chunk with a flipped bit.
 * Source: Zarr storage specification, version 2; numcodecs.checksum32.CRC32 (location "start").
 */
import { endianness } from "node:os";
import { crc32 } from "node:zlib";
import type { Numbers, StoredType } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { fileLength, readBounded } from "./files.ts";
import type { Json, JsonObject } from "./json.ts";

/** An array of the store: full shape, chunk shape, Zarr's dtype. */
export interface ZarrArray {
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly dtype: string;
}

/** Bytes in front of each chunk: the CRC-32 of what follows. */
export const CHECKSUM_BYTES = 4;

const DTYPES: Readonly<Record<StoredType, string>> = {
  float32: "<f4",
  float64: "<f8",
  int32: "<i4",
  uint32: "<u4",
  bool: "|b1",
};

/** Zarr's dtype of a stored type. */
export function zarrType(dtype: StoredType): string {
  return DTYPES[dtype];
}

/**
 * Zarr's dtype of draws in a group. Booleans of a posterior are 0 and 1 in int8, since ArviZ 1.3 summarises no group that has a
 * boolean; those of statistics (`diverging`) are booleans there too.
 */
export function drawsType(group: string, dtype: StoredType): string {
  return dtype === "bool" && group.endsWith("posterior") ? "|i1" : zarrType(dtype);
}

/** Bytes of one element. */
export function elementBytes(dtype: StoredType): number {
  return dtype === "bool" ? 1 : dtype === "float64" ? 8 : 4;
}

/** A typed array of a stored type; float elements start as NaN, others as 0. */
export function allocate(dtype: StoredType, length: number): Numbers {
  if (dtype === "float64") return new Float64Array(length).fill(Number.NaN);
  if (dtype === "float32") return new Float32Array(length).fill(Number.NaN);
  if (dtype === "int32") return new Int32Array(length);
  return dtype === "uint32" ? new Uint32Array(length) : new Uint8Array(length);
}

/** Views bytes (a fresh, aligned copy) as numbers of a stored type. */
export function decode(dtype: StoredType, bytes: Uint8Array): Numbers {
  const copy = new Uint8Array(bytes);
  if (dtype === "float64") return new Float64Array(copy.buffer);
  if (dtype === "float32") return new Float32Array(copy.buffer);
  if (dtype === "int32") return new Int32Array(copy.buffer);
  return dtype === "uint32" ? new Uint32Array(copy.buffer) : copy;
}

/** True if numbers are held in the array class of a stored type. */
export function isStoredAs(values: Numbers, dtype: StoredType): boolean {
  switch (dtype) {
    case "float32":
      return values instanceof Float32Array;
    case "float64":
      return values instanceof Float64Array;
    case "int32":
      return values instanceof Int32Array;
    case "uint32":
      return values instanceof Uint32Array;
    case "bool":
      return values instanceof Uint8Array;
  }
}

/** The bytes of numbers, without a copy. @throws StoreError on a big-endian machine */
export function bytesOf(values: Numbers): Uint8Array {
  if (endianness() !== "LE") {
    throw new StoreError(
      "results are stored little-endian, and this machine is big-endian. Run on a little-endian machine.",
    );
  }
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A chunk file's content: CRC-32 (little-endian), then the bytes. */
export function sealChunk(bytes: Uint8Array, sum: number = chunkSum(bytes)): Uint8Array {
  const file = Buffer.allocUnsafe(CHECKSUM_BYTES + bytes.byteLength);
  file.writeUInt32LE(sum, 0);
  file.set(bytes, CHECKSUM_BYTES);
  return file;
}

/** The bytes of a chunk file whose length is right. @throws StoreError if the checksum does not match */
export function openChunk(file: Uint8Array, path: string): Uint8Array {
  const bytes = file.subarray(CHECKSUM_BYTES);
  const sum = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  if (sum === chunkSum(bytes)) return bytes;
  throw new StoreError(
    `${path}: the chunk's checksum does not match its bytes: it is damaged. Restore the file from a copy, or run again.`,
  );
}

/** Checks a chunk file's length without reading it. @throws StoreError if it is missing or has another length */
export async function checkChunkLength(path: string, length: number): Promise<void> {
  const found = await fileLength(path);
  if (found === length) return;
  const what = found === undefined ? "the chunk is missing" : `the chunk has ${found} bytes, expected ${length}`;
  throw new StoreError(`${path}: ${what}: the store is damaged. Restore the file from a copy, or run again.`);
}

/** The bytes of a chunk file. @throws StoreError if it is missing, has not `length` bytes, or is damaged */
export async function readChunk(path: string, length: number): Promise<Uint8Array> {
  return (await readSealed(path, length)).bytes;
}

/** A chunk's bytes, and the checksum that they have. @throws StoreError as `readChunk` */
export async function readSealed(
  path: string,
  length: number,
): Promise<{ readonly bytes: Uint8Array; readonly sum: number }> {
  await checkChunkLength(path, length);
  const file = await readBounded(path, length);
  if (file?.length !== length) throw new StoreError(`${path}: the chunk changed while it was read. Try again.`);
  return { bytes: openChunk(file, path), sum: file.readUInt32LE(0) };
}

/** The checksum that a chunk file of these bytes begins with. */
export function chunkSum(bytes: Uint8Array): number {
  return crc32(bytes);
}

/** Content of `.zarray`. */
export function arrayMetadata(array: ZarrArray): JsonObject {
  return {
    chunks: array.chunks,
    compressor: null,
    dtype: array.dtype,
    fill_value: array.dtype.startsWith("<f") ? "NaN" : array.dtype.startsWith("<U") ? "" : null,
    filters: [{ id: "crc32" }],
    order: "C",
    shape: array.shape,
    zarr_format: 2,
  };
}

/** Key of a chunk by its index along each axis; `"0"` for a scalar. */
export function chunkKey(indices: readonly number[]): string {
  return indices.length === 0 ? "0" : indices.join(".");
}

/** A coordinate array: `<i8` for whole numbers, `<f8` for other numbers, else `<U` (UTF-32, padded with zeros). */
export function encodeLabels(labels: readonly (string | number)[]): { dtype: string; bytes: Uint8Array } {
  const numbers = labels.filter((label) => typeof label === "number");
  if (numbers.length === labels.length) {
    if (numbers.every((label) => Number.isSafeInteger(label))) {
      return { dtype: "<i8", bytes: new Uint8Array(BigInt64Array.from(numbers, (label) => BigInt(label)).buffer) };
    }
    return { dtype: "<f8", bytes: new Uint8Array(Float64Array.from(numbers).buffer) };
  }
  const points = labels.map((label) => Array.from(String(label), (letter) => letter.codePointAt(0) ?? 0));
  const width = points.reduce((most, letters) => Math.max(most, letters.length), 1);
  const encoded = new Uint32Array(width * labels.length);
  for (const [index, letters] of points.entries()) encoded.set(letters, index * width);
  return { dtype: `<U${width}`, bytes: new Uint8Array(encoded.buffer) };
}

/** Text of a metadata file: keys as given, indented, one newline at the end. */
export function metadataText(value: Json): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
