/** Reads Arrow IPC, files and streams, with flechette. */
import { tableFromIPC } from "@uwdata/flechette";
import { StoreError } from "../../errors.ts";
import { VARIABLE_ROLES } from "../roles.ts";
import { checkArrow } from "./arrow-check.ts";
import { CONTENT_DIGEST } from "./content-digest.ts";
import { type DrawsTable, quotedName } from "./read-index.ts";
import { numberColumn, tableOf } from "./read-table.ts";

/** Reads an Arrow file's content. @throws StoreError if it is damaged or not a table of numbers */
export function readArrow(bytes: Buffer, file: string): DrawsTable {
  const copy = new Uint8Array(bytes);
  checkArrow(copy, file);
  const table = tableFromIPC(copy);
  const { numRows: rows, names } = table;
  // A row takes a bit of some column at least.
  if (!Number.isSafeInteger(rows) || rows < 0 || rows > 8 * bytes.length) {
    throw new StoreError(`${file} is damaged: it says it has ${rows} rows in ${bytes.length} bytes.`);
  }
  if (rows === 0) throw new StoreError(`${file} has no draws: it has no rows.`);
  const columns = names.map((name, index): [string, Float64Array | string] => {
    const column = table.getChildAt(index);
    const total = column.data.reduce((sum, batch) => sum + batch.length, 0);
    if (total !== rows || column.length !== rows) {
      throw new StoreError(`${file} is damaged: column ${quotedName(String(name))} has ${total} of ${rows} rows.`);
    }
    return [String(name), numberColumn(String(name), column.toArray() as ArrayLike<unknown>)];
  });
  const digest = { found: table.schema.metadata?.get(CONTENT_DIGEST), isOurs: false };
  return { ...tableOf(file, rows, columns), digest, roles: table.schema.metadata?.get(VARIABLE_ROLES) };
}
