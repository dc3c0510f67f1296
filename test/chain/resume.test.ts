import { expect, test } from "vitest";
import type { BatchEvent, BatchPosition, BatchSettings } from "../../src/chain/batch.ts";
import { decodePosition, encodePosition } from "../../src/chain/position.ts";
import { floatSize } from "../../src/chain/rounding.ts";
import { type RunBatchOptions, runBatch } from "../../src/chain/runBatch.ts";
import type { DrawBlock } from "../../src/draws.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { analytic } from "../models/analytic.ts";

const model = analytic["banana_haario_2"]!();

const settings: BatchSettings = {
  batch: 0,
  firstChain: 4,
  chains: 6,
  seed: "12",
  warmup: 90,
  draws: 25,
  block: 10,
  precision: "float32",
  sampler: { name: "chees", metric: "diagonal", target_acceptance: 0.6, max_steps: 50 },
  init: { uniform: 1 },
  keepWarmup: true,
  keepUnconstrained: false,
};

const samplers: Readonly<Record<string, BatchSettings["sampler"]>> = {
  chees: settings.sampler,
  "chees, fisher": { name: "chees", metric: "fisher", target_acceptance: 0.6, max_steps: 50 },
  hmc: { name: "hmc", step_size: "auto", steps: 5, metric: "diagonal", target_acceptance: 0.8 },
  "hmc, nothing to adapt": { name: "hmc", step_size: 0.1, steps: 5, metric: "unit", target_acceptance: 0.8 },
  nuts: { name: "nuts", metric: "diagonal", target_acceptance: 0.8, max_depth: 5 },
};

async function events(changed: BatchSettings, options: RunBatchOptions = {}): Promise<BatchEvent[]> {
  const all: BatchEvent[] = [];
  for await (const event of runBatch(model, wasmEngine(), changed, options)) all.push(event);
  return all;
}

/** The draws of a phase from an iteration on, as numbers by iteration. */
function drawsFrom(all: readonly BatchEvent[], phase: DrawBlock["phase"], from: number): number[][] {
  const blocks = all.flatMap((event) => (event.kind === "block" && event.phase === phase ? [event.block] : []));
  return blocks.flatMap((block) =>
    Array.from({ length: block.draws }, (_, draw) =>
      Object.values({ ...block.posterior, ...block.statistics }).flatMap((values) =>
        Array.from({ length: block.chains }, (__, chain) => Number(values[chain * block.draws + draw])),
      ),
    ).filter((___, draw) => block.firstDraw + draw >= from),
  );
}

test.each(Object.keys(samplers))("%s goes on from each of its checkpoints as if it had never stopped", async (name) => {
  const own = { ...settings, sampler: samplers[name]! };
  const whole = await events(own);
  const positions = whole.flatMap((event) => (event.kind === "checkpoint" ? [event.position] : []));
  const iterations = positions.map(({ iteration }) => iteration);
  expect(iterations.filter((iteration) => iteration < 90)).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
  expect(iterations.slice(-3)).toEqual([100, 110, 115]);
  const done = whole.at(-1)!;
  for (const position of positions) {
    const shape = { chains: 6, dimension: model.dimension, warmup: 90, draws: 25, quantities: floatSize(model) };
    const resume: BatchPosition = decodePosition(encodePosition(position), shape);
    // Another block: neither its size nor where it begins matters.
    const rest = await events({ ...own, block: 7 }, { resume });
    for (const phase of ["warmup", "sampling"] as const) {
      const from = phase === "warmup" ? position.iteration : position.iteration - 90;
      expect(drawsFrom(rest, phase, 0)).toEqual(drawsFrom(whole, phase, from));
    }
    expect(rest.some(({ kind }) => kind === "initialized")).toBe(false);
    const end = rest.at(-1)!;
    expect(end.kind === "done" && done.kind === "done").toBe(true);
    if (end.kind === "done" && done.kind === "done") {
      expect(end.gradients).toEqual(done.gradients);
      expect(end.divergences).toEqual(done.divergences);
    }
  }
});
