/** Writes the draws of a results folder in formats that other programs read. */
import { randomBytes } from "node:crypto";
import { access, rename, rm } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { ManychainError, StoreError } from "../../errors.ts";
import { guarded, storeError } from "../files.ts";
import { makeFolder } from "../metadata.ts";
import type { ResultsReader } from "../reader.ts";
import { type ExportSource, exportSource } from "./source.ts";

/** What can be written: NetCDF-4 as ArviZ's InferenceData, Parquet, Arrow IPC, CmdStan's CSV. */
export type ExportFormat = "netcdf" | "parquet" | "arrow" | "cmdstan";
export const EXPORT_FORMATS: readonly ExportFormat[] = ["netcdf", "parquet", "arrow", "cmdstan"];

export interface ExportOptions {
  /** Replace files that exist. */
  readonly force?: boolean;
}

const EXTENSIONS: Readonly<Record<string, ExportFormat>> = {
  ".nc": "netcdf",
  ".h5": "netcdf",
  ".hdf5": "netcdf",
  ".parquet": "parquet",
  ".arrow": "arrow",
  ".feather": "arrow",
  ".csv": "cmdstan",
};

/** The format that a file's extension names. @throws StoreError with the extensions that do */
export function formatOfFile(file: string): ExportFormat {
  const format = EXTENSIONS[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  const known = Object.keys(EXTENSIONS).join(", ");
  throw new StoreError(`${file}: its extension names no format. Use one of ${known}, or say the format.`);
}

async function refuseExisting(path: string, { force = false }: ExportOptions): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists && !force) throw new StoreError(`${path} exists and is not overwritten. Give another name, or --force.`);
}

/** Lets a library write a file of its own and gives it its name when it is whole. */
async function whole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error instanceof ManychainError ? error : storeError(error, "write", path);
  }
}

async function exportCmdstan(source: ExportSource, path: string, options: ExportOptions): Promise<string[]> {
  const { writeCmdstan } = await import("./cmdstan.ts");
  const stem = extname(path).toLowerCase() === ".csv" ? path.slice(0, -4) : path;
  const name = (chain: number): string => `${stem}_${chain + 1}.csv`;
  const files = source.chains.map(name);
  for (const file of files) await refuseExisting(file, options);
  await writeCmdstan(source, name);
  return files;
}

/**
 * Exports the draws of a run, finished or not: of the batches that have draws, as many as each of them has.
 *
 * @param file its folder is made where it is missing. For `cmdstan`, `draws.csv` stands for `draws_1.csv`, `draws_2.csv` …
 * @returns absolute paths of the files
 * @throws StoreError where there are no draws, a file exists (without `force`), or it cannot be written
 */
export async function exportResults(
  reader: ResultsReader,
  format: ExportFormat,
  file: string,
  options: ExportOptions = {},
): Promise<string[]> {
  const source = exportSource(reader);
  const path = resolve(file);
  await guarded("make the folder", dirname(path), () => makeFolder(dirname(path)));
  if (format === "cmdstan") return await exportCmdstan(source, path, options);
  await refuseExisting(path, options);
  await whole(path, async (temporary) => {
    if (format === "netcdf") await (await import("./netcdf.ts")).writeNetcdf(source, temporary);
    else if (format === "parquet") await (await import("./parquet.ts")).writeParquet(source, temporary);
    else await (await import("./arrow.ts")).writeArrow(source, temporary);
  });
  return [path];
}
