/** Makes and fills a results folder: results/<config name>/<run id>/. */
import { appendFile, lstat, mkdir, realpath, rm } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { DrawBlock } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { type Checkpoint, type CheckpointSearch, readCheckpoint, writeCheckpoint } from "./checkpoints.ts";
import { type ChainDigests, chainDigests, type Digests } from "./digest.ts";
import { checkData, createDrawsStore, type DrawsStore, type StoreData, type StoredDraws } from "./draws-store.ts";
import { errorCode, guarded, storeError, writeAtomic } from "./files.ts";
import type { JsonObject } from "./json.ts";
import { chainCount, checkLayout, elements, type StoreLayout } from "./layout.ts";
import { type Manifest, type RunDocument, type RunStatus, writeRunDocument } from "./manifest.ts";
import { checkFileName } from "./names.ts";
import { type SummaryDocument, summaryCsv, summaryJson } from "./summary.ts";

/** What `createResults` needs. */
export interface ResultsOptions {
  /** The folder of all results; made where it is missing. */
  readonly root: string;
  /** Name of the config: one plain folder name. */
  readonly configName: string;
  /** One plain folder name; default: `runId(now, manifest.hashes.config)`. */
  readonly runId?: string;
  /** Replace an existing run of that id. */
  readonly force?: boolean;
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
  writeCheckpoint(batch: number, bytes: Uint8Array, meta: JsonObject): Promise<Checkpoint>;
  readCheckpoint(batch: number): Promise<CheckpointSearch>;
  /** Writes one more file, such as report.html, into the results folder. */
  writeFile(name: string, content: Uint8Array | string): Promise<void>;
  /** Digests of the draws appended so far. */
  digests(): Digests;
  /**
   * Commits, writes the summary with the run's digest, then run.json with status and digests. Once only.
   * @returns the summary as it was written
   */
  finish(ending: Ending): Promise<SummaryDocument | undefined>;
}

/** The default run id: UTC time to the second, and the first eight digits of the config's hash. */
export function runId(time: Date, configHash: string): string {
  const stamp = time.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${stamp}Z-${configHash.replaceAll(/[^0-9a-zA-Z]/g, "").slice(0, 8) || "run"}`;
}

async function makeFolder(path: string): Promise<void> {
  await guarded("make the results folder", path, () => mkdir(path, { recursive: true }));
}

/** Refuses a folder that a link leads out of the results folder. */
async function checkInside(root: string, path: string): Promise<void> {
  const real = await guarded("open the folder", path, () => realpath(path));
  const way = relative(await guarded("open the folder", root, () => realpath(root)), real);
  if (way === ".." || way.startsWith(`..${sep}`) || resolve(way) === way) {
    throw new StoreError(
      `${path} is a link to ${real}, outside the results folder ${root}. Remove the link, or choose another folder with --out.`,
    );
  }
}

/** Removes an existing run for `force`; only what is a results folder is ever removed. */
async function removeRun(directory: string): Promise<void> {
  const info = await guarded("open the folder", directory, () => lstat(directory));
  const isRun =
    info.isDirectory() && (await lstat(join(directory, "run.json")).catch(() => undefined))?.isFile() === true;
  if (!isRun) {
    throw new StoreError(
      `${directory} exists and is not a results folder (no run.json in it): it is not replaced. Choose another run id.`,
    );
  }
  await guarded("remove the earlier run", directory, () => rm(directory, { recursive: true }));
}

async function makeRunFolder(options: ResultsOptions, id: string): Promise<string> {
  const root = resolve(options.root);
  const parent = join(root, options.configName);
  await makeFolder(parent);
  await checkInside(root, parent);
  const directory = join(parent, id);
  try {
    await mkdir(directory);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw storeError(error, "make the results folder", directory);
    if (options.force !== true) {
      throw new StoreError(
        `the run ${directory} exists already and is not overwritten. Give another --run-id, or replace it with --force.`,
      );
    }
    await removeRun(directory);
    await guarded("make the results folder", directory, () => mkdir(directory));
  }
  return directory;
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

function addDigest(digests: ChainDigests, layout: StoreLayout, block: DrawBlock): void {
  if (block.phase !== "sampling") return;
  for (let chain = 0; chain < block.chains; chain++) {
    const values = layout.variables.map((variable) => {
      const length = block.draws * elements(variable);
      return [variable.name, block.posterior[variable.name]?.subarray(chain * length, (chain + 1) * length)] as const;
    });
    const held = values.flatMap(([name, part]) => (part === undefined ? [] : [[name, part] as const]));
    digests.add(block.firstChain + chain, block.draws, Object.fromEntries(held));
  }
}

interface Open {
  readonly directory: string;
  readonly run: RunDocument;
  readonly store: DrawsStore;
  readonly digests: ChainDigests;
  failure?: unknown;
  finished: boolean;
}

async function append(open: Open, block: DrawBlock): Promise<void> {
  if (open.finished) throw new StoreError(`${open.directory} is finished: no block can be appended.`);
  if (open.failure !== undefined) throw open.failure;
  try {
    await open.store.append(block);
    addDigest(open.digests, open.run.layout, block);
  } catch (error) {
    open.failure = error;
    throw error;
  }
}

async function commit(open: Open): Promise<void> {
  if (open.failure !== undefined) throw open.failure;
  try {
    await open.store.commit();
  } catch (error) {
    open.failure = error;
    throw error;
  }
}

async function finish(open: Open, ending: Ending): Promise<SummaryDocument | undefined> {
  if (open.finished) throw new StoreError(`${open.directory} is finished already.`);
  if (open.failure === undefined) await commit(open);
  else if (ending.status === "complete") throw open.failure;
  const digests = open.digests.current();
  // After a failed write the last commit may hold fewer draws than the digests cover: then run.json keeps none.
  const kept = open.failure === undefined ? { digests } : {};
  const summary = ending.summary && { ...ending.summary, run: { ...ending.summary.run, digest: digests.run } };
  if (summary !== undefined) {
    await writeAtomic(join(open.directory, "summary.json"), summaryJson(summary));
    await writeAtomic(join(open.directory, "summary.csv"), summaryCsv(summary.quantities));
  }
  const { status, error } = ending;
  const finished = new Date().toISOString();
  const why = error === undefined ? {} : { error };
  await writeRunDocument(open.directory, { ...open.run, status, finished, ...why, ...kept });
  open.finished = true;
  return summary;
}

async function recordEvent(directory: string, event: JsonObject): Promise<void> {
  const path = join(directory, "events.ndjson");
  const line = `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`;
  await guarded("write", path, () => appendFile(path, line));
}

function writerOf(open: Open): ResultsWriter {
  const queued = createQueue();
  const checkpoints = join(open.directory, "checkpoints");
  return {
    directory: open.directory,
    runId: open.run.runId,
    appendBlock: (block) => queued(() => append(open, block)),
    commit: () => queued(() => commit(open)),
    stored: () => open.store.stored(),
    recordEvent: (event) => queued(() => recordEvent(open.directory, event)),
    writeCheckpoint: (batch, bytes, meta) => queued(() => writeCheckpoint(checkpoints, batch, bytes, meta)),
    readCheckpoint: (batch) => queued(() => readCheckpoint(checkpoints, batch)),
    writeFile: (name, content) =>
      queued(() => writeAtomic(join(open.directory, checkFileName(name, "the file")), content)),
    digests: () => open.digests.current(),
    finish: (ending) => queued(() => finish(open, ending)),
  };
}

/**
 * Makes the results folder of a run, with run.json first (status "running") and an empty, readable draws.zarr.
 * @throws StoreError if a name is not a plain folder name, the run exists (without `force`), or the folder cannot be written
 */
export async function createResults(options: ResultsOptions): Promise<ResultsWriter> {
  const hash = options.manifest.hashes["config"];
  const id = options.runId ?? runId(new Date(), typeof hash === "string" ? hash : "");
  checkFileName(options.configName, "the config name");
  checkFileName(id, "the run id");
  const data = options.data ?? { observed: [], constant: [] };
  checkLayout(options.layout);
  checkData(data, options.layout.coordinates);
  const directory = await makeRunFolder(options, id);
  const run: RunDocument = {
    runId: id,
    configName: options.configName,
    status: "running",
    created: new Date().toISOString(),
    manifest: options.manifest,
    layout: options.layout,
  };
  await writeRunDocument(directory, run);
  await makeFolder(join(directory, "checkpoints"));
  const version = options.manifest.versions["package"];
  const attributes = {
    created_at: run.created,
    inference_library: "manychain",
    inference_library_version: typeof version === "string" ? version : "",
  };
  const store = await createDrawsStore(join(directory, "draws.zarr"), options.layout, data, attributes);
  const digests = chainDigests(chainCount(options.layout), options.layout.variables);
  return writerOf({ directory, run, store, digests, finished: false });
}
