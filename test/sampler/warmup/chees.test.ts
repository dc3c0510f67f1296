import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halton } from "../../../src/sampler/halton.ts";
import * as chees from "../../../src/sampler/warmup/chees.ts";
import { harmonicMean } from "../../../src/sampler/warmup/harmonicMean.ts";
import { expectClose, readReference } from "./reference.ts";

type Matrix = readonly (readonly number[])[];

interface Iteration {
  readonly before: Moment;
  readonly after: Moment;
  readonly halton: number;
  readonly inverse_mass: readonly number[];
  readonly initial_positions: Matrix;
  readonly proposed_positions: Matrix;
  readonly end_momentum: Matrix;
  readonly acceptance: readonly number[];
  readonly is_divergent: readonly boolean[];
  readonly harmonic_mean_acceptance: number;
  readonly blackjax_gradient: number;
  readonly gradient_scale: number;
  readonly adam_update_before_clip: number;
  readonly log_trajectory_length_raw: number;
  readonly sampling_md?: { readonly g: number; readonly used: readonly boolean[] };
  readonly max_leapfrog_steps?: number;
}

interface Moment {
  readonly step_size: number;
  readonly trajectory_length: number;
  readonly log_trajectory_length_average: number;
  readonly t: number;
  readonly halton_index: number;
  readonly adam: { readonly count: number; readonly nu: number };
}

interface Trace {
  readonly whiten_criterion: boolean;
  readonly inverse_mass: readonly number[];
  readonly iterations: readonly Iteration[];
}

const reference = readReference<{ traces: readonly Trace[]; edge_cases: Readonly<Record<string, Iteration>> }>(
  "chees/updates.json",
);
const whitened = reference.traces.filter((trace) => trace.whiten_criterion);
const notWhitened = reference.traces.filter((trace) => !trace.whiten_criterion);
const edgeCases = Object.entries(reference.edge_cases);

function transitionOf(iteration: Iteration): chees.BatchTransition {
  return {
    starts: iteration.initial_positions.flat(),
    proposals: iteration.proposed_positions.flat(),
    endMomenta: iteration.end_momentum.flat(),
    acceptance: iteration.acceptance,
    isDiverging: iteration.is_divergent,
    inverseMass: iteration.inverse_mass,
    jitter: iteration.halton,
    length: iteration.before.trajectory_length,
  };
}

/** Adam's state as BlackJAX has it before an iteration: it goes on from the averaged, clipped trajectory length. */
function stateBefore({ before }: Iteration): chees.TrajectoryLength {
  const logLength = Math.log(before.trajectory_length);
  return { t: before.adam.count, logLength, logLengthAverage: logLength, secondMoment: before.adam.nu };
}

/**
 * BlackJAX's gradient descends, leaves no chain out but the divergent ones, and is NaN where there is none.
 * It adds 1e-20 to Σ a_c; where all chains together accept less than 1e-4 that outweighs the criterion's rounding,
 * and the gradients are not compared. Says whether they were.
 */
function expectBlackjaxGradient(transition: chees.BatchTransition, iteration: Iteration, what: string): boolean {
  const { gradient, usedChains } = chees.cheesGradient(transition, 0);
  const total = iteration.acceptance.reduce((sum, a, c) => (iteration.is_divergent[c] ? sum : sum + a), 0);
  if (Number.isNaN(iteration.blackjax_gradient)) {
    expect(usedChains === 0 || Number.isNaN(gradient), what).toBe(true);
    return true;
  }
  if (total < 1e-4) return false;
  const error = Math.abs(gradient + iteration.blackjax_gradient);
  expect(error, `${what}: found ${gradient}`).toBeLessThanOrEqual(1e-13 * iteration.gradient_scale);
  return true;
}

/** What BlackJAX does with its gradient: Adam, then the average, which it clips and feeds back as the next T. */
function expectBlackjaxUpdate(iteration: Iteration, rate: number, what: string): void {
  const { before, after } = iteration;
  const from = stateBefore(iteration);
  const to = chees.climb(from, -iteration.blackjax_gradient, { rate });
  const isUpdate = Number.isFinite(iteration.blackjax_gradient);
  expect(to.t, what).toBe(after.adam.count);
  expectClose(to.secondMoment, after.adam.nu, 1e-13, `${what}: ν`);
  if (isUpdate) {
    const clipped = Math.min(Math.max(iteration.adam_update_before_clip, -0.35), 0.35);
    expectClose(to.logLength - from.logLength, clipped, 1e-14, `${what}: Adam's update`);
    expectClose(to.logLength, iteration.log_trajectory_length_raw, 1e-13, `${what}: log T`);
  } else {
    expect(to, what).toBe(from);
  }
  const average = chees.averageIterate(before.log_trajectory_length_average, to.logLength, before.t);
  expectClose(average, after.log_trajectory_length_average, 1e-13, `${what}: average`);
  const longest = (iteration.max_leapfrog_steps ?? 1000) * after.step_size;
  const next = Math.min(Math.max(Math.exp(average), after.step_size), longest);
  expectClose(next / after.trajectory_length, 1, 1e-12, `${what}: T`);
}

/** sampling rules of this package: g with the cut. */
function expectOurGradient(iteration: Iteration, what: string): void {
  const { g, used } = iteration.sampling_md!;
  const found = chees.cheesGradient(transitionOf(iteration));
  expect(found.usedChains, what).toBe(used.filter(Boolean).length);
  if (Number.isNaN(g)) expect(found.gradient, what).toBeNaN();
  else expect(Math.abs(found.gradient - g), what).toBeLessThanOrEqual(1e-13 * iteration.gradient_scale);
}

describe("ChEES against BlackJAX", () => {
  it("has traces to replay", () => {
    expect(whitened.map((trace) => trace.iterations.length)).toEqual([30, 30]);
    expect(notWhitened.map((trace) => trace.iterations.length)).toEqual([30]);
    expect(edgeCases.length).toBe(13);
  });

  it.each(whitened)("replays the trace with inverse mass $inverse_mass", (trace) => {
    let compared = 0;
    trace.iterations.forEach((iteration, i) => {
      expect(iteration.halton).toBe(halton(iteration.before.halton_index));
      if (expectBlackjaxGradient(transitionOf(iteration), iteration, `iteration ${i}`)) compared++;
      expectBlackjaxUpdate(iteration, 0.025, `iteration ${i}`);
      expectOurGradient(iteration, `iteration ${i}`);
    });
    expect(compared).toBeGreaterThanOrEqual(25);
  });

  it.each(notWhitened)("replays the trace without whitening", (trace) => {
    let compared = 0;
    trace.iterations.forEach((iteration, i) => {
      const transition = { ...transitionOf(iteration), inverseMass: iteration.inverse_mass.map(() => 1) };
      if (expectBlackjaxGradient(transition, iteration, `iteration ${i}`)) compared++;
      expectBlackjaxUpdate(iteration, 0.025, `iteration ${i}`);
    });
    expect(compared).toBeGreaterThanOrEqual(25);
  });

  it.each(edgeCases)("agrees in the edge case %s", (name, iteration) => {
    expect(expectBlackjaxGradient(transitionOf(iteration), iteration, name)).toBe(true);
    expectBlackjaxUpdate(iteration, name.includes("rate_0.2") ? 0.2 : 0.025, name);
    expectOurGradient(iteration, name);
    const notDivergent = iteration.acceptance.filter((_, c) => !iteration.is_divergent[c]);
    expectClose(harmonicMean(notDivergent), iteration.harmonic_mean_acceptance, 1e-14, name);
  });
});

describe("the update of the trajectory length", () => {
  const plain = reference.edge_cases["plain"]!;
  const start = chees.init(1.5);

  it("begins at T₀, and its average at the first update", () => {
    expectClose(chees.trajectoryLength(start), 1.5, 1e-15, "T");
    expectClose(chees.averagedTrajectoryLength(start), 1.5, 1e-15, "average");
    const once = chees.climb(start, -3);
    expect(once.logLengthAverage).toBe(once.logLength);
    expectClose(once.logLength, Math.log(1.5) - 0.025, 1e-9, "Adam's first step is the rate");
  });

  it("goes on from the raw log T, the average beside it", () => {
    let state = start;
    let average = 0;
    [2, -1, 5, 0.1].forEach((g, i) => {
      state = chees.climb(state, g);
      const weight = 1 / Math.sqrt(i + 1);
      average = weight * state.logLength + (1 - weight) * average;
    });
    expectClose(state.logLengthAverage, average, 1e-14, "average");
    expect(state.logLength).not.toBeCloseTo(state.logLengthAverage, 4);
  });

  it("changes nothing where no chain can be used, or the gradient is not finite", () => {
    for (const name of ["all_divergent", "all_below_1e-4", "nan_momentum_not_divergent"]) {
      expect(chees.update(start, transitionOf(reference.edge_cases[name]!)), name).toBe(start);
    }
    for (const g of [Number.NaN, Number.POSITIVE_INFINITY, 1e200]) expect(chees.climb(start, g)).toBe(start);
  });

  it("is the climb of the gradient, with every option", () => {
    const transition = transitionOf(plain);
    const { gradient } = chees.cheesGradient(transition);
    expect(chees.update(start, transition)).toEqual(chees.climb(start, gradient));
    const strict = chees.cheesGradient(transition, 0.6);
    expect(strict.usedChains).toBe(2);
    const options = { rate: 0.7, beta2: 0.5, clip: 0.1, cut: 0.6 };
    const state = chees.update(start, transition, options);
    expect(state).toEqual(chees.climb(start, strict.gradient, options));
    expectClose(state.logLength - start.logLength, 0.1 * Math.sign(strict.gradient), 1e-15, "clipped");
    expectClose(state.secondMoment / (0.5 * strict.gradient ** 2), 1, 1e-14, "ν");
  });

  it("does not read what a diverging chain left behind", () => {
    const transition = transitionOf(reference.edge_cases["one_divergent_with_nan"]!);
    const zeros = (values: ArrayLike<number>): number[] => Array.from(values, (x) => (Number.isNaN(x) ? 0 : x));
    const cleaned = {
      ...transition,
      proposals: zeros(transition.proposals),
      endMomenta: zeros(transition.endMomenta),
      acceptance: [0.9, 0.5, 1, 0.2],
    };
    expect(chees.cheesGradient(transition)).toEqual(chees.cheesGradient(cleaned));
    expect(chees.cheesGradient(transition).gradient).not.toBeNaN();
  });
});

describe("laws of the ChEES gradient", () => {
  const chains = 5;
  const dimension = 2;
  const values = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
    minLength: chains * dimension,
    maxLength: chains * dimension,
  });
  const transitions = fc.record({
    starts: values,
    proposals: values,
    endMomenta: values,
    acceptance: fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: chains, maxLength: chains }),
    isDiverging: fc.constant(Array<boolean>(chains).fill(false)),
    inverseMass: fc.constant([1, 1]),
    jitter: fc.constant(0.5),
    length: fc.constant(2),
  });
  const gradientOf = (transition: chees.BatchTransition): number => chees.cheesGradient(transition).gradient;

  it("changes its sign with the momenta, is linear in hT, and does not see where the origin is", () => {
    fc.assert(
      fc.property(transitions, (transition) => {
        const g = gradientOf(transition);
        const flipped = { ...transition, endMomenta: transition.endMomenta.map((p) => -p) };
        expect(gradientOf(flipped)).toBeCloseTo(-g, 12);
        expect(gradientOf({ ...transition, jitter: 0.25, length: 8 })).toBeCloseTo(2 * g, 12);
        const moved = {
          starts: transition.starts.map((z) => z + 7),
          proposals: transition.proposals.map((z) => z - 2),
        };
        expect(gradientOf({ ...transition, ...moved })).toBeCloseTo(g, 8);
      }),
    );
  });

  it("does not see the units of a coordinate, when its mass has them too", () => {
    fc.assert(
      fc.property(transitions, fc.constantFrom(0.001, 0.5, 300), (transition, unit) => {
        const scaled = (x: readonly number[], by: number): number[] => x.map((v, i) => (i % 2 === 0 ? v * by : v));
        const other = {
          ...transition,
          starts: scaled(transition.starts, unit),
          proposals: scaled(transition.proposals, unit),
          endMomenta: scaled(transition.endMomenta, 1 / unit),
          inverseMass: [unit * unit, 1],
        };
        expect(gradientOf(other)).toBeCloseTo(gradientOf(transition), 9);
      }),
    );
  });
});
