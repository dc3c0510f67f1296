import { describe, expect, it } from "vitest";
import { type BackendName, openBackend } from "../../../src/engine/tensorflow/eager/backend.ts";
import { tensorflowEngine } from "../../../src/engine/tensorflow/engine.ts";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { EngineError } from "../../../src/errors.ts";
import { input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { chainOf, distance, draws } from "./mainJob.ts";

// One backend a thread: tfjs keeps the active one in a global.
const name: BackendName = "wasm";
const engine = tensorflowEngine({ backend: name });
const x = input("x", { dtype: "float", shape: [3] });

describe("tensorflow, eager: the backend", () => {
  it("is the one that was asked for, and probe says so", async () => {
    const probe = await engine.probe();
    expect(probe.available && probe.details[0]).toMatch(/^route: eager/);
    expect(probe.available && probe.details[1]).toBe('tfjs 4.22.0, backend "wasm"');
    expect((await openBackend(name, undefined)).tf.getBackend()).toBe("wasm");
  });

  it("is asserted at each run: another one that became active is an error, not another speed", async () => {
    const kernel = await engine.compile(program("p", { y: x.exp() }), { precision: "float32", chains: 2 });
    kernel.write("x", [1, 2, 3, 4, 5, 6]);
    await kernel.run(1);
    const { tf } = await openBackend("cpu", undefined);
    const runs = kernel.run(1);
    await expect(runs).rejects.toThrow(EngineError);
    await expect(runs).rejects.toThrow(/runs on its backend "cpu", not on "wasm"/);
    await tf.setBackend(name);
    await kernel.run(1);
    kernel.dispose();
  });
});

describe("tensorflow, eager: the main job", () => {
  const job = { precision: "float32", iterations: 4 } as const;

  it("gives the draws of the wasm engine, as far as float32 goes", async () => {
    const [ours, theirs] = [
      await draws(engine, { ...job, chains: 5 }),
      await draws(wasmEngine(), { ...job, chains: 5 }),
    ];
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    expect(distance(ours["z"]!, theirs["z"]!)).toBeLessThan(1e-4);
    expect(distance(ours["statistics.lp"]!, theirs["statistics.lp"]!)).toBeLessThan(1e-5);
  });

  it("gives a chain the same bits, whoever is beside it", async () => {
    const [five, two] = [await draws(engine, { ...job, chains: 5 }), await draws(engine, { ...job, chains: 2 })];
    for (const chain of [0, 1]) expect(chainOf(two["z"]!, chain, 2)).toEqual(chainOf(five["z"]!, chain, 5));
  });
});

describe("tensorflow, eager: memory", () => {
  it("holds as many tensors after 10,000 iterations as after one, and none when kernels are gone", async () => {
    const { tf } = await openBackend(name, undefined);
    const before = tf.memory().numTensors;
    const step = input("step", { dtype: "float", shape: [], shared: true });
    const key = input("key", { dtype: "uint32", shape: [2] });
    const walk = program("walk", {
      next: x.mul(0.5).add(step).add(x.erf().mul(0)),
      key: key.xor(key.shiftRight(3)).add(1),
      seen: x.lt(0).select(x, x.exp()).sum(),
    });
    const roles = { carried: { next: "x", key: "key" }, scheduled: ["step"], recorded: ["seen"] };
    const kernel = await engine.compile(walk, { ...roles, precision: "float32", chains: 2 });
    kernel.write("x", [0, 0, 0, 0, 0, 0]);
    kernel.write("key", [1, 2, 3, 4]);
    const run = (n: number) => kernel.run(n, { step: new Float32Array(n).fill(1) });
    await run(1);
    const { numTensors, numBytes } = tf.memory();
    for (let i = 0; i < 10; i++) await run(1000);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    kernel.dispose();
    kernel.dispose();
    expect(tf.memory().numTensors).toBe(before);
    await expect(kernel.run(1)).rejects.toThrow("was disposed of");
  });
});
