/**
 * Opens the results folder of a run that stopped, or was killed at any moment, so that it can go on.
 *
 * Draws are committed before the checkpoint that follows them, so each batch has a checkpoint with all its draws, or none
 * at all; what was committed later is dropped and computed again, with the same bytes. Order of the work: run.json says
 * "running" again; chunks and checkpoints are checked; the shorter arrays are committed; then what lies beyond them is
 * removed. A kill in between leaves a folder that can be reopened.
 */
import { join, resolve } from "node:path";
import type { Phase } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { type BatchDraws, removeNewer } from "./checkpoints.ts";
import { compareLayout, compareManifest, refuseForeign } from "./compare-manifest.ts";
import { checkData, createDrawsStore, type DrawsStore, reopenDrawsStore, type StoreData } from "./draws-store.ts";
import type { JsonObject } from "./json.ts";
import { keptDraws, type StoreLayout } from "./layout.ts";
import type { Lock } from "./lock.ts";
import { type Manifest, type RunDocument, readRunDocument, writeRunDocument } from "./manifest.ts";
import { makeFolder } from "./metadata.ts";
import { readCommitted } from "./reader.ts";
import { setEventsAside } from "./recorded.ts";
import { type BatchResume, loadPending, recoverBatch, rehash, removeLater, sweep, trimEvents } from "./recover.ts";
import {
  gatherers,
  type Open,
  type ResultsWriter,
  restoreState,
  storeAttributes,
  withLock,
  writerOf,
} from "./writer.ts";

/** What the run that goes on knows of itself. */
export interface ReopenOptions {
  /** Refuses the folder where this differs from its own in what draws depend on. */
  readonly manifest?: Manifest;
  /** Refuses the folder where its arrays are others; how they are cut into chunks may differ. */
  readonly layout?: StoreLayout;
  /** The model's data: with them metadata that are missing or damaged are made anew. */
  readonly data?: StoreData;
}

/** A results folder that goes on. */
export interface ReopenedResults extends ResultsWriter {
  /** run.json as it is now. */
  readonly run: RunDocument;
  /** How each batch goes on, in order. */
  readonly batches: readonly BatchResume[];
}

const PHASES: readonly Phase[] = ["warmup", "sampling"];

interface Committed {
  readonly entries: JsonObject;
  readonly stored: { readonly warmup: readonly number[]; readonly sampling: readonly number[] };
}

/** The last commit; undefined where it cannot be read and can be made anew. */
async function lastCommit(
  directory: string,
  run: RunDocument,
  data: StoreData | undefined,
): Promise<Committed | undefined> {
  try {
    const { metadata, stored } = await readCommitted(directory, run.layout);
    return { entries: metadata, stored };
  } catch (error) {
    if (data !== undefined && error instanceof StoreError) return undefined;
    throw error;
  }
}

async function openStore(
  run: RunDocument,
  folder: string,
  gathered: Pick<Open, "digests" | "moments">,
  source: { readonly data: StoreData | undefined; readonly commit: Committed | undefined },
): Promise<DrawsStore> {
  const options = { folder, layout: run.layout, attributes: storeAttributes(run), ...gathered };
  if (source.data !== undefined) return await createDrawsStore(options, source.data);
  return reopenDrawsStore(options, source.commit?.entries ?? {});
}

/** Takes up a batch's digests, moments and begun chunks. */
async function takeUp(open: Open, resume: BatchResume): Promise<void> {
  const { layout } = open.run;
  const span = layout.batches[resume.batch]!;
  if (layout.keep === undefined) {
    await rehash(open.digests, open.store.tracks("sampling")[0], span, resume.stored.sampling);
    checkDigest(open, resume);
  } else if (resume.checkpoint !== undefined) {
    restoreState(open, resume.batch, resume.stored.sampling, resume.checkpoint.state);
  }
  for (const phase of PHASES) {
    for (const track of open.store.tracks(phase)) {
      await loadPending(track, resume.batch, keptDraws(layout, resume.stored[phase]));
      for (const { name } of track.variables) {
        const mark = resume.checkpoint?.binding.marks[`${track.group}/${name}`];
        if (mark !== undefined) track.marks.of(resume.batch, name).restore(mark);
      }
    }
  }
}

/** @throws StoreError where a batch's draws are not those of its checkpoint, though their checksums are */
function checkDigest({ directory, digests, run }: Open, { batch, checkpoint }: BatchResume): void {
  const span = run.layout.batches[batch]!;
  if (checkpoint === undefined || checkpoint.binding.digest === digests.part(span.firstChain, span.chains)) return;
  throw new StoreError(
    `${directory}: the draws of batch ${batch} are not those that the run wrote: they were changed. Restore draws.zarr from ` +
      "a copy, or remove the checkpoints of the batch to begin it anew.",
  );
}

async function dropLater(open: Open, resume: BatchResume): Promise<void> {
  for (const phase of PHASES) {
    const draws = keptDraws(open.run.layout, resume.stored[phase]);
    for (const track of open.store.tracks(phase)) await removeLater(track, resume.batch, draws);
  }
  await removeNewer(join(open.directory, "checkpoints"), resume.batch, resume.checkpoint?.number);
}

function committedOf(commit: Committed | undefined, batch: number): BatchDraws | undefined {
  return commit && { warmup: commit.stored.warmup[batch] ?? 0, sampling: commit.stored.sampling[batch] ?? 0 };
}

/**
 * Reopens a results folder: the writer goes on where the batches' checkpoints stand, with the digests of the draws so far.
 * Memory does not grow with the number of draws.
 *
 * @throws StoreError if it is no results folder, is in use, belongs to another config, data, model, package version or
 *   engine, or if run.json is damaged. Damaged chunks and checkpoints are no error: `batches` says what is computed again
 */
export async function reopenResults(path: string, options: ReopenOptions = {}): Promise<ReopenedResults> {
  const directory = resolve(path);
  const { manifest, layout } = await readRunDocument(directory);
  refuseForeign(directory, [
    ...(options.manifest === undefined ? [] : compareManifest(manifest, options.manifest)),
    ...(options.layout === undefined ? [] : compareLayout(layout, options.layout)),
  ]);
  if (options.data !== undefined) checkData(options.data, layout.coordinates);
  return await withLock(directory, (lock) => reopen(directory, options.data, lock));
}

async function reopen(directory: string, data: StoreData | undefined, lock: Lock): Promise<ReopenedResults> {
  // As it is now that nobody else writes.
  const before = await readRunDocument(directory);
  const { layout } = before;
  await sweep(directory);
  const commit = await lastCommit(directory, before, data);
  const { status: _, finished: __, error: ___, digests: ____, files, ...rest } = before;
  // Events go on; a summary of before stays until there is another.
  const summary = files?.["summary.json"];
  const kept = summary === undefined ? {} : { files: { "summary.json": summary } };
  const run: RunDocument = { ...rest, ...kept, status: "running" };
  const aside = await setEventsAside(directory, files);
  await writeRunDocument(directory, run);
  await makeFolder(join(directory, "checkpoints"));
  const batches: BatchResume[] = [];
  for (const batch of layout.batches.keys()) {
    batches.push(await recoverBatch(directory, before, batch, committedOf(commit, batch)));
  }
  const [first] = batches;
  if (first !== undefined && aside !== undefined) {
    batches[0] = { ...first, problems: [...first.problems, aside] };
  }
  const gathered = gatherers(layout);
  const store = await openStore(run, join(directory, "draws.zarr"), gathered, { data, commit });
  const stored = {
    warmup: batches.map((batch) => batch.stored.warmup),
    sampling: batches.map((batch) => batch.stored.sampling),
  };
  const open: Open = { directory, lock, run, store, ...gathered, stored, finished: false };
  for (const batch of batches) await takeUp(open, batch);
  await store.commit(stored);
  for (const batch of batches) await dropLater(open, batch);
  await trimEvents(directory);
  return { ...writerOf(open), run, batches };
}
