import { exp } from "./numbers.ts";

/**
 * min(1, e^{H − H′}), the probability that a proposal is accepted; a log accept ratio that is not finite counts as 0.
 *
 * @param logAcceptRatio H − H′
 */
export function acceptanceProbability(logAcceptRatio: number): number {
  if (!Number.isFinite(logAcceptRatio)) return 0;
  return logAcceptRatio >= 0 ? 1 : exp(logAcceptRatio);
}

/**
 * The harmonic mean n / Σ 1/a_c over the chains, in chain order: the batch's acceptance statistic for the step size
 * [HRS21: Hoffman, Radul, Sountsov 2021]. It is held down by the chains that accept least, so that none of them gets stuck.
 * A value that is not finite counts as 0, and with a single 0 the mean is 0; of no chains it is 0 too.
 *
 * Departure: BlackJAX leaves divergent chains out, so its step size may settle where some of the chains diverge at every step.
 *
 * @param acceptance a_c in [0, 1], one a chain
 */
export function harmonicMean(acceptance: ArrayLike<number>): number {
  let reciprocals = 0;
  for (let chain = 0; chain < acceptance.length; chain++) {
    const a = acceptance[chain]!;
    if (!Number.isFinite(a) || a <= 0) return 0;
    reciprocals += 1 / a;
  }
  return reciprocals === 0 ? 0 : acceptance.length / reciprocals;
}

/** The arithmetic mean over the chains, in chain order; a value that is not finite counts as 0, the mean of none is 0. */
export function arithmeticMean(acceptance: ArrayLike<number>): number {
  let sum = 0;
  for (let chain = 0; chain < acceptance.length; chain++) {
    const a = acceptance[chain]!;
    if (Number.isFinite(a)) sum += a;
  }
  return acceptance.length === 0 ? 0 : sum / acceptance.length;
}
