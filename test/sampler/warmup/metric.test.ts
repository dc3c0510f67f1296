import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fisherMetric, stanDiagonalMetric, unitMetric } from "../../../src/sampler/warmup/metric.ts";
import * as moments from "../../../src/sampler/warmup/moments.ts";
import { expectClose, readReference } from "./reference.ts";

const units = readReference<{
  welford: { x: readonly number[][]; stan_diag: readonly number[] };
  stan_regularisation_test: { expected_var: number };
}>("sampler_units/units.json");

const of = (dimension: number, values: ArrayLike<number>): moments.Moments =>
  moments.add(moments.init(dimension), values);

/** Moments of one dimension with the given count and variance. */
const withVariance = (count: number, variance: number): moments.Moments => ({
  count,
  mean: Float64Array.of(0),
  squares: Float64Array.of(variance * (count - 1)),
});

describe("the metric from draws and scores", () => {
  it("is a Gaussian's covariance, whatever the draws", () => {
    const variances = [1e-6, 0.3, 4, 1e8];
    const row = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(row, { minLength: 10, maxLength: 30, selector: (r) => r[0] }), (rows) => {
        const z = rows.flatMap((r) => r.map((x, i) => x * Math.sqrt(variances[i]!)));
        const scores = z.map((x, k) => -x / variances[k % 4]!);
        const metric = fisherMetric(of(4, z), of(4, scores), unitMetric(4));
        const spread = moments.variance(of(4, rows.flat()));
        metric.forEach((inverseMass, i) => {
          if (spread[i]! > 1e-12) expectClose(inverseMass / variances[i]!, 1, 1e-9, `dimension ${i}`);
        });
      }),
    );
  });

  it("is cut to [1e-20, 1e20], without overflow in between", () => {
    const metric = (draw: number, score: number): number =>
      fisherMetric(withVariance(50, draw), withVariance(50, score), [3])[0]!;
    expect(metric(1e-30, 1e30)).toBe(1e-20);
    expect(metric(1e30, 1e-30)).toBe(1e20);
    expect(metric(1e-160, 1e160)).toBe(1e-20);
    expect(metric(1e160, 1e-160)).toBe(1e20);
    expectClose(metric(8, 2), 2, 1e-15, "ratio");
  });

  it("keeps a dimension's value where the ratio says nothing", () => {
    const cases = [
      [0, 0],
      [0, 1],
      [1, 0],
      [Number.NaN, 1],
      [1, Number.POSITIVE_INFINITY],
      [Number.POSITIVE_INFINITY, 1],
    ] as const;
    for (const [draw, score] of cases) {
      expect(fisherMetric(withVariance(50, draw), withVariance(50, score), [3])[0]).toBe(3);
    }
  });

  it("goes n/10 of the way in the logarithm from n < 10 draws, and not at all from one", () => {
    const previous = [1];
    for (const n of [2, 5, 9]) {
      const metric = fisherMetric(withVariance(n, 16), withVariance(n, 1), previous)[0]!;
      expectClose(metric, 4 ** (n / 10), 1e-14, `${n} draws`);
    }
    expectClose(fisherMetric(withVariance(10, 16), withVariance(10, 1), previous)[0]!, 4, 1e-15, "10 draws");
    expect([...fisherMetric(of(1, [1]), of(1, [2]), [7])]).toEqual([7]);
    expect([...fisherMetric(moments.init(1), moments.init(1), [7])]).toEqual([7]);
  });
});

describe("Stan's metric", () => {
  it("is the reference's shrunk variance", () => {
    stanDiagonalMetric(of(3, units.welford.x.flat())).forEach((inverseMass, i) => {
      expectClose(inverseMass / units.welford.stan_diag[i]!, 1, 1e-14, `dimension ${i}`);
    });
    const zeros = stanDiagonalMetric(of(1, new Float64Array(10)))[0]!;
    expectClose(zeros / units.stan_regularisation_test.expected_var, 1, 1e-15, "ten zeros");
  });
});
