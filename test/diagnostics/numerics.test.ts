/** The pieces that the diagnostics are made of, against slow and obvious versions. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanAutocovariance } from "../../src/diagnostics/autocovariance.ts";
import { betaCdf, betaQuantile } from "../../src/diagnostics/beta.ts";
import { fourier, planFor } from "../../src/diagnostics/fft.ts";
import { quantile } from "../../src/diagnostics/index.ts";
import { normalQuantile } from "../../src/diagnostics/normal.ts";
import { foldSorted, rankNormalise } from "../../src/diagnostics/ranks.ts";
import { sortWithOrder } from "../../src/diagnostics/sort.ts";
import { readCopied } from "./reference.ts";

interface Tables {
  readonly normal_quantile: { rows: [number, number][] };
  readonly betainc_reg: { rows: [[number, number, number], number][] };
  readonly beta_quantile: { rows: [[number, number, number], number][] };
}
const tables = readCopied<Tables>("quantiles.json");
const relative = (found: number, want: number): number => Math.abs(found - want) / (Math.abs(want) || 1);

describe("quantile functions", () => {
  it("normal, to 1e-15", () => {
    for (const [p, z] of tables.normal_quantile.rows) expect(relative(normalQuantile(p), z)).toBeLessThan(1e-15);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(-0.1)).toBeNaN();
    expect(normalQuantile(Number.NaN)).toBeNaN();
  });

  it("beta, to 5e-15", () => {
    for (const [[a, b, x], want] of tables.betainc_reg.rows) {
      expect(relative(betaCdf(x, a, b), want)).toBeLessThan(5e-15);
    }
    for (const [[a, b, p], want] of tables.beta_quantile.rows) {
      expect(relative(betaQuantile(p, a, b), want)).toBeLessThan(5e-15);
    }
    expect(betaQuantile(0.5, Number.NaN, 1)).toBeNaN();
  });

  it("beta quantile inverts the distribution function, up to a million draws", () => {
    const shape = fc.double({ min: 0, max: 6, noNaN: true }).map((power) => 10 ** power);
    fc.assert(
      fc.property(shape, shape, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (a, b, p) => {
        expect(betaCdf(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 9);
      }),
    );
  });

  it("type 7 at the ends, between draws, and at infinities", () => {
    const draws = [
      [3, 1],
      [2, 10],
    ];
    expect(quantile(draws, 0)).toBe(1);
    expect(quantile(draws, 1)).toBe(10);
    expect(quantile(draws, 0.5)).toBe(2.5);
    expect(quantile([[1, Number.POSITIVE_INFINITY, 0]], 0.5)).toBe(1);
    expect(quantile([[1, Number.NaN, 0]], 0.5)).toBeNaN();
    expect(() => quantile(draws, 1.5)).toThrow(RangeError);
  });
});

describe("sorting", () => {
  const check = (values: Float64Array): void => {
    const { values: sorted, order } = sortWithOrder(values);
    const want = values.slice().sort();
    for (let k = 0; k < values.length; k++) {
      if (sorted[k]! !== want[k]! || values[order[k]!]! !== want[k]!) throw new Error(`place ${k}: ${sorted[k]}`);
    }
    expect(new Set(order).size).toBe(values.length);
  };

  it("agrees with Float64Array.prototype.sort on any bits", () => {
    fc.assert(fc.property(fc.float64Array({ noNaN: true, maxLength: 300 }), check));
  });

  it("agrees where all high words are equal, and with ties", () => {
    check(Float64Array.from({ length: 5000 }, (_, i) => 1e8 + ((i * 7919) % 5000) * 1e-7));
    check(Float64Array.from({ length: 5000 }, (_, i) => -1 - ((i * 7919) % 13) * 2 ** -52));
    check(Float64Array.from({ length: 5000 }, (_, i) => (i * 7919) % 7));
    check(new Float64Array(0));
  });

  it("folds like sorting the distances from the median", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 }), (list) => {
        const sorted = sortWithOrder(Float64Array.from(list));
        const median = quantile([list], 0.5);
        const folded = foldSorted(sorted, median);
        expect([...folded.values]).toEqual(list.map((v) => Math.abs(v - median)).sort((a, b) => a - b));
        folded.order.forEach((position, k) => {
          expect(Math.abs(list[position]! - median)).toBe(folded.values[k]);
        });
      }),
    );
  });

  it("gives ties the score of their average rank", () => {
    const scores = rankNormalise(sortWithOrder(Float64Array.from([5, 1, 5, 2])));
    const at = (rank: number): number => normalQuantile((rank - 0.375) / 4.25);
    expect([...scores]).toEqual([at(3.5), at(1), at(3.5), at(2)]);
  });
});

describe("transforms", () => {
  it("Fourier transform of every size to 128 agrees with the sum", () => {
    for (let size = 1; size <= 128; size *= 2) {
      const plan = planFor(size);
      const re = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i + 1));
      const im = Float64Array.from({ length: size }, (_, i) => Math.cos(3 * i * i));
      const [x, y] = [re.slice(), im.slice()];
      fourier(plan, re, im);
      for (let k = 0; k < size; k++) {
        let [a, b] = [0, 0];
        for (let t = 0; t < size; t++) {
          const angle = (-2 * Math.PI * ((k * t) % size)) / size;
          a += x[t]! * Math.cos(angle) - y[t]! * Math.sin(angle);
          b += x[t]! * Math.sin(angle) + y[t]! * Math.cos(angle);
        }
        expect(Math.abs(re[plan.place[k]!]! - a)).toBeLessThan(1e-12);
        expect(Math.abs(im[plan.place[k]!]! - b)).toBeLessThan(1e-12);
      }
    }
  });

  it("autocovariance agrees with the sum at every lag, for odd and even numbers of chains", () => {
    for (const [chains, draws] of [
      [1, 5],
      [3, 50],
      [4, 129],
      [5, 64],
    ] as const) {
      const values = Float64Array.from({ length: chains * draws }, (_, i) => Math.sin(i * i + 0.5 * i));
      const at = meanAutocovariance({ chains, draws, values });
      for (let lag = 0; lag < draws; lag++) {
        let sum = 0;
        for (let chain = 0; chain < chains; chain++) {
          for (let i = 0; i + lag < draws; i++) sum += values[chain * draws + i]! * values[chain * draws + i + lag]!;
        }
        expect(Math.abs(at(lag) - sum / (chains * draws))).toBeLessThan(1e-14);
      }
    }
  });
});
