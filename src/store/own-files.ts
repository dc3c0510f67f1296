/** Which files of a results folder manychain wrote: only those are ever removed, and no link is followed. */
import { lstat, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { StoreError } from "../errors.ts";
import { CHECKPOINT_NAME } from "./checkpoints.ts";
import { guarded, readBounded, TEMPORARY } from "./files.ts";

/** How `format` of every version's run.json begins. */
const RUN_FORMAT = /^manychain results \d{1,9}$/;
const MAX_RUN = 256 * 2 ** 20;
const MAX_ARRAY = 2 ** 20;

/** Files at the top, those of an interrupted write, and what a desktop leaves. */
const TOP =
  /^(?:run\.json|run\.lock(?:\.next)*|summary\.json|summary\.csv|events(?:\.damaged)?\.ndjson|report\.html(?:\.\d+\.tmp)?|\.DS_Store)$/;
const CHUNK = /^\d+(?:\.\d+)*$/;
const ROOT_METADATA: ReadonlySet<string> = new Set([".zgroup", ".zattrs", ".zmetadata"]);
const GROUP_METADATA: ReadonlySet<string> = new Set([".zgroup", ".zattrs"]);
const ARRAY_METADATA: ReadonlySet<string> = new Set([".zarray", ".zattrs"]);

/** True if a run.json is one that manychain wrote, of any version. */
async function isRunDocument(path: string): Promise<boolean> {
  if ((await lstat(path).catch(() => undefined))?.isFile() !== true) return false;
  try {
    const { format } = JSON.parse((await readBounded(path, MAX_RUN))?.toString("utf8") ?? "") as { format?: unknown };
    return typeof format === "string" && RUN_FORMAT.test(format);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return false;
    throw error;
  }
}

/** True for a folder of draws.zarr whose array is ours: the checksum in front of each chunk is our filter. */
async function isOwnArray(folder: string): Promise<boolean> {
  try {
    const path = join(folder, ".zarray");
    const info = await lstat(path);
    if (!info.isFile() || info.size > MAX_ARRAY) return false;
    const { filters } = JSON.parse(await readFile(path, "utf8")) as { filters?: { id?: unknown }[] };
    return filters?.[0]?.id === "crc32";
  } catch {
    return false;
  }
}

/** What lies in a results folder, by paths within it. */
interface Listing {
  readonly files: readonly string[];
  /** Outer ones first. */
  readonly folders: readonly string[];
  /** Links, devices, …. */
  readonly others: readonly string[];
}

async function listOf(directory: string): Promise<Listing> {
  const entries = await guarded("list", directory, () => readdir(directory, { recursive: true, withFileTypes: true }));
  const listing = { files: [] as string[], folders: [] as string[], others: [] as string[] };
  for (const entry of entries) {
    const path = relative(directory, join(entry.parentPath, entry.name));
    (entry.isFile() ? listing.files : entry.isDirectory() ? listing.folders : listing.others).push(path);
  }
  listing.folders.sort((a, b) => a.split(sep).length - b.split(sep).length);
  return listing;
}

/** True if a file is one that manychain writes. @param arrays folders of its arrays */
function isOwnFile(path: string, arrays: ReadonlySet<string>): boolean {
  const parts = path.split(sep);
  const name = parts.at(-1)!;
  const isLeft = TEMPORARY.test(name) || name === ".DS_Store";
  const [top] = parts;
  if (parts.length === 1) return TOP.test(name) || isLeft;
  if (top === "checkpoints") return parts.length === 2 && (CHECKPOINT_NAME.test(name) || isLeft);
  if (top !== "draws.zarr" || parts.length > 4) return false;
  if (isLeft) return true;
  if (parts.length === 2) return ROOT_METADATA.has(name);
  if (parts.length === 3) return GROUP_METADATA.has(name);
  return arrays.has(parts.slice(0, 3).join(sep)) && (ARRAY_METADATA.has(name) || CHUNK.test(name));
}

function isOwnFolder(path: string): boolean {
  const parts = path.split(sep);
  return path === "checkpoints" || (parts[0] === "draws.zarr" && parts.length <= 3);
}

function shown(foreign: readonly string[]): string {
  const more = foreign.length > 4 ? ` and ${foreign.length - 4} more` : "";
  return `${foreign.slice(0, 4).join(", ")}${more}`;
}

/**
 * Removes a results folder that holds nothing but what manychain wrote. run.json goes last, so that a removal that was
 * interrupted can be begun again.
 * @throws StoreError where it is no results folder, or holds anything else: nothing is removed then
 */
export async function removeResults(directory: string): Promise<void> {
  if (!(await isRunDocument(join(directory, "run.json")))) {
    throw new StoreError(
      `${directory} exists and is not a results folder (it has no run.json that manychain wrote): it is not replaced. ` +
        "Choose another run id.",
    );
  }
  const { files, folders, others } = await listOf(directory);
  const arrays = new Set<string>();
  for (const folder of folders) if (await isOwnArray(join(directory, folder))) arrays.add(folder);
  const foreign = [
    ...others,
    ...folders.filter((folder) => !isOwnFolder(folder)).map((folder) => `${folder}${sep}`),
    ...files.filter((file) => !isOwnFile(file, arrays)),
  ];
  if (foreign.length > 0) {
    throw new StoreError(
      `${directory} holds what manychain did not write (${shown(foreign)}): it is not replaced, and nothing is removed. ` +
        "Move that away, or choose another run id.",
    );
  }
  await guarded("remove the earlier run", directory, async () => {
    for (const file of files) if (file !== "run.json") await rm(join(directory, file), { force: true });
    for (const folder of folders.toReversed()) await rmdir(join(directory, folder));
    await rm(join(directory, "run.json"));
    await rmdir(directory);
  });
}
