/**
 * Files of a results folder: atomic writes, bounded reads, and file system errors in words.
 *
 * What is forced to the disk (fsync of the file, then of its folder): run.json, checkpoints and `.zmetadata`.
 * Chunks of draws and array metadata are not: they survive the death of the process, and after a power cut a chunk that
 * did not reach the disk is found by its length and checksum.
 */
import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { StoreError } from "../errors.ts";

/** The code of a Node system error (`ENOENT`), or `""`. */
export function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

const REASONS: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  EACCES: ["permission denied", "Give yourself write permission there, or choose another folder with --out."],
  EPERM: ["operation not permitted", "Give yourself write permission there, or choose another folder with --out."],
  EROFS: ["the file system is read-only", "Choose a folder on a writable disk with --out."],
  ENOSPC: ["no space is left on the disk", "Free some space, or choose a folder on another disk with --out."],
  EDQUOT: ["the disk quota is used up", "Free some space, or choose a folder on another disk with --out."],
  ENOTDIR: ["a part of the path is a file, not a folder", "Move that file away, or choose another folder with --out."],
  EISDIR: ["it is a folder, not a file", "Move that folder away, or choose another folder with --out."],
  ENOENT: ["it does not exist", "Check the path."],
  EMFILE: ["too many files are open", "Raise the limit (ulimit -n) and run again."],
  ELOOP: ["its links lead in a circle", "Choose another folder with --out."],
  ENAMETOOLONG: ["the name is too long for the file system", "Choose a shorter name or folder."],
};

/**
 * Turns a failure of the file system into a StoreError that says what was attempted, where, why it failed and what to do.
 * A ManychainError's subclass StoreError passes through unchanged.
 */
export function storeError(error: unknown, attempt: string, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const known = REASONS[errorCode(error)];
  const message = error instanceof Error ? error.message : String(error);
  const [reason, advice] = known ?? [message, "Check the disk and the folder, then run again."];
  return new StoreError(`cannot ${attempt} ${path}: ${reason}. ${advice}`, { cause: error });
}

/** Runs a file operation; a failure becomes a StoreError. */
export async function guarded<T>(attempt: string, path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storeError(error, attempt, path);
  }
}

/** Forces a folder's entries to the disk; file systems that cannot are left alone. */
async function syncFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!["EISDIR", "EPERM", "EACCES", "EINVAL"].includes(errorCode(error))) throw error;
  }
}

/**
 * Writes a file whole or not at all: temporary name in the same folder (created exclusively, so a link is never
 * followed), then rename. With `sync`, the bytes and the rename are on the disk when the promise resolves.
 */
export async function writeAtomic(path: string, data: Uint8Array | string, sync = false): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(data);
      if (sync) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    if (sync) await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw storeError(error, "write", path);
  }
}

/** Makes one folder; false where there is one. @throws StoreError where there is something else, or it cannot be made */
async function makeLevel(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === "EEXIST" && (await stat(path).catch(() => undefined))?.isDirectory() === true) return false;
    if (code === "ENOENT") {
      const advice = "the file system there takes none. Choose another folder with --out.";
      throw new StoreError(`cannot make the results folder ${path}: ${advice}`, { cause: error });
    }
    throw storeError(
      code === "EEXIST" ? Object.assign(new Error(), { code: "ENOTDIR" }) : error,
      "make the results folder",
      path,
    );
  }
}

/**
 * Makes a folder and those that it lies in, one at a time: where that fails, none is left behind.
 * @returns takes away again those that were made, as far as they are empty
 */
export async function makeFolders(path: string): Promise<() => Promise<void>> {
  const missing: string[] = [];
  for (let at = path; !(await exists(at)); at = dirname(at)) missing.unshift(at);
  const made: string[] = [];
  const undo = async (): Promise<void> => {
    for (const folder of made.toReversed()) await rmdir(folder).catch(() => undefined);
  };
  try {
    // Where all is there, the last may still be no folder.
    for (const folder of missing.length === 0 ? [path] : missing) if (await makeLevel(folder)) made.push(folder);
  } catch (error) {
    await undo();
    throw error;
  }
  return undo;
}

async function exists(path: string): Promise<boolean> {
  if (dirname(path) === path) return true;
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

/** Removes a file, if there is one. */
export async function removeFile(path: string): Promise<void> {
  await guarded("remove", path, () => rm(path, { force: true }));
}

/** Names that `writeAtomic` gives before it renames: what is left of a write that a killed process began. */
export const TEMPORARY: RegExp = /^\..*\.[0-9a-f]{12}\.tmp$/;

/** Length of a file in bytes, or undefined where there is none. */
export async function fileLength(path: string): Promise<number | undefined> {
  try {
    const info = await stat(path);
    return info.isFile() ? info.size : undefined;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(errorCode(error))) return undefined;
    throw storeError(error, "read", path);
  }
}

/** Reads a whole file, or undefined where there is none. Refuses more than `limit` bytes before reading them. */
export async function readBounded(path: string, limit: number): Promise<Buffer | undefined> {
  const length = await fileLength(path);
  if (length === undefined) return undefined;
  if (length > limit) {
    throw new StoreError(
      `${path} has ${length} bytes, expected at most ${limit}. It is not a file that manychain wrote.`,
    );
  }
  return await guarded("read", path, async () => {
    const handle = await open(path, "r");
    try {
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  });
}
