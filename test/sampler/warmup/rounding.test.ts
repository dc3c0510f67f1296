import { expect, test } from "vitest";
import { judged } from "../../../src/sampler/warmup/rounding.ts";

test("near the posterior nothing changes: H is known to a thousandth", () => {
  const [a] = judged([0.5], [1000], "float32");
  expect(a).toBeGreaterThan(0.5);
  expect(a).toBeLessThan(0.5002);
});

test("far away, refusals within the rounding of H are none", () => {
  // 4 · 2⁻²⁴ · 10⁸ ≈ 23.8.
  expect(Array.from(judged([1e-9, 1e-30], [1e8, -1e8], "float32"))).toEqual([1, expect.closeTo(2.26e-20, 22)]);
  expect(judged([0.3], [1e8], "float64")[0]).toBeCloseTo(0.3, 7);
});

test("what is refused outright, or has no energy, stays", () => {
  expect(Array.from(judged([0, 0.4, Number.NaN], [1e8, Number.POSITIVE_INFINITY, 1], "float32"))).toEqual([
    0,
    0.4,
    Number.NaN,
  ]);
});
