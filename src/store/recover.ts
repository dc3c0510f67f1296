/** Finds what of a stopped run is sound: of each batch the newest checkpoint whose draws are all on the disk. */
import { appendFile, open, readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { DrawBlock, Phase } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { checkDraws } from "./check-draws.ts";
import { type BatchDraws, type Checkpoint, type CheckpointList, readCheckpoints } from "./checkpoints.ts";
import type { ChainDigests } from "./digest.ts";
import { phaseTracks } from "./draws-store.ts";
import { fileLength, guarded, removeFile, TEMPORARY } from "./files.ts";
import { elements, type StoreLayout } from "./layout.ts";
import { type RunDocument, runKey } from "./manifest.ts";
import { readBegun, readChunks, type Track } from "./tracks.ts";

/** How a batch goes on. */
export interface BatchResume {
  readonly batch: number;
  /** The draws that it has; it goes on after them. */
  readonly stored: BatchDraws;
  /** Its state there; without one it begins anew. */
  readonly checkpoint?: Checkpoint;
  /** Committed draws that are dropped and have to be computed again. */
  readonly dropped: BatchDraws;
  /** What was found damaged, and what follows; one sentence each. */
  readonly problems: readonly string[];
}

const PHASES: readonly Phase[] = ["warmup", "sampling"];
const NONE: BatchDraws = { warmup: 0, sampling: 0 };

/** True if a checkpoint is one that this run can have written. */
function fits(layout: StoreLayout, { stored }: Checkpoint): boolean {
  return stored.warmup <= layout.warmup && stored.sampling <= layout.draws;
}

/** The checkpoints of a batch that this run wrote, newest first, and what is wrong with the others. */
async function ownCheckpoints(directory: string, run: RunDocument, batch: number): Promise<CheckpointList> {
  const folder = join(directory, "checkpoints");
  const { checkpoints, problems } = await readCheckpoints(folder, batch);
  const own = checkpoints.filter((each) => each.binding.run === runKey(run) && fits(run.layout, each));
  const foreign = checkpoints.filter((each) => !own.includes(each));
  const sentences = foreign.map(
    ({ number }) => `${folder}: checkpoint ${number} of batch ${batch} is another run's. It was passed over.`,
  );
  return { checkpoints: own, problems: [...problems, ...sentences] };
}

/**
 * Decides where a batch goes on.
 * @param committed its draws that were committed, where that is known
 */
export async function recoverBatch(
  directory: string,
  run: RunDocument,
  batch: number,
  committed: BatchDraws | undefined,
): Promise<BatchResume> {
  const { layout } = run;
  const found = await ownCheckpoints(directory, run, batch);
  const problems = [...found.problems];
  let candidates = found.checkpoints;
  for (const phase of PHASES) {
    const tracks = phaseTracks(join(directory, "draws.zarr"), layout, phase);
    const checked = await checkDraws(tracks, layout, batch, { phase, checkpoints: candidates });
    candidates = checked.sound;
    if (checked.problem !== undefined) problems.push(checked.problem);
  }
  const [checkpoint] = candidates;
  const stored = checkpoint?.stored ?? NONE;
  if (checkpoint === undefined && problems.length > 0) {
    problems.push(`Batch ${batch} has no state from before the damage: it begins anew.`);
  }
  const had = committed ?? stored;
  const dropped = {
    warmup: Math.max(0, had.warmup - stored.warmup),
    sampling: Math.max(0, had.sampling - stored.sampling),
  };
  return { batch, stored, ...(checkpoint === undefined ? {} : { checkpoint }), dropped, problems };
}

/** Adds the stored draws of a batch to the digests, a chunk at a time. */
export async function rehash(
  digests: ChainDigests,
  posterior: Track | undefined,
  span: StoreLayout["batches"][number],
  draws: number,
): Promise<void> {
  if (posterior === undefined) return;
  const { chunkDraws } = posterior.shape;
  for (let first = 0; first < draws; first += chunkDraws) {
    const count = Math.min(chunkDraws, draws - first);
    const values: DrawBlock["posterior"][string][] = [];
    for (const variable of posterior.variables) {
      values.push(await readChunks(posterior, variable, span, first / chunkDraws));
    }
    for (let chain = 0; chain < span.chains; chain++) {
      const parts = posterior.variables.map((variable, index) => {
        const from = chain * chunkDraws * elements(variable);
        return [variable.name, values[index]!.subarray(from, from + count * elements(variable))] as const;
      });
      digests.add(span.firstChain + chain, count, Object.fromEntries(parts));
    }
  }
}

/** Loads the chunk that a batch's next draws go into, where it is begun, without the draws that come later. */
export async function loadPending(track: Track, batch: number, draws: number): Promise<void> {
  const { chunkDraws } = track.shape;
  const span = track.shape.batches[batch];
  if (span === undefined || draws % chunkDraws === 0) return;
  const values = new Map<string, DrawBlock["posterior"][string]>();
  const place = { drawChunk: Math.floor(draws / chunkDraws), draws: draws % chunkDraws };
  for (const variable of track.variables) {
    values.set(variable.name, await readBegun(track, variable, span, place));
  }
  track.pending.set(batch, values);
}

/** Removes the chunks of draws beyond those that a batch has: what an earlier process wrote and nothing commits. */
export async function removeLater(track: Track, batch: number, draws: number): Promise<void> {
  const { chunkDraws, chunkChains } = track.shape;
  const span = track.shape.batches[batch];
  if (span === undefined) return;
  const first = span.firstChain / chunkChains;
  const last = first + Math.ceil(span.chains / chunkChains);
  for (const variable of track.variables) {
    const folder = join(track.folder, variable.name);
    const names = await guarded("list", folder, () => readdir(folder));
    for (const name of names) {
      const [chainChunk, drawChunk] = /^\d+\.\d+(?:\.0)*$/.test(name) ? name.split(".").map(Number) : [];
      if (chainChunk === undefined || drawChunk === undefined || chainChunk < first || chainChunk >= last) continue;
      if (drawChunk * chunkDraws >= draws) await removeFile(join(folder, name));
    }
  }
}

/** Removes what interrupted writes left. @throws StoreError for a link, which could lead out of the folder */
export async function sweep(directory: string): Promise<void> {
  const entries = await guarded("list", directory, () => readdir(directory, { recursive: true, withFileTypes: true }));
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) {
      throw new StoreError(`${path} is a link: a run is not resumed through links. Put the files in its place.`);
    }
    if (entry.isFile() && TEMPORARY.test(entry.name)) await removeFile(path);
  }
}

/** Cuts the line that a killed process was writing off the end of events.ndjson. */
export async function trimEvents(directory: string): Promise<void> {
  const path = join(directory, "events.ndjson");
  const length = await fileLength(path);
  if (length === undefined || length === 0) return;
  const tail = Buffer.alloc(Math.min(length, 2 ** 20));
  await guarded("read", path, async () => {
    const handle = await open(path, "r");
    try {
      await handle.read(tail, 0, tail.length, length - tail.length);
    } finally {
      await handle.close();
    }
  });
  if (tail.at(-1) === 10) return;
  const end = tail.lastIndexOf(10);
  if (end === -1 && length > tail.length) await guarded("write", path, () => appendFile(path, "\n"));
  else await guarded("write", path, () => truncate(path, length - tail.length + end + 1));
}
