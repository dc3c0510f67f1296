/** R-hat: how much wider the chains are together than each alone; near 1 at convergence. */
import { type Chains, type Draws, isConstant, rangeOf, splitChains } from "./draws.ts";
import { type ChainMoments, chainMoments, meanOf, varianceOf } from "./moments.ts";
import { Variable } from "./variable.ts";

/** Options of `rhatBasic` and `essBasic`. */
export interface SplitOption {
  /** Count each half of a chain as a chain of its own (default true), which shows a drift within chains. */
  readonly split?: boolean;
}

/**
 * R-hat of chains with these means and variances, `draws` draws each [Gelman et al. 2013, §11.4]. Infinity when the
 * chains differ but none moves; NaN for a single chain, or when nothing varies.
 */
export function rhatFromMoments({ means, variances }: ChainMoments, draws: number): number {
  const between = varianceOf(means, meanOf(means));
  return Math.sqrt((draws - 1) / draws + between / meanOf(variances));
}

function rhatOfChains(chains: Chains): number {
  if (isConstant(rangeOf(chains.values))) return Number.NaN;
  return rhatFromMoments(chainMoments(chains), chains.draws);
}

export const rhatBulkOf = (variable: Variable): number =>
  variable.isUsable ? rhatOfChains(variable.rankNormalised) : Number.NaN;

export const rhatFoldedOf = (variable: Variable): number =>
  variable.isUsable ? rhatOfChains(variable.foldedRankNormalised()) : Number.NaN;

export const rhatOf = (variable: Variable): number => Math.max(rhatBulkOf(variable), rhatFoldedOf(variable));

/**
 * Rank-normalised split R-hat: the larger of bulk and folded [Vehtari et al. 2021]. Below 1.01 is good. NaN if there
 * are fewer than 4 draws a chain, a draw that is not finite, or no variation; and, as in posterior, when one of the two
 * is NaN (draws on two values, half on each, have nothing to fold).
 * @param draws `[chain][draw]`; one chain is enough, as it is split
 * @throws RangeError for no chain, or chains of unequal length (true of every diagnostic here).
 */
export function rhat(draws: Draws): number {
  return rhatOf(new Variable(draws));
}

/** R-hat of the rank-normalised split chains: sees differing locations. NaN as in `rhat`. */
export function rhatBulk(draws: Draws): number {
  return rhatBulkOf(new Variable(draws));
}

/** R-hat of the rank-normalised distances from the median: sees differing scales. NaN as in `rhat`. */
export function rhatFolded(draws: Draws): number {
  return rhatFoldedOf(new Variable(draws));
}

/**
 * R-hat of the draws themselves, without ranks [Gelman et al. 2013, §11.4]; for variables with finite variance.
 * NaN as in `rhat`, and for one chain that is not split.
 */
export function rhatBasic(draws: Draws, options: SplitOption = {}): number {
  const variable = new Variable(draws);
  if (!variable.isUsable) return Number.NaN;
  const { chains } = variable.centred;
  return rhatOfChains(options.split === false ? chains : splitChains(chains));
}
