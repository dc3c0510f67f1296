/** Zstandard: by Node where it can (from 22.15 on), else by the same C code as WebAssembly (numcodecs). */
import * as zlib from "node:zlib";
import { StoreError } from "../../errors.ts";

type Unpack = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer;

/** Bytes that the frame says it holds, or undefined where it does not say. Source: RFC 8878, 3.1.1.1. */
function contentSize(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 18 || view.getUint32(0, true) !== 0xfd2fb528) return undefined;
  const descriptor = bytes[4]!;
  const isSingle = (descriptor & 32) !== 0;
  const at = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
  switch (descriptor >> 6) {
    case 0:
      return isSingle ? bytes[at] : undefined;
    case 1:
      return view.getUint16(at, true) + 256;
    case 2:
      return view.getUint32(at, true);
    default:
      return at + 8 <= bytes.length ? Number(view.getBigUint64(at, true)) : undefined;
  }
}

/** Node's own zstd, where this one has it. */
const unpackByNode = "zstdDecompressSync" in zlib ? (zlib.zstdDecompressSync as Unpack) : undefined;

/** True if Node itself unpacks zstd. */
export const nodeHasZstd: boolean = unpackByNode !== undefined;

function checkClaim(bytes: Uint8Array, most: number): void {
  const size = contentSize(bytes);
  if (size !== undefined && size > most) throw new StoreError(`${size} bytes are claimed where ${most} are the most`);
}

/** Unpacks one frame of at most `most` bytes at once. @throws StoreError where it says it holds more, or Node cannot */
export function unpackZstdSync(bytes: Uint8Array, most: number): Uint8Array {
  checkClaim(bytes, most);
  if (unpackByNode === undefined) throw new StoreError(`Node ${process.version} cannot unpack zstd`);
  return unpackByNode(bytes, { maxOutputLength: most });
}

/** Unpacks one frame of at most `most` bytes. @throws StoreError where it says it holds more */
export async function unpackZstd(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  if (nodeHasZstd) return unpackZstdSync(bytes, most);
  checkClaim(bytes, most);
  const { default: Zstd } = await import("numcodecs/zstd");
  return await Zstd.fromConfig({ id: "zstd" }).decode(bytes);
}
