import { type Moments, variance } from "./moments.ts";
import { exp, log } from "./numbers.ts";

/** Bounds of an inverse mass. */
const SMALLEST = 1e-20;
const LARGEST = 1e20;

/** With fewer draws than this the new metric is drawn towards the one before. */
const ENOUGH_DRAWS = 10;

/** M⁻¹ = I, the inverse mass of `dimension` dimensions. */
export function unitMetric(dimension: number): Float64Array {
  return new Float64Array(dimension).fill(1);
}

/**
 * The diagonal inverse mass √(Var zᵢ / Var ∂ᵢ log p), cut to [1e−20, 1e20] [Seyboldt et al. 2026, arXiv 2603.18845].
 * For a Gaussian with diagonal covariance it is that covariance after two draws, whatever the draws: the scores are
 * draws too, of the inverse scale.
 *
 * A dimension whose ratio is 0 or not finite (no chain moved, a flat density, an infinite score) keeps its value.
 * From n < 10 draws in all, the logarithm goes only n/10 of the way from the previous value to the new one
 * (scale-free; our own rule); fewer than two draws change nothing.
 *
 * @param draws moments of z in the window
 * @param scores moments of ∂ log p at the same draws
 * @param previous the inverse mass in use, `[D]`, > 0
 * @returns the inverse mass, `[D]`, float64
 */
export function fisherMetric(draws: Moments, scores: Moments, previous: ArrayLike<number>): Float64Array {
  const ofDraws = variance(draws);
  const ofScores = variance(scores);
  // Two roots, not the root of a ratio: the ratio may overflow where its root does not.
  const ratios = ofDraws.map((drawVariance, i) => Math.sqrt(drawVariance) / Math.sqrt(ofScores[i]!));
  return towards(ratios, Math.min(draws.count, scores.count), previous);
}

/**
 * The diagonal inverse mass Var zᵢ, with the same rules as `fisherMetric`. It needs draws of the whole posterior, which
 * the Fisher metric does not; but it makes long tails as wide as they are.
 *
 * @returns the inverse mass, `[D]`, float64
 */
export function varianceMetric(draws: Moments, previous: ArrayLike<number>): Float64Array {
  return towards(variance(draws), draws.count, previous);
}

function towards(estimates: Float64Array, count: number, previous: ArrayLike<number>): Float64Array {
  const share = Math.min(1, count / ENOUGH_DRAWS);
  return estimates.map((estimate, i) => {
    const before = previous[i]!;
    if (!(estimate > 0 && estimate < Number.POSITIVE_INFINITY)) return before;
    return share === 1 ? clip(estimate) : clip(exp((1 - share) * log(before) + share * log(clip(estimate))));
  });
}

function clip(inverseMass: number): number {
  return Math.min(Math.max(inverseMass, SMALLEST), LARGEST);
}

/**
 * Stan's diagonal inverse mass from draws alone: the variance shrunk towards 10⁻³, (n/(n+5))S + 10⁻³·5/(n+5)
 * [Stan, var_adaptation.hpp]. For comparison, and for models whose scores are noisy.
 *
 * @param draws moments of z in the window, of at least two draws
 * @returns the inverse mass, `[D]`, float64
 */
export function stanDiagonalMetric(draws: Moments): Float64Array {
  const n = draws.count;
  return variance(draws).map((s) => (n / (n + 5)) * s + 1e-3 * (5 / (n + 5)));
}
