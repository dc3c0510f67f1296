import { MessageChannel } from "node:worker_threads";
import { Observable } from "rxjs";
import type { BatchPosition, BatchSettings } from "../chain/batch.ts";
import { WorkerError } from "../errors.ts";
import type { BindInput } from "./bindData.ts";
import type { ModelReference } from "./loadModel.ts";
import { type BatchTask, batchName, type FromWorker, KEPT, receiveError, type ToWorker } from "./protocol.ts";
import type { BatchItem, BatchRunner } from "./runner.ts";
import { endThreads, type Threads } from "./threads.ts";

export interface PoolOptions {
  readonly threads: Threads;
  readonly model: ModelReference;
  readonly bind: BindInput;
  readonly engine: string;
  /** Which of its devices, where the engine has several. */
  readonly device?: number | "all";
}

/** A pool of worker threads that load the model again and run batches. */
export function createPool(options: PoolOptions): BatchRunner {
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return {
    run: (settings, resume) => runOne(options, resume === undefined ? { settings } : { settings, resume }, stop),
    stop: () => {
      Atomics.store(stop, 0, 1);
    },
    destroy: () => endThreads(options.threads),
  };
}

function runOne(
  { threads, ...parts }: PoolOptions,
  batch: { readonly settings: BatchSettings; readonly resume?: BatchPosition },
  stop: Int32Array,
): Observable<BatchItem> {
  const { settings } = batch;
  return new Observable((subscriber) => {
    if (Atomics.load(stop, 0) !== 0) return subscriber.complete();
    const { port1, port2 } = new MessageChannel();
    const acknowledge = (): void => port1.postMessage("stored" satisfies ToWorker);
    const nothing = (): void => undefined;
    let ended = false;
    port1.on("message", (message: FromWorker) => {
      if (message.kind === "event") {
        const { event, worker } = message;
        subscriber.next({ event, worker, consumed: event.kind === "block" ? acknowledge : nothing });
        return;
      }
      ended = true;
      port1.close();
      if (message.kind === "failed") subscriber.error(receiveError(message.error, settings));
      else subscriber.complete();
    });
    const task: BatchTask = { ...parts, ...batch, port: port2, stop };
    threads.run(task, { transferList: [port2] }).catch((error: unknown) => {
      // Messages that were sent before the death lie in the port: let them arrive first.
      setImmediate(() => {
        port1.close();
        if (!ended) subscriber.error(deathOf(error, settings));
      });
    });
    return () => port1.close();
  });
}

function deathOf(error: unknown, settings: BatchSettings): WorkerError {
  const { code, message } = error as { code?: string; message?: string };
  const how =
    code === "ERR_WORKER_OUT_OF_MEMORY"
      ? "ran out of memory: lower `block`, or the number of chains in a batch (raise `batches`)"
      : `died: ${message ?? String(error)}`;
  return new WorkerError(`the worker of ${batchName(settings)} ${how}. ${KEPT}`, { cause: error });
}
