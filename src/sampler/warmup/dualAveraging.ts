import { exp, inversePower, log } from "./numbers.ts";

/**
 * Dual averaging of the step size [HG14, §3.2: Hoffman, Gelman 2014]; the paper's letters in brackets.
 * The step size of the next transition is `stepSize`; after warm-up it is `averagedStepSize`.
 */
export interface DualAveraging {
  /** Updates so far [t]. */
  readonly t: number;
  /** log ε of the next transition [x_t]. */
  readonly logStep: number;
  /** Average of log ε with weights t^−κ [x̄_t]; log ε₀ before the first update. */
  readonly logStepAverage: number;
  /** Running average of δ − a [H̄_t]. */
  readonly s: number;
  /** log 10ε₀, the point that log ε shrinks towards [μ]. */
  readonly mu: number;
}

/** [HG14, §3.2.1]'s constants. */
export interface DualAveragingOptions {
  /** γ, the strength of the shrinkage towards μ; 0.05. */
  readonly gamma?: number;
  /** t₀, which damps the first updates; 10. */
  readonly t0?: number;
  /** κ, the exponent of the average's weights, 0.5 < κ ≤ 1; 0.75. */
  readonly kappa?: number;
}

/**
 * The state before the first update.
 *
 * @param step ε₀ > 0
 * @param factor μ = log (factor · ε₀): 10 [HG14], towards long steps; 1 stays where a good step is known
 */
export function init(step: number, factor: number = 10): DualAveraging {
  const logStep = log(step);
  return { t: 0, logStep, logStepAverage: logStep, s: 0, mu: log(factor * step) };
}

/**
 * One update: s ← (1−η)s + η(δ − a) with η = 1/(t + t₀), log ε = μ − s√t/γ, and the average takes log ε in with
 * weight t^−κ [HG14, Alg. 5].
 *
 * @param acceptance a, the batch's acceptance statistic; cut to [0, 1], NaN counts as 0
 * @param target δ in (0, 1)
 */
export function update(
  state: DualAveraging,
  acceptance: number,
  target: number,
  options: DualAveragingOptions = {},
): DualAveraging {
  const { gamma = 0.05, t0 = 10, kappa = 0.75 } = options;
  const a = acceptance >= 0 ? Math.min(acceptance, 1) : 0;
  const t = state.t + 1;
  const eta = 1 / (t + t0);
  const s = (1 - eta) * state.s + eta * (target - a);
  const logStep = state.mu - (s * Math.sqrt(t)) / gamma;
  const weight = inversePower(t, kappa);
  const logStepAverage = weight * logStep + (1 - weight) * state.logStepAverage;
  return { t, logStep, logStepAverage, s, mu: state.mu };
}

/** ε for the next transition of warm-up. */
export function stepSize(state: DualAveraging): number {
  return exp(state.logStep);
}

/** ε̄, the step size to keep after warm-up. */
export function averagedStepSize(state: DualAveraging): number {
  return exp(state.logStepAverage);
}

/**
 * A fresh start after the metric has changed, from the averaged step size times `scale`
 * (for a start from a fresh search, use `init`).
 */
export function restart(state: DualAveraging, scale: number = 1): DualAveraging {
  return init(averagedStepSize(state) * scale);
}
