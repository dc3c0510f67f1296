/**
 * The files beside the draws whose SHA-256 run.json holds once the run has ended: what was changed since is not believed.
 *
 * The record covers a file's first bytes, as many as it had at the run's end: the run tells its end in one more line of
 * events.ndjson, which nothing is read from. A run that was killed, and folders of older versions, have no records.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { fileLength, guarded } from "./files.ts";
import { asCount, asObject, asString, inside, type Json, member, type Place } from "./json.ts";

/** What of each file is not known where it is damaged. */
const LOST = {
  "summary.json": "The draws are summarised again; what else it told (times, gradient evaluations) is not known.",
  "events.ndjson": "What it told of warm-up and of each batch is left out.",
} as const;

export type RecordedFile = keyof typeof LOST;
export const RECORDED_FILES = Object.keys(LOST) as readonly RecordedFile[];

/** What a file held when the run ended. */
export interface FileRecord {
  readonly bytes: number;
  /** Of these bytes, in hexadecimal. */
  readonly sha256: string;
}
export type FileRecords = Readonly<Partial<Record<RecordedFile, FileRecord>>>;

/** The record of a text that is written as a file. */
export function recordOfText(text: string): FileRecord {
  return { bytes: Buffer.byteLength(text), sha256: createHash("sha256").update(text).digest("hex") };
}

/** The record of a file's first bytes; undefined where it has fewer, or is no file. */
async function recordOfFile(path: string, bytes: number | undefined): Promise<FileRecord | undefined> {
  const length = await fileLength(path);
  const covered = bytes ?? length;
  if (length === undefined || covered === undefined || length < covered) return undefined;
  const hash = createHash("sha256");
  if (covered > 0) {
    await guarded("read", path, async () => {
      for await (const part of createReadStream(path, { end: covered - 1 })) hash.update(part as Buffer);
    });
  }
  return { bytes: covered, sha256: hash.digest("hex") };
}

/** The record of events.ndjson as it lies there; none where it cannot be read. */
export async function recordEvents(directory: string): Promise<FileRecords> {
  const record = await recordOfFile(join(directory, "events.ndjson"), undefined).catch(() => undefined);
  return record === undefined ? {} : { "events.ndjson": record };
}

/** `files` of run.json. @throws StoreError for anything else */
export function readRecords(value: Json, place: Place): FileRecords {
  const object = asObject(value, place);
  const entries = RECORDED_FILES.flatMap((name) => {
    const found = member(object, name);
    if (found === undefined) return [];
    const at = inside(place, name);
    const record = asObject(found, at);
    const bytes = asCount(member(record, "bytes"), inside(at, "bytes"));
    return [[name, { bytes, sha256: asString(member(record, "sha256"), inside(at, "sha256")) }]];
  });
  return Object.fromEntries(entries) as FileRecords;
}

/**
 * What is wrong with a file of a run that has ended, in sentences; undefined where it is what the run wrote, where that is
 * not known, and where there is no such file.
 */
export async function damageOf(
  directory: string,
  records: FileRecords | undefined,
  name: RecordedFile,
): Promise<string | undefined> {
  const path = join(directory, name);
  const record = records?.[name];
  const length = record && (await fileLength(path));
  if (record === undefined || length === undefined) return undefined;
  const isLonger = name === "summary.json" && length > record.bytes;
  const found = isLonger ? undefined : await recordOfFile(path, record.bytes);
  if (found?.sha256 === record.sha256) return undefined;
  return `${name} is damaged or was edited: it is not the file whose SHA-256 run.json holds. ${LOST[name]}`;
}

/** Puts damaged events of a run that goes on out of the way. @returns what was done, in words; undefined for sound ones */
export async function setEventsAside(directory: string, records: FileRecords | undefined): Promise<string | undefined> {
  const damage = await damageOf(directory, records, "events.ndjson");
  if (damage === undefined) return undefined;
  const path = join(directory, "events.ndjson");
  await guarded("rename", path, () => rename(path, join(directory, "events.damaged.ndjson")));
  return `${damage} It is kept as events.damaged.ndjson.`;
}
