import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acceptanceProbability, arithmeticMean, harmonicMean } from "../../../src/sampler/warmup/harmonicMean.ts";
import { expectClose } from "./reference.ts";

describe("acceptanceProbability", () => {
  it("is min(1, e^x), and 0 for what is not finite", () => {
    expect(acceptanceProbability(0)).toBe(1);
    expect(acceptanceProbability(800)).toBe(1);
    expect(acceptanceProbability(-800)).toBe(0);
    expectClose(acceptanceProbability(-1), 0.36787944117144233, 1e-16, "e^-1");
    for (const x of [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) {
      expect(acceptanceProbability(x)).toBe(0);
    }
  });
});

describe("the means of a batch's acceptance", () => {
  it("harmonic: one 0, or one value that is not finite, makes it 0", () => {
    expect(harmonicMean([0.9, 0.5, 1, 0.2])).toBeCloseTo(0.43902439024390244, 15);
    for (const bad of [0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 1e-320]) {
      expect(harmonicMean([0.9, bad, 1])).toBe(0);
    }
    expect(harmonicMean([])).toBe(0);
    expect(harmonicMean(Float32Array.of(0.5, 0.5))).toBe(0.5);
  });

  it("arithmetic: a value that is not finite counts as 0", () => {
    expect(arithmeticMean([0.25, Number.NaN, 1, Number.POSITIVE_INFINITY])).toBe(0.3125);
    expect(arithmeticMean([])).toBe(0);
  });

  it("min ≤ harmonic ≤ arithmetic ≤ max", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }), (a) => {
        const slack = 1e-12;
        expect(harmonicMean(a)).toBeGreaterThanOrEqual(Math.min(...a) * (1 - slack));
        expect(harmonicMean(a)).toBeLessThanOrEqual(arithmeticMean(a) * (1 + slack));
        expect(arithmeticMean(a)).toBeLessThanOrEqual(Math.max(...a) * (1 + slack));
      }),
    );
  });
});
