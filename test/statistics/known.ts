import { problem } from "../models/analytic.ts";
import type { Known } from "./checks.ts";

/** What `problems.json` knows of a target's quantities, under the names that the models in `analytic.ts` give them. */
export const known: Readonly<Record<string, Readonly<Record<string, Known>>>> = {
  std_normal_d: each("x", 10, () => table("std_normal_d")),
  diag_gaussian_cond_1e6: each("x", 13, (i) => gaussian((problem("diag_gaussian_cond_1e6")["sd"] as number[])[i]!)),
  ill_conditioned_gaussian_10: each("x", 10, (i) =>
    gaussian((problem("ill_conditioned_gaussian_10")["sd"] as number[])[i]!),
  ),
  "correlated_normal_2d_rho_0.999": each("x", 2, () => gaussian(1)),
  "ar1_gaussian_50_rho_0.9": each("x", 50, () => gaussian(1)),
  banana_haario_2: {
    x0: gaussian(10),
    x1: { mean: 0, sd: (problem("banana_haario_2")["x1"] as { sd: number }).sd, ...table("banana_haario_2", "x1") },
  },
  student_t_3: { x: quantilesOnly("student_t_3") },
  student_t_5: { x: quantilesOnly("student_t_5") },
  student_t_30: { x: table("student_t_30") },
  "gamma_0.5_0.5": { x: table("gamma_0.5_0.5") },
  gamma_25_4: { x: table("gamma_25_4") },
  "half_cauchy_2.5": { x: quantilesOnly("half_cauchy_2.5") },
  beta_2_5: { x: table("beta_2_5") },
  inv_gamma_3_2: { x: quantilesOnly("inv_gamma_3_2") },
  "uniform_-1_2": { x: table("uniform_-1_2") },
  exponential_2: { x: table("exponential_2") },
  ordered_normal_2: each("mu", 2, (i) => ({
    mean: (problem("ordered_normal_2")["mean"] as number[])[i]!,
    sd: Math.sqrt(problem("ordered_normal_2")["var"] as number),
  })),
  normal_normal_known_sd: { mu: table("normal_normal_known_sd") },
  beta_binomial: { p: table("beta_binomial") },
  gamma_poisson: { lambda: table("gamma_poisson") },
  neals_funnel_10: { v: quantilesOnly("neals_funnel_10", "v") },
};

function each(name: string, size: number, of: (i: number) => Known): Record<string, Known> {
  return Object.fromEntries(Array.from({ length: size }, (_, i) => [`${name}[${i}]`, of(i)]));
}

/** Moments and quantiles of an entry (or of a field of it), as far as it has them. */
function table(name: string, field?: string): Known {
  const entry = problem(name);
  const { mean, sd, var: variance } = (field === undefined ? entry : entry[field]) as Record<string, number | null>;
  const spread = sd ?? (typeof variance === "number" ? Math.sqrt(variance) : undefined);
  return {
    ...quantilesOnly(name, field),
    ...(typeof mean === "number" && { mean }),
    ...(spread !== undefined && { sd: spread }),
  };
}

/** Where the second or fourth moment is infinite, standard errors of mean or sd mean nothing. */
function quantilesOnly(name: string, field?: string): Known {
  const entry = problem(name);
  const found = (field === undefined ? entry : entry[field]) as {
    readonly quantile_probs?: readonly number[];
    readonly quantiles?: readonly number[];
  };
  const pairs = (found.quantile_probs ?? []).map((p, i) => [p, found.quantiles![i]!] as const);
  return { quantiles: Object.fromEntries(pairs) };
}

function gaussian(sd: number): Known {
  const { quantile_probs: p, quantiles } = problem("std_normal_d") as unknown as {
    readonly quantile_probs: readonly number[];
    readonly quantiles: readonly number[];
  };
  return { mean: 0, sd, quantiles: Object.fromEntries(p.map((at, i) => [at, quantiles[i]! * sd])) };
}
