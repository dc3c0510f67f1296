import { describe, expect, test } from "vitest";
import type { BatchEvent, BatchSettings } from "../../src/chain/batch.ts";
import {
  mergeRounding,
  noRounding,
  type RoundingFacts,
  roundingFacts,
  type TwiceEvaluated,
  withStates,
} from "../../src/chain/rounding.ts";
import { runBatch } from "../../src/chain/runBatch.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { bind } from "../../src/model/bind.ts";
import type { BoundModel } from "../../src/model/boundModel.ts";
import { real } from "../../src/model/data.ts";
import { density } from "../../src/model/density.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { uniform } from "../../src/model/distributions/uniform.ts";
import { model } from "../../src/model/model.ts";

const names = { coordinates: ["a", "b"], quantities: ["q"] };

const states: readonly TwiceEvaluated[] = [1, 2, 3, 4, 5, 6].map((i) => ({
  density: [1000 + 0.25 * (-1) ** i, 1000],
  gradient: [
    [i, 2],
    [i, 2 + 0.02 * i],
  ],
  quantities: [[8 * i + 0.5], [8 * i]],
}));

describe("the sums over states", () => {
  const sums = withStates(noRounding(2, 1), states);

  test("say what the errors are", () => {
    const facts = roundingFacts(sums, names);
    // Errors of ±¼ have the variance 6/5 · 1/16, a difference twice that.
    expect(facts.log_density).toBeCloseTo(Math.sqrt((2 * (6 / 5)) / 16), 12);
    const slopes = [1, 2, 3, 4, 5, 6].map((i) => 0.02 * i);
    const square = (values: readonly number[]): number => values.reduce((sum, x) => sum + x * x, 0);
    expect(facts.gradient).toBeCloseTo(Math.sqrt(square(slopes) / square(slopes.map((x) => 2 + x))), 12);
    expect(facts.gradient_worst).toBe("b");
    // The variance of 1 … 6 is 3.5.
    expect(facts.quantity).toBeCloseTo(0.5 / (8 * Math.sqrt(3.5)), 12);
    expect(facts.quantity_worst).toBe("q");
  });

  test("say nothing of a quantity that is no number in float64 either, and do where float32 alone has none", () => {
    const withQuantity = (found: number, exact: number): RoundingFacts =>
      roundingFacts(
        withStates(
          noRounding(2, 1),
          states.map((state) => ({ ...state, quantities: [[found], [exact]] })),
        ),
        names,
      );
    for (const both of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(withQuantity(both, both).quantity).toBe(0);
    for (const found of [Number.NaN, Number.NEGATIVE_INFINITY])
      expect(withQuantity(found, Number.POSITIVE_INFINITY).quantity).toBeNaN();
  });

  test("do not depend on how the states are divided", () => {
    const part = (from: number, to: number) => withStates(noRounding(2, 1), states.slice(from, to));
    const whole = roundingFacts(sums, names);
    for (const at of [0, 1, 3, 6]) {
      const merged = roundingFacts(mergeRounding(part(0, at), part(at, 6)), names);
      expect(merged.log_density).toBeCloseTo(whole.log_density, 12);
      expect(merged.gradient).toBeCloseTo(whole.gradient, 12);
      expect(merged.quantity).toBeCloseTo(whole.quantity, 12);
    }
  });

  test("are not numbers where a state is none in float64", () => {
    const lost = withStates(sums, [{ ...states[0]!, density: [1, Number.NaN] }]);
    expect(roundingFacts(lost, names).log_density).toBeNaN();
  });
});

const settings: BatchSettings = {
  batch: 0,
  firstChain: 0,
  chains: 8,
  seed: "0",
  warmup: 150,
  draws: 100,
  block: 25,
  precision: "float32",
  sampler: { name: "chees", metric: "fisher", target_acceptance: 0.8, max_steps: 100 },
  init: { uniform: 2 },
  keepWarmup: false,
  keepUnconstrained: false,
};

async function factsOf(target: BoundModel, changes: Partial<BatchSettings> = {}): Promise<RoundingFacts[]> {
  const found: BatchEvent[] = [];
  const options = { exact: async () => wasmEngine() };
  for await (const event of runBatch(target, wasmEngine(), { ...settings, ...changes }, options)) found.push(event);
  return found.flatMap((event) => (event.kind === "precision" ? [event.facts] : []));
}

describe("a batch in float32", () => {
  test("is fine where the log density is small", async () => {
    const facts = await factsOf(bind(model({ parameters: { x: normal(0, 1) } })));
    // The ends of all blocks: fewer chains are looked at more often.
    expect(facts.map(({ states }) => states)).toEqual([8, 16, 24, 32]);
    const { log_density, gradient, quantity } = facts.at(-1)!;
    expect(Math.max(log_density, gradient, quantity)).toBeLessThan(1e-5);
  });

  test.each(["chees", "nuts"])("errs in log densities of a million, with %s", async (name) => {
    const count = 20_000;
    const y = Float64Array.from({ length: count }, (_, i) => 17 * Math.sin(i));
    const large = density({
      dimension: 1,
      data: { y: real("observation") },
      logDensity: (z, { y: data }) => data.sub(z.at(0)).square().sum().mul(-0.5),
    });
    const sampler =
      name === "nuts" ? { name, metric: "diagonal", target_acceptance: 0.8, max_depth: 6 } : settings.sampler;
    const changes = { sampler: sampler as BatchSettings["sampler"], init: { value: 0 } };
    const facts = await factsOf(bind(large, { data: { y: { data: y, shape: [count] } } }), changes);
    expect(facts.at(-1)!.log_density).toBeGreaterThan(0.1);
  });

  test("cannot tell apart what lies between large bounds", async () => {
    const [near, far] = [16_777_216, 1_700_000_000];
    const facts = await factsOf(
      bind(model({ parameters: { near: uniform(near, near + 20), far: uniform(far, far + 60) } })),
    );
    const { quantity, quantity_worst } = facts.at(-1)!;
    expect(quantity_worst).toBe("far");
    // Neighbours are 128 apart: the whole interval is one number, 1.7e9 itself, and its middle lies 30 away.
    expect(quantity).toBeGreaterThan(1);
  });

  test("knows what was looked at before, where it goes on", async () => {
    const target = bind(model({ parameters: { x: normal(0, 1) } }));
    const exact = async () => wasmEngine();
    const whole: BatchEvent[] = [];
    for await (const event of runBatch(target, wasmEngine(), settings, { exact })) whole.push(event);
    const last = whole.findLast((event) => event.kind === "checkpoint")!.position.rounding;
    expect(last?.states).toBe(32);
    for (const event of whole) {
      if (event.kind !== "checkpoint" || event.position.iteration >= 250) continue;
      const rest: BatchEvent[] = [];
      const options = { exact, resume: event.position };
      for await (const each of runBatch(target, wasmEngine(), settings, options)) rest.push(each);
      expect(rest.findLast((each) => each.kind === "checkpoint")!.position.rounding).toEqual(last);
    }
  });

  test("is not looked at in float64, and not without an engine", async () => {
    const target = bind(model({ parameters: { x: normal(0, 1) } }));
    expect(await factsOf(target, { precision: "float64" })).toEqual([]);
  });
});
