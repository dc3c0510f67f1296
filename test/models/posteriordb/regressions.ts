import type { Node } from "../../../src/graph/node.ts";
import { real } from "../../../src/model/data.ts";
import { beta } from "../../../src/model/distributions/beta.ts";
import { halfNormal } from "../../../src/model/distributions/halfNormal.ts";
import { halfStudentT } from "../../../src/model/distributions/halfStudentT.ts";
import { inverseGamma } from "../../../src/model/distributions/inverseGamma.ts";
import { normal } from "../../../src/model/distributions/normal.ts";
import { studentT } from "../../../src/model/distributions/studentT.ts";
import { model } from "../../../src/model/model.ts";
import { eightSchools } from "../../../src/models/eightSchools.ts";
import { linearRegression } from "../../../src/models/linearRegression.ts";
import { columnsOf, type Json, type Posterior, rows, vector } from "./posterior.ts";

const schools = (json: Json) => ({ y: vector(json["y"]), sigma: vector(json["sigma"]) });
const numbers = (json: Json, name: string): readonly number[] => json[name] as readonly number[];
const flatPriors = { interceptScale: null, coefficientScale: null };
const kidiq = { ...flatPriors, noise: "half-cauchy", noiseScale: 2.5 };

/** The shipped models, with options. */
export const shipped: readonly Posterior[] = [
  {
    name: "eight_schools-eight_schools_centered",
    model: eightSchools.create({ parametrization: "centred" }),
    data: schools,
    order: [8, 9, 0, 1, 2, 3, 4, 5, 6, 7],
    constant: Math.LN2,
  },
  {
    name: "eight_schools-eight_schools_noncentered",
    model: eightSchools.create({ parametrization: "noncentred" }),
    data: schools,
    order: [8, 9, 0, 1, 2, 3, 4, 5, 6, 7],
    constant: Math.LN2,
  },
  {
    name: "sblri-blr",
    model: linearRegression.create({ intercept: false }),
    data: (json) => ({ x: rows(json["X"]), y: vector(json["y"]) }),
    constant: Math.LN2,
  },
  {
    name: "kidiq-kidscore_momiq",
    model: linearRegression.create(kidiq),
    data: (json) => ({ x: columnsOf(numbers(json, "mom_iq")), y: vector(json["kid_score"]) }),
    constant: Math.LN2,
  },
  {
    name: "kidiq-kidscore_interaction",
    model: linearRegression.create(kidiq),
    data: (json) => {
      const [hs, iq] = [numbers(json, "mom_hs"), numbers(json, "mom_iq")];
      const both = hs.map((x, i) => x * iq[i]!);
      return { x: columnsOf(hs, iq, both), y: vector(json["kid_score"]) };
    },
    constant: Math.LN2,
  },
  {
    name: "mesquite-logmesquite_logvash",
    model: linearRegression.create({ ...flatPriors, noise: "flat" }),
    data: (json) => {
      const logs = (f: (i: number) => number) => numbers(json, "weight").map((_, i) => Math.log(f(i)));
      const [d1, d2] = [numbers(json, "diam1"), numbers(json, "diam2")];
      return {
        x: columnsOf(
          logs((i) => d1[i]! * d2[i]! * numbers(json, "canopy_height")[i]!),
          logs((i) => d1[i]! * d2[i]!),
          logs((i) => d1[i]! / d2[i]!),
          logs((i) => numbers(json, "total_height")[i]!),
          numbers(json, "group"),
        ),
        y: vector(logs((i) => numbers(json, "weight")[i]!)),
      };
    },
    constant: 0,
  },
];

const diamonds = model({
  data: { x: real("diamond", "feature"), y: real("diamond") },
  parameters: { b: normal(0, 1).over("feature"), intercept: studentT(3, 8, 10), sigma: halfStudentT(3, 10) },
  likelihood: ({ x, y, b, intercept, sigma }) => normal(x.matvec(b).add(intercept), sigma).observe(y),
});

const mixture = model({
  dimensions: { component: 2 },
  data: { y: real("observation") },
  parameters: {
    mu: normal(0, 2).over("component").ordered(),
    sigma: halfNormal(2).over("component"),
    theta: beta(5, 5),
  },
  likelihood: ({ y, mu, sigma, theta }) => {
    const [first, second] = [0, 1].map((k) => normal(mu.at(k), sigma.at(k)).logDensity(y));
    const a = first!.add(theta.log());
    const b = second!.add(theta.neg().log1p());
    return { y: a.add(b.sub(a).softplus()) };
  },
});

/** A Gaussian process in a basis of sines, for a mean and a log standard deviation. */
const acceleration = model({
  data: {
    y: real("time"),
    basis: real("time", "wave"),
    lambda: real("wave"),
    noiseBasis: real("time", "noiseWave"),
    noiseLambda: real("noiseWave"),
  },
  parameters: {
    intercept: studentT(3, -13, 36),
    sd: halfStudentT(3, 36),
    lengthScale: inverseGamma(1.124909, 0.0177),
    z: normal(0, 1).over("wave"),
    noiseIntercept: studentT(3, 0, 10),
    noiseSd: halfStudentT(3, 36),
    noiseLengthScale: inverseGamma(1.124909, 0.0177),
    noiseZ: normal(0, 1).over("noiseWave"),
  },
  derived: (known) => ({
    mean: known.basis.matvec(known.z.mul(spectral(known.sd, known.lengthScale, known.lambda))).add(known.intercept),
    logNoise: known.noiseBasis
      .matvec(known.noiseZ.mul(spectral(known.noiseSd, known.noiseLengthScale, known.noiseLambda)))
      .add(known.noiseIntercept),
  }),
  likelihood: ({ y, mean, logNoise }) => normal(mean, logNoise.exp()).observe(y),
});

/** √ of the spectral density; written without its square, which underflows at high frequencies. */
function spectral(sd: Node, lengthScale: Node, frequency: Node): Node {
  const exponent = lengthScale.mul(frequency).square().mul(-0.25);
  return sd
    .mul((2 * Math.PI) ** 0.25)
    .mul(lengthScale.sqrt())
    .mul(exponent.exp());
}

/** Regressions and mixtures that a user would write. */
export const regressions: readonly Posterior[] = [
  {
    name: "diamonds-diamonds",
    model: diamonds,
    data: (json) => {
      const table = json["X"] as readonly (readonly number[])[];
      const columns = Array.from({ length: table[0]!.length - 1 }, (_, k) => table.map((row) => row[k + 1]!));
      const centred = columns.map((column) => {
        const mean = column.reduce((a, b) => a + b, 0) / column.length;
        return column.map((x) => x - mean);
      });
      return { x: columnsOf(...centred), y: vector(json["Y"]) };
    },
    constant: 0,
    // Near the mode the slope of the intercept is what 5000 residuals, 3e4 in all, leave of each other: 3.59746476429
    // in 40 digits, of which posteriordb's differs by 3e-9 and ours by 2e-8.
    slopeError: 1e-9,
  },
  {
    name: "low_dim_gauss_mix-low_dim_gauss_mix",
    model: mixture,
    data: (json) => ({ y: vector(json["y"]) }),
    // Two half-normals, and 2! for the order.
    constant: 3 * Math.LN2,
  },
  {
    name: "mcycle_gp-accel_gp",
    model: acceleration,
    data: (json) => ({
      y: vector(json["Y"]),
      basis: rows(json["Xgp_1"]),
      lambda: vector((json["slambda_1"] as readonly (readonly number[])[]).flat()),
      noiseBasis: rows(json["Xgp_sigma_1"]),
      noiseLambda: vector((json["slambda_sigma_1"] as readonly (readonly number[])[]).flat()),
    }),
    constant: 0,
  },
];
