/** Arrow IPC (the file format, also known as Feather) by flechette: columns `chain`, `draw`, and one for each quantity. */
import {
  bool,
  type Column,
  columnFromArray,
  type DataType,
  float32,
  float64,
  int32,
  tableFromColumns,
  tableToIPC,
  uint32,
} from "@uwdata/flechette";
import type { StoredType } from "../../draws.ts";
import { StoreError } from "../../errors.ts";
import { writeAtomic } from "../files.ts";
import { type ExportSource, tableColumns } from "./source.ts";

const TYPES: Readonly<Record<StoredType, () => DataType>> = { bool, float32, float64, int32, uint32 };

export async function writeArrow(source: ExportSource, file: string): Promise<void> {
  const columns = await tableColumns(source);
  const table = tableFromColumns(
    columns.map(({ name, dtype, values }): [string, Column<unknown>] => {
      const held = dtype === "bool" ? Array.from(values, (value) => value !== 0) : values;
      return [name, columnFromArray(held, TYPES[dtype]())];
    }),
  );
  const bytes = tableToIPC(table, { format: "file" });
  if (bytes === null) throw new StoreError(`cannot write ${file}: the Arrow encoder gave nothing.`);
  await writeAtomic(file, bytes);
}
