/** What a worker thread runs: one batch of chains. Wiring only. */
import { Console } from "node:console";
import { once } from "node:events";
import { threadId, workerData } from "node:worker_threads";
import { runBatch } from "../src/chain/runBatch.ts";
import { exactEngine } from "../src/run/exactEngine.ts";
import { type BatchTask, CREDITS, type FromWorker, packBlock, sendError } from "../src/run/protocol.ts";
import type { Preload } from "../src/run/threads.ts";
import { preload, workerParts } from "../src/run/workerParts.ts";

// Standard output is for results alone: what a user's model prints goes to standard error.
globalThis.console = new Console(process.stderr);

// While the coordinator reads the data.
preload(workerData as Preload);

/** Runs a batch and tells the coordinator through the task's port. Never rejects. */
export default async function batch(task: BatchTask): Promise<void> {
  const { port } = task;
  const post = (message: FromWorker, buffers: ArrayBuffer[] = []): void => port.postMessage(message, buffers);
  try {
    await run(task, post);
    post({ kind: "done" });
  } catch (error) {
    post({ kind: "failed", error: sendError(error) });
  } finally {
    port.close();
  }
}

async function run(task: BatchTask, post: (message: FromWorker, buffers?: ArrayBuffer[]) => void): Promise<void> {
  const { port, settings, stop, resume } = task;
  let waiting = 0;
  port.on("message", () => {
    waiting -= 1;
  });
  const { model, identity, engine } = await workerParts(task);
  post({ kind: "bound", identity });
  const shouldStop = (): boolean => Atomics.load(stop, 0) !== 0;
  const common = { shouldStop, exact: exactEngine };
  const options = resume === undefined ? common : { ...common, resume };
  /** Waits here and not right after a block, so that a block's position follows it at once: a death loses neither. */
  const room = async (): Promise<void> => {
    while (waiting >= CREDITS) await once(port, "message");
  };
  try {
    for await (const event of runBatch(model, engine, settings, options)) {
      if (event.kind !== "block") {
        post({ kind: "event", event, worker: threadId });
        if (event.kind === "checkpoint") await room();
        continue;
      }
      await room();
      const { block, buffers } = packBlock(event.block);
      post({ kind: "event", event: { ...event, block }, worker: threadId }, buffers);
      waiting += 1;
    }
  } finally {
    // This thread may be ended once it has said that the batch is done, and its helpers with it.
    await engine.hasStarted?.();
  }
}
