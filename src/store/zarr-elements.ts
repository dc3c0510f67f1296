/** Single elements of a stored array, to be shown. */
import { crc32 } from "node:zlib";
import type { JsonObject } from "./json.ts";
import { CHECKSUM_BYTES } from "./zarr.ts";

/** An array as its metadata describe it. */
export interface StoredArray {
  readonly dtype: string;
  readonly dims: readonly string[];
  /** Bytes of an element. */
  readonly width: number;
  /** The index of an element of a chunk; undefined where it lies beyond the array's shape. */
  indexOf(chunk: string, element: number): number[] | undefined;
}

const NUMBERS: Readonly<Record<string, (bytes: DataView) => number | bigint>> = {
  "<f4": (bytes) => bytes.getFloat32(0, true),
  "<f8": (bytes) => bytes.getFloat64(0, true),
  "<i4": (bytes) => bytes.getInt32(0, true),
  "<u4": (bytes) => bytes.getUint32(0, true),
  "<i8": (bytes) => bytes.getBigInt64(0, true),
  "|b1": (bytes) => bytes.getUint8(0),
};

/** Reads `.zarray` and `.zattrs`; undefined where they describe no array of ours. */
export function storedArray(
  array: JsonObject | undefined,
  attributes: JsonObject | undefined,
): StoredArray | undefined {
  const counts = (value: unknown): readonly number[] | undefined =>
    Array.isArray(value) && value.every((each) => Number.isSafeInteger(each)) ? (value as number[]) : undefined;
  const [shape, chunks] = [counts(array?.["shape"]), counts(array?.["chunks"])];
  const dtype = array?.["dtype"];
  const dims = attributes?.["_ARRAY_DIMENSIONS"];
  if (shape === undefined || chunks === undefined || typeof dtype !== "string" || !Array.isArray(dims))
    return undefined;
  const indexOf = (chunk: string, element: number): number[] | undefined => {
    const first = chunk.split(".").map(Number);
    let rest = element;
    const inside = chunks.map((_, axis) => {
      const below = chunks.slice(axis + 1).reduce((product, length) => product * length, 1);
      const at = Math.floor(rest / below);
      rest -= at * below;
      return at;
    });
    const index = inside.map((at, axis) => (first[axis] ?? 0) * chunks[axis]! + at);
    return index.every((at, axis) => at < shape[axis]!) ? index : undefined;
  };
  return { dtype, dims: dims.map(String), width: widthOf(dtype), indexOf };
}

function widthOf(dtype: string): number {
  const units = Number(/\d+$/.exec(dtype)?.[0] ?? 1);
  return Math.max(1, dtype.startsWith("<U") ? 4 * units : units);
}

/** An element as a text. */
export function elementText({ dtype }: Pick<StoredArray, "dtype">, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = NUMBERS[dtype];
  if (read !== undefined) return String(read(view));
  const points = Array.from({ length: Math.floor(bytes.byteLength / 4) }, (_, i) => view.getUint32(4 * i, true));
  const letters = points.filter((point) => point > 0 && point <= 0x10ffff).map((point) => String.fromCodePoint(point));
  return JSON.stringify(letters.join(""));
}

/** Whether a chunk file has the checksum of its bytes. */
export function isWhole(file: Buffer): boolean {
  return file.length >= CHECKSUM_BYTES && file.readUInt32LE(0) === crc32(file.subarray(CHECKSUM_BYTES));
}
