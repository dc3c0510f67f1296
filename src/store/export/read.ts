/** Reads draws of any program: results folders, CmdStan's CSV, plain CSV, Parquet, Arrow IPC, NetCDF-4, Zarr. */
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ManychainError, StoreError } from "../../errors.ts";
import type { QuantityDraws } from "../array-reader.ts";
import { errorCode, readBounded, storeError } from "../files.ts";
import { openResults } from "../reader.ts";
import { checkDraws } from "./read-checks.ts";
import { readCsv } from "./read-csv.ts";
import { drawsOfTable, type ReadDraws } from "./read-table.ts";

/** What a file of more bytes needs is more than a process has. */
const MAX_BYTES = 2 ** 31;

/** Files by which a folder is known to be a Zarr store. */
const ZARR_FILES = ["zarr.json", ".zgroup", ".zmetadata", ".zattrs"];

type Kind = "parquet" | "arrow" | "netcdf" | "csv";

const READABLE =
  "Expected a results folder, CSV (CmdStan's, one file a chain; or one column a quantity, with columns chain and draw), Parquet, Arrow IPC, NetCDF-4 or a Zarr folder.";

const INTO_FILE = "Write what comes out of it into a file first.";

const MAGIC: readonly (readonly [string, Kind])[] = [
  ["PAR1", "parquet"],
  ["ARROW1", "arrow"],
  ["\xff\xff\xff\xff", "arrow"],
  ["\x89HDF\r\n\x1a\n", "netcdf"],
];

const EXTENSIONS: readonly (readonly [RegExp, Kind])[] = [
  [/\.parquet$/i, "parquet"],
  [/\.(?:arrows?|feather|ipc)$/i, "arrow"],
  [/\.(?:nc|nc4|h5|hdf5|netcdf)$/i, "netcdf"],
];

/** The format by the first bytes; an extension that promises another one is an error. */
function kindOf(head: Buffer, file: string): Kind {
  const text = head.toString("latin1");
  if (text.startsWith("CDF")) {
    throw new StoreError(`cannot read ${file}: it is NetCDF-3. Save it as NetCDF-4, as ArviZ does by default.`);
  }
  const [, found] = MAGIC.find(([magic]) => text.startsWith(magic)) ?? [];
  if (found !== undefined) return found;
  const [, promised] = EXTENSIONS.find(([pattern]) => pattern.test(file)) ?? [];
  if (promised !== undefined) {
    throw new StoreError(`cannot read ${file}: by its first bytes it is not ${promised}. It is damaged or misnamed.`);
  }
  if (text.startsWith("PK")) {
    throw new StoreError(
      `cannot read ${file}: it is a zip file. Unpack it, and name what is in it (a Zarr folder, say).`,
    );
  }
  if (head.includes(0)) throw new StoreError(`cannot read ${file}: it is of no known format. ${READABLE}`);
  return "csv";
}

async function headOf(path: string): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    const head = Buffer.alloc(512);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** A results folder, also by its draws.zarr, or a Zarr store of another program. */
async function readFolder(path: string): Promise<ReadDraws> {
  const names = new Set(await readdir(path));
  if (!names.has("run.json") && ZARR_FILES.some((name) => names.has(name))) {
    const above = dirname(resolve(path));
    const isOwn = basename(resolve(path)) === "draws.zarr" && (await readdir(above)).includes("run.json");
    return isOwn ? await readResults(above) : await (await import("./read-zarr.ts")).readZarr(path);
  }
  return await readResults(path);
}

async function readResults(path: string): Promise<ReadDraws> {
  const reader = await openResults(path);
  const batches = reader.perBatch.sampling.flatMap((draws, batch) => (draws > 0 ? [batch] : []));
  if (batches.length === 0) throw new StoreError(`${path} has no draws yet.`);
  const quantities: QuantityDraws[] = [];
  const statistics: QuantityDraws[] = [];
  if (reader.variables().length === 0) throw new StoreError(`${path} keeps moments and no draws (\`keep: moments\`).`);
  for (const { name } of reader.variables()) quantities.push(...(await reader.draws(name, { batches })));
  for (const { name } of reader.variables("sample_stats")) {
    statistics.push(...(await reader.draws(name, { group: "sample_stats", batches })));
  }
  return { quantities, ...(statistics.length > 0 && { statistics }) };
}

async function readFile(path: string, length: number): Promise<ReadDraws> {
  const kind = kindOf(await headOf(path), path);
  if (kind === "netcdf") return await (await import("./read-netcdf.ts")).readNetcdf(path, length);
  const bytes = await readBounded(path, MAX_BYTES);
  if (bytes === undefined) throw new StoreError(`cannot read ${path}: there is no such file`);
  if (kind === "csv") return drawsOfTable(readCsv(bytes, path));
  if (kind === "arrow") return drawsOfTable((await import("./read-arrow.ts")).readArrow(bytes, path));
  return drawsOfTable(await (await import("./read-parquet.ts")).readParquet(bytes, path));
}

/** One folder or file. What a library throws about a damaged file becomes a StoreError. */
async function readOne(path: string): Promise<ReadDraws> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) return await readFolder(path);
    // A pipe or a device may have no end, and is not at its beginning again for the second look.
    if (!info.isFile()) throw new StoreError(`cannot read ${path}: it is a pipe or a device, not a file. ${INTO_FILE}`);
    return await readFile(path, info.size);
  } catch (error) {
    if (error instanceof ManychainError) throw error;
    if (errorCode(error) === "ENOENT") throw new StoreError(`cannot read ${path}: there is no such file`);
    if (errorCode(error) !== "") throw storeError(error, "read", path);
    const message = (error instanceof Error ? error.message : String(error)).split("\n")[0]?.slice(0, 200);
    throw new StoreError(`cannot read ${path}: it is damaged (${message}). ${READABLE}`, { cause: error });
  }
}

/** Files that a pattern with * or ? in its last part stands for, in natural order; a plain path is itself. */
async function expand(path: string): Promise<string[]> {
  const pattern = basename(path);
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere || !/[*?]/.test(pattern)) return [path];
  const escaped = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const names = await readdir(dirname(path)).catch(() => [] as string[]);
  const found = names.filter((name) => new RegExp(`^${escaped}$`).test(name) && !name.startsWith("."));
  if (found.length === 0) throw new StoreError(`no file is named ${path}.`);
  const order = new Intl.Collator("en", { numeric: true });
  return found.sort(order.compare).map((name) => join(dirname(path), name));
}

function joined(parts: readonly (readonly QuantityDraws[])[], files: readonly string[]): QuantityDraws[] {
  const [first = []] = parts;
  const byName = parts.map((part) => new Map(part.map(({ name, draws }) => [name, draws])));
  byName.forEach((part, index) => {
    if (part.size === first.length && first.every(({ name }) => part.has(name))) return;
    throw new StoreError(`${files[index]} has other columns than ${files[0]}: all chains must have the same.`);
  });
  return first.map(({ name }) => ({ name, draws: byName.flatMap((part) => part.get(name) ?? []) }));
}

/**
 * Reads draws. The format is found by the first bytes of a file. Several files hold chains of one run, in order.
 *
 * @param paths a results folder, files, or patterns such as `output_*.csv`
 * @throws StoreError for what cannot be read, is damaged, is no number, or does not fit together
 */
export async function readDraws(paths: string | readonly string[]): Promise<ReadDraws> {
  const files: string[] = [];
  for (const path of typeof paths === "string" ? [paths] : paths) files.push(...(await expand(path)));
  const parts: ReadDraws[] = [];
  for (const file of files) parts.push(await readOne(file));
  if (parts.length === 0) throw new StoreError(`there is nothing to read. ${READABLE}`);
  const quantities = joined(
    parts.map((part) => part.quantities),
    files,
  );
  const checked = checkDraws(quantities, files);
  const statistics = joined(
    parts.map((part) => part.statistics ?? []),
    files,
  );
  const roles = new Map(parts.flatMap((part) => [...(part.roles ?? [])]));
  const notes = [...new Set(parts.flatMap((part) => part.notes ?? [])), ...checked];
  return { quantities, roles, ...(statistics.length > 0 && { statistics }), ...(notes.length > 0 && { notes }) };
}
