import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { xlaEngine } from "../../../src/engine/xla/engine.ts";
import { findPlugins } from "../../../src/engine/xla/plugins.ts";
import { EngineError } from "../../../src/errors.ts";
import { constant, input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { bind } from "../../../src/model/bind.ts";
import { sparseLogisticRegression } from "../../../src/models/sparseLogisticRegression.ts";
import { densityProgram, hmcProgram } from "../../../src/sampler/transition.ts";
import { breastCancer } from "../../models/breastCancer.ts";
import { describeWithPlugin, engine } from "./plugin.ts";

const x = input("x", { dtype: "float", shape: [3] });
const squares = program("squares", { y: x.mul(x), s: x.exp().sum() });
const small = { precision: "float64", chains: 2 } as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "manychain-xla-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describeWithPlugin("xla: the main job", () => {
  const { data, names } = breastCancer();
  const model = bind(sparseLogisticRegression.create(), { data, coordinates: { feature: names } });
  const { program: transition, roles } = hmcProgram(model, { recordPosition: true });
  const iterations = 12;

  const start = async (chains: number, using = engine): Promise<Readonly<Record<string, ArrayLike<number>>>> => {
    const kernel = await using.compile(densityProgram(model), { precision: "float64", chains });
    const z = Float64Array.from({ length: 61 * chains }, (_, i) => 0.5 * Math.sin(i % (61 * 64)));
    kernel.write("z", z);
    await kernel.run(1);
    const state = { z, log_density: await kernel.read("log_density"), gradient: await kernel.read("gradient") };
    kernel.dispose();
    return state;
  };
  const draws = async (chains: number, using = engine) => {
    const kernel = await using.compile(transition, { ...roles, precision: "float64", chains });
    for (const [name, values] of Object.entries(await start(chains, using))) kernel.write(name, values);
    kernel.write("step_size", [0.02]);
    kernel.write("inverse_mass", new Float64Array(61).fill(1));
    kernel.write(
      "chain_key",
      Uint32Array.from({ length: 2 * chains }, (_, i) => Math.imul(i % 128, 2654435761) >>> 0),
    );
    const recorded = await kernel.run(iterations, {
      iteration: Array.from({ length: iterations }, (_, i) => i),
      steps: Array.from({ length: iterations }, (_, i) => 3 + (i % 4)),
    });
    kernel.dispose();
    return recorded;
  };

  it("gives the draws of the wasm engine", async () => {
    const [ours, theirs] = [await draws(5), await draws(5, wasmEngine())];
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    for (const [name, values] of Object.entries(theirs))
      values.forEach((value, i) => {
        const error = Math.abs(ours[name]![i]! - value) / Math.max(1, Math.abs(value));
        if (!(error < 1e-9)) expect.fail(`${name}[${i}] is ${ours[name]![i]}, expected ${value}`);
      });
    const accepted = ours["statistics.acceptance_rate"]!;
    expect(Array.from(accepted).reduce((a, b) => a + b, 0) / accepted.length).toBeGreaterThan(0.6);
  });

  it("gives the same bits again, and for any number of chains up to 64", async () => {
    const [all, again, few] = [await draws(64), await draws(64), await draws(3)];
    expect(again).toEqual(all);
    expect(few["z"]).toEqual(all["z"]!.slice(0, 3 * iterations * 61));
  });

  it("takes more chains than one block of 64", async () => {
    const many = await draws(70);
    expect(many["z"]!.length).toBe(70 * iterations * 61);
    // Chain 64 has the numbers of chain 0.
    const [first, other] = [0, 64].map((c) => many["z"]!.slice(c * iterations * 61, (c + 1) * iterations * 61));
    expect(other).toEqual(first);
  });
});

describeWithPlugin("xla: constants as arguments", () => {
  it("give what constants in the text give", async () => {
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

describeWithPlugin("xla: executables on disk", () => {
  const bits = async (cache: string) => {
    const kernel = await xlaEngine({ cache }).compile(squares, small);
    kernel.write("x", [0.1, 0.2, 0.3, -1, 2, 30]);
    await kernel.run(1);
    const outputs = [await kernel.read("y"), await kernel.read("s")];
    kernel.dispose();
    return outputs;
  };

  it("are used again with the same bits, and replaced where they are damaged", async () => {
    const cache = join(folder, "cache");
    const first = await bits(cache);
    const [file] = readdirSync(cache);
    const path = join(cache, file!);
    expect(readdirSync(cache)).toHaveLength(1);
    expect(statSync(path).mode & 0o077).toBe(0);
    const content = readFileSync(path);
    const { mtimeMs } = statSync(path);
    expect(await bits(cache)).toEqual(first);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
    writeFileSync(path, content.subarray(0, 100), { mode: 0o600 });
    expect(await bits(cache)).toEqual(first);
    expect(statSync(path).size).toBeGreaterThan(100);
  });

  it("are not needed: a folder that cannot be written is no error", async () => {
    writeFileSync(join(folder, "file"), "");
    expect((await bits(join(folder, "file", "cache")))[0]![0]).toBe(0.1 * 0.1);
  });
});

describeWithPlugin("xla: what goes wrong", () => {
  it("says why a program cannot be compiled", async () => {
    const compiled = xlaEngine({ cache: null, flags: { xla_no_such_flag: true } }).compile(squares, small);
    await expect(compiled).rejects.toThrow(EngineError);
    await expect(compiled).rejects.toThrow(/squares cannot be compiled for 2 chains.*xla_no_such_flag/s);
  });

  it("says how many devices there are", async () => {
    const probe = await xlaEngine({ device: -1 }).probe();
    expect(probe).toMatchObject({ available: false });
    expect(!probe.available && probe.reason).toMatch(/there is no device -1/);
  });

  it("refuses to run twice at once", async () => {
    const kernel = await engine.compile(squares, small);
    kernel.write("x", [1, 2, 3, 4, 5, 6]);
    const first = kernel.run(1);
    await expect(kernel.run(1)).rejects.toThrow("The kernel of program squares is running already.");
    await first;
    kernel.dispose();
  });

  it("names what has not been written, and what has no value", async () => {
    const kernel = await engine.compile(squares, small);
    await expect(kernel.run(1)).rejects.toThrow("Program squares cannot run: write its inputs x first.");
    await expect(kernel.read("y")).rejects.toThrow('"y" has no value yet: run an iteration first.');
    kernel.dispose();
  });

  it("runs on after many blocks without growing", async () => {
    const carried = program("walk", { next: x.mul(0.5).add(1), seen: x.exp() });
    const kernel = await engine.compile(carried, { ...small, carried: { next: "x" }, recorded: ["seen"] });
    kernel.write("x", [0, 0, 0, 0, 0, 0]);
    for (let i = 0; i < 200; i++) await kernel.run(3);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 1500; i++) await kernel.run(3);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(40);
    expect((await kernel.read("x"))[0]).toBe(2);
    kernel.dispose();
  });
});

describe("xla: plugins", () => {
  it("are looked for where MANYCHAIN_PJRT_PLUGIN says, and nowhere else", () => {
    const path = join(folder, "pjrt_plugin.so");
    writeFileSync(path, "no library");
    expect(findPlugins({ MANYCHAIN_PJRT_PLUGIN: path })).toMatchObject([{ from: "MANYCHAIN_PJRT_PLUGIN" }]);
    expect(() => findPlugins({ MANYCHAIN_PJRT_PLUGIN: join(folder, "none.so") })).toThrow(/there is no such file/);
  });

  it("are missing where there are none", () => {
    expect(findPlugins({ MANYCHAIN_XLA_HOME: join(folder, "empty"), PATH: folder })).toEqual([]);
  });

  it("must be libraries", async () => {
    const path = join(folder, "pjrt_other.so");
    writeFileSync(path, "no library");
    const probe = await xlaEngine({ plugin: path }).probe();
    expect(!probe.available && probe.reason).toMatch(/pjrt_other.so cannot be loaded as a PJRT plugin/);
    expect(!probe.available && probe.remedy).toMatch(/npm run setup:xla/);
    await expect(xlaEngine({ plugin: path }).compile(squares, small)).rejects.toThrow(EngineError);
  });
});
