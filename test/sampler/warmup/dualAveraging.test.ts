import { describe, expect, it } from "vitest";
import * as dualAveraging from "../../../src/sampler/warmup/dualAveraging.ts";
import { harmonicMean } from "../../../src/sampler/warmup/harmonicMean.ts";
import { expectClose, readReference } from "./reference.ts";

interface StanState {
  readonly counter: number;
  readonly s_bar: number;
  readonly x_bar: number;
  readonly mu: number;
  readonly delta: number;
  readonly gamma: number;
  readonly kappa: number;
  readonly t0: number;
}

interface Units {
  readonly dual_averaging: readonly {
    readonly eps0: number;
    readonly mu: number;
    readonly delta: number;
    readonly gamma: number;
    readonly kappa: number;
    readonly t0: number;
    readonly final_eps: number;
    readonly steps: readonly { t: number; accept: number; s_bar: number; x: number; x_bar: number; eps: number }[];
  }[];
  readonly dual_averaging_stan_unit_tests: {
    readonly tol: number;
    readonly cases: readonly {
      readonly state: StanState;
      readonly adapt_stat: number;
      readonly expected: { eps: number; counter?: number; s_bar?: number; x_bar?: number };
    }[];
  };
}

interface Row {
  readonly t: number;
  readonly mu: number;
  readonly acceptance: readonly number[];
  readonly harmonic_mean: number;
  readonly log_step: number;
  readonly s: number;
  readonly "log_step_average_t^-0.75": number;
  readonly "chees_log_step_average_t^-0.5": number;
}

const units = readReference<Units>("sampler_units/units.json");
const chees = readReference<{
  dual_averaging: readonly {
    initial_step_size: number;
    target: number;
    restart_before_row: number | null;
    rows: readonly Row[];
  }[];
}>("chees/updates.json");

describe("dual averaging", () => {
  it.each(units.dual_averaging)("follows Stan's formulas from ε₀ = $eps0, δ = $delta", (reference) => {
    const { gamma, kappa, t0, delta } = reference;
    let state = dualAveraging.init(reference.eps0);
    expectClose(state.mu, reference.mu, 1e-15, "μ");
    for (const step of reference.steps) {
      state = dualAveraging.update(state, step.accept, delta, { gamma, kappa, t0 });
      expect(state.t).toBe(step.t);
      expectClose(state.s, step.s_bar, 1e-14, "s");
      expectClose(state.logStep, step.x, 1e-13, "log ε");
      expectClose(state.logStepAverage, step.x_bar, 1e-13, "average of log ε");
      expectClose(dualAveraging.stepSize(state) / step.eps, 1, 1e-12, "ε");
    }
    expectClose(dualAveraging.averagedStepSize(state) / reference.final_eps, 1, 1e-12, "ε̄");
  });

  it.each(units.dual_averaging_stan_unit_tests.cases)("passes Stan's unit test at counter $state.counter", (test) => {
    const { state: from, expected } = test;
    const { tol } = units.dual_averaging_stan_unit_tests;
    const state = dualAveraging.update(
      { t: from.counter, s: from.s_bar, logStepAverage: from.x_bar, mu: from.mu, logStep: 0 },
      test.adapt_stat,
      from.delta,
      { gamma: from.gamma, kappa: from.kappa, t0: from.t0 },
    );
    expectClose(dualAveraging.stepSize(state), expected.eps, tol, "ε");
    if (expected.counter !== undefined) expect(state.t).toBe(expected.counter);
    if (expected.s_bar !== undefined) expectClose(state.s, expected.s_bar, tol, "s");
    if (expected.x_bar !== undefined) expectClose(state.logStepAverage, expected.x_bar, tol, "average of log ε");
  });

  it.each(chees.dual_averaging)("agrees with BlackJAX's from ε₀ = $initial_step_size, δ = $target", (reference) => {
    let state = dualAveraging.init(reference.initial_step_size);
    let squareRoot = state;
    expect(reference.rows.length).toBe(30);
    reference.rows.forEach((row, i) => {
      if (i === reference.restart_before_row) {
        state = dualAveraging.init(dualAveraging.stepSize(state));
        squareRoot = state;
      }
      const acceptance = harmonicMean(row.acceptance);
      expectClose(acceptance, row.harmonic_mean, 1e-14, "harmonic mean");
      state = dualAveraging.update(state, acceptance, reference.target);
      squareRoot = dualAveraging.update(squareRoot, acceptance, reference.target, { kappa: 0.5 });
      expect(state.t).toBe(row.t);
      expectClose(state.mu, row.mu, 1e-13, "μ");
      expectClose(state.s, row.s, 1e-14, "s");
      expectClose(state.logStep, row.log_step, 1e-12, "log ε");
      expectClose(state.logStepAverage, row["log_step_average_t^-0.75"], 1e-12, "average, t^-0.75");
      expectClose(squareRoot.logStepAverage, row["chees_log_step_average_t^-0.5"], 1e-12, "average, t^-0.5");
    });
  });

  it("takes exponents other than 0.5, 0.75 and 1 too, and they lie between", () => {
    const averages = [0.5, 0.6, 0.75, 0.9, 1].map((kappa) => {
      let state = dualAveraging.init(1);
      for (const a of [0.9, 0.2, 0.5, 0.1]) state = dualAveraging.update(state, a, 0.8, { kappa });
      return state.logStepAverage;
    });
    expect(averages).toEqual([...averages].sort((a, b) => a - b));
    expect(new Set(averages).size).toBe(5);
  });

  it("takes a statistic that is not a probability for the nearest one, NaN for 0", () => {
    const state = dualAveraging.init(0.3);
    expect(dualAveraging.update(state, 1.5, 0.8)).toEqual(dualAveraging.update(state, 1, 0.8));
    expect(dualAveraging.update(state, Number.NaN, 0.8)).toEqual(dualAveraging.update(state, 0, 0.8));
  });

  it("restarts from the averaged step size, and leaves the state it started from alone", () => {
    let state = dualAveraging.init(0.3);
    expectClose(dualAveraging.averagedStepSize(state), 0.3, 1e-15, "ε̄ before any update");
    for (const a of [0.9, 0.7]) state = dualAveraging.update(state, a, 0.8);
    const frozen = { ...state };
    const again = dualAveraging.restart(state, 2);
    expectClose(dualAveraging.stepSize(again), 2 * dualAveraging.averagedStepSize(state), 1e-14, "ε");
    expect(again.t).toBe(0);
    expect(again.s).toBe(0);
    dualAveraging.update(state, 0.1, 0.8);
    expect(state).toEqual(frozen);
  });
});
