import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as moments from "../../../src/sampler/warmup/moments.ts";
import { expectClose, readReference } from "./reference.ts";

const welford = readReference<{
  welford: { x: readonly number[][]; n: number; var: readonly number[]; offset_case: { shift: number } };
}>("sampler_units/units.json").welford;

const draws = (dimension: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: dimension, maxLength: dimension }), {
      minLength: 1,
      maxLength: 20,
    })
    .map((rows) => rows.flat());

function expectSame(found: moments.Moments, expected: moments.Moments, tolerance: number): void {
  expect(found.count).toBe(expected.count);
  expected.mean.forEach((mean, i) => {
    expectClose(found.mean[i]!, mean, tolerance, `mean ${i}`);
    expectClose(found.squares[i]!, expected.squares[i]!, tolerance, `squares ${i}`);
  });
}

describe("moments", () => {
  it("has the reference's variances, one draw at a time or all at once", () => {
    let one = moments.init(3);
    for (const row of welford.x) one = moments.add(one, row);
    const all = moments.add(moments.init(3), Float64Array.from(welford.x.flat()));
    expect(one).toEqual(all);
    expect(one.count).toBe(welford.n);
    moments.variance(one).forEach((variance, i) => {
      expectClose(variance / welford.var[i]!, 1, 1e-14, `variance ${i}`);
    });
  });

  it("keeps the variance of draws that lie far from zero", () => {
    const { shift } = welford.offset_case;
    const shifted = welford.x.flat().map((x) => x + shift);
    const whole = moments.add(moments.init(3), shifted);
    const halves = moments.merge(
      moments.add(moments.init(3), shifted.slice(0, 15)),
      moments.add(moments.init(3), shifted.slice(15)),
    );
    for (const state of [whole, halves]) {
      moments.variance(state).forEach((variance, i) => {
        expectClose(variance / welford.var[i]!, 1, 1e-6, `variance ${i}`);
      });
    }
  });

  it("reads float32 draws as they are", () => {
    const state = moments.add(moments.init(1), Float32Array.of(0.1, 0.3));
    expect(state.mean[0]).toBe((Math.fround(0.1) + Math.fround(0.3)) / 2);
  });

  it("merges as if the draws had come one after the other, in any grouping", () => {
    fc.assert(
      fc.property(draws(2), draws(2), draws(2), (x, y, z) => {
        const [a, b, c] = [x, y, z].map((values) => moments.add(moments.init(2), values)) as [
          moments.Moments,
          moments.Moments,
          moments.Moments,
        ];
        const together = moments.add(moments.init(2), [...x, ...y, ...z]);
        expectSame(moments.merge(moments.merge(a, b), c), together, 1e-11);
        expectSame(moments.merge(a, moments.merge(b, c)), together, 1e-11);
      }),
    );
  });

  it("has the empty state for its neutral element, and leaves its arguments alone", () => {
    const a = moments.add(moments.init(2), [1, 2, 3, 5]);
    const copy = structuredClone(a);
    expect(moments.merge(a, moments.init(2))).toEqual(a);
    expect(moments.merge(moments.init(2), a)).toEqual(a);
    moments.add(a, [7, 7]);
    moments.merge(a, a);
    expect(a).toEqual(copy);
  });

  it("has no variance below two draws", () => {
    expect([...moments.variance(moments.init(1))]).toEqual([Number.NaN]);
    expect([...moments.variance(moments.add(moments.init(1), [3]))]).toEqual([Number.NaN]);
    expect([...moments.variance(moments.add(moments.init(1), [3, 5]))]).toEqual([2]);
  });
});

describe("moments of many chains", () => {
  const chains = 6;
  const at = (offset: number): number[] => [0.3, -1, 2, 0.7, -0.4, 1.1].map((x) => x + offset);
  const spread = moments.variance(moments.add(moments.init(1), at(0)))[0]!;

  it("do not take the way of all chains together for their spread", () => {
    const state = [0, 10, 20].reduce((state, offset) => moments.addBatch(state, at(offset)), moments.init(1));
    expect(state.count).toBe(3 * chains);
    // 18 draws, each iteration's squares scaled by 6/5: the variance of one, up to the divisor n − 1.
    expect((moments.variance(state)[0]! * 17) / 18).toBeCloseTo(spread, 12);
    expect(state.mean[0]).toBeCloseTo(20 + at(0).reduce((a, b) => a + b, 0) / chains, 12);
  });

  it("are pooled where chains are few", () => {
    const state = moments.addBatch(moments.addBatch(moments.init(1), [1, 2]), [5, 9]);
    expect(moments.variance(state)[0]).toBeCloseTo(
      moments.variance(moments.add(moments.init(1), [1, 2, 5, 9]))[0]!,
      12,
    );
  });

  it("forget in proportion, and only what is too much", () => {
    const state = moments.add(moments.init(1), at(0));
    expect(moments.forget(state, 10)).toBe(state);
    const half = moments.forget(state, 3);
    expect(half.count).toBe(3);
    expect(half.squares[0]! / 3).toBeCloseTo(state.squares[0]! / 6, 12);
    expect(moments.forget(state, -1).count).toBe(0);
  });
});
