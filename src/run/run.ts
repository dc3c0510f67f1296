import { type Observable, Subject } from "rxjs";
import type { LoadedConfig } from "../config/load.ts";
import type { ChainNotes } from "../report/index.ts";
import type { Digests, SummaryDocument } from "../store/index.ts";
import { stopRuleOf } from "../summary/stopRule.ts";
import { conclude, loadEnding } from "./conclude.ts";
import { type Control, createControl } from "./control.ts";
import { drive } from "./drive.ts";
import { driveUntil } from "./driveUntil.ts";
import { engineOptions } from "./engineOf.ts";
import { checkRoom } from "./estimate.ts";
import type { FinishedEvent, PlannedEvent, RunEvent } from "./events.ts";
import { withHelpers } from "./helpers.ts";
import { storeLayout } from "./layout.ts";
import { doneEvent, openRun, resumeProgress, type Taken } from "./open.ts";
import { helperCounts, workerCount } from "./plan.ts";
import { type Prepared, type ProgramConfig, prepare, resolveInput } from "./prepare.ts";
import { createProgress } from "./progress.ts";
import { eventRecord } from "./record.ts";
import { referenceOf } from "./reference.ts";
import { type BatchRunner, runnerInThread } from "./runner.ts";
import type { Sink } from "./sink.ts";
import type { ResourceLimits, Threads } from "./threads.ts";
import { createTotals } from "./totals.ts";

export interface RunOptions {
  /** False keeps the draws in memory and writes no files. Default: true. */
  readonly store?: boolean;
  /** The folder of all results, instead of the config's `output`. */
  readonly out?: string;
  /** Name of the results folder; default: the time and the config's hash. */
  readonly runId?: string;
  /** Replace an existing run of that id. */
  readonly force?: boolean;
  /**
   * Goes on with the results folder of a run of this very config that was interrupted, or whose process died. The draws
   * are those of a run that never stopped. `out`, `runId` and `force` do not matter then.
   */
  readonly resume?: string;
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
  return runOn(undefined, config, options);
}

/** `run` on threads that were started before, for this very config; the run ends them. */
export function runOn(
  threads: Threads | undefined,
  config: string | LoadedConfig | ProgramConfig,
  options: RunOptions = {},
): Run {
  const events = new Subject<RunEvent>();
  const control = createControl(options.signal);
  const emit = (event: RunEvent): void => events.next(event);
  const result = Promise.resolve()
    .then(() => execute(threads, config, options, emit, control))
    .finally(control.end);
  result.then(
    () => events.complete(),
    (error: unknown) => events.error(error),
  );
  return { events: events.asObservable(), result, stop: control.stop };
}

type Emit = (event: RunEvent) => void;

async function execute(
  given: Threads | undefined,
  input: string | LoadedConfig | ProgramConfig,
  options: RunOptions,
  emit: Emit,
  control: Control,
): Promise<RunResult> {
  const started = performance.now();
  const { threads, prepared } = await prepareWithThreads(given, input, options);
  const workers =
    threads === undefined ? 0 : workerCount(prepared.config.workers, prepared.batches.length, prepared.devices);
  const runner = await createRunner(prepared, threads);
  let ending: Promise<void> | undefined;
  const endRunner = async (): Promise<void> => {
    ending ??= runner.destroy();
    await ending;
  };
  try {
    const tight = await roomFor(prepared, options);
    if (options.resume === undefined) beginFirst(prepared, runner, workers);
    const { sink, batches, taken } = await openRun(prepared, options);
    try {
      control.attach(runner);
      const tell = async (event: PlannedEvent | FinishedEvent): Promise<void> => {
        await sink.record(eventRecord(event)!);
        emit(event);
      };
      const planned = plannedEvent(prepared, workers, sink, taken);
      await tell({ ...planned, warnings: [...planned.warnings, ...tight] });
      const totals = createTotals();
      const progress = createProgress(storeLayout(prepared.model, prepared.config));
      if (taken !== undefined && sink.directory !== undefined) {
        await resumeProgress(progress, sink.directory, taken);
        for (const each of taken) {
          totals.resume(each.told.batch, each.work, each.position?.rounding);
          if (batches.some(({ settings }) => settings.batch === each.told.batch)) continue;
          const done = doneEvent(each);
          totals.add(done, -1 - done.batch);
          emit(done);
        }
      }
      const rule = stopRuleOf(prepared.config);
      const consumers = { sink, totals, progress, emit: endingAhead(emit) };
      const atOnce = Math.max(1, workers);
      const driving =
        rule === undefined
          ? drive(batches, atOnce, runner, consumers)
          : driveUntil(batches, rule, { workers: atOnce, runner }, consumers);
      await driving;
      // The summary may have the memory of the threads. Where one cannot be ended, the run fails in its end.
      endRunner().catch(() => undefined);
      const status = totals.done() === prepared.batches.length ? "complete" : "interrupted";
      return await conclude({ prepared, sink, totals, status, started, tell, wantsReport: options.report !== false });
    } catch (error) {
      await sink.fail(error);
      throw error;
    }
  } finally {
    await endRunner();
  }
}

/** Checks that a new run fits on the disk and in memory; returns warnings. */
async function roomFor(prepared: Prepared, { resume, store, out }: RunOptions): Promise<readonly string[]> {
  if (resume !== undefined) return [];
  return await checkRoom(prepared, store === false ? undefined : (out ?? prepared.config.output));
}

/** Loads what the end needs once a batch has compiled, which is what a short run waits for. */
function endingAhead(emit: Emit): Emit {
  return (event) => {
    if (event.kind === "initialized") loadEnding();
    emit(event);
  };
}

/** The first batches compile while the results folder is made; where a rule says how many draws, they are not known yet. */
function beginFirst({ config, batches }: Prepared, runner: BatchRunner, workers: number): void {
  if (stopRuleOf(config) !== undefined) return;
  for (const settings of batches.slice(0, workers)) runner.begin?.(settings);
}

/** Checks the run while its threads load their code; ends them where it cannot be run. */
async function prepareWithThreads(
  given: Threads | undefined,
  input: string | LoadedConfig | ProgramConfig,
  { resourceLimits }: RunOptions,
): Promise<{ readonly threads: Threads | undefined; readonly prepared: Prepared }> {
  let threads = given;
  try {
    const { loaded, object } = resolveInput(input);
    if (object !== undefined) return { threads, prepared: await prepare(input) };
    const { threadsOf, threadsOn } = await import("./threads.ts");
    threads ??= threadsOf(loaded.config, referenceOf(loaded), resourceLimits);
    const prepared = await prepare(loaded);
    threads ??= threadsOn(prepared.config, referenceOf(loaded), { devices: prepared.devices, resourceLimits });
    return { threads, prepared };
  } catch (error) {
    if (threads !== undefined) {
      const { endThreads } = await import("./threads.ts");
      await endThreads(threads);
    }
    throw error;
  }
}

async function createRunner(
  { reference, bind, config, model, identity, batches }: Prepared,
  threads: Threads | undefined,
): Promise<BatchRunner> {
  const { engine } = config;
  const options = engineOptions(config);
  if (reference === undefined || threads === undefined) {
    const [helpers] = helperCounts(config, batches, 1);
    return runnerInThread(model, engine, withHelpers(options, helpers!));
  }
  const { createPool } = await import("./pool.ts");
  return createPool({ threads, model: reference, bind, identity, engine, engineOptions: options });
}

function plannedEvent(
  prepared: Prepared,
  workers: number,
  { directory }: Sink,
  taken?: readonly Taken[],
): PlannedEvent {
  const { config, model, batches, engineDetails } = prepared;
  return {
    kind: "planned",
    name: config.name,
    model: model.name,
    dimension: model.dimension,
    batches,
    workers,
    helpers: helperCounts(config, batches, Math.max(1, workers)).reduce((sum, count) => sum + count, 0),
    engine: { name: config.engine, precision: config.precision, details: engineDetails },
    seed: config.seed,
    ...(prepared.why !== undefined && { precisionReason: prepared.why }),
    warnings: prepared.coarse,
    ...(directory !== undefined && { directory }),
    ...(taken !== undefined && { resumed: taken.map(({ told }) => told) }),
  };
}
