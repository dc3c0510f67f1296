import { MessageChannel, type MessagePort } from "node:worker_threads";
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
  readonly engineOptions?: BatchTask["engineOptions"];
}

/** A pool of worker threads that load the model again and run batches. */
export function createPool(options: PoolOptions): BatchRunner {
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const begun = new Map<number, Posted>();
  return {
    begin: (settings) => {
      begun.set(settings.batch, post(options, { settings }, stop));
    },
    run: (settings, resume) => {
      const batch = resume === undefined ? { settings } : { settings, resume };
      return runOne(settings, stop, () => {
        const posted = begun.get(settings.batch) ?? post(options, batch, stop);
        begun.delete(settings.batch);
        return posted;
      });
    },
    stop: () => {
      Atomics.store(stop, 0, 1);
    },
    destroy: () => endThreads(options.threads),
  };
}

/** A batch that a worker runs or will run. */
interface Posted {
  /** What it tells; nothing is lost before somebody listens. */
  readonly port: MessagePort;
  /** The error where its worker dies. Never rejects. */
  readonly died: Promise<unknown>;
}

function post(
  { threads, engineOptions = {}, ...parts }: PoolOptions,
  batch: { readonly settings: BatchSettings; readonly resume?: BatchPosition },
  stop: Int32Array,
): Posted {
  const { port1, port2 } = new MessageChannel();
  const task: BatchTask = { ...parts, engineOptions, ...batch, port: port2, stop };
  const died = threads.run(task).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { port: port1, died };
}

function runOne(settings: BatchSettings, stop: Int32Array, take: () => Posted): Observable<BatchItem> {
  return new Observable((subscriber) => {
    if (Atomics.load(stop, 0) !== 0) return subscriber.complete();
    const { port, died } = take();
    const acknowledge = (): void => port.postMessage("stored" satisfies ToWorker);
    const nothing = (): void => undefined;
    let ended = false;
    port.on("message", (message: FromWorker) => {
      if (message.kind === "event") {
        const { event, worker } = message;
        subscriber.next({ event, worker, consumed: event.kind === "block" ? acknowledge : nothing });
        return;
      }
      ended = true;
      port.close();
      if (message.kind === "failed") subscriber.error(receiveError(message.error, settings));
      else subscriber.complete();
    });
    died.then((error) => {
      if (error === undefined) return;
      // Messages that were sent before the death lie in the port: let them arrive first.
      setImmediate(() => {
        port.close();
        if (!ended) subscriber.error(deathOf(error, settings));
      });
    });
    return () => port.close();
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
