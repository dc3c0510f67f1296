import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Observable } from "rxjs";
import type { BatchPosition, BatchSettings } from "../chain/batch.ts";
import { WorkerError } from "../errors.ts";
import type { BindInput } from "./bindData.ts";
import { codePlace } from "./codePlace.ts";
import { type Identity, otherThread } from "./identity.ts";
import {
  type BatchTask,
  batchName,
  type FromWorker,
  KEPT,
  receiveError,
  sendError,
  type ToWorker,
} from "./protocol.ts";
import type { ModelReference } from "./reference.ts";
import type { BatchItem, BatchRunner } from "./runner.ts";
import { deathBefore, endThreads, type Threads } from "./threads.ts";

export interface PoolOptions {
  readonly threads: Threads;
  readonly model: ModelReference;
  readonly bind: BindInput;
  /** The model and the data of this thread, which those of all others must be. */
  readonly identity: Identity;
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
      return runOne({ settings, ...options }, stop, () => {
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
  { threads, engineOptions = {}, identity: _, ...parts }: PoolOptions,
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

/** A batch, and what its thread must have. */
type Expected = Pick<PoolOptions, "threads" | "model" | "identity"> & { readonly settings: BatchSettings };

/** The error by which a user's code ended a thread while that had no batch. */
function earlierDeath({ threads, settings }: Expected): WorkerError | undefined {
  const error = deathBefore(threads);
  return codePlace(error) === undefined ? undefined : deathOf(error, settings);
}

function runOne(of: Expected, stop: Int32Array, take: () => Posted): Observable<BatchItem> {
  const { settings } = of;
  return new Observable((subscriber) => {
    if (Atomics.load(stop, 0) !== 0) return subscriber.complete();
    const before = earlierDeath(of);
    if (before !== undefined) return subscriber.error(before);
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
      const error = errorIn(message, of) ?? (message.kind === "done" ? earlierDeath(of) : undefined);
      if (message.kind === "bound" && error === undefined) return;
      ended = true;
      port.close();
      if (error === undefined) subscriber.complete();
      else subscriber.error(error);
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

function errorIn(
  message: Exclude<FromWorker, { readonly kind: "event" }>,
  { settings, model, identity }: Expected,
): Error | undefined {
  switch (message.kind) {
    case "bound": {
      const other = otherThread(model.model, identity, message.identity);
      return other && receiveError(sendError(other), settings);
    }
    case "failed":
      return receiveError(message.error, settings);
    case "done":
      return undefined;
  }
}

function deathOf(error: unknown, settings: BatchSettings): WorkerError {
  const { code, message } = error as { code?: string; message?: string };
  const who = `the worker of ${batchName(settings)}`;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    const advice =
      "lower `block`, or the number of chains in a batch (raise `batches`); before the first block, it is the model that is too " +
      "large to compile: write what repeats with fewer, larger operations, or allow more (NODE_OPTIONS=--max-old-space-size=8192)";
    return new WorkerError(`${who} ran out of memory: ${advice}. ${KEPT}`, { cause: error });
  }
  // A thread of ours ends itself nowhere.
  const exit = /^worker exited with code: (\d+)$/.exec(message ?? "");
  if (exit !== null) {
    const text = `${who} was ended by process.exit(${exit[1]}), which only the model's code can have called. ${KEPT}`;
    return new WorkerError(text, { cause: error, isUsers: true });
  }
  const place = codePlace(error);
  const said = message ?? String(error);
  if (place === undefined) return new WorkerError(`${who} died: ${said}. ${KEPT}`, { cause: error });
  return new WorkerError(`${place}: the model's code threw by itself, and ${who} died: ${said}. ${KEPT}`, {
    cause: error,
    isUsers: true,
  });
}
