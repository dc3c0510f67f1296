import { describe, expect, it } from "vitest";
import type { BatchEvent, BatchPosition } from "../../src/chain/batch.ts";
import type { NutsBatchSettings } from "../../src/chain/nutsChains.ts";
import { type RunBatchOptions, runBatch } from "../../src/chain/runBatch.ts";
import type { DrawBlock } from "../../src/draws.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { ConfigError } from "../../src/errors.ts";
import { analytic } from "../models/analytic.ts";

const model = analytic["banana_haario_2"]!();

const settings: NutsBatchSettings = {
  batch: 2,
  firstChain: 8,
  chains: 4,
  seed: "11",
  warmup: 60,
  draws: 40,
  block: 16,
  precision: "float64",
  sampler: { name: "nuts", metric: "diagonal", target_acceptance: 0.8, max_depth: 7 },
  init: { uniform: 1 },
  keepWarmup: true,
  keepUnconstrained: true,
};

async function events(changes: Partial<NutsBatchSettings> = {}, options: RunBatchOptions = {}): Promise<BatchEvent[]> {
  const all: BatchEvent[] = [];
  for await (const event of runBatch(model, wasmEngine(), { ...settings, ...changes }, options)) all.push(event);
  return all;
}

function blocks(all: readonly BatchEvent[], phase: string): readonly DrawBlock[] {
  return all.flatMap((event) => (event.kind === "block" && event.phase === phase ? [event.block] : []));
}

/** `x0` of chain `c` over a phase. */
function draws(all: readonly BatchEvent[], phase: string, c: number): number[] {
  return blocks(all, phase).flatMap((block) => [
    ...block.posterior["x0"]!.subarray(c * block.draws, (c + 1) * block.draws),
  ]);
}

/** What was drawn and found: without how long it took, and what only a display shows. */
function timeless(all: readonly BatchEvent[]): readonly unknown[] {
  return all.flatMap((event) =>
    event.kind === "compiled" || event.kind === "adapting" ? [] : [{ ...event, seconds: undefined }],
  );
}

describe("a batch of NUTS", () => {
  it("tells what a batch tells, in its order", async () => {
    const all = await events();
    const kinds = all.map((event) => (event.kind === "block" ? event.phase : event.kind));
    expect(kinds.filter((kind, i) => kind !== kinds[i - 1])).toEqual([
      ...["compiled", "initialized", "adapting", "warmup", "checkpoint", "adapting", "warmup", "checkpoint"],
      ...["adapting", "warmup", "checkpoint", "adapting", "warmup", "adapted"],
      ...["sampling", "checkpoint", "sampling", "checkpoint", "sampling", "checkpoint", "done"],
    ]);
    expect(blocks(all, "sampling").map(({ firstDraw, draws }) => [firstDraw, draws])).toEqual([
      [0, 16],
      [16, 16],
      [32, 8],
    ]);
  });

  it("has every statistic and the unconstrained values of each draw", async () => {
    const [block] = blocks(await events(), "sampling") as [DrawBlock];
    expect(Object.keys(block.statistics).sort()).toEqual([
      ...["acceptance_rate", "diverging", "energy", "energy_error", "lp", "n_steps"],
      ...["reached_max_treedepth", "step_size", "tree_depth"],
    ]);
    for (const values of Object.values(block.statistics)) expect(values.length).toBe(4 * 16);
    expect(block.statistics["n_steps"]).toBeInstanceOf(Int32Array);
    expect(block.statistics["tree_depth"]).toBeInstanceOf(Int32Array);
    expect([...block.unconstrained!].filter((_, i) => i % 2 === 0)).toEqual([...block.posterior["x0"]!]);
    expect(new Set(block.statistics["step_size"]).size).toBe(1);
  });

  it("draws the same whatever the block", async () => {
    const [small, large] = [await events({ block: 7 }), await events({ block: 100 })];
    for (const phase of ["warmup", "sampling"])
      for (let c = 0; c < 4; c++) {
        expect(draws(small, phase, c)).toEqual(draws(large, phase, c));
        expect(new Set(draws(small, phase, c)).size).toBeGreaterThan(30);
      }
  });

  it("goes on from each of its checkpoints as if it had never stopped", async () => {
    const all = await events();
    const positions = all.flatMap((event) => (event.kind === "checkpoint" ? [event.position] : []));
    expect(positions.map((position) => position.iteration)).toEqual([16, 32, 48, 76, 92, 100]);
    for (const position of positions) {
      const resume = structuredClone(position) as BatchPosition;
      const rest = timeless(await events({}, { resume }));
      expect(rest.length).toBeGreaterThan(0);
      expect(rest).toEqual(timeless(all).slice(-rest.length));
    }
  });

  it("counts the gradients of its trees", async () => {
    const all = await events();
    const done = all.at(-1) as Extract<BatchEvent, { kind: "done" }>;
    const steps = blocks(all, "sampling").flatMap((block) => [...block.statistics["n_steps"]!]);
    expect(done.gradients.sampling).toBe(steps.reduce((a, b) => a + b, 0));
    expect(done.gradients.warmup).toBeGreaterThan(60 * 4);
  });

  it("stops between blocks when it is asked to", async () => {
    let asked = 0;
    const all = await events({}, { shouldStop: () => ++asked > 5 });
    expect(all.at(-1)!.kind).toBe("checkpoint");
    expect(blocks(all, "sampling").length).toBe(1);
  });

  it("needs a warm-up", async () => {
    await expect(events({ warmup: 0 })).rejects.toThrow(ConfigError);
    await expect(events({ warmup: 0 })).rejects.toThrow("warmup is 0, but the sampler nuts has to find its step size");
  });

  it("runs without a metric to adapt, and with a warm-up too short for one", async () => {
    for (const changes of [{ sampler: { ...settings.sampler, metric: "unit" as const } }, { warmup: 10 }]) {
      const all = await events(changes);
      const adapted = all.find((event) => event.kind === "adapted") as Extract<BatchEvent, { kind: "adapted" }>;
      expect([...adapted.inverseMass]).toEqual([1, 1]);
      expect(blocks(all, "sampling").length).toBe(3);
    }
  });
});
