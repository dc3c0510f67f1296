import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logTicks } from "../../../src/report/html/figure.ts";
import {
  areFinite,
  bandsOf,
  density,
  evenly,
  oddestChain,
  pooled,
  quantileOf,
  rankHistograms,
} from "../../../src/report/html/numbers.ts";
import { axisOf } from "../../../src/report/html/scale.ts";

const chains = [Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8)];

describe("rank histograms", () => {
  test("count where each chain's draws lie among all", () => {
    const sorted = pooled(chains).sort();
    expect(rankHistograms(chains, sorted, 4).map((counts) => [...counts])).toEqual([
      [2, 2, 0, 0],
      [0, 0, 2, 2],
    ]);
  });

  test("put equal draws on their middle rank", () => {
    const equal = [Float64Array.of(3, 3), Float64Array.of(3, 3)];
    expect(rankHistograms(equal, pooled(equal).sort(), 2).map((counts) => [...counts])).toEqual([
      [0, 2],
      [0, 2],
    ]);
  });

  test("tell the chain that differs most", () => {
    expect(oddestChain([Float64Array.of(5, 5), Float64Array.of(9, 1), Float64Array.of(4, 6)])).toBe(1);
  });

  test("lose no draw", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 3 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        (draws, bins) => {
          const histograms = rankHistograms(draws, pooled(draws).sort(), bins);
          expect(histograms.every((counts) => counts.reduce((a, b) => a + b) === 3)).toBe(true);
        },
      ),
    );
  });
});

describe("densities", () => {
  test("of a uniform are level and integrate to one", () => {
    const draws = Float64Array.from({ length: 10_001 }, (_, i) => i / 10_000);
    const { x, y } = density(draws, -0.5, 1.5, 401);
    const step = (x[1] ?? 0) - (x[0] ?? 0);
    expect(y.reduce((a, b) => a + b) * step).toBeCloseTo(1, 3);
    expect(y[200]).toBeCloseTo(1, 2);
    expect(y[0]).toBeCloseTo(0, 6);
  });

  test("of a single point are finite", () => {
    expect(density(Float64Array.of(2, 2, 2), 1, 3).y.every(Number.isFinite)).toBe(true);
  });
});

test("bands are quantiles over all chains", () => {
  const { x, quantiles } = bandsOf(chains, [0, 0.5, 1], 2);
  expect(x).toEqual([1.5, 3.5]);
  expect(quantiles).toEqual([
    [1, 3],
    [3.5, 5.5],
    [6, 8],
  ]);
});

test("quantiles are linear between neighbours", () => {
  expect(quantileOf([1, 2, 4], 0.75)).toBe(3);
  expect(quantileOf([], 0.5)).toBeNaN();
});

test("evenly chosen places are distinct, ascending and within", () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.integer({ min: 1, max: 300 }), (length, most) => {
      const places = evenly(length, most);
      expect(places).toHaveLength(Math.min(length, most));
      expect(places.every((place, i) => place < length && place > (places[i - 1] ?? -1))).toBe(true);
    }),
  );
});

test("draws are finite only if each is", () => {
  expect(areFinite(chains)).toBe(true);
  expect(areFinite([[1, Number.NaN]])).toBe(false);
  expect(areFinite([[1, Number.POSITIVE_INFINITY]])).toBe(false);
});

describe("an axis", () => {
  test("is logarithmic for positive draws over orders of magnitude only", () => {
    const wide = Float64Array.from({ length: 1000 }, (_, i) => 10 ** (-3 + (6 * i) / 999));
    expect(axisOf(wide).type).toBe("log");
    expect(axisOf(wide.map((value) => value - 0.01)).type).toBe("linear");
    expect(axisOf(wide.map((value) => 1000 + value)).type).toBe("linear");
  });

  test("of a constant still has a width", () => {
    const { domain } = axisOf(Float64Array.of(3, 3, 3));
    expect(domain[1]).toBeGreaterThan(domain[0]);
  });

  test("does not follow the longest tails", () => {
    const tails = Float64Array.from({ length: 2001 }, (_, i) => Math.tan((Math.PI * (i - 1000)) / 2002));
    expect(axisOf(tails).domain[1]).toBeLessThan(30);
  });

  test("has few ticks within its domain, whatever its span", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -12, max: 12 }),
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        (from, decades) => {
          const [low, high] = [10 ** from, 10 ** (from + decades)];
          const ticks = logTicks([low, high]);
          expect(ticks.length).toBeLessThanOrEqual(6);
          expect(ticks.every((tick) => tick >= low && tick <= high)).toBe(true);
          if (decades > 1) expect(ticks.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});
