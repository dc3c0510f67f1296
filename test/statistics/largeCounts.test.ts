/** Posteriors whose likelihoods are small differences of large terms, in float32: with lost digits, warm-up collapses. */
import { describe, expect, it } from "vitest";
import { bind, count, exponential, model, negativeBinomial, normal } from "../../src/index.ts";
import { failures, type Known } from "./checks.ts";
import { collect, samplers } from "./collect.ts";

const millions = bind(
  model({
    name: "millions",
    data: { y: count("observation") },
    parameters: { mu: normal(10, 10), phi: exponential(0.05) },
    likelihood: ({ y, mu, phi }) => negativeBinomial({ logMean: mu, dispersion: phi }).observe(y),
  }),
  {
    data: {
      y: {
        data: [844180, 947607, 1352423, 657665, 862016, 959312, 821011, 1099681, 1352767, 1186042],
        shape: [10],
      },
    },
  },
);

/** By the trapezoidal rule over mu and log phi, in float64. */
const known: Readonly<Record<string, Known>> = {
  mu: { mean: 13.82670367, sd: 0.08014459 },
  phi: { mean: 19.0056844, sd: 8.0276438 },
};

describe.each(["float32", "float64"] as const)("negative binomial counts about a million in %s", (precision) => {
  it.each(["hmc", "chees", "nuts"] as const)("with %s", async (name) => {
    const draws = await collect(millions, { precision, sampler: samplers[name], seed: process.env["SEED"] ?? "1" });
    expect(failures(draws, known)).toEqual([]);
  });
});
