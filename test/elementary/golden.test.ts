import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/draws.ts";
import { type ElementaryName, elementary, float32, float64, pow } from "../../src/elementary/index.ts";
import { units } from "./units.ts";

type Column = readonly number[];
type Unary = Readonly<Record<ElementaryName, Readonly<Record<Precision, readonly [Column, Column]>>>>;
interface Golden extends Unary {
  readonly pow: Readonly<Record<Precision, readonly [Column, Column, Column]>>;
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../reference/special_functions/golden.json", import.meta.url), "utf8"),
);
const arithmetic = { float64, float32 } as const;

/** Largest error in units in the last place, what the docstrings promise plus half a unit for the rounded golden. */
const LIMITS: Readonly<Record<ElementaryName, Readonly<Record<Precision, number>>>> = {
  exp: { float64: 1.5, float32: 1.1 },
  expm1mx: { float64: 8.5, float32: 8 },
  expm1: { float64: 2.5, float32: 2 },
  log: { float64: 1.5, float32: 1 },
  log1p: { float64: 2.5, float32: 2 },
  log1pmx: { float64: 10.5, float32: 10 },
  log1mExp: { float64: 3.5, float32: 3 },
  sigmoid: { float64: 3.5, float32: 3 },
  softplus: { float64: 3.5, float32: 3 },
  logSigmoid: { float64: 3.5, float32: 3 },
  tanh: { float64: 3.5, float32: 3 },
  erf: { float64: 3.5, float32: 3 },
  erfc: { float64: 5.5, float32: 4 },
  erfinv: { float64: 2, float32: 2 },
  normalCdf: { float64: 5.5, float32: 4 },
  normalLogCdf: { float64: 6.5, float32: 5 },
  inverseMills: { float64: 7.5, float32: 6 },
  lgamma: { float64: 4.5, float32: 4 },
  digamma: { float64: 6.5, float32: 6 },
  trigamma: { float64: 4.5, float32: 4 },
  stirlingRest: { float64: 3.5, float32: 3 },
  stirlingRestSlope: { float64: 4.5, float32: 4 },
};

/** What goes to 0 and is promised relative to 1 there. */
const ABSOLUTE: ReadonlySet<ElementaryName> = new Set<ElementaryName>(["stirlingRest", "stirlingRestSlope"]);

describe.each(["float64", "float32"] as const)("%s against mpmath", (precision) => {
  const m = arithmetic[precision];

  it.each(Object.keys(LIMITS) as ElementaryName[])("%s", (name) => {
    const [xs, expected] = golden[name][precision];
    expect(xs.length).toBeGreaterThan(80);
    const errors = xs.map((x, i) => {
      const share = ABSOLUTE.has(name) ? Math.min(1, Math.abs(expected[i]!)) : 1;
      return share * units(elementary[name](m, x), expected[i]!, precision);
    });
    const worst = errors.indexOf(Math.max(...errors));
    expect(errors[worst], `at x = ${xs[worst]}`).toBeLessThan(LIMITS[name][precision]);
  });

  it("pow", () => {
    const [xs, ys, expected] = golden.pow[precision];
    expect(xs.length).toBeGreaterThan(200);
    xs.forEach((x, i) => {
      const y = ys[i]!;
      const limit = precision === "float32" ? 4e-7 : Math.abs(Math.log(expected[i]!)) < 99 ? 1e-15 : 4e-15;
      const error = Math.abs(pow(m, x, y) / expected[i]! - 1);
      expect(error, `pow(${x}, ${y})`).toBeLessThan(limit);
    });
  });
});
