import { describe, expect, it } from "vitest";
import type { BatchSettings } from "../../src/chain/batch.ts";
import type { Precision } from "../../src/draws.ts";
import { diagnostics } from "../../src/index.ts";
import { analytic } from "../models/analytic.ts";
import { failures } from "./checks.ts";
import { type AnyBatch, collect, samplers } from "./collect.ts";
import { known } from "./known.ts";

/** Settings that a target needs besides the defaults. */
interface Special {
  readonly hmc?: Partial<BatchSettings>;
  readonly chees?: Partial<BatchSettings>;
  readonly nuts?: Partial<AnyBatch>;
}

const hmcSteps = (steps: number): Partial<BatchSettings> => ({ sampler: { ...samplers.hmc, steps } });

const targets: Readonly<Record<string, Special>> = {
  std_normal_d: {},
  diag_gaussian_cond_1e6: { hmc: { warmup: 600 }, chees: { warmup: 600 }, nuts: { warmup: 600 } },
  "ar1_gaussian_50_rho_0.9": { hmc: hmcSteps(25) },
  student_t_3: {},
  student_t_5: {},
  // Of three steps as long as its adaptation makes them, it comes back to where it began.
  student_t_30: { hmc: hmcSteps(2) },
  "gamma_0.5_0.5": {},
  gamma_25_4: {},
  "half_cauchy_2.5": {},
  beta_2_5: {},
  inv_gamma_3_2: {},
  "uniform_-1_2": {},
  exponential_2: {},
  ordered_normal_2: { hmc: hmcSteps(5) },
  normal_normal_known_sd: { hmc: hmcSteps(2) },
  beta_binomial: {},
  gamma_poisson: {},
};
/** A fixed number of steps suits these badly. */
const notForHmc: Readonly<Record<string, Special>> = {
  "correlated_normal_2d_rho_0.999": { chees: { warmup: 500, draws: 1000 } },
  ill_conditioned_gaussian_10: { nuts: { sampler: { ...samplers.nuts, max_depth: 10 } } },
  // The tails are narrow: at the usual targets both miss them at times, and diverge there.
  banana_haario_2: {
    chees: { sampler: { ...samplers.chees, target_acceptance: 0.95 }, draws: 1000 },
    nuts: { draws: 1000, sampler: { ...samplers.nuts, target_acceptance: 0.98 } },
  },
};

describe.each(["float64", "float32"] as const)("in %s", (precision: Precision) => {
  describe.each(["hmc", "chees", "nuts"] as const)("%s draws from", (name) => {
    const own = name === "hmc" ? targets : { ...targets, ...notForHmc };
    it.each(Object.entries(own))("%s", async (target, special) => {
      const draws = await collect(analytic[target]!(), {
        precision,
        sampler: samplers[name],
        seed: process.env["SEED"] ?? "1",
        ...special[name],
      });
      expect(failures(draws, known[target]!)).toEqual([]);
    });
  });
});

describe("targets that no such sampler draws from are told", () => {
  it("chains in a centred funnel do not agree, and miss its neck", async () => {
    const draws = await collect(analytic["neals_funnel_10"]!(), { sampler: samplers.chees });
    expect(diagnostics.rhat(draws.posterior["v"]!)).toBeGreaterThan(1.05);
    expect(failures(draws, known["neals_funnel_10"]!)).not.toEqual([]);
  });

  it("two modes far apart do not mix", async () => {
    const draws = await collect(analytic["two_mode_mixture"]!(), { init: { uniform: 5 } });
    expect(diagnostics.rhat(draws.posterior["x"] ?? draws.posterior["x[0]"]!)).toBeGreaterThan(1.1);
  });
});
