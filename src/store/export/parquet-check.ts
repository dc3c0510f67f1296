/**
 * Checks what Parquet's headers say about sizes before hyparquet takes memory for it: rows against the bytes of the file,
 * and of each page its values against the rows, and its bytes against the column.
 * Source: Apache Parquet format, parquet.thrift (PageHeader).
 */
import type { FileMetaData } from "hyparquet";
import { deserializeTCompactProtocol } from "hyparquet/src/thrift.js";
import { StoreError } from "../../errors.ts";

/** No codec or encoding that is read here makes more of one byte, of numbers that are draws. */
export const MAX_RATIO = 1100;

/** Bytes that a page of some compressed bytes may have. */
export function pageLimit(compressed: number): number {
  return Math.min(2 ** 30, MAX_RATIO * compressed + 1024);
}

interface Extent {
  readonly start: number;
  readonly end: number;
  readonly rows: number;
}

function damaged(file: string, why: string): never {
  throw new StoreError(`cannot read ${file}: it is damaged: ${why}.`);
}

/** A whole number of a thrift struct. */
function count(value: unknown, file: string): number {
  const number = Number(value ?? 0);
  return Number.isSafeInteger(number) && number >= 0 ? number : damaged(file, "a length in it is none");
}

function checkPages(buffer: ArrayBuffer, { start, end, rows }: Extent, file: string): void {
  const reader = { view: new DataView(buffer), offset: start };
  while (reader.offset < end) {
    const header = deserializeTCompactProtocol(reader) as Readonly<Record<string, unknown>>;
    const bytes = count(header["field_2"], file);
    const compressed = count(header["field_3"], file);
    for (const field of ["field_5", "field_7", "field_8"]) {
      const page = header[field] as Readonly<Record<string, unknown>> | undefined;
      if (page !== undefined && count(page["field_1"], file) > rows) damaged(file, "a page has more values than rows");
    }
    if (bytes > pageLimit(compressed) || reader.offset + compressed > end) {
      damaged(file, `a page of ${compressed} bytes claims ${bytes}`);
    }
    reader.offset += compressed;
  }
}

/** Checks the rows and pages of a file. @throws StoreError where they cannot be true */
export function checkSizes(buffer: ArrayBuffer, metadata: FileMetaData, file: string): void {
  const rows = Number(metadata.num_rows);
  const counted = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (!(rows >= 0) || rows > MAX_RATIO * buffer.byteLength || counted !== rows) {
    damaged(file, `it says it has ${rows} rows in ${buffer.byteLength} bytes`);
  }
  for (const group of metadata.row_groups) {
    for (const { meta_data: column } of group.columns) {
      if (column === undefined) damaged(file, "a column is not described");
      // Some writers say 0 where there is no dictionary.
      const start = count(column.dictionary_page_offset || column.data_page_offset, file);
      const end = start + count(column.total_compressed_size, file);
      const groupRows = count(group.num_rows, file);
      if (count(column.num_values, file) !== groupRows || end > buffer.byteLength) {
        damaged(file, `a column has ${column.num_values} values in a group of ${group.num_rows} rows`);
      }
      checkPages(buffer, { start, end, rows: groupRows }, file);
    }
  }
}
