import { type Adaptation, type AdaptationSettings, type BatchOutcome, current, init as initOf } from "./adaptation.ts";
import { halton } from "./halton.ts";
import * as chees from "./warmup/chees.ts";
import * as dualAveraging from "./warmup/dualAveraging.ts";
import { harmonicMean } from "./warmup/harmonicMean.ts";
import { fisherMetric, varianceMetric } from "./warmup/metric.ts";
import * as moments from "./warmup/moments.ts";
import type { MovingStage } from "./warmup/movingSchedule.ts";
import * as snaper from "./warmup/snaper.ts";

/**
 * How a batch of many chains adapts (the samplers `hmc` and `chees`). One iteration of many chains says much about the
 * metric, so it moves at each iteration, remembering a share of them, where a single chain would need windows. Why each
 * rule is what it is: docs/adaptation.md.
 */
export interface ManyChainAdaptation extends Adaptation {
  /** Along which the trajectory's length is judged. */
  readonly principal: snaper.PrincipalComponent;
}

/** The moments are of the last quarter of the iterations so far, within one stage, and of some draws at least. */
const REMEMBERED = 0.25;
const FEWEST_DRAWS = 32;

/**
 * γ and μ = log(factor · ε₀) of dual averaging. With [HG14]'s the step size of single iterations swings by a factor of
 * three; while T is adapted that costs, in long trajectories. Where L is fixed it keeps their length from resonating.
 */
const CALM = { gamma: 0.2, factor: 1 };
const AS_USUAL = { gamma: 0.05, factor: 10 };

function stepSizeRule(settings: AdaptationSettings): typeof CALM {
  return settings.steps === undefined ? CALM : AS_USUAL;
}

/** The cost of time: C/T^0.35 is climbed. */
const COST = 0.35;

const TRAJECTORY: chees.TrajectoryOptions = { rate: 0.05 };

/** The state at the start of warm-up; the trajectory starts one step long. */
export function init(stepSize: number, settings: AdaptationSettings): ManyChainAdaptation {
  const { dimension } = settings;
  return {
    ...initOf(stepSize, settings),
    stepSize: dualAveraging.init(stepSize, stepSizeRule(settings).factor),
    principal: snaper.init(dimension),
  };
}

/** The state after one transition of the batch. */
export function update(
  state: ManyChainAdaptation,
  outcome: BatchOutcome,
  settings: AdaptationSettings,
  stage: MovingStage,
): ManyChainAdaptation {
  const tuned: ManyChainAdaptation = {
    ...state,
    stepSize: settings.adaptStepSize
      ? dualAveraging.update(
          state.stepSize,
          harmonicMean(outcome.acceptance),
          settings.targetAcceptance,
          stepSizeRule(settings),
        )
      : state.stepSize,
    ...(state.trajectory && climb(state, state.trajectory, outcome, settings)),
  };
  return stage.kind === "window" && settings.adaptMetric ? moveMetric(tuned, outcome, settings, stage) : tuned;
}

/** One update of T, kept between one step and the most steps of a transition so that it never runs away. */
function climb(
  state: ManyChainAdaptation,
  trajectory: chees.TrajectoryLength,
  outcome: BatchOutcome,
  settings: AdaptationSettings,
): Pick<ManyChainAdaptation, "trajectory" | "principal"> {
  const { stepSize, trajectoryLength, inverseMass } = current(state, settings);
  const principal = snaper.update(state.principal, outcome.positions, inverseMass, outcome.iteration);
  const jitter = halton(outcome.iteration);
  const transition = { ...outcome, inverseMass, jitter, length: trajectoryLength };
  const slope = snaper.logSlope(transition, principal.direction, stepSize * (outcome.steps ?? 1));
  // Short trajectories always want to be longer: they say less about how long the longest should be.
  const next = chees.climb(
    chees.bounded(trajectory, stepSize, stepSize * settings.maxSteps),
    jitter * (slope - COST),
    TRAJECTORY,
  );
  return { trajectory: chees.bounded(next, stepSize, stepSize * settings.maxSteps), principal };
}

/** The moments with this iteration's chains, and the metric that they give. */
function moveMetric(
  state: ManyChainAdaptation,
  { positions, gradients, iteration }: BatchOutcome,
  settings: AdaptationSettings,
  stage: MovingStage,
): ManyChainAdaptation {
  const chains = positions.length / settings.dimension;
  // Each stage begins anew: a chain far away at first would be most of a variance for long.
  const most =
    iteration === stage.start
      ? Math.max(FEWEST_DRAWS - chains, 0)
      : Math.max(REMEMBERED * (iteration + 1) * chains, FEWEST_DRAWS) - chains;
  const draws = moments.addBatch(moments.forget(state.draws, most), positions);
  const scores = moments.addBatch(moments.forget(state.scores, most), gradients);
  const inverseMass =
    stage.estimator === "variance" && settings.metric !== "fisher"
      ? varianceMetric(draws, state.inverseMass)
      : fisherMetric(draws, scores, state.inverseMass);
  return { ...state, draws, scores, inverseMass };
}

/**
 * Start the step size anew from one that was searched with the present metric, and T from no more than a quarter of the
 * slowest direction's period, were it Gaussian: C has a peak each half period more, and is to be climbed to the first.
 */
export function restart(
  state: ManyChainAdaptation,
  stepSize: number,
  settings: AdaptationSettings,
): ManyChainAdaptation {
  const { trajectory, principal } = state;
  const quarter = (Math.PI / 2) * principal.spread;
  return {
    ...state,
    stepSize: dualAveraging.init(stepSize, stepSizeRule(settings).factor),
    ...(trajectory && quarter > 0 && { trajectory: chees.bounded(trajectory, Number.MIN_VALUE, quarter) }),
  };
}
