/** Makes and fills a results folder: results/<config name>/<run id>/. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { DrawBlock } from "../draws.ts";
import { StoreError } from "../errors.ts";
import {
  type Binding,
  type Checkpoint,
  type CheckpointSearch,
  readCheckpoint,
  writeCheckpoint,
} from "./checkpoints.ts";
import { type ChainDigests, chainDigests, type Digests, type ResumableDigests, resumableDigests } from "./digest.ts";
import {
  checkData,
  createDrawsStore,
  type DrawsStore,
  type StoreData,
  type StoredDraws,
  unconstrainedVariable,
} from "./draws-store.ts";
import { guarded, writeAtomic } from "./files.ts";
import { checkBlock, thinned } from "./intake.ts";
import type { JsonObject } from "./json.ts";
import { chainCount, checkLayout, elements, type StoreLayout } from "./layout.ts";
import { type Lock, lockFolder } from "./lock.ts";
import { type Manifest, type RunDocument, type RunStatus, runKey, writeRunDocument } from "./manifest.ts";
import { makeFolder } from "./metadata.ts";
import { createMoments, type RunMoments } from "./moments.ts";
import { checkFileName } from "./names.ts";
import { recordEvents, recordOfText } from "./recorded.ts";
import { rolesText, VARIABLE_ROLES } from "./roles.ts";
import { makeNewRunFolder, makeRunFolder, type RunFolder } from "./run-folder.ts";
import { SHA256_STATE_BYTES } from "./sha256.ts";
import { type SummaryDocument, summaryJson } from "./summary.ts";

/** What `createResults` needs. */
export interface ResultsOptions extends RunFolder {
  /** One plain folder name; default: `runId(now, manifest.hashes.config)`, with a number where that is taken. */
  readonly runId?: string;
  readonly manifest: Manifest;
  readonly layout: StoreLayout;
  readonly data?: StoreData;
}

/** How a run ended. */
export interface Ending {
  readonly status: Exclude<RunStatus, "running">;
  /** Without one, no summary.json and no summary.csv are written. */
  readonly summary?: SummaryDocument;
  /** Why it failed. */
  readonly error?: string;
}

/** An open results folder. Calls may overlap: they are done one after the other, in the order of the calls. */
export interface ResultsWriter {
  /** Absolute path of the results folder. */
  readonly directory: string;
  readonly runId: string;
  /**
   * Stores a block; blocks of one batch in order, batches in any order. The block's arrays must not change before the
   * promise resolves. Visible to readers, and counted by `stored`, after the next `commit`.
   * @throws StoreError if the block does not fit the layout or cannot be written; after a failed write the writer takes
   *   no more blocks and keeps the last commit
   */
  appendBlock(block: DrawBlock): Promise<void>;
  /** The commit point: readers see every array as long as the batch with the fewest draws. */
  commit(): Promise<void>;
  /** Draws appended of each batch, by phase. */
  stored(): StoredDraws;
  /** Appends one line to events.ndjson, with the time in front. */
  recordEvent(event: JsonObject): Promise<void>;
  /**
   * Commits, then writes the state of a batch after the last draw of it that was appended. Whenever the checkpoint is
   * there, so are the draws before it: a killed run goes on from it, and later draws are computed anew.
   */
  writeCheckpoint(batch: number, bytes: Uint8Array, meta: JsonObject): Promise<Checkpoint>;
  readCheckpoint(batch: number): Promise<CheckpointSearch>;
  /** Writes one more file, such as report.html, into the results folder. */
  writeFile(name: string, content: Uint8Array | string): Promise<void>;
  /** Digests of the draws appended so far. */
  digests(): Digests;
  /**
   * Commits, writes the summary with the run's digest, then run.json with status and digests, and lets the folder's lock
   * go. Once only.
   * @returns the summary as it was written
   */
  finish(ending: Ending): Promise<SummaryDocument | undefined>;
}

/** The default run id: UTC time to the second, and the first eight digits of the config's hash. */
export function runId(time: Date, configHash: string): string {
  const stamp = time.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${stamp}Z-${configHash.replaceAll(/[^0-9a-zA-Z]/g, "").slice(0, 8) || "run"}`;
}

/** Runs actions one after the other. */
function createQueue(): <T>(action: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (action) => {
    const next = last.then(action, action);
    last = next.catch(() => undefined);
    return next;
  };
}

/** What an open results folder is made of. */
export interface Open {
  readonly directory: string;
  /** Held until the run ends. */
  readonly lock: Lock;
  readonly run: RunDocument;
  readonly store: DrawsStore;
  readonly digests: ChainDigests | ResumableDigests;
  /** Where the run does not keep all draws. */
  readonly moments?: RunMoments;
  /** Draws of each batch so far. */
  readonly stored: { readonly warmup: number[]; readonly sampling: number[] };
  failure?: unknown;
  finished: boolean;
}

function addDigest(digests: ChainDigests, layout: StoreLayout, block: DrawBlock): void {
  for (let chain = 0; chain < block.chains; chain++) {
    const values = layout.variables.map((variable) => {
      const length = block.draws * elements(variable);
      return [variable.name, block.posterior[variable.name]?.subarray(chain * length, (chain + 1) * length)] as const;
    });
    const held = values.flatMap(([name, part]) => (part === undefined ? [] : [[name, part] as const]));
    digests.add(block.firstChain + chain, block.draws, Object.fromEntries(held));
  }
}

async function store(open: Open, block: DrawBlock): Promise<void> {
  const { layout } = open.run;
  if (block.phase === "warmup" && layout.warmup === 0) return;
  const z = layout.unconstrained === undefined ? undefined : unconstrainedVariable(layout.unconstrained);
  checkBlock(layout, block, open.stored[block.phase][block.batch], z);
  await open.store.append(layout.keep?.kind === "thinned" ? thinned(block, layout.keep.every, layout) : block);
  if (block.phase === "sampling") {
    addDigest(open.digests, layout, block);
    open.moments?.add(block);
  }
  open.stored[block.phase][block.batch] = block.firstDraw + block.draws;
}

/** Runs a write of draws; after one that failed there are no more. */
async function orFail(open: Open, write: () => Promise<void>): Promise<void> {
  if (open.failure !== undefined) throw open.failure;
  try {
    await write();
  } catch (error) {
    open.failure = error;
    throw error;
  }
}

async function append(open: Open, block: DrawBlock): Promise<void> {
  if (open.finished) throw new StoreError(`${open.directory} is finished: no block can be appended.`);
  await orFail(open, () => store(open, block));
}

async function commit(open: Open): Promise<void> {
  await orFail(open, () => open.store.commit(open.stored));
}

/** The store's own state of a batch; empty where it follows from the draws on the disk. */
function batchState({ run, digests, moments }: Open, batch: number): Uint8Array {
  const span = run.layout.batches[batch];
  if (moments === undefined || !("save" in digests) || span === undefined) return new Uint8Array();
  const hashes = Array.from({ length: span.chains }, (_, chain) => digests.save(span.firstChain + chain));
  return Buffer.concat([...hashes, moments.save(batch)]);
}

/** Goes on from a state that `batchState` gave. @throws StoreError if it does not fit */
export function restoreState({ run, digests, moments }: Open, batch: number, draws: number, state: Uint8Array): void {
  const span = run.layout.batches[batch];
  if (moments === undefined || !("restore" in digests) || span === undefined) return;
  for (let chain = 0; chain < span.chains; chain++) {
    const from = chain * SHA256_STATE_BYTES;
    digests.restore(span.firstChain + chain, draws, state.subarray(from, from + SHA256_STATE_BYTES));
  }
  moments.restore(batch, state.subarray(span.chains * SHA256_STATE_BYTES));
}

/** What binds a batch's checkpoint to the draws that it has now, all of them committed. */
export function bindingOf({ run, digests, store }: Pick<Open, "run" | "digests" | "store">, batch: number): Binding {
  const { layout } = run;
  const span = layout.batches[batch] ?? { firstChain: 0, chains: 0 };
  const tracks = (["warmup", "sampling"] as const).flatMap((phase) => store.tracks(phase));
  const marks = tracks.flatMap((track) =>
    track.variables.map(({ name }) => [`${track.group}/${name}`, track.marks.of(batch, name).text()] as const),
  );
  const digest = layout.keep === undefined ? digests.part(span.firstChain, span.chains) : "";
  return { run: runKey(run), digest, marks: Object.fromEntries(marks) };
}

/** Commits, then writes the checkpoint: whenever it is there, the draws before its position are. */
async function checkpoint(open: Open, batch: number, bytes: Uint8Array, meta: JsonObject): Promise<Checkpoint> {
  await commit(open);
  const stored = { warmup: open.stored.warmup[batch] ?? 0, sampling: open.stored.sampling[batch] ?? 0 };
  const content = { bytes, meta, stored, state: batchState(open, batch), binding: bindingOf(open, batch) };
  return await writeCheckpoint(join(open.directory, "checkpoints"), batch, content);
}

async function finish(open: Open, ending: Ending): Promise<SummaryDocument | undefined> {
  if (open.finished) throw new StoreError(`${open.directory} is finished already.`);
  if (open.failure === undefined) await commit(open);
  else if (ending.status === "complete") throw open.failure;
  const digests = open.digests.current();
  // After a failed write the last commit may hold fewer draws than the digests cover: then run.json keeps none.
  const kept = open.failure === undefined ? { digests } : {};
  const summary = ending.summary && { ...ending.summary, run: { ...ending.summary.run, digest: digests.run } };
  let files = open.run.files ?? {};
  if (summary !== undefined) {
    const text = summaryJson(summary);
    files = { "summary.json": recordOfText(text) };
    await writeAtomic(join(open.directory, "summary.json"), text);
    const { summaryCsv } = await import("./summary-csv.ts");
    await writeAtomic(join(open.directory, "summary.csv"), summaryCsv(summary.quantities));
  }
  const { status, error } = ending;
  const finished = new Date().toISOString();
  const why = error === undefined ? {} : { error };
  const precision = summary === undefined ? {} : precisionOf(summary);
  files = { ...files, ...(await recordEvents(open.directory)) };
  await writeRunDocument(open.directory, { ...open.run, status, finished, ...why, ...kept, ...precision, files });
  open.finished = true;
  return summary;
}

/** What float32 costs, beside the limit that it was held to. */
function precisionOf({ run: { rounding }, gates }: SummaryDocument): Pick<RunDocument, "precision"> {
  if (rounding === undefined) return {};
  const gate = gates.find(({ name }) => name === "precision");
  return { precision: { ...rounding, ...(gate !== undefined && { limit: gate.limit, pass: gate.pass }) } };
}

async function recordEvent(directory: string, event: JsonObject): Promise<void> {
  const path = join(directory, "events.ndjson");
  const line = `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`;
  await guarded("write", path, () => appendFile(path, line));
}

export function writerOf(open: Open): ResultsWriter {
  const queued = createQueue();
  return {
    directory: open.directory,
    runId: open.run.runId,
    appendBlock: (block) => queued(() => append(open, block)),
    commit: () => queued(() => commit(open)),
    stored: () => ({ warmup: [...open.stored.warmup], sampling: [...open.stored.sampling] }),
    recordEvent: (event) => queued(() => recordEvent(open.directory, event)),
    writeCheckpoint: (batch, bytes, meta) => queued(() => checkpoint(open, batch, bytes, meta)),
    readCheckpoint: (batch) => queued(() => readCheckpoint(join(open.directory, "checkpoints"), batch)),
    writeFile: (name, content) =>
      queued(() => writeAtomic(join(open.directory, checkFileName(name, "the file")), content)),
    digests: () => open.digests.current(),
    finish: (ending) => queued(() => finish(open, ending).finally(open.lock.release)),
  };
}

/** What a new or reopened run gathers in memory. */
export function gatherers(layout: StoreLayout): Pick<Open, "digests" | "moments"> {
  const chains = chainCount(layout);
  if (layout.keep === undefined) return { digests: chainDigests(chains, layout.variables) };
  return { digests: resumableDigests(chains, layout.variables), moments: createMoments(layout) };
}

/** Attributes of the groups of a run's `draws.zarr`. */
export function storeAttributes(run: RunDocument): JsonObject {
  const version = run.manifest.versions["package"];
  const roles = rolesText(run.layout.variables);
  return {
    created_at: run.created,
    inference_library: "manychain",
    inference_library_version: typeof version === "string" ? version : "",
    ...(roles !== undefined && { [VARIABLE_ROLES]: roles }),
  };
}

/**
 * Makes the results folder of a run, with run.json first (status "running") and an empty, readable draws.zarr.
 * @throws StoreError if a name is not a plain folder name, the run exists (without `force`) or is in use, or the folder
 *   cannot be written
 */
export async function createResults(options: ResultsOptions): Promise<ResultsWriter> {
  const hash = options.manifest.hashes["config"];
  const named = options.runId;
  checkFileName(options.configName, "the config name");
  if (named !== undefined) checkFileName(named, "the run id");
  const data = options.data ?? { observed: [], constant: [] };
  checkLayout(options.layout);
  checkData(data, options.layout.coordinates);
  const byTime = runId(new Date(), typeof hash === "string" ? hash : "");
  const { id, directory } = await (named === undefined
    ? makeNewRunFolder(options, byTime)
    : makeRunFolder(options, named));
  const run: RunDocument = {
    runId: id,
    configName: options.configName,
    status: "running",
    created: new Date().toISOString(),
    manifest: options.manifest,
    layout: options.layout,
  };
  return await withLock(directory, (lock) => begin(directory, run, data, lock));
}

/** Calls `use` with the lock of a folder, which is let go where that fails. @throws StoreError if it is in use */
export async function withLock<T>(directory: string, use: (lock: Lock) => Promise<T>): Promise<T> {
  const lock = await lockFolder(directory);
  try {
    return await use(lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function begin(directory: string, run: RunDocument, data: StoreData, lock: Lock): Promise<ResultsWriter> {
  const { layout } = run;
  await writeRunDocument(directory, run);
  await makeFolder(join(directory, "checkpoints"));
  const gathered = gatherers(layout);
  const folder = join(directory, "draws.zarr");
  const store = await createDrawsStore({ folder, layout, attributes: storeAttributes(run), ...gathered }, data);
  const stored = { warmup: layout.batches.map(() => 0), sampling: layout.batches.map(() => 0) };
  await store.commit(stored);
  return writerOf({ directory, lock, run, store, ...gathered, stored, finished: false });
}
