import { describe, expect, it } from "vitest";
import { DrawQueue } from "../../src/chain/drawQueue.ts";
import type { Engine, Recorded } from "../../src/engine/engine.ts";
import { referenceEngine } from "../../src/engine/reference/engine.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { foldIn, key } from "../../src/random/index.ts";
import { nutsProgram, nutsZeros } from "../../src/sampler/nuts.ts";
import { densityProgram } from "../../src/sampler/transition.ts";
import { analytic } from "../models/analytic.ts";

const model = analytic["banana_haario_2"]!();
const D = model.dimension;

interface Setup {
  /** Numbers of the chains, each with its own start and key. */
  readonly chains: readonly number[];
  readonly turns: number;
  readonly draws: number;
  readonly stepSize?: number;
  readonly maxDepth?: number;
  readonly engine?: Engine;
}

/** The first draws of each chain with fixed tuning, `[chain, draw, …]` by name. */
async function drawsOf(setup: Setup): Promise<Recorded> {
  const { chains, turns, draws, stepSize = 0.3, maxDepth = 6, engine = wasmEngine() } = setup;
  const options = { precision: "float64", chains: chains.length } as const;
  const z = chains.flatMap((c) => [Math.sin(c), 0.5 * Math.cos(3 * c)]);
  const density = await engine.compile(densityProgram(model), options);
  density.write("z", z);
  await density.run(1);
  const { program, roles } = nutsProgram(model, { maxDepth });
  const kernel = await engine.compile(program, { ...roles, ...options });
  for (const [name, size] of Object.entries(nutsZeros(D, maxDepth)))
    kernel.write(name, new Float64Array(chains.length * size));
  kernel.write("z", z);
  kernel.write("log_density", await density.read("log_density"));
  kernel.write("gradient", await density.read("gradient"));
  const keys = chains.map((c) => foldIn(key(7), c));
  kernel.write(
    "chain_key",
    keys.flatMap((words) => [...words]),
  );
  kernel.write("step_size", [stepSize]);
  kernel.write("inverse_mass", [4, 1]);
  const queue = new DrawQueue(chains.length, draws);
  while (queue.length < draws) queue.add(await kernel.run(2, { turns: [turns, turns], limit: [draws, draws] }), 2);
  kernel.dispose();
  density.dispose();
  return queue.take(draws);
}

/** The part of chain `at` of all recorded values. */
function ofChain(draws: Recorded, at: number, chains: number): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(draws).map(([name, values]) => {
      const size = values.length / chains;
      return [name, [...values.subarray(at * size, (at + 1) * size)]];
    }),
  );
}

describe("transitions of NUTS", () => {
  it("do not depend on how many turns are run at a time", async () => {
    const chains = [0, 1, 2, 3, 4];
    const one = await drawsOf({ chains, turns: 1, draws: 12 });
    for (const turns of [3, 16, 70]) expect(await drawsOf({ chains, turns, draws: 12 })).toEqual(one);
  });

  it("do not depend on the other chains", async () => {
    const together = await drawsOf({ chains: [0, 1, 2, 3, 4], turns: 4, draws: 12 });
    const alone = await drawsOf({ chains: [3], turns: 4, draws: 12 });
    expect(ofChain(alone, 0, 1)).toEqual(ofChain(together, 3, 5));
  });

  it("are those of the reference engine", async () => {
    const setup = { chains: [0, 1], turns: 5, draws: 6 };
    const found = await drawsOf(setup);
    const expected = await drawsOf({ ...setup, engine: referenceEngine() });
    expect([...found["statistics.n_steps"]!]).toEqual([...expected["statistics.n_steps"]!]);
    expected["z"]!.forEach((value, i) => {
      expect(found["z"]![i]).toBeCloseTo(value, 8);
    });
  });

  it("tell what their trees were like", async () => {
    const draws = await drawsOf({ chains: [0, 1, 2, 3], turns: 4, draws: 50 });
    const all = (name: string): number[] => [...draws[`statistics.${name}`]!];
    const depths = all("tree_depth");
    const steps = all("n_steps");
    depths.forEach((depth, i) => {
      expect(steps[i]).toBeGreaterThanOrEqual(2 ** (depth - 1));
      expect(steps[i]).toBeLessThan(2 ** depth);
    });
    expect(Math.max(...depths)).toBeGreaterThan(2);
    for (const acceptance of all("acceptance_rate")) expect(acceptance > 0 && acceptance <= 1).toBe(true);
    for (const error of all("energy_error")) expect(Math.abs(error)).toBeLessThan(10);
    all("lp").forEach((lp, i) => {
      expect(all("energy")[i]).toBeGreaterThan(-lp);
    });
    expect(all("diverging").some((flag) => flag === 1)).toBe(false);
  });

  it("stop at the depth that is allowed, and say so", async () => {
    const draws = await drawsOf({ chains: [0, 1], turns: 4, draws: 10, stepSize: 1e-3, maxDepth: 3 });
    expect(new Set(draws["statistics.n_steps"])).toEqual(new Set([7]));
    expect(new Set(draws["statistics.tree_depth"])).toEqual(new Set([3]));
    expect(new Set(draws["statistics.reached_max_treedepth"])).toEqual(new Set([1]));
  });

  it("diverge where the steps are far too long, and stay", async () => {
    const draws = await drawsOf({ chains: [0, 1], turns: 4, draws: 5, stepSize: 1e4 });
    expect(new Set(draws["statistics.diverging"])).toEqual(new Set([1]));
    expect(new Set(draws["statistics.n_steps"])).toEqual(new Set([1]));
    expect(new Set(draws["statistics.reached_max_treedepth"])).toEqual(new Set([0]));
    expect([...draws["z"]!.subarray(0, D)]).toEqual([0, 0.5]);
    expect([...draws["z"]!.subarray(4 * D, 5 * D)]).toEqual([0, 0.5]);
  });
});
