/**
 * One process at a time writes into a results folder: `run.lock` says which.
 *
 * It appears whole (written under another name, then linked), and is touched while its process lives. A lock is stale
 * where its process is gone: on the same machine by process id and start time, so that a number that was given to another
 * process does not matter; on another machine, or where the file is damaged, when it has not been touched for two minutes.
 * A stale lock is taken over, so that a killed run can be resumed at once.
 */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, lstat, readFile, readlink, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { StoreError } from "../errors.ts";
import { errorCode, guarded, readBounded, removeFile, writeAtomic } from "./files.ts";

const LOCK_FILE = "run.lock";
const FORMAT = "manychain lock 1";
const MAX_BYTES = 4096;
/** Milliseconds between touches, and from the last one to where a lock of another machine counts as stale. */
const TOUCH_EVERY = 10_000;
const STALE_AFTER = 120_000;

/** A lock that this process holds. */
export interface Lock {
  /** Lets others in; never throws. */
  release(): Promise<void>;
}

/** The process that holds a lock. */
interface Owner {
  readonly pid: number;
  /** When it began, in the system's own units; empty where the system does not tell. */
  readonly started: string;
  /** Within this, process ids mean the same: the boot and the namespace, or the host's name. */
  readonly machine: string;
  readonly host: string;
  /** UTC, ISO 8601. */
  readonly since: string;
}

async function textOf(read: Promise<string>): Promise<string> {
  return await read.then(
    (text) => text.trim(),
    () => "",
  );
}

/** When a process began: field 22 of Linux's /proc/<pid>/stat, after the name in parentheses; empty elsewhere. */
async function startOf(pid: number): Promise<string> {
  const line = await textOf(readFile(`/proc/${pid}/stat`, "utf8"));
  return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

async function thisProcess(): Promise<Owner> {
  const boot = await textOf(readFile("/proc/sys/kernel/random/boot_id", "utf8"));
  const namespace = await textOf(readlink("/proc/self/ns/pid"));
  // It is shown to people: no letter that a terminal would obey.
  const host = hostname().replace(/[^\w.-]/g, "?");
  return {
    pid: process.pid,
    started: await startOf(process.pid),
    machine: boot === "" ? host : `${boot} ${namespace}`,
    host,
    since: new Date().toISOString(),
  };
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { format, pid, started, machine, host, since } = JSON.parse(text) as Record<string, unknown>;
    const texts = [started, machine, host, since].every((each) => typeof each === "string");
    const isPlain = /^[\w.?-]*$/.test(String(host)) && /^[\d:.TZ-]*$/.test(String(since));
    if (format !== FORMAT || !texts || !isPlain || !Number.isSafeInteger(pid) || (pid as number) < 1) return undefined;
    return { pid, started, machine, host, since } as Owner;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** A lock that was found. */
interface Found {
  readonly text: string;
  readonly owner: Owner | undefined;
  /** Milliseconds since it was touched. */
  readonly age: number;
}

/** @throws StoreError where something else has a lock's name */
async function find(path: string): Promise<Found | undefined> {
  const info = await lstat(path).catch(() => undefined);
  if (info !== undefined && !info.isFile()) {
    throw new StoreError(`${path} is not a file that manychain wrote. Move it away, and try again.`);
  }
  const bytes = await readBounded(path, MAX_BYTES);
  if (bytes === undefined) return undefined;
  const now = Date.now();
  const touched = await stat(path).then(
    (info) => info.mtimeMs,
    () => now,
  );
  const text = bytes.toString("utf8");
  return { text, owner: parseOwner(text), age: now - touched };
}

/** True if whoever made the lock is gone, or is this process itself. */
async function isStale({ owner, age }: Found, self: Owner): Promise<boolean> {
  if (owner === undefined || owner.machine !== self.machine) return age > STALE_AFTER;
  if (!isAlive(owner.pid)) return true;
  if (owner.pid === self.pid && owner.started === self.started) return true;
  return owner.started !== "" && owner.started !== (await startOf(owner.pid));
}

function inUse(directory: string, { owner }: Found): StoreError {
  const path = join(directory, LOCK_FILE);
  const who =
    owner === undefined
      ? `${path} was written lately, and what it says cannot be read`
      : `process ${owner.pid} on "${owner.host}" writes into it since ${owner.since}`;
  return new StoreError(
    `${directory} is in use: ${who}. Wait until that run has ended, or stop it, and try again; if there is no such ` +
      `run, remove ${path}.`,
  );
}

/** What is to be written, and by whom. */
interface Taking {
  readonly directory: string;
  readonly self: Owner;
  readonly text: string;
}

/** Puts a lock in its place, where there is none: it appears whole. False where another one is there, or was quicker. */
async function place(path: string, text: string): Promise<boolean> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  await writeAtomic(temporary, text);
  try {
    await link(temporary, path).catch(async (error: unknown) => {
      if (["EEXIST", "ENOENT"].includes(errorCode(error))) throw error;
      // File systems without links.
      await copyFile(temporary, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    // ENOENT: whoever resumes the run has swept what looked like the rest of a write.
    if (["EEXIST", "ENOENT"].includes(errorCode(error))) return false;
    throw error;
  } finally {
    await removeFile(temporary);
  }
}

/**
 * Takes a lock. Only who holds the lock's own lock (`…next`) replaces a stale one, so of several processes one gets it.
 * @throws StoreError where another process holds it, or is about to
 */
async function take(path: string, taking: Taking, depth = 0): Promise<void> {
  const { directory, self, text } = taking;
  for (let turn = 0; turn < 10 && depth < 4; turn++) {
    if (await place(path, text)) return;
    const found = await find(path);
    if (found === undefined) continue;
    if (!(await isStale(found, self))) throw inUse(directory, found);
    const guard = `${path}.next`;
    await take(guard, taking, depth + 1);
    try {
      const again = await find(path);
      if (again?.text === found.text) return await writeAtomic(path, text);
    } finally {
      await letGo(guard, text);
    }
  }
  throw new StoreError(`${directory} is in use: other processes take its lock again and again. Try again later.`);
}

/** Removes a lock that is still the one with this text. */
async function letGo(path: string, text: string): Promise<void> {
  const found = await readBounded(path, MAX_BYTES).catch(() => undefined);
  if (found?.toString("utf8") === text) await removeFile(path).catch(() => undefined);
}

/**
 * Takes the lock of a results folder.
 * @throws StoreError that names the process that holds it, or says why it cannot be written
 */
export async function lockFolder(directory: string): Promise<Lock> {
  const path = join(directory, LOCK_FILE);
  const self = await thisProcess();
  const text = `${JSON.stringify({ format: FORMAT, ...self })}\n`;
  await guarded("write", path, () => take(path, { directory, self, text }));
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => clearInterval(timer));
  }, TOUCH_EVERY);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      await letGo(path, text);
    },
  };
}

/** @throws StoreError where a process writes into a folder, which is then not to be removed */
export async function refuseLocked(directory: string): Promise<void> {
  const found = await find(join(directory, LOCK_FILE));
  if (found !== undefined && !(await isStale(found, await thisProcess()))) throw inUse(directory, found);
}
