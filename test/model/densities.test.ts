import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/draws.ts";
import { referenceEngine } from "../../src/engine/reference/engine.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import type { Node, Operand } from "../../src/graph/node.ts";
import * as manychain from "../../src/index.ts";
import type { Distribution } from "../../src/model/distribution.ts";
import { computeRows, type DensityRow, densities, type Unknown, worst } from "../laws/densities.ts";

/** Units that a log density or a slope may be off by: what is one, see densities.py. */
const MOST = 10;

type Make = (...parameters: readonly Operand[]) => Distribution;

const makers: Readonly<Record<string, Make>> = {
  normal: (mean, sd) => manychain.normal(mean!, sd!),
  halfNormal: (scale) => manychain.halfNormal(scale!),
  logNormal: (location, scale) => manychain.logNormal(location!, scale!),
  studentT: (degrees, location, scale) => manychain.studentT(degrees!, location!, scale!),
  halfStudentT: (degrees, scale) => manychain.halfStudentT(degrees!, scale!),
  cauchy: (location, scale) => manychain.cauchy(location!, scale!),
  halfCauchy: (scale) => manychain.halfCauchy(scale!),
  gamma: (shape, rate) => manychain.gamma(shape!, rate!),
  inverseGamma: (shape, scale) => manychain.inverseGamma(shape!, scale!),
  exponential: (rate) => manychain.exponential(rate!),
  weibull: (shape, scale) => manychain.weibull(shape!, scale!),
  beta: (a, b) => manychain.beta(a!, b!),
  uniform: (lower, upper) => manychain.uniform(lower!, upper!),
  laplace: (location, scale) => manychain.laplace(location!, scale!),
  logistic: (location, scale) => manychain.logistic(location!, scale!),
  bernoulli: (logits) => manychain.bernoulli({ logits: logits! }),
  binomial: (trials, logits) => manychain.binomial({ trials: trials!, logits: logits! }),
  poisson: (logRate) => manychain.poisson({ logRate: logRate! }),
  negativeBinomial: (logMean, dispersion) => manychain.negativeBinomial({ logMean: logMean!, dispersion: dispersion! }),
};

const names = Object.keys(makers);
const density =
  (name: string) =>
  (value: Node, parameters: readonly Operand[]): Node =>
    makers[name]!(...parameters).logDensity(value);

it("every distribution but flat has a table", () => {
  const files = readdirSync(new URL("../../src/model/distributions/", import.meta.url));
  const all = files.map((file) => file.replace(".ts", "")).filter((name) => name !== "flat");
  expect(names.toSorted()).toEqual(all.sort());
  expect(Object.keys(densities).sort()).toEqual(all);
});

describe.each(["float32", "float64"] as const)("log density and slopes in %s", (precision: Precision) => {
  it.each(names.flatMap((name) => (["everything", "parameters"] as const).map((unknown) => [name, unknown] as const)))(
    "%s, where %s may differ by chain",
    async (name, unknown: Unknown) => {
      const table = densities[name]!;
      const found = await computeRows(density(name), table, unknown, wasmEngine(), precision);
      const { error, at } = worst(table, found, precision);
      expect(error, at).toBeLessThan(MOST);
    },
  );

  it.each(names)("%s, where parameters are numbers", async (name) => {
    const table = { ...densities[name]!, rows: densities[name]!.rows.slice(0, 16) };
    const { error, at } = worst(
      table,
      await computeRows(density(name), table, "value", wasmEngine(), precision),
      precision,
    );
    expect(error, at).toBeLessThan(MOST);
  });
});

it.each(names)("%s has the same bits on wasm and reference", async (name) => {
  const table = densities[name]!;
  const [wasm, reference] = [wasmEngine(), referenceEngine()];
  const found = await computeRows(density(name), table, "everything", wasm, "float64");
  expect(found).toEqual(await computeRows(density(name), table, "everything", reference, "float64"));
});

describe("what float32 had lost: small differences of large terms", () => {
  // The log density and one slope (mpmath, 60 digits). 13.8 is the float32 number.
  it.each([
    ["negativeBinomial", [1e6, Math.fround(13.8), 3], -14.2131851015887, 1, 0.0468936889784472],
    ["negativeBinomial", [1e6, Math.fround(13.8), 3], -14.2131851015887, 2, 0.175706544247298],
    ["gamma", [1, 1e6, 1e6], 5.988816662444131, 1, 5.00000083333333e-7],
    ["gamma", [1001000, 1e6, 1], -8.32736031232006, 1, 0.00100000033316687],
    ["inverseGamma", [1, 1e6, 1e6], 5.988816662444131, 1, 5.00000083333333e-7],
    ["beta", [0.5, 1e6, 1e6], 7.028537391617382, 1, 2.500000625e-7],
  ] as const)("%s at %s", async (name, args, lp, slope, expected) => {
    const row: DensityRow = [args, lp, 1, [expected], [1]];
    const table = { slopes: [slope], rows: [row] };
    for (const unknown of ["everything", "parameters"] as const) {
      const [found] = await computeRows(density(name), table, unknown, wasmEngine(), "float32");
      expect(Math.abs(found![0]! - lp)).toBeLessThan(2e-6 * Math.abs(lp));
      expect(Math.abs(found![1]! / expected - 1)).toBeLessThan(2e-4);
    }
  });
});
