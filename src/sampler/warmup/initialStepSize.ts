/**
 * The search for a first step size [HG14, Alg. 4], as a state machine that draws nothing itself: its user makes one
 * leapfrog step of size `step` in every chain and hands in the batch's mean acceptance probability, until `status`
 * is no longer `searching`. The step is doubled or halved until the acceptance crosses the threshold.
 *
 * Departures: threshold 0.8 as in Stan (the paper: 0.5), the mean over the batch for a single chain's value, and an end.
 */
export interface StepSizeSearch {
  readonly status: "searching" | "done" | "failed";
  /** ε to try next; once done, the one found: the first beyond the crossing. */
  readonly step: number;
  /** Which way the search goes: unknown before the first answer. */
  readonly direction: "unknown" | "up" | "down";
  /** Answers so far. */
  readonly tries: number;
  /** Why it failed, a sentence for an error; empty otherwise. */
  readonly reason: string;
}

/** Limits of the search. */
export interface StepSizeSearchOptions {
  /** The mean acceptance to cross; 0.8. */
  readonly threshold?: number;
  /** The most tries; 100 (at the hundredth halving ε is 10⁻³⁰). */
  readonly maxTries?: number;
}

/** The state before the first try. @param step where to begin, > 0 */
export function init(step: number = 1): StepSizeSearch {
  return { status: "searching", step, direction: "unknown", tries: 0, reason: "" };
}

/**
 * The state after a try of `state.step`. A finished search stays as it is.
 *
 * @param meanAcceptance the mean over the batch's chains of min(1, e^{H − H′}) after one step; NaN counts as 0
 */
export function next(
  state: StepSizeSearch,
  meanAcceptance: number,
  options: StepSizeSearchOptions = {},
): StepSizeSearch {
  if (state.status !== "searching") return state;
  const { threshold = 0.8, maxTries = 100 } = options;
  const isAbove = meanAcceptance > threshold;
  const isBelow = !(meanAcceptance >= threshold);
  const tries = state.tries + 1;
  const direction = state.direction === "unknown" ? (isAbove ? "up" : "down") : state.direction;
  const isCrossed = state.direction !== "unknown" && (direction === "up" ? !isAbove : !isBelow);
  if (isCrossed) return { ...state, status: "done", tries };
  if (tries >= maxTries) {
    return {
      ...state,
      status: "failed",
      direction,
      tries,
      reason: reason(state.step, direction, meanAcceptance, tries),
    };
  }
  return { ...state, step: direction === "up" ? state.step * 2 : state.step / 2, direction, tries };
}

function reason(step: number, direction: "up" | "down", acceptance: number, tries: number): string {
  const found = `no step size was found in ${tries} tries: at ${step} the mean acceptance is still ${acceptance}`;
  if (direction === "up")
    return `${found}. The log density hardly changes anywhere: check that it is proper (a likelihood, or priors, must bound every parameter).`;
  if (Number.isNaN(acceptance))
    return `${found}. The log density or its gradient is not finite close by the starting points: start elsewhere (init), and look at what the model computes there.`;
  return (
    `${found}. The starting points are the likelier cause: the log density is finite there, but so steep that no step is taken. ` +
    "Start nearer to the bulk, with init: { uniform: 0.5 } or init: { values: … }; where that does not help, look at what " +
    "the model computes of large numbers (and, in float32, at precision: float64)."
  );
}
