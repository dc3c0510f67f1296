/** Parquet by hyparquet-writer: columns `chain`, `draw`, and one for each quantity in its stored type. */
import { type ColumnSource, parquetWriteFile } from "hyparquet-writer";
import { rolesText, VARIABLE_ROLES } from "../roles.ts";
import { CONTENT_DIGEST, PARQUET_CREATOR } from "./content-digest.ts";
import { digestOf, type ExportColumn, type ExportSource, tableColumns } from "./source.ts";

function columnOf({ name, dtype, values }: ExportColumn): ColumnSource {
  const fixed = { name, nullable: false } as const;
  if (dtype === "bool") return { ...fixed, type: "BOOLEAN", data: Array.from(values, (value) => value !== 0) };
  if (dtype === "uint32") return { ...fixed, type: "DOUBLE", data: Float64Array.from(values) };
  const type = dtype === "int32" ? "INT32" : dtype === "float32" ? "FLOAT" : "DOUBLE";
  return { ...fixed, type, data: values as Int32Array | Float32Array | Float64Array };
}

export async function writeParquet(source: ExportSource, file: string): Promise<void> {
  const columns = await tableColumns(source);
  const roles = rolesText(source.reader.variables());
  parquetWriteFile({
    filename: file,
    // Draws hardly shrink, and are read faster as they are.
    codec: "UNCOMPRESSED",
    columnData: columns.map(columnOf),
    rowGroupSize: 100_000,
    createdBy: PARQUET_CREATOR,
    kvMetadata: [
      { key: "digest", value: source.reader.run.digests?.run ?? "" },
      // Of the quantities: chain and draw are their index.
      { key: CONTENT_DIGEST, value: digestOf(source, columns.slice(2)) },
      ...(roles === undefined ? [] : [{ key: VARIABLE_ROLES, value: roles }]),
    ],
  });
}
