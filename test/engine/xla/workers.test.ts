import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { describeWithPlugin } from "./plugin.ts";

/** Runs in a worker thread: compiles a small program, runs it for ever or once, and posts what it gives. */
const script = `
const { parentPort, workerData } = require("node:worker_threads");
const { createJiti } = require(workerData.jiti);
const jiti = createJiti(workerData.root);
(async () => {
  const { xlaEngine } = await jiti.import("./src/engine/xla/engine.ts");
  const { input } = await jiti.import("./src/graph/node.ts");
  const { program } = await jiti.import("./src/graph/program.ts");
  const x = input("x", { dtype: "float", shape: [50] });
  const source = program("walk", { next: x.mul(0.999).add(x.exp().sum().mul(1e-6)), seen: x.sum() });
  const kernel = await xlaEngine({ cache: null }).compile(source, {
    precision: "float64", chains: 64, carried: { next: "x" }, recorded: ["seen"],
  });
  kernel.write("x", Float64Array.from({ length: 3200 }, (_, i) => Math.sin(i)));
  do {
    const { seen } = await kernel.run(500);
    parentPort.postMessage(seen);
  } while (workerData.forever);
  kernel.dispose();
})();
`;

const jiti = createRequire(import.meta.url).resolve("jiti");

function start(forever: boolean): Worker {
  const root = new URL("../../../package.json", import.meta.url).href;
  return new Worker(script, { eval: true, workerData: { jiti, root, forever } });
}

function message(worker: Worker): Promise<Float64Array> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve).once("error", reject);
  });
}

describeWithPlugin("xla in worker threads", () => {
  it("gives the same bits in two at once, and ends with them", async () => {
    const workers = [start(false), start(false)];
    const ended = workers.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
    const [a, b] = await Promise.all(workers.map(message));
    expect(b).toEqual(a);
    expect(a!.length).toBe(64 * 500);
    expect(await Promise.all(ended)).toEqual([0, 0]);
  });

  it("can be terminated in the middle of a block, and started again", async () => {
    const worker = start(true);
    const first = await message(worker);
    await worker.terminate();
    const again = start(false);
    expect(await message(again)).toEqual(first);
    await again.terminate();
  });
});
