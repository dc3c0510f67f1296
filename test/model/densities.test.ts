import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/draws.ts";
import { referenceEngine } from "../../src/engine/reference/engine.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { gradient } from "../../src/graph/autodiff.ts";
import { constant, input, type Node, type Operand } from "../../src/graph/node.ts";
import { program } from "../../src/graph/program.ts";
import * as manychain from "../../src/index.ts";
import type { Distribution } from "../../src/model/distribution.ts";
import { computeRows, type DensityRow, densities, type Unknown, worst } from "../laws/densities.ts";
import { evaluateAt } from "../laws/numeric.ts";

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

  it.each(["gamma", "inverseGamma", "beta"])("%s of known data, where parameters are scalars", async (name) => {
    const table = densities[name]!;
    const found = await computeRows(density(name), table, "scalar parameters", wasmEngine(), precision);
    const { error, at } = worst(table, found, precision);
    expect(error, at).toBeLessThan(MOST);
  });

  it.each(["binomial", "poisson", "negativeBinomial"])("%s of small known counts", async (name) => {
    const rows = densities[name]!.rows.filter(([args]) => args[0]! <= 20 && (name !== "binomial" || args[1]! <= 50));
    expect(rows.length).toBeGreaterThan(7);
    const table = { ...densities[name]!, rows };
    const found = await computeRows(density(name), table, "parameters", wasmEngine(), precision);
    const { error, at } = worst(table, found, precision);
    expect(error, at).toBeLessThan(MOST);
  });

  // Against the other form in float64, of a value that is not known: the terms' size is what their rounding is measured by.
  it.each([
    [
      "binomial",
      [60, 100, 200, 500],
      (n: number) => [0, 1, n / 4, n / 2, n - 1, n],
      [-40, -9, -1, -0.1, 0, 0.5, 2, 12],
    ],
    ["poisson", [30, 100, 200], (y: number) => [y], [-3, 0, 2, 3.5, 4.5, 5.3, 5.5, 7]],
    ["gamma", [12, 30, 50], (a: number) => [a / 4, a / 2, a, 2 * a, 1e-3 * a], [0.1, 0.5, 1, 2, 7, 900]],
    ["inverseGamma", [12, 30, 50], (a: number) => [4 / a, 2 / a, 1 / a, 0.5 / a], [0.1, 0.5, 1, 2, 7, 900]],
  ] as const)("%s, as it is added up where its value is known and not large", async (name, sizes, valuesOf, lasts) => {
    const places = sizes.flatMap((size) => valuesOf(size).flatMap((x) => lasts.map((last) => [x, size, last])));
    const [xs, first, last] = [0, 1, 2].map((i) => places.map((each) => Math.fround(each[i]!))) as [
      number[],
      number[],
      number[],
    ];
    const last64 = input("last", { dtype: "float", shape: [last.length] });
    const of = (x: Node): Node => density(name)(x, name === "poisson" ? [last64] : [constant(first), last64]);
    const known = of(constant(xs));
    const x64 = input("x", { dtype: "float", shape: [xs.length] });
    const other = of(x64);
    const run = async (lp: Node, precision: Precision): Promise<readonly ArrayLike<number>[]> => {
      const outputs = { lp, slope: gradient(lp.sum(), [last64])[0]! };
      const kernel = await wasmEngine().compile(program("rows", outputs, [last64, x64]), { precision, chains: 1 });
      kernel.write("last", last);
      kernel.write("x", xs);
      await kernel.run(1);
      return [(await kernel.read("lp")) as ArrayLike<number>, (await kernel.read("slope")) as ArrayLike<number>];
    };
    const [[lp, slope], [exact, exactSlope]] = [await run(known, precision), await run(other, "float64")] as const;
    const unit = precision === "float32" ? 2 ** -23 : 2 ** -52;
    places.forEach(([x, size, at], i) => {
      const isLog = name === "binomial" || name === "poisson";
      const tilt = isLog ? Math.max(1, Math.abs(at!)) : 2 + Math.abs(Math.log(at!)) + Math.abs(Math.log(x!));
      const other =
        name === "poisson" ? Math.exp(at!) : name === "gamma" ? x! * at! : name === "binomial" ? 0 : at! / x!;
      const terms = size! * (tilt + Math.log(size!)) + other;
      const units = unit * terms;
      expect(Math.abs(lp![i]! - exact![i]!), `at ${[x, size, at]}`).toBeLessThan(2 * units);
      const steep = isLog ? size! + other : (size! + other) / at!;
      expect(Math.abs(slope![i]! - exactSlope![i]!), `slope at ${[x, size, at]}`).toBeLessThan(4 * unit * steep);
    });
  });

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

describe("many known data with scalar parameters, in float32", () => {
  // Where the data lie, and parameters that fit them, or do not.
  it.each([
    ["gamma", (t: number) => 1 + 1e-3 * t, [1e6, 1e6]],
    ["gamma", (t: number) => 1e-7 * (1 + 1e-3 * t), [1.001e6, 1e13]],
    ["gamma", (t: number) => Math.exp(2 * t), [0.3, 0.1]],
    ["gamma", (t: number) => Math.exp(2 * t), [12, 1e-3]],
    ["inverseGamma", (t: number) => 1e6 * (1 + 1e-3 * t), [1e6, 1e12]],
    ["inverseGamma", (t: number) => Math.exp(t), [0.5, 3]],
    ["beta", (t: number) => 0.4 + 5e-4 * t, [4e5, 6e5]],
    ["beta", (t: number) => 1 / (1 + Math.exp(2 * t)), [0.4, 0.7]],
    ["beta", (t: number) => 1 / (1 + Math.exp(4 + t)), [3, 200]],
  ] as const)("%s %#", async (name, place, parameters) => {
    const xs = Array.from({ length: 61 }, (_, i) => Math.fround(place((i - 30) / 10)));
    const given = parameters.map(Math.fround);
    const exact = evaluateAt({ x: xs, a: given[0]!, b: given[1]! }, ({ x, a, b }) => density(name)(x!, [a!, b!]));
    const nodes = ["a", "b"].map((each) => input(each, { dtype: "float", shape: [] }));
    const lp = density(name)(constant(xs), nodes);
    const [a, b] = gradient(lp.sum(), nodes);
    const kernel = await wasmEngine().compile(program("data", { lp, a: a!, b: b! }, nodes), {
      precision: "float32",
      chains: 1,
    });
    ["a", "b"].forEach((each, i) => {
      kernel.write(each, [given[i]!]);
    });
    await kernel.run(1);
    const found = Array.from((await kernel.read("lp")) as ArrayLike<number>);
    const units = xs.map((x, i) => Math.max(1, Math.abs(exact.value[i]!)) + 2 * Math.abs(x * exact.gradient["x"]![i]!));
    found.forEach((each, i) => {
      const off = Math.abs(each - exact.value[i]!) / (units[i]! * 2 ** -23);
      expect(off, `at ${xs[i]}: ${each}, exact ${exact.value[i]}`).toBeLessThan(MOST);
    });
    // Slopes in the logarithm of a parameter err as the sum of the log densities, and as one rounding of the other parameter moves it.
    const total = units.reduce((sum, unit) => sum + unit, 0) + xs.length * given[0]!;
    for (const [i, slope] of ["a", "b"].entries()) {
      const off = Math.abs(Number((await kernel.read(slope))[0]) - exact.gradient[slope]![0]!) * given[i]!;
      expect(off / (total * 2 ** -23), slope).toBeLessThan(MOST);
    }
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
