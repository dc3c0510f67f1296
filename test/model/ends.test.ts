import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { referenceEngine } from "../../src/engine/reference/engine.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import type { Operand } from "../../src/graph/node.ts";
import * as manychain from "../../src/index.ts";
import type { Distribution } from "../../src/model/distribution.ts";
import { computeRows, type Unknown } from "../laws/densities.ts";
import { evaluateAt } from "../laws/numeric.ts";

const Inf = Number.POSITIVE_INFINITY;

/** Values, and the log density there: its limit from inside, −∞ outside. */
type Ends = readonly (readonly [value: number, logDensity: number])[];

type Make = (...parameters: readonly Operand[]) => Distribution;
const { gamma, inverseGamma, logNormal, weibull, beta, exponential, halfNormal, halfCauchy, halfStudentT } = manychain;
const { uniform, normal, studentT, cauchy, laplace, logistic, poisson, binomial, bernoulli, negativeBinomial } =
  manychain;

const logTPeak = Math.log(2 / (Math.PI * Math.sqrt(3)));
const rows: readonly (readonly [string, Make, readonly number[], Ends])[] = [
  [
    "gamma",
    (a, r) => gamma(a!, r!),
    [1, 2],
    [
      [0, Math.LN2],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "gamma",
    (a, r) => gamma(a!, r!),
    [2, 2],
    [
      [0, -Inf],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "gamma",
    (a, r) => gamma(a!, r!),
    [0.5, 2],
    [
      [0, Inf],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "gamma",
    (a, r) => gamma(a!, r!),
    [50, 2],
    [
      [0, -Inf],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "inverseGamma",
    (a, s) => inverseGamma(a!, s!),
    [2, 1],
    [
      [0, -Inf],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "inverseGamma",
    (a, s) => inverseGamma(a!, s!),
    [50, 1],
    [
      [0, -Inf],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "logNormal",
    (m, s) => logNormal(m!, s!),
    [0, 1],
    [
      [0, -Inf],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "weibull",
    (k, s) => weibull(k!, s!),
    [1, 2],
    [
      [0, -Math.LN2],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "weibull",
    (k, s) => weibull(k!, s!),
    [2, 2],
    [
      [0, -Inf],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "weibull",
    (k, s) => weibull(k!, s!),
    [0.5, 2],
    [
      [0, Inf],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "beta",
    (a, b) => beta(a!, b!),
    [1, 3],
    [
      [0, Math.log(3)],
      [1, -Inf],
      [-1, -Inf],
      [2, -Inf],
    ],
  ],
  [
    "beta",
    (a, b) => beta(a!, b!),
    [3, 1],
    [
      [0, -Inf],
      [1, Math.log(3)],
      [-1, -Inf],
      [2, -Inf],
    ],
  ],
  [
    "beta",
    (a, b) => beta(a!, b!),
    [1, 1],
    [
      [0, 0],
      [1, 0],
      [-1, -Inf],
      [2, -Inf],
    ],
  ],
  [
    "beta",
    (a, b) => beta(a!, b!),
    [0.5, 20],
    [
      [0, Inf],
      [1, -Inf],
      [-1, -Inf],
      [2, -Inf],
    ],
  ],
  [
    "beta",
    (a, b) => beta(a!, b!),
    [20, 1],
    [
      [0, -Inf],
      [1, Math.log(20)],
      [-1, -Inf],
      [2, -Inf],
    ],
  ],
  [
    "exponential",
    (r) => exponential(r!),
    [2],
    [
      [0, Math.LN2],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "halfNormal",
    (s) => halfNormal(s!),
    [1],
    [
      [0, 0.5 * Math.log(2 / Math.PI)],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "halfCauchy",
    (s) => halfCauchy(s!),
    [2],
    [
      [0, -Math.log(Math.PI)],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "halfStudentT",
    (v, s) => halfStudentT(v!, s!),
    [3, 2],
    [
      [0, logTPeak],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "uniform",
    (a, b) => uniform(a!, b!),
    [1, 3],
    [
      [1, -Math.LN2],
      [3, -Math.LN2],
      [0.5, -Inf],
      [4, -Inf],
    ],
  ],
  [
    "normal",
    (m, s) => normal(m!, s!),
    [1, 3],
    [
      [Inf, -Inf],
      [-Inf, -Inf],
    ],
  ],
  [
    "studentT",
    (v, m, s) => studentT(v!, m!, s!),
    [2, 1, 3],
    [
      [Inf, -Inf],
      [-Inf, -Inf],
    ],
  ],
  [
    "cauchy",
    (m, s) => cauchy(m!, s!),
    [1, 3],
    [
      [Inf, -Inf],
      [-Inf, -Inf],
    ],
  ],
  [
    "laplace",
    (m, s) => laplace(m!, s!),
    [1, 3],
    [
      [Inf, -Inf],
      [-Inf, -Inf],
    ],
  ],
  [
    "logistic",
    (m, s) => logistic(m!, s!),
    [1, 3],
    [
      [Inf, -Inf],
      [-Inf, -Inf],
    ],
  ],
  [
    "bernoulli",
    (l) => bernoulli({ logits: l! }),
    [0],
    [
      [0, -Math.LN2],
      [1, -Math.LN2],
      [2, -Inf],
      [-1, -Inf],
    ],
  ],
  [
    "binomial",
    (n, l) => binomial({ trials: n!, logits: l! }),
    [40, 0],
    [
      [0, -40 * Math.LN2],
      [40, -40 * Math.LN2],
      [41, -Inf],
      [-1, -Inf],
    ],
  ],
  [
    "binomial",
    (n, l) => binomial({ trials: n!, logits: l! }),
    [2, 0],
    [
      [0, -2 * Math.LN2],
      [2, -2 * Math.LN2],
      [3, -Inf],
      [-1, -Inf],
    ],
  ],
  [
    "binomial",
    (n, l) => binomial({ trials: n!, logits: l! }),
    [0, 1],
    [
      [0, 0],
      [1, -Inf],
      [-1, -Inf],
    ],
  ],
  [
    "poisson",
    (l) => poisson({ logRate: l! }),
    [1],
    [
      [0, -Math.E],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
  [
    "negativeBinomial",
    (m, phi) => negativeBinomial({ logMean: m!, dispersion: phi! }),
    [1, 2],
    [
      [0, -2 * Math.log1p(Math.E / 2)],
      [-1, -Inf],
      [Inf, -Inf],
    ],
  ],
];

const engines: readonly (readonly [string, () => Engine, "float32" | "float64"])[] = [
  ["wasm", () => wasmEngine(), "float32"],
  ["wasm", () => wasmEngine(), "float64"],
  ["reference", () => referenceEngine(), "float64"],
];

/** Slopes of all that is unknown; those of trials and of whole values mean nothing. */
async function at(
  make: Make,
  parameters: readonly number[],
  ends: Ends,
  unknown: Unknown,
  engine: Engine,
  precision: "float32" | "float64",
) {
  const slopes = [0, ...parameters.map((_, i) => i + 1)];
  const table = { slopes, rows: ends.map(([value, lp]) => [[value, ...parameters], lp, 1, [], []] as const) };
  return computeRows((value, given) => make(...given).logDensity(value), table, unknown, engine, precision);
}

describe.each(engines)("at the ends of the support, on %s (%#)", (_name, engine, precision) => {
  it.each(rows)("%s(…%s)", async (_distribution, make, parameters, ends) => {
    for (const unknown of ["everything", "parameters", "value"] as const) {
      const found = await at(make, parameters, ends, unknown, engine(), precision);
      ends.forEach(([value, lp], i) => {
        const [density, ...slopes] = found[i]!;
        const where = `at ${value}, ${unknown}: ${found[i]}`;
        if (Number.isFinite(lp)) expect(Math.abs(density! - lp), where).toBeLessThan(2e-6 * Math.max(1, Math.abs(lp)));
        else expect(density, where).toBe(lp);
        const isOutside = lp === -Inf && Number.isFinite(value) && !isEnd(value, ends);
        for (const slope of slopes.filter((each) => each !== undefined)) {
          if (Number.isFinite(lp)) expect(slope, where).not.toBeNaN();
          if (isOutside) expect(slope, where).toBe(0);
        }
      });
    }
  });
});

/** 0 is an end of the support here, and 1 of a beta variable's. */
function isEnd(value: number, ends: Ends): boolean {
  return value === 0 || (value === 1 && ends.some(([other]) => other === 2));
}

it("ends have the same bits on wasm and reference", async () => {
  for (const [, make, parameters, ends] of rows)
    for (const unknown of ["everything", "parameters", "value"] as const)
      expect(await at(make, parameters, ends, unknown, wasmEngine(), "float64")).toEqual(
        await at(make, parameters, ends, unknown, referenceEngine(), "float64"),
      );
});

it("slopes at an end are one-sided", async () => {
  const slope = async (make: Make, parameters: readonly number[], value: number): Promise<number | undefined> =>
    (await at(make, parameters, [[value, 0]], "everything", wasmEngine(), "float64"))[0]![1];
  expect(await slope((a, r) => gamma(a!, r!), [1, 2], 0)).toBe(-2);
  expect(await slope((k, s) => weibull(k!, s!), [1, 2], 0)).toBe(-0.5);
  expect(await slope((a, b) => beta(a!, b!), [1, 3], 0)).toBe(-2);
  expect(await slope((a, b) => beta(a!, b!), [3, 1], 1)).toBe(2);
  expect(await slope((r) => exponential(r!), [2], 0)).toBe(-2);
});

it("bounds that reach beyond a support do not widen it", () => {
  const value = (distribution: Distribution, x: number): number =>
    evaluateAt({ x }, ({ x }) => distribution.logDensity(x!)).value[0]!;
  expect(value(gamma(2, 1).within(-1, 3), -0.5)).toBe(-Inf);
  expect(value(gamma(2, 1).within(-1, 3), 1)).toBeCloseTo(-1, 12);
  expect(value(gamma(2, 1).within(-1, 3), 3.5)).toBe(-Inf);
  expect(value(logNormal(0, 1).within(0, 5), 0)).toBe(-Inf);
  expect(value(beta(2, 2).within(0.5, 9), 0.25)).toBe(-Inf);
  expect(value(beta(2, 2).within(0.5, 9), 1.5)).toBe(-Inf);
});
