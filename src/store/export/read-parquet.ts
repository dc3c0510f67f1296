/** Reads Parquet with hyparquet. What a header says about sizes is checked against the file before memory is taken. */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import {
  type ColumnData,
  type Compressors,
  type FileMetaData,
  parquetMetadata,
  parquetRead,
  snappyUncompress,
} from "hyparquet";
import { StoreError } from "../../errors.ts";
import { VARIABLE_ROLES } from "../roles.ts";
import { CONTENT_DIGEST, PARQUET_CREATOR } from "./content-digest.ts";
import { checkSizes, pageLimit } from "./parquet-check.ts";
import { type DrawsTable, quotedName } from "./read-index.ts";
import { numberColumn, tableOf } from "./read-table.ts";
import { nodeHasZstd, unpackZstdSync } from "./zstd.ts";

function compressorsFor(file: string): Compressors {
  const limit = (length: number, compressed: number): number => {
    if (length >= 0 && length <= pageLimit(compressed)) return length;
    throw new StoreError(`${file} is damaged: a page of ${compressed} bytes claims ${length}.`);
  };
  return {
    SNAPPY: (input, length) => {
      const page = new Uint8Array(limit(length, input.length));
      snappyUncompress(input, page);
      return page;
    },
    GZIP: (input, length) => new Uint8Array(gunzipSync(input, { maxOutputLength: limit(length, input.length) })),
    BROTLI: (input, length) =>
      new Uint8Array(brotliDecompressSync(input, { maxOutputLength: limit(length, input.length) })),
    ...(nodeHasZstd && { ZSTD: (input, length) => new Uint8Array(unpackZstdSync(input, limit(length, input.length))) }),
  };
}

/** Refuses a compression that is not read here, in words that say what is. */
function checkCodecs({ row_groups: groups }: FileMetaData, file: string): void {
  const known = new Set<string>(["UNCOMPRESSED", ...Object.keys(compressorsFor(file))]);
  const codecs = groups.flatMap(({ columns }) => columns.flatMap(({ meta_data: column }) => column?.codec ?? []));
  const odd = codecs.find((codec) => !known.has(codec));
  if (odd === undefined) return;
  const node =
    odd === "ZSTD"
      ? ` Node reads zstd from version 22.15 on; this is ${process.version}. Run a newer one, or write`
      : " Write";
  throw new StoreError(
    `cannot read ${file}: its columns are compressed with ${odd}.${node} the file with snappy, gzip or no compression (pandas, Polars: \`compression="snappy"\`).`,
  );
}

/** The columns' names; draws are flat tables of numbers. */
function flatColumns({ schema: [root, ...columns] }: FileMetaData, file: string): string[] {
  const isFlat = columns.every((element) => element.type !== undefined && element.repetition_type !== "REPEATED");
  if (root === undefined || !isFlat) throw new StoreError(`${file}: expected a flat table, found nested columns.`);
  return columns.map(({ name }) => name);
}

/** Reads a Parquet file's content. @throws StoreError if it is damaged or not a flat table of numbers */
export async function readParquet(bytes: Buffer, file: string): Promise<DrawsTable> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(buffer);
  const names = flatColumns(metadata, file);
  checkCodecs(metadata, file);
  checkSizes(buffer, metadata, file);
  const rows = Number(metadata.num_rows);
  if (rows === 0) throw new StoreError(`${file} has no draws: it has no rows.`);
  const columns: [string, Float64Array | string][] = [];
  for (const name of names) columns.push([name, await readColumn({ buffer, metadata, file }, name, rows)]);
  // Who writes the file anew keeps the key, but not who made it.
  const isOurs = metadata.created_by === PARQUET_CREATOR;
  const metadatum = (wanted: string): string | undefined =>
    metadata.key_value_metadata?.find(({ key }) => key === wanted)?.value;
  const found = metadatum(CONTENT_DIGEST);
  const roles = metadatum(VARIABLE_ROLES);
  return { ...tableOf(file, rows, columns), roles, ...(isOurs && { digest: { found, isOurs } }) };
}

interface Source {
  readonly buffer: ArrayBuffer;
  readonly metadata: FileMetaData;
  readonly file: string;
}

async function readColumn(
  { buffer, metadata, file }: Source,
  name: string,
  rows: number,
): Promise<Float64Array | string> {
  const chunks: ColumnData[] = [];
  await parquetRead({
    file: { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) },
    metadata,
    columns: [name],
    compressors: compressorsFor(file),
    // What is thrown in here is thrown where nobody can catch it.
    onChunk: (chunk) => chunks.push(chunk),
  });
  const column = new Float64Array(rows);
  let filled = 0;
  for (const { columnData, rowStart } of chunks) {
    const part = numberColumn(name, columnData);
    if (typeof part === "string") return part;
    if (rowStart < 0 || rowStart + part.length > rows) throw new StoreError(`${file} is damaged: too many rows.`);
    column.set(part, rowStart);
    filled += part.length;
  }
  if (filled === rows) return column;
  throw new StoreError(`${file} is damaged: column ${quotedName(name)} has ${filled} of ${rows} rows.`);
}
