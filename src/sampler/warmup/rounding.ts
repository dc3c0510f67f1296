import type { Precision } from "../../draws.ts";
import { exp } from "./numbers.ts";

/** Half a unit in the last place, relative to a number's size. */
const ROUNDOFF: Readonly<Record<Precision, number>> = { float32: 1 / 16_777_216, float64: Number.EPSILON / 2 };

/** So many roundings of H make an error that says nothing about the step size. */
const ROUNDINGS = 4;

/**
 * Acceptance probabilities as the step size should be judged by: a rise of the energy by less than H can be known to in
 * its precision is none. Far from the posterior, at log densities of −10⁸, float32 rounds by 8: proposals are refused by
 * chance, however small the step, and steps that shrink for it would never leave the place.
 *
 * @param acceptance a_c in [0, 1], one a chain
 * @param energies H_c, one a chain; one that is not finite leaves a_c as it is
 * @returns min(1, a_c e^{4u|H_c|}), with u the unit roundoff
 */
export function judged(acceptance: ArrayLike<number>, energies: ArrayLike<number>, precision: Precision): Float64Array {
  const unit = ROUNDINGS * ROUNDOFF[precision];
  const result = Float64Array.from(acceptance);
  for (let c = 0; c < result.length; c++) {
    const a = result[c]!;
    const rounding = unit * Math.abs(energies[c]!);
    if (!(a > 0 && a < 1 && Number.isFinite(rounding))) continue;
    // e^88 times the least float32 probability that is not 0 is 1: more need not be said.
    result[c] = Math.min(1, a * exp(Math.min(rounding, 88)));
  }
  return result;
}
