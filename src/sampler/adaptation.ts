import { halton, stepCount } from "./halton.ts";
import * as chees from "./warmup/chees.ts";
import * as dualAveraging from "./warmup/dualAveraging.ts";
import { harmonicMean } from "./warmup/harmonicMean.ts";
import { fisherMetric, unitMetric } from "./warmup/metric.ts";
import * as moments from "./warmup/moments.ts";

/**
 * How a batch finds its tuning during warm-up: step size ε by dual averaging, inverse mass M⁻¹ from the moments of
 * draws and scores, and (ChEES) the trajectory length T. The state is immutable and structured-cloneable, so that it
 * can be put into a checkpoint as it is; everything is float64, in chain order.
 */
export interface Adaptation {
  readonly stepSize: dualAveraging.DualAveraging;
  /** Absent where the number of steps is fixed. */
  readonly trajectory: chees.TrajectoryLength | undefined;
  readonly inverseMass: Float64Array;
  /** Moments of z and of ∇ log p over the chains and iterations of the current window. */
  readonly draws: moments.Moments;
  readonly scores: moments.Moments;
}

export interface AdaptationSettings {
  readonly dimension: number;
  /** L of each transition; where absent, L comes from the trajectory length. */
  readonly steps?: number;
  readonly maxSteps: number;
  readonly targetAcceptance: number;
  /** False keeps the step size as it was given. */
  readonly adaptStepSize: boolean;
  readonly adaptMetric: boolean;
  /**
   * `fisher`: √(variance of draws / variance of scores). `diagonal` (default): the same, which is right long before the
   * chains have spread, but later the variances of the draws (`manyChains.ts`).
   */
  readonly metric?: "diagonal" | "fisher";
}

/** What a transition of the whole batch tells the adaptation. */
export interface BatchOutcome extends Omit<chees.BatchTransition, "inverseMass" | "jitter" | "length"> {
  /** The iteration, from 0. */
  readonly iteration: number;
  /** L of the transition, where a trajectory length is adapted. */
  readonly steps?: number;
  /** z and ∇ log p after the transition, `[chain, D]`. */
  readonly positions: ArrayLike<number>;
  readonly gradients: ArrayLike<number>;
}

/** ε, T and M⁻¹ to run with. */
export interface Tuning {
  readonly stepSize: number;
  /** T; ε · L where L is fixed. */
  readonly trajectoryLength: number;
  readonly inverseMass: Float64Array;
}

/** The state at the start of warm-up; the trajectory starts one step long. */
export function init(stepSize: number, settings: AdaptationSettings): Adaptation {
  const { dimension } = settings;
  return {
    stepSize: dualAveraging.init(stepSize),
    trajectory: settings.steps === undefined ? chees.init(stepSize) : undefined,
    inverseMass: unitMetric(dimension),
    draws: moments.init(dimension),
    scores: moments.init(dimension),
  };
}

/**
 * The state after one transition, in windows (NUTS, which has no trajectory length); `inWindow`: its draw counts for the
 * metric. Many chains adapt by `manyChains.ts`.
 */
export function update(
  state: Adaptation,
  outcome: BatchOutcome,
  settings: AdaptationSettings,
  inWindow: boolean,
): Adaptation {
  const counts = inWindow && settings.adaptMetric;
  return {
    stepSize: settings.adaptStepSize
      ? dualAveraging.update(state.stepSize, harmonicMean(outcome.acceptance), settings.targetAcceptance)
      : state.stepSize,
    trajectory: state.trajectory,
    inverseMass: state.inverseMass,
    draws: counts ? moments.add(state.draws, outcome.positions) : state.draws,
    scores: counts ? moments.add(state.scores, outcome.gradients) : state.scores,
  };
}

/** A window has ended: its moments become the metric. The step size is then to be searched anew (`restart`). */
export function endWindow(state: Adaptation, settings: AdaptationSettings): Adaptation {
  const { dimension } = settings;
  const emptied = { ...state, draws: moments.init(dimension), scores: moments.init(dimension) };
  if (!settings.adaptMetric) return emptied;
  return { ...emptied, inverseMass: fisherMetric(state.draws, state.scores, state.inverseMass) };
}

/** Start the step size anew from one that was searched with the present metric. */
export function restart(state: Adaptation, stepSize: number): Adaptation {
  return { ...state, stepSize: dualAveraging.init(stepSize) };
}

/** The tuning of the next transition of warm-up. */
export function current(state: Adaptation, settings: AdaptationSettings): Tuning {
  const stepSize = dualAveraging.stepSize(state.stepSize);
  const trajectoryLength = lengthOf(state, settings, chees.trajectoryLength, stepSize);
  return { stepSize, trajectoryLength, inverseMass: state.inverseMass };
}

/** The tuning after warm-up: averages over its last stage. */
export function final(state: Adaptation, settings: AdaptationSettings): Tuning {
  const stepSize = dualAveraging.averagedStepSize(state.stepSize);
  const trajectoryLength = lengthOf(state, settings, chees.averagedTrajectoryLength, stepSize);
  return { stepSize, trajectoryLength, inverseMass: state.inverseMass };
}

/** T, between one step and the most steps that a transition may have; ε·L where L is fixed. */
function lengthOf(
  state: Adaptation,
  settings: AdaptationSettings,
  of: (trajectory: chees.TrajectoryLength) => number,
  stepSize: number,
): number {
  if (state.trajectory === undefined) return stepSize * (settings.steps ?? 1);
  return Math.min(Math.max(of(state.trajectory), stepSize), stepSize * settings.maxSteps);
}

/** L of an iteration: fixed, or the jittered trajectory length. */
export function stepsOf(tuning: Tuning, iteration: number, settings: AdaptationSettings): number {
  if (settings.steps !== undefined) return settings.steps;
  return stepCount(halton(iteration), tuning.trajectoryLength, tuning.stepSize, settings.maxSteps);
}
