import { describe, expect, it } from "vitest";
import type { Arithmetic } from "../../src/elementary/arithmetic.ts";
import {
  type ElementaryName,
  elementary,
  exp,
  expNonPositive,
  float32,
  float64,
  pow,
  sigmoid,
  softplus,
} from "../../src/elementary/index.ts";

/** Values at −∞, −0, 0, ∞; NaN is NaN everywhere. */
const EDGES: Readonly<Record<ElementaryName, readonly [number, number, number, number]>> = {
  exp: [0, 1, 1, Infinity],
  expm1mx: [Infinity, 0, 0, Infinity],
  expm1: [-1, -0, 0, Infinity],
  log: [Number.NaN, -Infinity, -Infinity, Infinity],
  log1p: [Number.NaN, -0, 0, Infinity],
  log1pmx: [Number.NaN, -0, 0, -Infinity],
  log1mExp: [-0, -Infinity, -Infinity, Number.NaN],
  sigmoid: [0, 0.5, 0.5, 1],
  softplus: [0, Math.LN2, Math.LN2, Infinity],
  logSigmoid: [-Infinity, -Math.LN2, -Math.LN2, 0],
  tanh: [-1, -0, 0, 1],
  erf: [-1, -0, 0, 1],
  erfc: [2, 1, 1, 0],
  erfinv: [Number.NaN, -0, 0, Number.NaN],
  normalCdf: [0, 0.5, 0.5, 1],
  normalLogCdf: [-Infinity, -Math.LN2, -Math.LN2, 0],
  inverseMills: [Infinity, Math.sqrt(2 / Math.PI), Math.sqrt(2 / Math.PI), 0],
  lgamma: [Number.NaN, Infinity, Infinity, Infinity],
  digamma: [Number.NaN, -Infinity, -Infinity, Infinity],
  trigamma: [Number.NaN, Infinity, Infinity, 0],
  stirlingRest: [Number.NaN, Infinity, Infinity, 0],
  stirlingRestSlope: [Number.NaN, -Infinity, -Infinity, 0],
};

const both = [float64, float32];

/** Zeros count as equal where the sign of a vanishing result is not promised. */
const promised = (x: number, f: number): number => (x !== 0 && f === 0 ? 0 : f);

describe.each(both)("edges in $precision", (m) => {
  it.each(Object.keys(EDGES) as ElementaryName[])("%s", (name) => {
    [-Infinity, -0, 0, Infinity].forEach((x, i) => {
      const expected = promised(x, m.constant(EDGES[name][i]!));
      expect(promised(x, elementary[name](m, x)), `${name}(${x})`).toBe(expected);
    });
    expect(elementary[name](m, Number.NaN)).toBeNaN();
  });

  it("outside the domain: NaN", () => {
    for (const name of [
      "log",
      "lgamma",
      "digamma",
      "trigamma",
      "stirlingRest",
      "stirlingRestSlope",
      "log1mExp",
    ] as const)
      expect(elementary[name](m, name === "log1mExp" ? 0.5 : -0.5)).toBeNaN();
    expect(elementary.log1p(m, -1.5)).toBeNaN();
    expect(elementary.log1p(m, -1)).toBe(-Infinity);
    expect(elementary.log1pmx(m, -1)).toBe(-Infinity);
    expect(elementary.log1pmx(m, -1.5)).toBeNaN();
    expect(elementary.erfinv(m, -1)).toBe(-Infinity);
    expect(elementary.erfinv(m, 1)).toBe(Infinity);
    expect(elementary.erfinv(m, 1.5)).toBeNaN();
  });

  it("exact values", () => {
    expect(elementary.lgamma(m, 1)).toBe(0);
    expect(elementary.lgamma(m, 2)).toBe(0);
    expect(elementary.log(m, 1)).toBe(0);
    expect(elementary.erfc(m, 0)).toBe(1);
  });

  it("pow", () => {
    const smallest = m === float64 ? 2 ** -1022 : 2 ** -126;
    const values = [0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, Infinity, Number.NaN, 7, -8, 2 ** 20, 2 ** -20];
    for (const x of values) {
      for (const y of values) {
        const built = m.constant(x ** y);
        const expected = Math.abs(x) === 1 && Math.abs(y) === Infinity ? 1 : built;
        const found = pow(m, x, y);
        if (Math.abs(expected) > 0 && Number.isFinite(expected) && Math.abs(expected) >= smallest) {
          expect(Math.abs(found / expected - 1), `pow(${x}, ${y})`).toBeLessThan(m === float64 ? 4e-15 : 4e-7);
        } else {
          expect(found === 0 ? 0 : found, `pow(${x}, ${y})`).toBe(Math.abs(expected) < smallest ? 0 : expected);
        }
      }
    }
    expect(pow(m, -Infinity, 3)).toBe(-Infinity);
    expect(pow(m, -2, 0.5)).toBeNaN();
    expect(pow(m, 1.0000001, Infinity)).toBe(Infinity);
    expect(pow(m, m.constant(1.0001), -1e30)).toBe(0);
    expect(pow(m, m.constant(1.0001), 1e30)).toBe(Infinity);
  });
});

describe("the ends of the exponential", () => {
  it("are at the overflow threshold and at the smallest normal number", () => {
    expect(exp(float64, 709.782712893384)).toBeLessThan(Infinity);
    expect(exp(float64, 709.7827128933841)).toBe(Infinity);
    expect(exp(float64, -708.3964185322641)).toBeGreaterThanOrEqual(2 ** -1022);
    expect(exp(float64, -708.3964185322642)).toBe(0);
    expect(exp(float32, 88.72283172607422)).toBeLessThan(Infinity);
    expect(exp(float32, 88.72283935546875)).toBe(Infinity);
    expect(exp(float32, -87.33654022216797)).toBeGreaterThanOrEqual(2 ** -126);
    expect(exp(float32, -87.3365478515625)).toBe(0);
  });
});

/** float32 arithmetic that counts results which are subnormal. */
function watched(): { readonly m: Arithmetic<number, boolean>; readonly count: () => number } {
  let subnormal = 0;
  const watch = (x: number): number => {
    if (x !== 0 && Math.abs(x) < 2 ** -126) subnormal++;
    return x;
  };
  const binary = (f: (a: number, b: number) => number) => (a: number, b: number) => watch(f(a, b));
  const { add, sub, mul, div } = float32;
  const m = { ...float32, add: binary(add), sub: binary(sub), mul: binary(mul), div: binary(div) };
  return { m, count: () => subnormal };
}

describe("subnormal numbers", () => {
  it("are never met by the functions of hot loops", () => {
    const { m, count } = watched();
    for (let i = -4000; i <= 4000; i++) {
      const x = Math.fround(i * 0.0501);
      exp(m, x);
      sigmoid(m, x);
      softplus(m, x);
      expNonPositive(m, -Math.abs(x), -86);
      expect(count(), `at ${x}`).toBe(0);
    }
  });

  it("come out as 0, the sigmoid's from 1e-30 and 1e-290 on", () => {
    expect(sigmoid(float32, -69.0625)).toBeGreaterThan(1e-30);
    expect(sigmoid(float32, -69.125)).toBe(0);
    expect(sigmoid(float64, -667.7)).toBeGreaterThan(1e-290);
    expect(sigmoid(float64, -667.8)).toBe(0);
    expect(softplus(float64, -700)).toBeCloseTo(9.859676543759771e-305, 315);
    expect(softplus(float64, -700) / 9.859676543759771e-305).toBeCloseTo(1, 14);
  });
});
