/** Arrow IPC (the file format, also known as Feather) by flechette: columns `chain`, `draw`, and one for each quantity. */
import {
  bool,
  type Column,
  columnFromArray,
  type DataType,
  float32,
  float64,
  int32,
  Table,
  tableFromColumns,
  tableToIPC,
  uint32,
} from "@uwdata/flechette";
import type { StoredType } from "../../draws.ts";
import { StoreError } from "../../errors.ts";
import { writeAtomic } from "../files.ts";
import { rolesText, VARIABLE_ROLES } from "../roles.ts";
import { CONTENT_DIGEST } from "./content-digest.ts";
import { digestOf, type ExportSource, tableColumns } from "./source.ts";

const TYPES: Readonly<Record<StoredType, () => DataType>> = { bool, float32, float64, int32, uint32 };

export async function writeArrow(source: ExportSource, file: string): Promise<void> {
  const columns = await tableColumns(source);
  const plain = tableFromColumns(
    columns.map(({ name, dtype, values }): [string, Column<unknown>] => {
      const held = dtype === "bool" ? Array.from(values, (value) => value !== 0) : values;
      return [name, columnFromArray(held, TYPES[dtype]())];
    }),
  );
  const roles = rolesText(source.reader.variables());
  const metadata = new Map([
    [CONTENT_DIGEST, digestOf(source, columns.slice(2))],
    ...(roles === undefined ? [] : ([[VARIABLE_ROLES, roles]] as const)),
  ]);
  const table = new Table({ ...plain.schema, metadata }, plain.children);
  const bytes = tableToIPC(table, { format: "file" });
  if (bytes === null) throw new StoreError(`cannot write ${file}: the Arrow encoder gave nothing.`);
  await writeAtomic(file, bytes);
}
