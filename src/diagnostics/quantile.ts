/** Quantiles of draws. */
import { type Draws, rangeOf, toChains } from "./draws.ts";

/**
 * The p-quantile of ascending values by linear interpolation (type 7 of [Hyndman and Fan 1996], R's and NumPy's
 * default), with R's order of operations.
 * @throws RangeError unless p is in [0, 1].
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`Expected a probability in [0, 1], found ${p}.`);
  if (sorted.length === 0) return Number.NaN;
  const index = 1 + (sorted.length - 1) * p;
  const below = Math.floor(index);
  const low = sorted[below - 1]!;
  const high = sorted[Math.min(below, sorted.length - 1)]!;
  const weight = index - below;
  return weight === 0 || low === high ? low : (1 - weight) * low + weight * high;
}

/**
 * The p-quantile of all draws of a variable, in the draws' unit; NaN if any draw is NaN.
 * @param draws `[chain][draw]`
 * @param p a probability in [0, 1]
 * @throws RangeError for a p outside [0, 1], no chain, or chains of unequal length.
 */
export function quantile(draws: Draws, p: number): number {
  const { values } = toChains(draws);
  if (Number.isNaN(rangeOf(values).min)) return quantileOfSorted([], p);
  return quantileOfSorted(values.sort(), p);
}
