import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halton, stepCount } from "../../../src/sampler/halton.ts";
import { readReference } from "./reference.ts";

const reference = readReference<{
  halton: { index: readonly number[]; bits_10: readonly number[]; bits_11: readonly number[] };
}>("chees/updates.json").halton;

describe("halton", () => {
  it("agrees with BlackJAX's table for 10 and 11 bits, exactly", () => {
    expect(reference.index.length).toBe(68);
    expect(reference.index.map((i) => halton(i))).toEqual(reference.bits_10);
    expect(reference.index.map((i) => halton(i, 11))).toEqual(reference.bits_11);
  });

  it("visits each multiple of 2^-bits once in a period, from wherever it starts, and then repeats", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.nat({ max: 1e9 }), (bits, from) => {
        const period = 2 ** bits;
        const values = Array.from({ length: period }, (_, k) => halton(from + k, bits));
        expect(values.map((value) => value * period).sort((a, b) => a - b)).toEqual([...Array(period).keys()]);
        expect(halton(from + period, bits)).toBe(values[0]);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps its low bits beyond 2^32 iterations", () => {
    expect(halton(2 ** 40 - 1, 41)).toBe(2 ** -41);
    expect(halton(2 ** 40, 10)).toBe(0.5);
  });
});

describe("stepCount", () => {
  it("is ⌈hT/ε⌉, at least 1 and at most max", () => {
    expect(stepCount(0.5, 4, 0.25)).toBe(8);
    expect(stepCount(0.5, 4.01, 0.25)).toBe(9);
    expect(stepCount(0, 4, 0.25)).toBe(1);
    expect(stepCount(0.001, 1, 1)).toBe(1);
    expect(stepCount(0.75, 1e9, 1e-3)).toBe(1000);
    expect(stepCount(1, 10, 1, 7)).toBe(7);
    expect(stepCount(1, Number.POSITIVE_INFINITY, 1)).toBe(1000);
    expect(stepCount(Number.NaN, 1, 1)).toBe(1);
    expect(stepCount(halton(1023), 5, 0.1)).toBe(1);
  });
});
