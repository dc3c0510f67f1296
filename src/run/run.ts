import type { ResourceLimits } from "node:worker_threads";
import { catchError, concatMap, from, lastValueFrom, map, mergeMap, type Observable, of, Subject } from "rxjs";
import type { LoadedConfig } from "../config/load.ts";
import { allPass, type ChainNotes } from "../report/index.ts";
import type { Digests, SummaryDocument } from "../store/index.ts";
import type { FinishedEvent, PlannedEvent, RunEvent } from "./events.ts";
import { storeData, storeLayout } from "./layout.ts";
import { modelHash } from "./loadModel.ts";
import { manifestOf, packageVersion } from "./manifest.ts";
import { workerCount } from "./plan.ts";
import { type Prepared, type ProgramConfig, prepare } from "./prepare.ts";
import { createProgress, type Progress } from "./progress.ts";
import { eventRecord } from "./record.ts";
import { drawReader, type QuantityReader } from "./result.ts";
import { type BatchItem, type BatchRunner, runnerInThread } from "./runner.ts";
import { folderSink, memorySink, type Sink } from "./sink.ts";
import { type RunSummary, summarizeRun } from "./summary.ts";
import { createTotals, type Totals } from "./totals.ts";

export interface RunOptions {
  /** False keeps the draws in memory and writes no files. Default: true. */
  readonly store?: boolean;
  /** The folder of all results, instead of the config's `output`. */
  readonly out?: string;
  /** Name of the results folder; default: the time and the config's hash. */
  readonly runId?: string;
  /** Replace an existing run of that id. */
  readonly force?: boolean;
  /** Aborting it is `stop()`. */
  readonly signal?: AbortSignal;
  /** False writes no report.html into the results folder. Default: true. */
  readonly report?: boolean;
  /** Limits of V8's memory in each worker. */
  readonly resourceLimits?: ResourceLimits;
}

/** A run that goes on. */
export interface Run {
  /**
   * What happens, as it happens; it completes or fails with the run. Hot: the run does not wait for subscribers, and who
   * subscribes right after `run()` misses nothing. A block's arrays may be read in the handler and must not be changed.
   */
  readonly events: Observable<RunEvent>;
  /** The results; rejects with the error that ended the run (what was stored before is kept). */
  readonly result: Promise<RunResult>;
  /** Ends the run after the current block of each batch, with a partial summary. */
  stop(): void;
}

export interface RunResult {
  /** `interrupted` when it was stopped before its last draw. */
  readonly status: "complete" | "interrupted";
  /** All draws are there, and every gate passed. */
  readonly converged: boolean;
  /** What summary.json holds: the run's facts, the gates, one row a quantity. */
  readonly summary: SummaryDocument;
  /** What is known about single chains, for the report. */
  readonly chains: ChainNotes;
  /** SHA-256 of each chain's draws, and of the run. */
  readonly digests: Digests;
  /** Absolute path of the results folder, where there is one. */
  readonly directory?: string;
  /** Absolute path of report.html, where there is one. */
  readonly report?: string;
  /** The scalar quantities in declared order: `tau`, `coefficient[mean radius]`. */
  readonly quantities: readonly string[];
  /** The draws of a scalar quantity, `[chain][draw]`. @throws RangeError for a name that is none */
  draws(quantity: string): Promise<Float64Array[]>;
}

/**
 * Runs a config: the path of a file, a loaded config, or an object. It begins at once, in worker threads.
 *
 * A model given as an object cannot be sent to another thread: it runs in this one, batch after batch. Give the path of
 * its file for worker threads.
 *
 *     const running = run("config/breast-cancer.yaml");
 *     running.events.subscribe({ next: (event) => console.error(event.kind), error: () => {} });
 *     const { summary, draws } = await running.result;
 *
 * The draws are a function of the model, the data, and the options that the config's hash covers: never of the number
 * of workers or the block size.
 */
export function run(config: string | LoadedConfig | ProgramConfig, options: RunOptions = {}): Run {
  const events = new Subject<RunEvent>();
  const control = createControl(options.signal);
  const emit = (event: RunEvent): void => events.next(event);
  const result = Promise.resolve().then(() => execute(config, options, emit, control));
  result.then(
    () => events.complete(),
    (error: unknown) => events.error(error),
  );
  return { events: events.asObservable(), result, stop: control.stop };
}

/** Lets a run be stopped before, while and after it has something to stop. */
interface Control {
  stop(): void;
  isStopped(): boolean;
  attach(runner: BatchRunner): void;
}

function createControl(signal: AbortSignal | undefined): Control {
  let stopped = false;
  let running: BatchRunner | undefined;
  const stop = (): void => {
    stopped = true;
    running?.stop();
  };
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  return {
    stop,
    isStopped: () => stopped,
    attach: (runner) => {
      running = runner;
      if (stopped) runner.stop();
    },
  };
}

type Emit = (event: RunEvent) => void;

async function execute(
  input: string | LoadedConfig | ProgramConfig,
  options: RunOptions,
  emit: Emit,
  control: Control,
): Promise<RunResult> {
  const started = performance.now();
  const prepared = await prepare(input);
  const workers = prepared.reference === undefined ? 0 : workerCount(prepared.config.workers, prepared.batches.length);
  const runner = await createRunner(prepared, workers, options);
  try {
    const sink = await openSink(prepared, options);
    try {
      control.attach(runner);
      const tell = async (event: PlannedEvent | FinishedEvent): Promise<void> => {
        await sink.record(eventRecord(event)!);
        emit(event);
      };
      await tell(plannedEvent(prepared, workers, sink));
      const totals = createTotals();
      const progress = createProgress(storeLayout(prepared.model, prepared.config));
      await drive(prepared, Math.max(1, workers), runner, { sink, totals, progress, emit });
      const status = totals.done() === prepared.batches.length ? "complete" : "interrupted";
      return await conclude({ prepared, sink, totals, status, started, tell, wantsReport: options.report !== false });
    } catch (error) {
      await sink.fail(error);
      throw error;
    }
  } finally {
    await runner.destroy();
  }
}

async function createRunner(prepared: Prepared, workers: number, options: RunOptions): Promise<BatchRunner> {
  const { reference, bind, config, model } = prepared;
  if (reference === undefined) return runnerInThread(model, config.engine);
  const { createPool } = await import("./pool.ts");
  const { resourceLimits } = options;
  return createPool({
    workers,
    model: reference,
    bind,
    engine: config.engine,
    ...(resourceLimits !== undefined && { resourceLimits }),
  });
}

async function openSink(prepared: Prepared, options: RunOptions): Promise<Sink> {
  const { config, model, data, reference, engineDetails } = prepared;
  const layout = storeLayout(model, config);
  if (options.store === false) return memorySink(layout);
  const hash = reference === undefined ? "" : modelHash(reference, packageVersion());
  return await folderSink({
    root: options.out ?? config.output,
    configName: config.name,
    ...(options.runId !== undefined && { runId: options.runId }),
    force: options.force ?? false,
    manifest: manifestOf({ config, dataHashes: data.hashes, modelHash: hash, engineDetails }),
    layout,
    data: storeData(model),
  });
}

function plannedEvent(prepared: Prepared, workers: number, { directory }: Sink): PlannedEvent {
  const { config, model, batches, engineDetails } = prepared;
  return {
    kind: "planned",
    name: config.name,
    model: model.name,
    dimension: model.dimension,
    batches,
    workers,
    engine: { name: config.engine, precision: config.precision, details: engineDetails },
    seed: config.seed,
    ...(directory !== undefined && { directory }),
  };
}

interface Consumers {
  readonly sink: Sink;
  readonly totals: Totals;
  readonly progress: Progress;
  readonly emit: Emit;
}

/**
 * Runs all batches, `workers` at a time, and consumes their events one after the other. A failure waits in line, so that
 * what came before it is stored.
 */
async function drive({ batches }: Prepared, workers: number, runner: BatchRunner, consumers: Consumers): Promise<void> {
  type Entry = { readonly item: BatchItem } | { readonly failure: unknown };
  const entries = from(batches).pipe(
    mergeMap(
      (settings) =>
        runner.run(settings).pipe(
          map((item): Entry => ({ item })),
          catchError((failure: unknown) => of<Entry>({ failure })),
        ),
      workers,
    ),
  );
  const consumed = entries.pipe(
    concatMap(async (entry) => {
      if ("failure" in entry) throw entry.failure;
      await consume(entry.item, consumers);
    }),
  );
  await lastValueFrom(consumed, { defaultValue: undefined });
}

async function consume({ event, worker, consumed }: BatchItem, consumers: Consumers): Promise<void> {
  const { sink, totals, progress, emit } = consumers;
  totals.add(event, worker);
  if (event.kind === "block") await sink.append(event.block);
  consumed();
  const record = eventRecord(event);
  if (record !== undefined) await sink.record(record);
  emit(event);
  if (event.kind === "block") emit(progress.add(event.block, event.divergences));
}

interface Ending {
  readonly prepared: Prepared;
  readonly sink: Sink;
  readonly totals: Totals;
  readonly status: RunResult["status"];
  readonly started: number;
  readonly tell: (event: FinishedEvent) => Promise<void>;
  readonly wantsReport: boolean;
}

/** Reads the draws back, summarises them, and writes the summary. */
async function conclude({ prepared, sink, totals, status, started, tell, wantsReport }: Ending): Promise<RunResult> {
  const { config } = prepared;
  const source = await sink.source();
  const { gradients, seconds } = totals.facts();
  const summarised: RunSummary = await summarizeRun(source, config.gates, {
    warmup: config.warmup,
    gradients,
    seconds: { ...seconds, total: Number.NaN },
    engine: config.engine,
    precision: config.precision,
    seed: config.seed,
  });
  const { chains, run: facts, ...rest } = summarised;
  // Diagnostics are part of what the user waits for.
  const total = (performance.now() - started) / 1000;
  const summary = await sink.finish(status, { run: { ...facts, seconds: { ...seconds, total } }, ...rest });
  const where = sink.directory === undefined ? {} : { directory: sink.directory };
  await tell({ kind: "finished", status, summary, ...where });
  const path = wantsReport ? await sink.report({ summary, chainNotes: chains }) : undefined;
  const report = path === undefined ? {} : { report: path };
  const reader: QuantityReader = drawReader(source);
  const converged = status === "complete" && allPass(summary.gates);
  return { status, converged, summary, chains, digests: sink.digests(), ...where, ...report, ...reader };
}
