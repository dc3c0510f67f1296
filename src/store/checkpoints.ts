/**
 * Checkpoints of batches: `checkpoints/batch-<batch>-<number>.checkpoint`, the last two of each batch kept.
 *
 * A file is three lines of text and the payload: the format's name, the SHA-256 of all that follows this second line,
 * and a JSON header `{batch, number, stored, length, state, meta, binding}`; the payload is the caller's bytes (`length` of them)
 * and the store's own (`state` of them). `stored` counts the draws of the batch that were committed before: a checkpoint
 * is written after the commit, so the draws up to its position are there whenever it is. It is written to a temporary name, forced to the disk and renamed, so
 * a crash leaves the earlier checkpoint; a damaged one is passed over for the earlier one, and the reader says so.
 */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import { errorCode, readBounded, removeFile, storeError, writeAtomic } from "./files.ts";
import { asCount, asObject, asString, inside, type JsonObject, member, type Place, parseJson } from "./json.ts";
import { isMark } from "./marks.ts";

const FORMAT = "manychain checkpoint 3";
/** How the file of any version begins. */
const ANY_FORMAT = /^manychain checkpoint \d{1,9}\n/;
const KEPT = 2;
/** Larger files are not read: a batch's state is a few numbers for each chain and dimension. */
const MAX_BYTES = 2 ** 31;
/** Names of checkpoints. */
export const CHECKPOINT_NAME: RegExp = /^batch-(\d{1,9})-(\d{1,12})\.checkpoint$/;

/** Draws of one batch, by phase; 0 of warm-up where the run does not keep it. */
export interface BatchDraws {
  readonly warmup: number;
  readonly sampling: number;
}

/** What binds a checkpoint to its run, and to the draws before it: a batch goes on only where all of this is so. */
export interface Binding {
  /** The run, by its id and the time when it began. */
  readonly run: string;
  /** One digest of the batch's draws; empty where the run does not keep all draws (`state` has those of the chains). */
  readonly digest: string;
  /** Marks of the arrays of draws (marks.ts), by group and name: `posterior/mu`. */
  readonly marks: Readonly<Record<string, string>>;
}

/** State of a batch from which it goes on. */
export interface Checkpoint {
  readonly batch: number;
  /** Counts the batch's checkpoints from 0. */
  readonly number: number;
  readonly bytes: Uint8Array;
  /** What the writer said about it: phase, position, config hash … */
  readonly meta: JsonObject;
  /** The draws of the batch before this position. */
  readonly stored: BatchDraws;
  /** The store's own state of the batch: of digests and moments, where draws are not kept. */
  readonly state: Uint8Array;
  readonly binding: Binding;
}

/** What a checkpoint is made of. */
export type CheckpointContent = Omit<Checkpoint, "batch" | "number">;

/** The newest sound checkpoint of a batch, if any, and one sentence for each damaged file that was passed over. */
export interface CheckpointSearch {
  readonly checkpoint?: Checkpoint;
  readonly problems: readonly string[];
}

interface CheckpointFile {
  readonly name: string;
  readonly number: number;
}

function fileName(batch: number, number: number): string {
  return `batch-${String(batch).padStart(4, "0")}-${String(number).padStart(6, "0")}.checkpoint`;
}

/** A batch's checkpoint files, newest first. */
async function filesOf(folder: string, batch: number): Promise<CheckpointFile[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw storeError(error, "list", folder);
  }
  const found = names.flatMap((name) => {
    const match = CHECKPOINT_NAME.exec(name);
    return match !== null && Number(match[1]) === batch ? [{ name, number: Number(match[2]) }] : [];
  });
  return found.sort((a, b) => b.number - a.number);
}

function checkBatch(batch: number): void {
  if (!Number.isSafeInteger(batch) || batch < 0 || batch > 999_999_999) {
    throw new StoreError(`a checkpoint's batch must be a whole number from 0, found ${batch}.`);
  }
}

/** Writes the next checkpoint of a batch and removes all but the last two. The bytes are on the disk when it resolves. */
export async function writeCheckpoint(folder: string, batch: number, content: CheckpointContent): Promise<Checkpoint> {
  checkBatch(batch);
  const { bytes, meta, stored, state, binding } = content;
  const before = await filesOf(folder, batch);
  const number = (before[0]?.number ?? -1) + 1;
  const parts = { batch, number, stored, length: bytes.byteLength, state: state.byteLength, meta, binding };
  const header = Buffer.from(`${JSON.stringify(parts)}\n`);
  const seal = createHash("sha256").update(header).update(bytes).update(state).digest("hex");
  const file = Buffer.concat([Buffer.from(`${FORMAT}\n${seal}\n`), header, bytes, state]);
  await writeAtomic(join(folder, fileName(batch, number)), file, true);
  for (const old of before.slice(KEPT - 1)) await removeFile(join(folder, old.name));
  return { batch, number, ...content };
}

/** Removes a batch's checkpoints that are newer than `number`, all of them where it is undefined. */
export async function removeNewer(folder: string, batch: number, number: number | undefined): Promise<void> {
  for (const file of await filesOf(folder, batch)) {
    if (file.number > (number ?? -1)) await removeFile(join(folder, file.name));
  }
}

function readBinding(value: unknown, place: Place): Binding {
  const object = asObject(value, place);
  const marks = Object.entries(asObject(member(object, "marks"), inside(place, "marks")));
  const wrong = marks.find(([, mark]) => !isMark(mark));
  if (wrong !== undefined) throw new StoreError(`${place.file}: ${wrong[0].slice(0, 60)} has no mark.`);
  return {
    run: asString(member(object, "run"), inside(place, "run")),
    digest: asString(member(object, "digest"), inside(place, "digest")),
    marks: Object.fromEntries(marks) as Record<string, string>,
  };
}

function parseCheckpoint(file: Buffer, path: string, batch: number): Checkpoint {
  const prefix = Buffer.from(`${FORMAT}\n`);
  const bodyStart = prefix.length + 65;
  const [other] = ANY_FORMAT.exec(file.subarray(0, 40).toString("latin1")) ?? [];
  if (other !== undefined && other !== `${FORMAT}\n`) {
    throw new StoreError(`${path} has the format "${other.trim()}"; this version of manychain reads "${FORMAT}".`);
  }
  if (file.length < bodyStart || !file.subarray(0, prefix.length).equals(prefix)) {
    throw new StoreError(`${path} is cut short, or is not a checkpoint.`);
  }
  const body = file.subarray(bodyStart);
  const seal = file.subarray(prefix.length, bodyStart).toString("latin1");
  if (seal !== `${createHash("sha256").update(body).digest("hex")}\n`) {
    throw new StoreError(`${path}: the checksum does not match: the file is cut short or damaged.`);
  }
  const end = body.indexOf(10);
  const header = parseJson(body.subarray(0, Math.max(0, end)).toString("utf8"), path);
  const place = { file: path, key: "" };
  const payload = Uint8Array.from(body.subarray(end + 1));
  const count = (key: string): number => asCount(member(header, key), inside(place, key));
  const number = count("number");
  const length = count("length");
  if (length + count("state") !== payload.length) {
    throw new StoreError(`${path}: the payload is not as long as its header says.`);
  }
  const at = inside(place, "stored");
  const draws = asObject(member(header, "stored"), at);
  if (asCount(member(header, "batch"), inside(place, "batch")) !== batch) {
    throw new StoreError(`${path} holds the state of another batch.`);
  }
  return {
    batch,
    number,
    bytes: payload.subarray(0, length),
    state: payload.subarray(length),
    meta: asObject(member(header, "meta"), inside(place, "meta")),
    binding: readBinding(member(header, "binding"), inside(place, "binding")),
    stored: {
      warmup: asCount(member(draws, "warmup"), inside(at, "warmup")),
      sampling: asCount(member(draws, "sampling"), inside(at, "sampling")),
    },
  };
}

/** All sound checkpoints of a batch, newest first, and one sentence for each damaged file. */
export interface CheckpointList {
  readonly checkpoints: readonly Checkpoint[];
  readonly problems: readonly string[];
}

/** Reads all checkpoints of a batch. */
export async function readCheckpoints(folder: string, batch: number): Promise<CheckpointList> {
  checkBatch(batch);
  const checkpoints: Checkpoint[] = [];
  const problems: string[] = [];
  for (const { name, number } of await filesOf(folder, batch)) {
    const path = join(folder, name);
    try {
      const file = await readBounded(path, MAX_BYTES);
      if (file === undefined) continue;
      const checkpoint = parseCheckpoint(file, path, batch);
      if (checkpoint.number !== number) throw new StoreError(`${path} holds the state of another checkpoint.`);
      checkpoints.push(checkpoint);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      problems.push(`${text} It was passed over; the batch goes on from an earlier state.`);
    }
  }
  return { checkpoints, problems };
}

/** Finds the newest checkpoint of a batch that is sound. */
export async function readCheckpoint(folder: string, batch: number): Promise<CheckpointSearch> {
  const { checkpoints, problems } = await readCheckpoints(folder, batch);
  const [checkpoint] = checkpoints;
  return { ...(checkpoint === undefined ? {} : { checkpoint }), problems };
}
