import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ResourceLimits } from "node:worker_threads";
import { Piscina } from "piscina";
import type { ResolvedConfig } from "../config/types.ts";
import { WorkerError } from "../errors.ts";
import type { ModelReference } from "./loadModel.ts";
import { planBatches, workerCount } from "./plan.ts";

/** Worker threads of one run. They begin to load their code when they are made, long before there is a batch for them. */
export type Threads = Piscina;

/** What a thread loads at once; nothing depends on it. */
export interface Preload {
  readonly engine: string;
  readonly model: ModelReference;
}

export interface ThreadOptions {
  readonly workers: number;
  readonly preload: Preload;
  /** Limits of V8's memory in each worker. */
  readonly resourceLimits?: ResourceLimits;
}

/** Starts threads. @throws WorkerError where the package is not built */
export function startThreads({ workers, preload, resourceLimits }: ThreadOptions): Threads {
  const threads = new Piscina({
    filename: workerFile(),
    minThreads: workers,
    maxThreads: workers,
    // A waiting worker must not block its thread: native libraries need the event loop.
    atomics: "disabled",
    // Flags of the parent (such as a loader's or a debugger's) are not the workers' business.
    execArgv: [],
    workerData: preload,
    ...(resourceLimits !== undefined && { resourceLimits }),
  });
  // A worker that dies between tasks: the next task starts another, and a death during a task rejects that task.
  threads.on("error", () => undefined);
  return threads;
}

/** Starts the threads of a config's run, whose model is named and not an object. */
export function threadsOf(config: ResolvedConfig, baseDir: string, resourceLimits?: ResourceLimits): Threads {
  const { model, options, engine } = config;
  return startThreads({
    workers: workerCount(config.workers, planBatches(config).length),
    preload: { engine, model: { model, options, baseDir } },
    ...(resourceLimits !== undefined && { resourceLimits }),
  });
}

/** The compiled worker file: also when this file runs as TypeScript, for workers run JavaScript on every Node. */
function workerFile(): string {
  const path = import.meta.url.endsWith(".ts") ? "../../dist/workers/batch.js" : "../../workers/batch.js";
  const file = fileURLToPath(new URL(path, import.meta.url));
  if (existsSync(file)) return file;
  throw new WorkerError(`the worker file ${file} is missing. Build the package first: npm run build.`);
}
