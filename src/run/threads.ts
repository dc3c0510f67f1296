import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { MessagePort, Worker } from "node:worker_threads";
import { Piscina } from "piscina";
import type { ResolvedConfig } from "../config/types.ts";
import { threadFile } from "./package.ts";
import { helperCounts, planBatches, workerCount } from "./plan.ts";
import type { ModelReference } from "./reference.ts";

/**
 * Worker threads of one run. They begin to load their code when they are made, long before there is a batch for them. What is
 * asked of piscina, in types of our own: its own ones would be among the public types.
 */
export interface Threads {
  /** Runs a task in a thread that is free; the port in it goes there. */
  run(task: { readonly port: object }): Promise<unknown>;
  destroy(): Promise<void>;
}

/** Limits of V8's memory in each worker, in mebibytes, as Node's `ResourceLimits`. */
export interface ResourceLimits {
  readonly maxOldGenerationSizeMb?: number;
  readonly maxYoungGenerationSizeMb?: number;
  readonly codeRangeSizeMb?: number;
  readonly stackSizeMb?: number;
}

/** What a thread loads at once; nothing depends on it but which of several devices it takes. */
export interface Preload {
  readonly engine: string;
  readonly model: ModelReference;
  /** How many threads may help each of them, by its number. */
  readonly helpers: readonly number[];
  /** One number, shared by the threads of a run: how many of them have been started. */
  readonly started?: Int32Array;
}

export interface ThreadOptions {
  readonly workers: number;
  readonly preload: Preload;
  /** Limits of V8's memory in each worker. */
  readonly resourceLimits?: ResourceLimits;
}

declare global {
  /** Where bundled piscina finds its `worker.js`: see scripts/bundle.js. */
  var foldersOfManychain: { readonly threads: string } | undefined;
}

/** Starts threads. @throws WorkerError where the package is not built */
export function startThreads({ workers, preload, resourceLimits }: ThreadOptions): Threads {
  const filename = threadFile("batch");
  globalThis.foldersOfManychain = { threads: dirname(filename) };
  const pool = new Piscina({
    filename,
    minThreads: workers,
    maxThreads: workers,
    // A waiting worker must not block its thread: native libraries need the event loop.
    atomics: "disabled",
    // Flags of the parent (such as a loader's or a debugger's) are not the workers' business.
    execArgv: [],
    workerData: { ...preload, started: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) },
    ...(resourceLimits !== undefined && { resourceLimits }),
  });
  // A worker that dies between tasks: the next task starts another, and a death during a task rejects that task.
  pool.on("error", () => undefined);
  const threads: Threads = {
    run: (task) => pool.run(task, { transferList: [task.port as MessagePort] }),
    destroy: () => pool.destroy(),
  };
  starting.set(threads, Promise.all(pool.threads.map(hasStarted)));
  return threads;
}

const deaths = new WeakMap<Threads, unknown>();

/** The error by which one of the threads died while it had no task; undefined where none did. */
export function deathBefore(threads: Threads): unknown {
  return deaths.get(threads);
}

const starting = new WeakMap<Threads, Promise<unknown>>();
/** Milliseconds to wait for threads that may never start. */
const LONGEST_START = 10_000;

/** Loaded and ready, or dead. */
function hasStarted(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ["message", "error", "exit"]) worker.once(event, () => resolve());
  });
}

/** Ends threads, but not while they start: V8 now and then takes the process down with a thread that is ended then. */
export async function endThreads(threads: Threads): Promise<void> {
  const timer = new AbortController();
  // The timer also keeps the process alive, which waiting for a thread does not.
  const longest = setTimeout(LONGEST_START, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([starting.get(threads), longest]);
  timer.abort();
  await threads.destroy();
}

/** Engines whose threads may be one for each device that they find. */
const ON_DEVICES: readonly ResolvedConfig["engine"][] = ["auto", "tensorflow", "xla"];

/**
 * Starts the threads of a config's run, whose model is named and not an object; none yet where their number depends on
 * the devices that the engine finds.
 */
export function threadsOf(
  config: ResolvedConfig,
  model: ModelReference,
  resourceLimits?: ResourceLimits,
): Threads | undefined {
  return ON_DEVICES.includes(config.engine) ? undefined : threadsOn(config, model, { resourceLimits });
}

/** The same for any engine, with as many threads as it has devices where those are told. */
export function threadsOn(
  config: ResolvedConfig,
  model: ModelReference,
  {
    devices,
    resourceLimits,
  }: { readonly devices?: number | undefined; readonly resourceLimits?: ResourceLimits | undefined },
): Threads {
  const { engine } = config;
  // Threads start before `auto` is resolved; float64 could do with more helpers.
  const settled = { ...config, precision: config.precision === "auto" ? "float32" : config.precision } as const;
  const batches = planBatches(settled);
  const workers = workerCount(config.workers, batches.length, devices);
  return startThreads({
    workers,
    preload: { engine, model, helpers: helperCounts(settled, batches, workers) },
    ...(resourceLimits !== undefined && { resourceLimits }),
  });
}
