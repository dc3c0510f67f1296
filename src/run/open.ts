import { relative, resolve } from "node:path";
import type { BatchEvent, BatchPosition } from "../chain/batch.ts";
import { decodePosition } from "../chain/position.ts";
import { floatSize } from "../chain/rounding.ts";
import { mostDraws } from "../config/rules.ts";
import type { ResolvedConfig } from "../config/types.ts";
import { StoreError } from "../errors.ts";
import { type BatchResume, type JsonObject, type Manifest, openResults } from "../store/index.ts";
import { stopRuleOf } from "../summary/stopRule.ts";
import type { StartedBatch } from "./drive.ts";
import type { ResumedBatch } from "./events.ts";
import { storeData, storeLayout } from "./layout.ts";
import { modelHash } from "./loadModel.ts";
import { manifestOf } from "./manifest.ts";
import { packageVersion } from "./package.ts";
import type { Prepared } from "./prepare.ts";
import type { Progress, ResumedDraws } from "./progress.ts";
import { folderSink, memorySink, reopenedSink, type Sink } from "./sink.ts";
import { type BatchWork, NO_SECONDS } from "./totals.ts";

export interface OpenOptions {
  readonly store?: boolean;
  readonly out?: string;
  readonly runId?: string;
  readonly force?: boolean;
  readonly resume?: string;
}

/** A batch of a run that goes on. */
export interface Taken {
  readonly told: ResumedBatch;
  /** Where it stands; none where it begins anew. */
  readonly position?: BatchPosition;
  readonly work: BatchWork;
}

/** Where the draws of a run go, and where its batches begin. */
export interface OpenedRun {
  readonly sink: Sink;
  /** Batches that have draws to make; all of them, where a rule says how many draws. */
  readonly batches: readonly StartedBatch[];
  /** All batches of a run that goes on. */
  readonly taken?: readonly Taken[];
}

/**
 * Makes the results folder of a run, or opens that of one that goes on.
 * @throws StoreError if it cannot be made, exists, or is that of another run
 */
export async function openRun(prepared: Prepared, options: OpenOptions): Promise<OpenedRun> {
  const { config, model, batches, baseDir } = prepared;
  const layout = storeLayout(model, config);
  const rule = stopRuleOf(config);
  if (options.resume !== undefined) return await reopen(prepared, options.resume);
  const settings = batches.map((each) => ({ settings: each }));
  if (options.store === false) return { sink: memorySink(layout, rule), batches: settings };
  const root = options.out ?? config.output;
  const sink = await folderSink({
    root,
    configName: config.name,
    ...(options.runId !== undefined && { runId: options.runId }),
    force: options.force ?? false,
    manifest: manifest(prepared, relative(resolve(root, config.name, "run"), baseDir)),
    layout,
    data: storeData(model),
  });
  return { sink, batches: settings };
}

function manifest(prepared: Prepared, configFolder: string): Manifest {
  const { config, data, reference, identity, engineDetails, engineClass } = prepared;
  const hash = reference === undefined ? "" : modelHash(reference, packageVersion());
  const hashes = { dataHashes: data.hashes, modelHash: hash, identity };
  return manifestOf({ config, ...hashes, engineDetails, engineClass, configFolder });
}

async function reopen(prepared: Prepared, directory: string): Promise<OpenedRun> {
  const { config, model, baseDir } = prepared;
  const { sink, batches } = await reopenedSink(directory, {
    manifest: manifest(prepared, relative(resolve(directory), baseDir)),
    layout: storeLayout(model, config),
    data: storeData(model),
  });
  const taken = batches.map((batch) => takeUp(prepared, batch));
  const started = taken.flatMap(({ told, position }): StartedBatch[] => {
    const settings = prepared.batches[told.batch]!;
    if (told.draws === config.draws) return [];
    return [position === undefined ? { settings } : { settings, resume: position }];
  });
  return { sink, batches: started, taken };
}

/** Reads where a batch stands. */
function takeUp({ config, model, batches }: Prepared, found: BatchResume): Taken {
  const draws = mostDraws(config);
  const { batch, checkpoint, dropped, problems } = found;
  const head = { batch, draws: found.stored.sampling, dropped: dropped.sampling, problems };
  if (checkpoint === undefined) return { told: { ...head, warmup: 0 }, work: NO_WORK };
  const { warmup } = config;
  const { dimension } = model;
  const shape = { chains: batches[batch]!.chains, dimension, warmup, draws, quantities: floatSize(model) };
  const position = decodePosition(checkpoint.bytes, shape);
  checkStored(found, position.iteration, config);
  const told = { ...head, warmup: Math.min(warmup, position.iteration) };
  const { totals } = position;
  const gradients = { warmup: totals.warmup.gradients, sampling: totals.sampling.gradients };
  return { told, position, work: { gradients, seconds: secondsIn(checkpoint.meta) } };
}

/** @throws StoreError where a checkpoint stands elsewhere than the draws that are stored */
function checkStored(
  { batch, stored }: BatchResume,
  iteration: number,
  { warmup, warmup_draws }: ResolvedConfig,
): void {
  const expected = {
    warmup: warmup_draws ? Math.min(warmup, iteration) : 0,
    sampling: Math.max(0, iteration - warmup),
  };
  if (stored.warmup === expected.warmup && stored.sampling === expected.sampling) return;
  throw new StoreError(
    `batch ${batch}: its checkpoint stands after ${expected.sampling} draws and ${expected.warmup} of warm-up, but it has ` +
      `${stored.sampling} and ${stored.warmup}. Remove the checkpoints of the batch to begin it anew.`,
  );
}

const NO_WORK: BatchWork = {
  gradients: { warmup: 0, sampling: 0 },
  seconds: NO_SECONDS,
};

function secondsIn(meta: JsonObject): BatchWork["seconds"] {
  const held = (meta["seconds"] ?? {}) as JsonObject;
  const one = (name: string): number => (typeof held[name] === "number" ? held[name] : Number.NaN);
  const [compile, warmup, sampling] = [one("compile"), one("warmup"), one("sampling")];
  return { compile, warmup, sampling, kernel: one("kernel"), transfer: one("transfer") };
}

/** What a batch that has all its draws would tell. */
export function doneEvent({ told, position, work }: Taken): Extract<BatchEvent, { kind: "done" }> {
  const none = { gradients: 0, divergences: 0 };
  const { warmup, sampling } = position?.totals ?? { warmup: none, sampling: none };
  return {
    kind: "done",
    batch: told.batch,
    gradients: work.gradients,
    seconds: NO_WORK.seconds,
    divergences: { warmup: warmup.divergences, sampling: sampling.divergences },
  };
}

/** Gives the running diagnostics the draws that a run had before, one batch at a time. */
export async function resumeProgress(progress: Progress, directory: string, taken: readonly Taken[]): Promise<void> {
  const reader = await openResults(directory);
  for (const { told, position } of taken) {
    if (told.draws === 0) continue;
    const before: ResumedDraws = { draws: told.draws, divergences: position?.totals.sampling.divergences ?? 0 };
    if (reader.run.layout.keep !== undefined) {
      progress.resume(told.batch, before);
      continue;
    }
    const names = reader.layout.variables.map(({ name }) => name);
    const values = await Promise.all(names.map((name) => reader.raw(name, { batches: [told.batch] })));
    const posterior = Object.fromEntries(names.map((name, index) => [name, values[index]!]));
    progress.resume(told.batch, { ...before, posterior });
  }
}
