import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { prepareEnvironment } from "../../../src/engine/tensorflow/addon.ts";
import { describeWithTensorFlow } from "./installation.ts";

/** Runs in a worker thread: compiles a small program, runs it once, for ever or never, and posts what it gives. */
const script = `
const { parentPort, workerData } = require("node:worker_threads");
const { createJiti } = require(workerData.jiti);
const jiti = createJiti(workerData.root);
(async () => {
  const { tensorflowEngine } = await jiti.import("./src/engine/tensorflow/engine.ts");
  const { input } = await jiti.import("./src/graph/node.ts");
  const { program } = await jiti.import("./src/graph/program.ts");
  const engine = tensorflowEngine({ route: "compiled" });
  if (workerData.runs === "never") {
    parentPort.postMessage((await engine.probe()).available);
    return;
  }
  const x = input("x", { dtype: "float", shape: [50] });
  const source = program("walk", { next: x.mul(0.999).add(x.exp().sum().mul(1e-6)), seen: x.sum() });
  const kernel = await engine.compile(source, {
    precision: "float64", chains: 64, carried: { next: "x" }, recorded: ["seen"],
  });
  kernel.write("x", Float64Array.from({ length: 3200 }, (_, i) => Math.sin(i)));
  do {
    const { seen } = await kernel.run(500);
    parentPort.postMessage(seen);
  } while (workerData.runs === "for ever");
  kernel.dispose();
})();
`;

// As a run's main thread does; the addon itself is loaded in workers alone.
prepareEnvironment();

const jiti = createRequire(import.meta.url).resolve("jiti");

function start(runs: "once" | "for ever" | "never"): Worker {
  const root = new URL("../../../package.json", import.meta.url).href;
  return new Worker(script, { eval: true, workerData: { jiti, root, runs } });
}

function message(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve).once("error", reject);
  });
}

function end(worker: Worker): Promise<number> {
  return new Promise((resolve) => {
    worker.once("exit", resolve);
  });
}

describeWithTensorFlow("tensorflow in worker threads", () => {
  // Node unloads an addon with its last worker, which TensorFlow does not survive unless the addon is linked to stay.
  it("ends well where it was loaded and nothing ran", async () => {
    const worker = start("never");
    const ended = end(worker);
    expect(await message(worker)).toBe(true);
    expect(await ended).toBe(0);
  });

  it("gives the same bits in two at once, and ends with them", async () => {
    const workers = [start("once"), start("once")];
    const ended = workers.map(end);
    const [a, b] = (await Promise.all(workers.map(message))) as Float64Array[];
    expect(b).toEqual(a);
    expect(a!.length).toBe(64 * 500);
    expect(new Set(a).size).toBeGreaterThan(1000);
    expect(await Promise.all(ended)).toEqual([0, 0]);
  });

  it("can be terminated in the middle of a block, and started again", async () => {
    const worker = start("for ever");
    const first = await message(worker);
    await worker.terminate();
    const again = start("once");
    expect(await message(again)).toEqual(first);
    await end(again);
  });
});
