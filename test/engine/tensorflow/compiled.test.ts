import { expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { type Addon, loadAddon } from "../../../src/engine/tensorflow/addon.ts";
import { tensorflowEngine } from "../../../src/engine/tensorflow/engine.ts";
import { addonOf, findInstallations } from "../../../src/engine/tensorflow/installed.ts";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { EngineError } from "../../../src/errors.ts";
import { constant, input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { bind } from "../../../src/model/bind.ts";
import { sparseLogisticRegression } from "../../../src/models/sparseLogisticRegression.ts";
import { densityProgram, hmcProgram } from "../../../src/sampler/transition.ts";
import { breastCancer } from "../../models/breastCancer.ts";
import { describeWithTensorFlow } from "./installation.ts";

const engine = tensorflowEngine({ route: "compiled" });
const x = input("x", { dtype: "float", shape: [3] });
const squares = program("squares", { y: x.mul(x), s: x.exp().sum() });
const small = { precision: "float64", chains: 2 } as const;

function addon(): Addon {
  return loadAddon(findInstallations().find((one) => addonOf(one) !== undefined)!);
}

describeWithTensorFlow("tensorflow, compiled: the main job", () => {
  const { data, names } = breastCancer();
  const model = bind(sparseLogisticRegression.create(), { data, coordinates: { feature: names } });
  const { program: transition, roles } = hmcProgram(model, { recordPosition: true });
  const iterations = 12;

  const start = async (chains: number, using: Engine): Promise<Readonly<Record<string, ArrayLike<number>>>> => {
    const kernel = await using.compile(densityProgram(model), { precision: "float64", chains });
    const z = Float64Array.from({ length: 61 * chains }, (_, i) => 0.5 * Math.sin(i % (61 * 64)));
    kernel.write("z", z);
    await kernel.run(1);
    const state = { z, log_density: await kernel.read("log_density"), gradient: await kernel.read("gradient") };
    kernel.dispose();
    return state;
  };
  const draws = async (chains: number, using: Engine = engine, blocks: readonly number[] = [iterations]) => {
    const kernel = await using.compile(transition, { ...roles, precision: "float64", chains });
    for (const [name, values] of Object.entries(await start(chains, using))) kernel.write(name, values);
    kernel.write("step_size", [0.02]);
    kernel.write("inverse_mass", new Float64Array(61).fill(1));
    kernel.write(
      "chain_key",
      Uint32Array.from({ length: 2 * chains }, (_, i) => Math.imul(i % 128, 2654435761) >>> 0),
    );
    const parts = [];
    let first = 0;
    for (const count of blocks) {
      const turns = Array.from({ length: count }, (_, i) => first + i);
      parts.push(await kernel.run(count, { iteration: turns, steps: turns.map((i) => 3 + (i % 4)) }));
      first += count;
    }
    kernel.dispose();
    return parts;
  };

  it("gives the draws of the wasm engine", async () => {
    const [[ours], [theirs]] = [await draws(5), await draws(5, wasmEngine())];
    expect(Object.keys(ours!)).toEqual(Object.keys(theirs!));
    for (const [name, values] of Object.entries(theirs!))
      values.forEach((value, i) => {
        const error = Math.abs(ours![name]![i]! - value) / Math.max(1, Math.abs(value));
        if (!(error < 1e-9)) expect.fail(`${name}[${i}] is ${ours![name]![i]}, expected ${value}`);
      });
    const accepted = ours!["statistics.acceptance_rate"]!;
    expect(Array.from(accepted).reduce((a, b) => a + b, 0) / accepted.length).toBeGreaterThan(0.6);
  });

  it("gives the same bits again, in blocks, and for any number of chains up to 64", async () => {
    const [[all], [again], [few]] = [await draws(64), await draws(64), await draws(3)];
    expect(again).toEqual(all);
    expect(few!["z"]).toEqual(all!["z"]!.slice(0, 3 * iterations * 61));
    const [head, tail] = await draws(3, engine, [5, 7]);
    for (let chain = 0; chain < 3; chain++) {
      const whole = few!["z"]!.slice(chain * iterations * 61, (chain + 1) * iterations * 61);
      expect(head!["z"]!.slice(chain * 5 * 61, (chain + 1) * 5 * 61)).toEqual(whole.slice(0, 5 * 61));
      expect(tail!["z"]!.slice(chain * 7 * 61, (chain + 1) * 7 * 61)).toEqual(whole.slice(5 * 61));
    }
  });

  it("takes more chains than one block of 64", async () => {
    const [many] = await draws(70);
    expect(many!["z"]!.length).toBe(70 * iterations * 61);
    // Chain 64 has the numbers of chain 0.
    const [first, other] = [0, 64].map((c) => many!["z"]!.slice(c * iterations * 61, (c + 1) * iterations * 61));
    expect(other).toEqual(first);
  });
});

describeWithTensorFlow("tensorflow, compiled: what crosses", () => {
  it("keeps every bit of every type", async () => {
    const make = (dtype: "float" | "int32" | "uint32" | "bool") => input(dtype, { dtype, shape: [4] });
    const nodes = { float: make("float"), int32: make("int32"), uint32: make("uint32"), bool: make("bool") };
    const same = program("same", nodes, Object.values(nodes));
    const values = {
      int32: [-(2 ** 31), -1, 0, 2 ** 31 - 1],
      uint32: [0, 1, 2 ** 31, 2 ** 32 - 1],
      bool: [0, 1, 1, 0],
    };
    for (const [precision, float] of [
      ["float32", [-0, 2 ** -126, Math.fround(Math.PI), Number.NEGATIVE_INFINITY]],
      ["float64", [-0, 2 ** -1022, Math.PI, Number.NaN]],
    ] as const) {
      const kernel = await engine.compile(same, { precision, chains: 1 });
      const all = { ...values, float };
      for (const [name, data] of Object.entries(all)) kernel.write(name, data);
      await kernel.run(1);
      for (const [name, data] of Object.entries(all)) expect(Array.from(await kernel.read(name)), name).toEqual(data);
      kernel.dispose();
    }
  });

  it("gives with constants as arguments what constants in the text give", async () => {
    const values = Float64Array.from({ length: 150_000 }, (_, i) => Math.sin(i));
    const source = program("large", { y: constant(values, [50_000, 3]).matvec(x).sum() });
    const kernel = await engine.compile(source, small);
    kernel.write("x", [1, 2, 3, 0, 0, 1]);
    await kernel.run(1);
    const [first, second] = await kernel.read("y");
    kernel.dispose();
    const sum = (weights: readonly number[]): number =>
      values.reduce((total, value, i) => total + value * weights[i % 3]!, 0);
    expect(first).toBeCloseTo(sum([1, 2, 3]), 9);
    expect(second).toBeCloseTo(sum([0, 0, 1]), 9);
  });
});

describeWithTensorFlow("tensorflow, compiled: memory", () => {
  it("holds no more tensors after 2,000 blocks, and none that a kernel had when it is gone", async () => {
    const before = addon().getNumOfTensors();
    const carried = program("walk", { next: x.mul(0.5).add(1), seen: x.exp() });
    const kernel = await engine.compile(carried, { ...small, carried: { next: "x" }, recorded: ["seen"] });
    kernel.write("x", [0, 0, 0, 0, 0, 0]);
    for (let i = 0; i < 200; i++) await kernel.run(3);
    const [tensors, rss] = [addon().getNumOfTensors(), process.memoryUsage().rss];
    for (let i = 0; i < 2000; i++) await kernel.run(3);
    expect(addon().getNumOfTensors()).toBe(tensors);
    expect((process.memoryUsage().rss - rss) / 2 ** 20).toBeLessThan(40);
    expect((await kernel.read("x"))[0]).toBe(2);
    kernel.dispose();
    expect(addon().getNumOfTensors()).toBe(before);
  });

  it("keeps models of late, and lets go of older ones", async () => {
    for (let i = 0; i < 12; i++) {
      const kernel = await engine.compile(program(`plus ${i}`, { y: x.add(i) }), small);
      kernel.dispose();
    }
    expect(addon().getNumOfSavedModels()).toBeLessThanOrEqual(8);
  });
});

describeWithTensorFlow("tensorflow, compiled: what goes wrong", () => {
  it("names what has not been written, and what has no value", async () => {
    const kernel = await engine.compile(squares, small);
    await expect(kernel.run(1)).rejects.toThrow("Program squares cannot run: write its inputs x first.");
    await expect(kernel.read("y")).rejects.toThrow('"y" has no value yet: run an iteration first.');
    kernel.dispose();
    await expect(kernel.run(1)).rejects.toThrow(EngineError);
  });

  it("says so where a GPU is asked for and there is none", async () => {
    const probe = await tensorflowEngine({ device: "gpu" }).probe();
    if (probe.available) expect(probe.details.join()).toMatch(/device: GPU/);
    else expect(`${probe.reason} ${probe.remedy}`).toMatch(/GPU.*setup:tensorflow -- --gpu/s);
  });

  it("says so where tfjs's own backends are asked to compile", async () => {
    const probe = await tensorflowEngine({ route: "compiled", backend: "cpu" }).probe();
    expect(!probe.available && probe.reason).toMatch(/"cpu" has no compiled route/);
  });
});
