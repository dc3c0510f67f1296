/** The energy Bayesian fraction of missing information. */
import { isConstant, rangeOf } from "./draws.ts";
import { meanOf } from "./moments.ts";

/**
 * E-BFMI of one chain: Σ (E_i − E_{i−1})² / Σ (E_i − Ē)² [Betancourt 2016], as in arviz-stats. rstan's value is
 * this times (n − 1)/n, ArviZ's older one this times n/(n − 1). Below 0.3 momentum resampling explores the energies
 * too slowly. NaN for fewer than 4 draws, an energy that is not finite, or energies that do not vary.
 * @param energy the energy at each draw of one chain, in order
 */
export function ebfmi(energy: ArrayLike<number>): number {
  const values = Float64Array.from(energy);
  const range = rangeOf(values);
  if (values.length < 4 || !Number.isFinite(range.max - range.min) || isConstant(range)) return Number.NaN;
  const span = range.max - range.min; // dividing by it keeps every square in range
  const center = meanOf(values);
  let steps = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    squares += ((values[i]! - center) / span) ** 2;
    if (i > 0) steps += ((values[i]! - values[i - 1]!) / span) ** 2;
  }
  return steps / squares;
}

/** E-BFMI of every chain: chains are never joined, the step between two chains would count as a jump. */
export function ebfmiPerChain(energies: readonly ArrayLike<number>[]): number[] {
  return energies.map(ebfmi);
}
