import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { accelerators } from "../../../src/engine/auto/accelerators.ts";
import { BREAK_EVEN, chooseEngine } from "../../../src/engine/auto/choose.ts";
import { operationsOf } from "../../../src/engine/auto/operations.ts";
import type { Engine, Probe } from "../../../src/engine/engine.ts";
import { EngineError } from "../../../src/errors.ts";
import { constant, input, loop } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { bind } from "../../../src/model/bind.ts";
import { sparseLogisticRegression } from "../../../src/models/sparseLogisticRegression.ts";
import { densityProgram } from "../../../src/sampler/transition.ts";
import { breastCancer } from "../../models/breastCancer.ts";

const card = { engine: "xla", kind: "NVIDIA H100" };
const mainJob = { operations: 94_608, workers: 2 };

describe("the rule of engine: auto", () => {
  it("is wasm where there is no GPU, however large the batch", () => {
    expect(chooseEngine({ accelerators: [], chains: 65_536, ...mainJob })).toEqual({
      engine: "wasm",
      reason: "no engine sees a GPU",
    });
  });

  it("is the GPU from the break-even of each thread on, and wasm below it", () => {
    const at = (work: number, workers: number) =>
      chooseEngine({ accelerators: [card], chains: 1, operations: work, workers }).engine;
    for (const workers of [1, 2, 16]) {
      expect(at(BREAK_EVEN * workers, workers)).toBe("xla");
      expect(at(BREAK_EVEN * workers * 0.99, workers)).toBe("wasm");
    }
  });

  it("says what it went by", () => {
    expect(chooseEngine({ accelerators: [card], chains: 4096, ...mainJob }).reason).toMatch(
      /^NVIDIA H100 is there; 4096 chains × 94608 operations = 3\.9e\+8 a step, and a device pays from \S+ on \(2 threads\)$/,
    );
    const few = chooseEngine({ accelerators: [card], chains: 4, ...mainJob });
    expect(few).toMatchObject({ engine: "wasm", reason: expect.stringMatching(/^NVIDIA H100 is there, but 4 chains/) });
  });

  it("prefers the first of several engines", () => {
    const both = [card, { engine: "tensorflow", kind: "GPU" }];
    expect(chooseEngine({ accelerators: both, chains: 4096, ...mainJob }).engine).toBe("xla");
    expect(chooseEngine({ accelerators: both.slice(1), chains: 4096, ...mainJob }).engine).toBe("tensorflow");
  });
});

describe("operations of a program", () => {
  const x = input("x", { dtype: "float", shape: [10] });

  it("are counted for one chain: products of matrices, functions, sums; not what all chains share", () => {
    const m = input("m", { dtype: "float", shape: [7, 10], shared: true });
    expect(operationsOf(program("p", { y: m.matvec(x) }))).toBe(140);
    expect(operationsOf(program("p", { y: x.exp() }))).toBe(200);
    expect(operationsOf(program("p", { y: x.mul(x).sum() }))).toBe(20);
    expect(operationsOf(program("p", { y: m.exp().sum() }))).toBe(0);
    expect(
      operationsOf(
        program(
          "p",
          loop(constant(9, [], "int32"), { v: x }, (c) => ({ v: c.v.add(x) })),
        ),
      ),
    ).toBe(10);
  });

  it("of the main job's gradient are two products of matrices and some more", () => {
    const { data, names } = breastCancer();
    const model = bind(sparseLogisticRegression.create({}), { data, coordinates: { feature: names } });
    const operations = operationsOf(densityProgram(model));
    expect(operations).toBeGreaterThan(4 * 569 * 30);
    expect(operations).toBeLessThan(2 * 4 * 569 * 30);
  });
});

describe("engines that see a GPU", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "manychain-auto-"));
    writeFileSync(join(folder, "pjrt_plugin.so"), "");
    vi.stubEnv("MANYCHAIN_PJRT_PLUGIN", join(folder, "pjrt_plugin.so"));
    vi.stubEnv("MANYCHAIN_TENSORFLOW_HOME", folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  const answering = (probe: Probe) => (name: string) =>
    Promise.resolve({
      name,
      probe: () => Promise.resolve(probe),
      compile: () => Promise.reject(new Error("no")),
    } as Engine);
  const device = { kind: "a card", count: 2, accelerator: true };

  it("are those that say so, where their libraries are installed", async () => {
    expect(await accelerators(answering({ available: true, details: [], device }))).toEqual([
      { engine: "xla", kind: "a card" },
    ]);
  });

  it("are none where a processor answers, nobody answers, or nothing can be asked", async () => {
    const processor = { ...device, accelerator: false };
    expect(await accelerators(answering({ available: true, details: [], device: processor }))).toEqual([]);
    expect(await accelerators(answering({ available: true, details: [] }))).toEqual([]);
    expect(await accelerators(answering({ available: false, reason: "", remedy: "" }))).toEqual([]);
    expect(await accelerators(() => Promise.reject(new EngineError("no koffi")))).toEqual([]);
    vi.stubEnv("MANYCHAIN_PJRT_PLUGIN", join(folder, "none.so"));
    expect(await accelerators(answering({ available: true, details: [], device }))).toEqual([]);
  });
});
