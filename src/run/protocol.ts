import type { MessagePort } from "node:worker_threads";
import type { BatchEvent, BatchPosition, BatchSettings } from "../chain/batch.ts";
import type { DrawBlock, Numbers } from "../draws.ts";
import type { EngineOptions } from "../engine/engine.ts";
import * as errors from "../errors.ts";
import type { BindInput } from "./bindData.ts";
import type { Identity } from "./identity.ts";
import type { ModelReference } from "./reference.ts";

/**
 * What the coordinator and a worker say to each other about one batch.
 *
 * Flow control: a worker may have at most `CREDITS` blocks that the coordinator has not stored; it waits for a "stored"
 * message before it makes another. The end is said by "done" or "failed", never by the end of the task, since a task's
 * end and the messages of its port arrive in no fixed order.
 */
export interface BatchTask {
  readonly model: ModelReference;
  readonly bind: BindInput;
  readonly engine: string;
  readonly engineOptions: EngineOptions;
  readonly settings: BatchSettings;
  /** Where the batch goes on, if not at its beginning. */
  readonly resume?: BatchPosition;
  readonly port: MessagePort;
  /** One number: not 0 asks the batch to end after its current block. */
  readonly stop: Int32Array;
}

/** Blocks of a worker that may wait to be stored. */
export const CREDITS = 8;

export type FromWorker =
  /** Said before anything is computed. */
  | { readonly kind: "bound"; readonly identity: Identity }
  /** `worker`: the thread that runs the batch. */
  | { readonly kind: "event"; readonly event: BatchEvent; readonly worker: number }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: SentError };

/** One block is stored. */
export type ToWorker = "stored";

/** An error on its way between threads, where classes get lost. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

export function sendError(error: unknown): SentError {
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack };
  return { name: "Error", message: String(error), stack: undefined };
}

type ErrorClass = new (message: string, options?: ErrorOptions) => errors.ManychainError;

const classes: Readonly<Record<string, ErrorClass>> = {
  ConfigError: errors.ConfigError,
  ModelError: errors.ModelError,
  InitializationError: errors.InitializationError,
  StoreError: errors.StoreError,
  EngineError: errors.EngineError,
  WorkerError: errors.WorkerError,
};

/** `batch 2 (chains 128 to 191)`. */
export function batchName({ batch, firstChain, chains }: BatchSettings): string {
  const last = firstChain + chains - 1;
  return `batch ${batch} (${chains === 1 ? `chain ${firstChain}` : `chains ${firstChain} to ${last}`})`;
}

/** The error of a batch with its class back; one that no user can cause becomes a WorkerError with its stack. */
export function receiveError({ name, message, stack }: SentError, settings: BatchSettings): errors.ManychainError {
  const known = Object.hasOwn(classes, name) ? classes[name] : undefined;
  if (known !== undefined) return new known(`${batchName(settings)}: ${message}`);
  const cause = new Error(message);
  cause.name = name;
  if (stack !== undefined) cause.stack = stack;
  return new errors.WorkerError(`${batchName(settings)} failed: ${name}: ${message}. ${KEPT}`, { cause });
}

/** What every sudden end of a run says. */
export const KEPT = "What was stored before is kept.";

/** A block's buffers, to be moved to the other thread; a part of a larger buffer is copied first. */
export function packBlock(block: DrawBlock): { readonly block: DrawBlock; readonly buffers: ArrayBuffer[] } {
  const buffers: ArrayBuffer[] = [];
  const own = (values: Numbers): Numbers => {
    const whole = values.buffer instanceof ArrayBuffer && values.byteLength === values.buffer.byteLength;
    const kept = whole ? values : values.slice();
    // Two names may share one array, which can be moved only once.
    if (!buffers.includes(kept.buffer as ArrayBuffer)) buffers.push(kept.buffer as ArrayBuffer);
    return kept;
  };
  const all = (record: Readonly<Record<string, Numbers>>): Record<string, Numbers> =>
    Object.fromEntries(Object.entries(record).map(([name, values]) => [name, own(values)]));
  const packed = {
    ...block,
    posterior: all(block.posterior),
    statistics: all(block.statistics),
    ...(block.unconstrained !== undefined && { unconstrained: own(block.unconstrained) }),
  };
  return { block: packed, buffers };
}
