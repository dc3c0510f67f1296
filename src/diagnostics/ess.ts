/** Effective sample sizes: how many independent draws would estimate as well. */
import { meanAutocovariance } from "./autocovariance.ts";
import { type Chains, type Draws, isConstant, rangeOf, splitChains } from "./draws.ts";
import { chainMoments, meanOf, varianceOf } from "./moments.ts";
import type { SplitOption } from "./rhat.ts";
import { floats, reused } from "./scratch.ts";
import { Variable } from "./variable.ts";

/** Squared deviations of balanced two-valued draws differ by a few roundings where they should be equal. */
const SQUARES_TOLERANCE = 2 ** -46;

const forCentred = reused(floats);
const forSquares = reused(floats);

function centreChains({ chains, draws, values }: Chains, means: Float64Array): Chains {
  const centred = forCentred(values.length);
  for (let chain = 0; chain < chains; chain++) {
    const mean = means[chain]!;
    for (let i = chain * draws; i < (chain + 1) * draws; i++) centred[i] = values[i]! - mean;
  }
  return { chains, draws, values: centred };
}

/**
 * Geyer's initial positive sequence of autocorrelations ρ_0, ρ_1, …, with its end `last`: pairs ρ_{2k} + ρ_{2k+1} are
 * taken while they are positive. The loop ends where posterior's does (lag n − 5).
 */
function positiveSequence(rhoAt: (lag: number) => number, draws: number): { rho: number[]; last: number } {
  const rho = [1, rhoAt(1)];
  let even = 1;
  let odd = rho[1]!;
  let t = 0;
  while (t < draws - 5 && even + odd > 0) {
    t += 2;
    even = rhoAt(t);
    odd = rhoAt(t + 1);
    rho.push(...(even + odd >= 0 ? [even, odd] : [0, 0]));
  }
  // The improved estimate adds one more even lag: less variance when draws are antithetic.
  if (even > 0) rho[t] = even;
  return { rho, last: t };
}

/** Makes the pair sums non-increasing [Geyer 1992, initial monotone sequence]. */
function makeMonotone(rho: number[], last: number): void {
  for (let t = 2; t <= last - 2; t += 2) {
    const before = rho[t - 2]! + rho[t - 1]!;
    if (rho[t]! + rho[t + 1]! > before) {
      rho[t] = before / 2;
      rho[t + 1] = before / 2;
    }
  }
}

/**
 * The effective sample size of chains as they are [Vehtari et al. 2021, as computed by R's posterior 1.7], at
 * most S log₁₀ S. NaN for fewer than 3 draws a chain, for a value that is not finite, or when nothing varies.
 */
export function essOf(chains: Chains, tolerance?: number): number {
  const { draws } = chains;
  const range = rangeOf(chains.values);
  if (draws < 3 || !Number.isFinite(range.max - range.min) || isConstant(range, tolerance)) return Number.NaN;
  const { means } = chainMoments(chains);
  const covarianceAt = meanAutocovariance(centreChains(chains, means));
  const within = (covarianceAt(0) * draws) / (draws - 1);
  const between = chains.chains > 1 ? varianceOf(means, meanOf(means)) : 0;
  const total = (within * (draws - 1)) / draws + between;
  const { rho, last } = positiveSequence((lag) => 1 - (within - covarianceAt(lag)) / total, draws);
  makeMonotone(rho, last);
  let sum = 0;
  for (let t = 0; t < Math.max(1, last); t++) sum += rho[t]!;
  const size = chains.chains * draws;
  return size / Math.max(2 * sum - 1 + rho[last]!, 1 / Math.log10(size));
}

export const essBulkOf = (variable: Variable): number =>
  variable.isUsable ? essOf(variable.rankNormalised) : Number.NaN;

export const essMeanOf = (variable: Variable): number =>
  variable.isUsable ? essOf(splitChains(variable.centred.chains)) : Number.NaN;

/** ESS of (x − mean)². */
export function essSdOf(variable: Variable): number {
  if (!variable.isUsable) return Number.NaN;
  const { chains } = variable.centred;
  const center = meanOf(chains.values);
  const squares = forSquares(chains.values.length);
  for (let i = 0; i < squares.length; i++) squares[i] = (chains.values[i]! - center) ** 2;
  return essOf(splitChains({ ...chains, values: squares }), SQUARES_TOLERANCE);
}

export function essQuantileOf(variable: Variable, p: number): number {
  const size = variable.all.values.length;
  const limit = variable.quantile(p === 1 ? (size - 0.5) / size : p);
  if (!variable.isUsable) return Number.NaN;
  return essOf({ ...variable.split, values: variable.atMost(limit) });
}

/**
 * Bulk ESS: of the rank-normalised split chains [Vehtari et al. 2021]. NaN for fewer than 6 draws a chain (halves of
 * 3), a draw that is not finite, or no variation; the same holds for every ESS here that splits.
 * @param draws `[chain][draw]`
 */
export function essBulk(draws: Draws): number {
  return essBulkOf(new Variable(draws));
}

/** Tail ESS: the smaller of the ESS of the 5 % and 95 % quantiles; NaN when either is. */
export function essTail(draws: Draws): number {
  const variable = new Variable(draws);
  return Math.min(essQuantileOf(variable, 0.05), essQuantileOf(variable, 0.95));
}

/** ESS for the mean: of the split chains, without ranks. */
export function essMean(draws: Draws): number {
  return essMeanOf(new Variable(draws));
}

/** ESS for the standard deviation: of (x − mean)², as posterior from 1.7 on (before, |x − mean|). */
export function essSd(draws: Draws): number {
  return essSdOf(new Variable(draws));
}

/** ESS for the median. */
export function essMedian(draws: Draws): number {
  return essQuantile(draws, 0.5);
}

/**
 * ESS for the p-quantile: of the indicator x ≤ quantile. NaN also when that never varies, as for ties at the top.
 * @throws RangeError for a p outside [0, 1].
 */
export function essQuantile(draws: Draws, p: number): number {
  return essQuantileOf(new Variable(draws), p);
}

/** ESS of the draws as they are, split or (`{ split: false }`) not; unsplit it needs 4 draws a chain. */
export function essBasic(draws: Draws, options: SplitOption = {}): number {
  const variable = new Variable(draws);
  if (options.split !== false) return essMeanOf(variable);
  return variable.isUsable ? essOf(variable.centred.chains) : Number.NaN;
}
