/**
 * The jitter of a trajectory's length [HRS21: Hoffman, Radul, Sountsov 2021]: h_t is the base-2 Halton value of
 * iteration t, the same for every chain of a batch, so that no lane waits for another.
 */

/** Bits of the Halton sequence: it repeats after 2¹⁰ iterations. */
export const HALTON_BITS = 10;

/** The most leapfrog steps of one transition. */
export const MAX_STEPS = 1000;

/**
 * h_t in [0, 1): the base-2 radical inverse of iteration + 1, its low `bits` bits alone (0.5, 0.25, 0.75, 0.125, …).
 * Exact. At the last of a period's 2^bits values it is 0, which `stepCount` turns into one step.
 *
 * @param iteration counts from 0 through warm-up and draws: an integer below 2⁵³ − 1
 * @param bits length of the sequence, 1 to 52
 */
export function halton(iteration: number, bits: number = HALTON_BITS): number {
  let rest = iteration + 1;
  let value = 0;
  let place = 0.5;
  for (let k = 0; k < bits; k++) {
    if (rest % 2 === 1) value += place;
    rest = Math.floor(rest / 2);
    place /= 2;
  }
  return value;
}

/**
 * L = clamp(⌈hT/ε⌉, 1, max), the number of leapfrog steps of one transition. A length that is not a number
 * (of a run that went wrong) gives one step.
 *
 * @param h the jitter, from 0 to 1
 * @param length T, the trajectory's length (time units of the Hamiltonian system, > 0)
 * @param step ε, the step size (> 0)
 * @param max the most steps allowed
 */
export function stepCount(h: number, length: number, step: number, max: number = MAX_STEPS): number {
  const steps = Math.ceil((h * length) / step);
  return steps >= 1 ? Math.min(steps, max) : 1;
}
