/**
 * Codecs of foreign Zarr stores that check what they decode: lengths before memory is taken for them, and checksums.
 * zarrita has the rest (bytes, transpose, sharding, texts).
 * Source: Zarr v3 codecs gzip, zstd, blosc, crc32c; numcodecs' gzip, zlib, crc32, adler32.
 */
import { constants, crc32, gunzipSync, inflateSync, type ZlibOptions } from "node:zlib";
import { StoreError } from "../../errors.ts";
import { unpackZstd } from "./zstd.ts";

/** What a codec is told of the chunk that it decodes. */
interface ChunkFacts {
  readonly dataType: string;
  readonly shape: readonly number[];
}

type Decode = (bytes: Uint8Array, most: number) => Uint8Array | Promise<Uint8Array>;

interface Codec {
  readonly kind: "bytes_to_bytes";
  readonly encode: () => never;
  readonly decode: (bytes: Uint8Array) => Promise<Uint8Array>;
  readonly computeEncodedSize: (size: number) => number;
}

interface CodecEntry {
  readonly fromConfig: (config: unknown, chunk: ChunkFacts) => Codec;
}

/** Bytes that a chunk may have when it is decoded; texts have no fixed size. */
function mostBytes({ dataType, shape }: ChunkFacts): number {
  const elements = shape.reduce((product, length) => product * length, 1);
  const width = Number(/\d+$/.exec(dataType)?.[0] ?? 8);
  const each = dataType.startsWith("v2:U") ? 4 * width : dataType.startsWith("v2:S") ? width : 8;
  const text = dataType === "string" || dataType === "v2:object" ? 4096 : each;
  return Math.min(2 ** 30, elements * text + 1024);
}

function entry(name: string, decode: Decode, added = 0): readonly [string, CodecEntry] {
  const fromConfig = (_: unknown, chunk: ChunkFacts): Codec => ({
    kind: "bytes_to_bytes",
    encode: () => {
      throw new Error(`${name} only decodes`);
    },
    // A copy: who decodes it next takes its buffer from the first byte.
    decode: async (bytes) => (await decode(bytes, mostBytes(chunk))).slice(),
    computeEncodedSize: (size) => size + added,
  });
  return [name, { fromConfig }];
}

function damaged(why: string): never {
  throw new StoreError(`a chunk is damaged: ${why}`);
}

const CRC32C_POLYNOMIAL = 0x82f63b78;
const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ CRC32C_POLYNOMIAL : value >>> 1;
  return value;
});

/** CRC-32C (Castagnoli) [RFC 3720, B.4]. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC32C_TABLE[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Adler-32 [RFC 1950, 9]. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

/** A checksum of four bytes in front of the rest, or behind it. */
function checksummed(sum: (bytes: Uint8Array) => number, where: "start" | "end"): Decode {
  return (bytes) => {
    if (bytes.length < 4) damaged("it is too short for its checksum");
    const body = where === "start" ? bytes.subarray(4) : bytes.subarray(0, -4);
    const at = where === "start" ? 0 : bytes.length - 4;
    const expected = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
    return sum(body) === expected ? body : damaged("its checksum does not match its bytes");
  };
}

function inflated(unpack: (bytes: Uint8Array, options: ZlibOptions) => Uint8Array): Decode {
  return (bytes, most) => unpack(bytes, { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH });
}

/** Blosc says how long a chunk is and was: both are checked before its code sees them. */
async function unpackBlosc(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  if (bytes.length < 16) damaged("it is too short for Blosc's header");
  const header = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const [length, packed] = [header.getUint32(4, true), header.getUint32(12, true)];
  if (length > most || packed !== bytes.length) damaged(`Blosc's header claims ${length} bytes of ${packed}`);
  const { default: Blosc } = await import("numcodecs/blosc");
  const unpacked = await Blosc.fromConfig({ id: "blosc", clevel: 5, cname: "lz4", shuffle: 1, blocksize: 0 }).decode(
    bytes,
  );
  return unpacked.length === length ? unpacked : damaged("Blosc gave another length than its header has");
}

const CODECS: readonly (readonly [string, CodecEntry])[] = [
  entry("crc32c", checksummed(crc32c, "end"), 4),
  entry(
    "crc32",
    checksummed((bytes) => crc32(bytes), "start"),
    4,
  ),
  entry("adler32", checksummed(adler32, "start"), 4),
  entry("gzip", inflated(gunzipSync)),
  entry("zlib", inflated(inflateSync)),
  entry("zstd", unpackZstd),
  entry("blosc", unpackBlosc),
];

let registered: Promise<typeof import("zarrita")> | undefined;

async function load(): Promise<typeof import("zarrita")> {
  const zarrita = await import("zarrita");
  for (const [name, codec] of CODECS) {
    for (const alias of [name, `numcodecs.${name}`]) {
      // zarrita types the entries of its registry by its own chunk types, which these accept.
      zarrita.registry.set(alias, (() => Promise.resolve(codec)) as never);
    }
  }
  return zarrita;
}

/** zarrita, with codecs that check. */
export async function zarrLibrary(): Promise<typeof import("zarrita")> {
  registered ??= load();
  return await registered;
}
