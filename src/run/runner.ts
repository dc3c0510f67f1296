import { setImmediate } from "node:timers/promises";
import { Observable } from "rxjs";
import type { BatchEvent, BatchPosition, BatchSettings } from "../chain/batch.ts";
import { runBatch } from "../chain/runBatch.ts";
import type { Engine, EngineOptions } from "../engine/engine.ts";
import { createEngine } from "../engine/registry.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { exactEngine } from "./exactEngine.ts";
import { keepKernels } from "./keepKernels.ts";
import { receiveError, sendError } from "./protocol.ts";

/** An event of a batch, to be consumed: a batch waits when too many of its blocks are not. */
export interface BatchItem {
  readonly event: BatchEvent;
  /** The thread that runs the batch: what one thread runs, it runs one after the other. */
  readonly worker: number;
  /** Must be called once the event is dealt with; a block, once it is stored. */
  readonly consumed: () => void;
}

/** Runs batches, each as an Observable of its events that begins when it is subscribed to. */
export interface BatchRunner {
  /** Begins a batch that `run` will be called for, before anybody listens; where threads run it. */
  begin?(settings: BatchSettings): void;
  run(settings: BatchSettings, resume?: BatchPosition): Observable<BatchItem>;
  /** Every batch ends after its current block; one that has not begun does not begin. */
  stop(): void;
  /** Ends all threads. */
  destroy(): Promise<void>;
}

/** Makes the events of one batch; `runBatch` but for tests. */
export type MakeEvents = (
  settings: BatchSettings,
  options: { readonly shouldStop: () => boolean; readonly resume?: BatchPosition },
) => AsyncIterable<BatchEvent>;

/** Runs batches in this thread, for a model that is an object and therefore cannot be sent to another. */
export function runnerInThread(model: BoundModel, engineName: string, engineOptions: EngineOptions = {}): BatchRunner {
  let engine: Engine | undefined;
  const runner = runnerOf(async function* events(settings, options) {
    engine ??= keepKernels(await createEngine(engineName, engineOptions));
    yield* runBatch(model, engine, settings, { ...options, exact: exactEngine });
  });
  return { ...runner, destroy: async () => await engine?.end?.() };
}

/** A runner in this thread; each batch makes its next event when the one before is consumed. */
export function runnerOf(events: MakeEvents): BatchRunner {
  let stopped = false;
  const run = (settings: BatchSettings, resume?: BatchPosition): Observable<BatchItem> =>
    new Observable((subscriber) => {
      const pump = async (): Promise<void> => {
        const shouldStop = (): boolean => stopped || subscriber.closed;
        const options = resume === undefined ? { shouldStop } : { shouldStop, resume };
        for await (const event of events(settings, options)) {
          await new Promise<void>((consumed) => {
            subscriber.add(consumed);
            subscriber.next({ event, worker: 0, consumed });
          });
          // Arithmetic must not starve timers and signals.
          await setImmediate();
          if (subscriber.closed) return;
        }
      };
      if (stopped) return subscriber.complete();
      pump().then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(receiveError(sendError(error), settings)),
      );
    });
  return {
    run,
    stop: () => {
      stopped = true;
    },
    destroy: async () => undefined,
  };
}
