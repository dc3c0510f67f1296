/**
 * A digest that an export carries of its own draws, so that a flipped bit is told when the file is read.
 *
 * SHA-256 over the quantities in the order of their names (by UTF-16 code units): the name as UTF-8, a zero byte, then the draws, chain
 * after chain, as little-endian float64 (what is no number as 0x7ff8000000000000). The text tells the extent as well:
 * a table that another program has cut or thinned since is not the one that was digested, and is not held to it.
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { StoreError } from "../../errors.ts";
import type { QuantityDraws } from "../array-reader.ts";
import { bytesOf } from "../zarr.ts";

/** The key of the digest in a file's metadata, and the word in front of it in CmdStan's CSV. */
export const CONTENT_DIGEST = "content_digest";

/** Who made a Parquet file, as its footer says. */
export const PARQUET_CREATOR = "manychain";

/** The draws of one quantity, chain after chain. */
export interface DigestedColumn {
  readonly name: string;
  readonly parts: Iterable<ArrayLike<number>>;
}

/** A text with its checksum: so a digest that is damaged itself is not taken for one of another extent. */
function summed(text: string): string {
  return `${text}; ${crc32(text).toString(16).padStart(8, "0")}`;
}

/** Numbers as they are hashed. */
function hashed(values: ArrayLike<number>): Uint8Array {
  return bytesOf(Float64Array.from(values, (value) => (Number.isNaN(value) ? Number.NaN : value)));
}

/** `sha256:… of 12 quantities, 4 chains, 1000 draws; 0a1b2c3d`, which ends with the CRC-32 of what stands before. */
export function contentDigest(columns: readonly DigestedColumn[], chains: number, draws: number): string {
  const hash = createHash("sha256");
  for (const { name, parts } of columns.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) {
    hash.update(name).update("\0");
    for (const part of parts) hash.update(hashed(part));
  }
  return summed(`sha256:${hash.digest("hex")} of ${columns.length} quantities, ${chains} chains, ${draws} draws`);
}

/** What to do about a file whose digest is not that of its content. */
export function digestMismatch(file: string, where: string): StoreError {
  return new StoreError(
    `${file}: its draws are not those that its digest was made of: it is damaged, or was changed by another program. Export it again; if the change is meant, remove ${where}.`,
  );
}

/** Where a digest comes from. */
export interface DigestSource {
  readonly file: string;
  /** What to remove where a change is meant. */
  readonly where: string;
  /** Whether nobody but manychain wrote the file; not all formats tell. */
  readonly isOurs: boolean;
}

const EXTENT = / of ((\d+) quantities, (\d+) chains, (\d+) draws); [0-9a-f]{8}$/;

/** True if a table has lost rows or columns and gained none: what another program does, and damage does not. */
function isCut(then: readonly number[], now: readonly number[]): boolean {
  const [columns = 0, chains = 0, draws = 0] = then;
  const [columnsNow = 0, chainsNow = 0, drawsNow = 0] = now;
  const [rows, rowsNow] = [chains * draws, chainsNow * drawsNow];
  return columnsNow <= columns && rowsNow <= rows && (columnsNow < columns || rowsNow < rows);
}

/**
 * Holds what was read to the digest that came with it.
 * @returns a note where another program may have cut the file since, so that the digest is of another extent
 * @throws StoreError where a bit is not what it was
 */
export function checkContent(
  found: unknown,
  quantities: readonly QuantityDraws[],
  { file, where, isOurs }: DigestSource,
): string | undefined {
  if (typeof found !== "string") return undefined;
  const [first] = quantities;
  const columns = quantities.map(({ name, draws }) => ({ name, parts: draws }));
  const own = contentDigest(columns, first?.draws.length ?? 0, first?.draws[0]?.length ?? 0);
  if (own === found) return undefined;
  const [, theirs, ...then] = EXTENT.exec(found) ?? [];
  const [, ours, ...now] = EXTENT.exec(own) ?? [];
  const isWhole = theirs !== undefined && summed(found.slice(0, -10)) === found;
  if (isOurs || !isWhole || !isCut(then.map(Number), now.map(Number))) throw digestMismatch(file, where);
  return `${file} was changed since manychain wrote it (then ${theirs}, now ${ours}): its digest is not checked.`;
}
