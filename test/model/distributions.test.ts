import { describe, expect, it } from "vitest";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { constant, input, type Node } from "../../src/graph/node.ts";
import { program } from "../../src/graph/program.ts";
import { bernoulli } from "../../src/model/distributions/bernoulli.ts";
import { beta } from "../../src/model/distributions/beta.ts";
import { binomial } from "../../src/model/distributions/binomial.ts";
import { cauchy } from "../../src/model/distributions/cauchy.ts";
import { exponential } from "../../src/model/distributions/exponential.ts";
import { flat } from "../../src/model/distributions/flat.ts";
import { gamma } from "../../src/model/distributions/gamma.ts";
import { halfCauchy } from "../../src/model/distributions/halfCauchy.ts";
import { halfNormal } from "../../src/model/distributions/halfNormal.ts";
import { halfStudentT } from "../../src/model/distributions/halfStudentT.ts";
import { inverseGamma } from "../../src/model/distributions/inverseGamma.ts";
import { laplace } from "../../src/model/distributions/laplace.ts";
import { logistic } from "../../src/model/distributions/logistic.ts";
import { logNormal } from "../../src/model/distributions/logNormal.ts";
import { negativeBinomial } from "../../src/model/distributions/negativeBinomial.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { poisson } from "../../src/model/distributions/poisson.ts";
import { studentT } from "../../src/model/distributions/studentT.ts";
import { uniform } from "../../src/model/distributions/uniform.ts";
import { weibull } from "../../src/model/distributions/weibull.ts";
import { type DistributionRow, distributionLaw } from "../laws/distribution.ts";
import { evaluateAt } from "../laws/numeric.ts";

const rows: readonly DistributionRow[] = [
  {
    name: "normal",
    make: (mean, sd) => normal(mean!, sd!),
    table: "density:normal(x|mu,sigma)",
    examples: [
      [0, 1],
      [-3, 0.2],
    ],
  },
  { name: "halfNormal", make: (scale) => halfNormal(scale!), examples: [[1], [25]] },
  {
    name: "logNormal",
    make: (location, scale) => logNormal(location!, scale!),
    table: "density:lognormal(x|mu,sigma)",
    examples: [[0.1, 0.7]],
  },
  {
    name: "studentT",
    make: (degrees, location, scale) => studentT(degrees!, location!, scale!),
    table: "density:student_t(x|nu,mu,sigma)",
    examples: [
      [3, 0, 2.5],
      [1.5, 4, 1],
      [80, -1, 1],
    ],
  },
  {
    name: "halfStudentT",
    make: (degrees, scale) => halfStudentT(degrees!, scale!),
    examples: [[3, 10]],
  },
  {
    name: "cauchy",
    make: (location, scale) => cauchy(location!, scale!),
    table: "density:cauchy(x|mu,sigma)",
    examples: [[1, 2.5]],
    integralError: 1e-8,
  },
  {
    name: "halfCauchy",
    make: (scale) => halfCauchy(scale!),
    table: "density:half_cauchy(x|s)",
    examples: [[2.5]],
  },
  {
    name: "gamma",
    make: (shape, rate) => gamma(shape!, rate!),
    table: "density:gamma(x|alpha,beta_rate)",
    examples: [
      [0.5, 0.5],
      [25, 4],
    ],
  },
  {
    name: "inverseGamma",
    make: (shape, scale) => inverseGamma(shape!, scale!),
    table: "density:inv_gamma(x|alpha,beta)",
    examples: [[3, 2]],
  },
  { name: "exponential", make: (rate) => exponential(rate!), table: "density:exponential(x|rate)", examples: [[3]] },
  {
    name: "weibull",
    make: (shape, scale) => weibull(shape!, scale!),
    table: "density:weibull(x|k,l)",
    examples: [[1.5, 2]],
  },
  {
    name: "beta",
    make: (a, b) => beta(a!, b!),
    table: "density:beta(x|a,b)",
    examples: [
      [2, 5],
      [0.5, 0.5],
    ],
  },
  { name: "uniform", make: (lower, upper) => uniform(lower!, upper!), examples: [[-1, 2]] },
  {
    name: "laplace",
    make: (location, scale) => laplace(location!, scale!),
    table: "density:laplace(x|mu,b)",
    examples: [[0.2, 2]],
    integralError: 1e-6,
  },
  {
    name: "logistic",
    make: (location, scale) => logistic(location!, scale!),
    table: "density:logistic(x|mu,s)",
    examples: [[0.2, 2]],
  },
  {
    name: "bernoulli",
    make: (logits) => bernoulli({ logits: logits! }),
    table: "density:bernoulli_logit(y|x)",
    examples: [[0.3], [0]],
  },
  {
    name: "binomial",
    make: (trials, logits) => binomial({ trials: trials!, logits: logits! }),
    table: "density:binomial_logit(k|n,x)",
    examples: [[20, -0.2]],
    whole: [0],
  },
  {
    name: "poisson",
    make: (logRate) => poisson({ logRate: logRate! }),
    table: "density:poisson_log(k|eta)",
    examples: [[1.2], [4.5]],
  },
  {
    name: "negativeBinomial",
    make: (logMean, dispersion) => negativeBinomial({ logMean: logMean!, dispersion: dispersion! }),
    table: "density:neg_binomial_2_log(k|eta,phi)",
    examples: [[1.2, 2.5]],
  },
];

for (const row of rows) distributionLaw(row);

describe("negativeBinomial becomes poisson as its dispersion grows", () => {
  // k, log mean, dispersion; the log density, and its slopes in the log mean and the log dispersion (mpmath, 60 digits).
  it.each([
    [4, 1.2, 1e3, -1.6999367920475994, 0.6776332556240462, 0.001763204813112048],
    [4, 1.2, 1e5, -1.698188441594812, 0.6798605050997718, 1.768822563725735e-5],
    [4, 1.2, 1e8, -1.6981707707732878, 0.6798830546905403, 1.7688794436865654e-8],
    [31, 3, 1e10, -5.177760472096703, 10.91446305489004, -4.406275189247353e-9],
    [0, 2, 1e6, -7.389028799990109, -7.389001501184043, -2.7298806066278824e-5],
    [250, 5.5, 30, -4.805481624950609, 0.579711354318979, 0.44364419147956824],
  ])("%d with log mean %d and dispersion %d", (k, logMean, phi, density, byLogMean, byLogPhi) => {
    const found = evaluateAt({ logMean, phi }, ({ logMean, phi }) =>
      negativeBinomial({ logMean: logMean!, dispersion: phi! }).logDensity(constant(k)),
    );
    expect(Math.abs(found.value[0]! - density)).toBeLessThan(1e-13 * Math.max(1, k));
    expect(Math.abs(found.gradient["logMean"]![0]! - byLogMean)).toBeLessThan(1e-12 * Math.max(1, k));
    expect(Math.abs(found.gradient["phi"]![0]! * phi - byLogPhi)).toBeLessThan(1e-12 * Math.max(1, k));
  });
});

describe("outside of the support the density is 0", () => {
  const at = (x: number, density: (x: Node) => Node): number => evaluateAt({ x }, ({ x }) => density(x!)).value[0]!;
  const positive = { exponential: exponential(2), halfNormal: halfNormal(1), halfStudentT: halfStudentT(3, 1) };
  const others = { halfCauchy: halfCauchy(1), gamma: gamma(2, 1), inverseGamma: inverseGamma(2, 1) };
  const all = { ...positive, ...others, weibull: weibull(2, 1), logNormal: logNormal(0, 1), beta: beta(2, 3) };

  it.each(Object.entries(all))("%s below 0", (_, distribution) => {
    expect(at(-0.5, (x) => distribution.logDensity(x))).toBe(Number.NEGATIVE_INFINITY);
    expect(at(0.5, (x) => distribution.logDensity(x))).toBeGreaterThan(-10);
    expect(at(0, () => distribution.logDensity(constant(-0.5)))).toBe(Number.NEGATIVE_INFINITY);
  });

  it("above 1 for beta, beside whole numbers' bounds for those", () => {
    expect(at(1.5, (x) => beta(2, 3).logDensity(x))).toBe(Number.NEGATIVE_INFINITY);
    expect(at(-1, (x) => poisson({ logRate: 1 }).logDensity(x))).toBe(Number.NEGATIVE_INFINITY);
    expect(at(9, (x) => binomial({ trials: 5, logits: 0 }).logDensity(x))).toBe(Number.NEGATIVE_INFINITY);
  });

  it("beyond bounds that are parameters, for data and for other nodes", () => {
    const data = constant([1, 5, 9]);
    const likelihood = (upper: number): number => at(upper, (x) => uniform(0, x).observe(data).logDensity.sum());
    expect(likelihood(8.9)).toBe(Number.NEGATIVE_INFINITY);
    expect(likelihood(9.1)).toBeCloseTo(-3 * Math.log(9.1), 12);
    expect(at(2, (x) => uniform(x, x.add(1)).logDensity(constant(0.5)))).toBe(Number.NEGATIVE_INFINITY);
    expect(at(0.5, (x) => exponential(1).observe(data.sub(x)).logDensity.sum())).toBeCloseTo(-13.5, 12);
    expect(at(1.5, (x) => exponential(1).observe(data.sub(x)).logDensity.sum())).toBe(Number.NEGATIVE_INFINITY);
    expect(at(1, (x) => flat().within(0, x).logDensity(constant(3)))).toBe(Number.NEGATIVE_INFINITY);
  });

  it("and data that are known to lie there are refused", () => {
    const trials = constant([5, 5, 4]);
    expect(() => binomial({ trials, logits: 0 }).observe(constant([0, 5, 6]))).toThrow(
      "Element 2 (from 0) of the data observed from binomial must be at most 4; it is 6.",
    );
  });

  it("at 0 the half-Cauchy density is flat", () => {
    expect(evaluateAt({ x: 0 }, ({ x }) => halfCauchy(2).logDensity(x!)).gradient["x"]![0]).toBe(0);
  });
});

describe("large counts keep their digits, in float32 too", () => {
  const inFloat32 = async (at: number, density: (x: Node) => Node): Promise<number> => {
    const x = input("x", { dtype: "float", shape: [] });
    const kernel = await wasmEngine().compile(program("p", { lp: density(x) }, [x]), {
      precision: "float32",
      chains: 1,
    });
    kernel.write("x", [at]);
    await kernel.run(1);
    return Number((await kernel.read("lp"))[0]);
  };
  // Count, trials, log rate or logits, log density (mpmath, 50 digits), and what float32 may lose.
  it.each([
    [3e6, 0, 14.915, -9.530434543826338, 2e-3],
    [2e7, 0, 16.8113, -9.357242928977415, 2e-3],
    [3e5, 1e6, -0.848, -7.098130408590896, 1e-3],
    [3, 1e6, -12.7, -1.4963516987000356, 1e-4],
    [0, 1e5, -3, -4858.735157374206, 1e-2],
    [5e5, 1e6, 40, -19306859.952986937, 10],
  ])("%d of %d at %d", async (count, trials, at, expected, float32) => {
    const density = (x: Node): Node =>
      trials === 0
        ? poisson({ logRate: x }).logDensity(constant(count))
        : binomial({ trials, logits: x }).logDensity(constant(count));
    const { value } = evaluateAt({ x: at }, ({ x }) => density(x!));
    expect(Math.abs(value[0]! - expected)).toBeLessThan(1e-8 * Math.max(1, Math.abs(expected)));
    expect(Math.abs((await inFloat32(at, density)) - expected)).toBeLessThan(float32);
  });
});
