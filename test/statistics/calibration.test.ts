import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/draws.ts";
import { constant, type Node } from "../../src/graph/node.ts";
import { bind } from "../../src/model/bind.ts";
import type { Distribution } from "../../src/model/distribution.ts";
import { beta } from "../../src/model/distributions/beta.ts";
import { binomial } from "../../src/model/distributions/binomial.ts";
import { gamma } from "../../src/model/distributions/gamma.ts";
import { halfNormal } from "../../src/model/distributions/halfNormal.ts";
import { logNormal } from "../../src/model/distributions/logNormal.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { poisson } from "../../src/model/distributions/poisson.ts";
import { model } from "../../src/model/model.ts";
import { CHI_SQUARE_LIMIT, jointDistances, rankChiSquares, type Simulated } from "./calibration.ts";
import { type Mutant, mutants, nutsMutants } from "./mutants.ts";

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

function rateOfCounts(size: number): Simulated {
  const given = (lambda: Node): Distribution => poisson({ logRate: lambda.log() });
  return {
    size,
    model: (y) =>
      bind(
        model({
          parameters: { lambda: gamma(2, 1) },
          derived: ({ lambda }) => ({ fit: given(lambda).logDensity(y).sum() }),
          likelihood: ({ fit }) => fit,
        }),
      ),
    simulate: ({ lambda }, random) => times(size, () => poisson({ logRate: Math.log(lambda![0]!) }).draw(random)),
  };
}

/** Each has its log likelihood among its variables: it finds what the parameters alone would miss [Modrák et al. 2023]. */
const models: Readonly<Record<string, Simulated>> = {
  "a normal mean": {
    size: 5,
    model: (y) =>
      bind(
        model({
          parameters: { mu: normal(0, 1) },
          derived: ({ mu }) => ({ fit: normal(mu, 2).logDensity(y).sum() }),
          likelihood: ({ fit }) => fit,
        }),
      ),
    simulate: ({ mu }, random) => times(5, () => mu![0]! + 2 * random.normal()),
  },
  "a rate of counts": rateOfCounts(8),
  "a rate of one count": rateOfCounts(1),
  "a probability": {
    size: 1,
    model: (y) =>
      bind(
        model({
          parameters: { p: beta(2, 3) },
          derived: ({ p }) => ({
            fit: binomial({ trials: 12, logits: p.log().sub(p.neg().log1p()) })
              .logDensity(y)
              .sum(),
          }),
          likelihood: ({ fit }) => fit,
        }),
      ),
    simulate: ({ p }, random) => [
      binomial({ trials: 12, logits: Math.log(p![0]!) - Math.log1p(-p![0]!) }).draw(random),
    ],
  },
  "ordered means": {
    size: 2,
    model: (y) =>
      bind(
        model({
          dimensions: { rank: 2 },
          parameters: { mu: normal(0, 1).over("rank").ordered() },
          derived: ({ mu }) => ({ fit: normal(mu, 1).logDensity(y).sum() }),
          likelihood: ({ fit }) => fit,
        }),
      ),
    simulate: ({ mu }, random) => times(2, (i) => mu![i]! + random.normal()),
  },
  "a regression": {
    size: 15,
    model: (y) =>
      bind(
        model({
          dimensions: { feature: 3 },
          parameters: { b: normal(0, 1).over("feature"), sigma: logNormal(0, 0.5) },
          derived: ({ b, sigma }) => ({
            fit: normal(constant(design.flat(), [15, 3]).matvec(b), sigma)
              .logDensity(y)
              .sum(),
          }),
          likelihood: ({ fit }) => fit,
        }),
      ),
    simulate: ({ b, sigma }, random) =>
      design.map((row) => row.reduce((sum, x, j) => sum + x * b![j]!, 0) + sigma![0]! * random.normal()),
  },
  "eight schools": {
    size: 8,
    model: (y) =>
      bind(
        model({
          dimensions: { school: 8 },
          parameters: { mu: normal(0, 5), tau: halfNormal(5), t: normal(0, 1).over("school") },
          derived: ({ mu, tau, t }) => ({
            fit: normal(mu.add(tau.mul(t)), constant(sigmas))
              .logDensity(y)
              .sum(),
          }),
          likelihood: ({ fit }) => fit,
        }),
      ),
    simulate: ({ mu, tau, t }, random) =>
      sigmas.map((sigma, i) => mu![0]! + tau![0]! * t![i]! + sigma * random.normal()),
  },
};
const sigmas = [15, 10, 16, 11, 9, 11, 10, 18];
const design = times(15, (i) => [1, Math.sin(1 + 2.3 * i), Math.cos(2.9 * i) * 1.5]);

/** The prior a fifth too narrow: a normal one, of sd 1. */
const narrowPrior: Mutant = {
  model: (right) => ({
    ...right,
    logDensity: (z) =>
      right.logDensity(z).add(
        z
          .square()
          .sum()
          .mul(0.5 - 0.5 / 0.8 ** 2),
      ),
  }),
};

const isUniform = async (
  simulated: Simulated,
  sampler: "hmc" | "chees" | "nuts",
  precision: Precision,
): Promise<void> => {
  for (const [quantity, chiSquare] of Object.entries(await rankChiSquares(simulated, sampler, precision)))
    expect(chiSquare, quantity).toBeLessThan(CHI_SQUARE_LIMIT);
};

/** The largest χ² of a broken sampler; one that cannot even run has been found out as well. */
const worst = async (simulated: Simulated, sampler: "hmc" | "chees" | "nuts", mutant: Mutant): Promise<number> => {
  const found = await rankChiSquares(simulated, sampler, "float64", mutant).catch(() => ({
    run: Number.POSITIVE_INFINITY,
  }));
  return Math.max(...Object.values(found));
};

const precisions = ["float64", "float32"] as const;

describe.each(["hmc", "chees"] as const)("simulation-based calibration of %s", (sampler) => {
  describe.each(precisions)("in %s", (precision) => {
    it.each(Object.entries(models))("on %s", async (_name, simulated) => {
      await isUniform(simulated, sampler, precision);
    });
  });

  it.each([
    ["accepts every proposal", "ordered means"],
    ["forgets the Jacobian of a transform", "a rate of one count"],
    ["does not refresh the momentum", "a normal mean"],
  ])("fails when it %s, on %s", async (mutant, name) => {
    expect(await worst(models[name]!, sampler, mutants[mutant]!)).toBeGreaterThan(CHI_SQUARE_LIMIT);
  });
});

describe("simulation-based calibration of nuts", () => {
  describe.each(precisions)("in %s", (precision) => {
    it.each(["a normal mean", "a rate of counts", "ordered means", "a regression"])("on %s", async (name) => {
      await isUniform(models[name]!, "nuts", precision);
    });
  });

  it.each([
    ["weighs leaves by the wrong sign", "ordered means"],
    ["forgets the Jacobian of a transform", "a rate of one count"],
  ])("fails when it %s, on %s", async (mutant, name) => {
    expect(await worst(models[name]!, "nuts", nutsMutants[mutant]!)).toBeGreaterThan(CHI_SQUARE_LIMIT);
  });
});

describe("the joint distribution of data and parameters", () => {
  const settings = { stepSize: 0.3, steps: 3 };
  const far = (distances: Record<string, number>): string[] =>
    Object.entries(distances).flatMap(([name, z]) => (Math.abs(z) <= 5 ? [] : [`${name}: ${z} standard errors`]));

  it.each(Object.entries(models))("is kept by transitions on %s", async (_name, simulated) => {
    expect(far(await jointDistances(simulated, settings))).toEqual([]);
  });

  it.each([
    ["accepts every proposal", "ordered means", 1.3, mutants["accepts every proposal"]!],
    [
      "forgets the Jacobian of a transform",
      "a rate of one count",
      0.8,
      mutants["forgets the Jacobian of a transform"]!,
    ],
    ["takes the prior a fifth too narrow", "a normal mean", 0.8, narrowPrior],
  ])("is lost when a transition %s, on %s", async (_what, name, stepSize, mutant) => {
    expect(far(await jointDistances(models[name]!, { stepSize, steps: 3 }, mutant))).not.toEqual([]);
  });
});
