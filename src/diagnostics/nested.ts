/** Nested R-hat, for many short chains in superchains that start at one point each. */
import { type Draws, isConstant } from "./draws.ts";
import { type ChainMoments, chainMoments, meanOf, varianceOf } from "./moments.ts";
import { Variable } from "./variable.ts";

/** Either how many superchains there are, chains in order and equally many in each; or each chain's superchain. */
export type Superchains = number | ArrayLike<number | string>;

/** The chains of each superchain. @throws RangeError when superchains differ in size or do not fit the chains. */
function groupChains(superchains: Superchains, chains: number): number[][] {
  const groups = new Map<number | string, number[]>();
  const ids =
    typeof superchains === "number"
      ? Array.from({ length: chains }, (_, chain) => Math.floor((chain * superchains) / chains))
      : Array.from(superchains);
  if (ids.length !== chains) {
    throw new RangeError(`Expected one superchain for each of the ${chains} chains, found ${ids.length}.`);
  }
  ids.forEach((id, chain) => {
    const group = groups.get(id);
    if (group) group.push(chain);
    else groups.set(id, [chain]);
  });
  const lists = [...groups.values()];
  const sizes = lists.map((list) => list.length);
  if (new Set(sizes).size > 1 || (typeof superchains === "number" && lists.length !== superchains)) {
    throw new RangeError(
      `Expected superchains of equal size for ${chains} chains, found ${
        typeof superchains === "number" ? `${superchains} superchains` : `sizes ${sizes.join(", ")}`
      }. Choose a number of superchains that divides the number of chains.`,
    );
  }
  return lists;
}

/**
 * Nested R-hat of chains with these means and variances, `draws` draws each [Margossian et al. 2024, eq. 15–19].
 * One draw a chain, or one chain a superchain, count as no variance at that level.
 * @throws RangeError when superchains differ in size or do not fit the chains.
 */
export function nestedRhatFromMoments(
  { means, variances }: ChainMoments,
  draws: number,
  superchains: Superchains,
): number {
  const groups = groupChains(superchains, means.length);
  const groupMeans: number[] = [];
  const within: number[] = [];
  for (const group of groups) {
    const groupChainMeans = group.map((chain) => means[chain]!);
    const groupMean = meanOf(groupChainMeans);
    const betweenChains = group.length === 1 ? 0 : varianceOf(groupChainMeans, groupMean);
    const withinChains = draws === 1 ? 0 : meanOf(group.map((chain) => variances[chain]!));
    groupMeans.push(groupMean);
    within.push(betweenChains + withinChains);
  }
  return Math.sqrt(1 + varianceOf(groupMeans, meanOf(groupMeans)) / meanOf(within));
}

/**
 * Nested R-hat [Margossian et al. 2024]: unsplit and without ranks, sound from one draw a chain on, if the chains of a
 * superchain start at one point. NaN with a draw that is not finite, without variation, or for a single superchain.
 * @param draws `[chain][draw]`
 * @param superchains their number K (chains 0 … C/K − 1 are the first), or each chain's superchain
 * @throws RangeError when superchains differ in size or do not fit the chains.
 */
export function rhatNested(draws: Draws, superchains: Superchains): number {
  const variable = new Variable(draws);
  const usable = variable.isFinite && !isConstant(variable.range);
  const chains = usable ? variable.centred.chains : variable.all;
  const value = nestedRhatFromMoments(chainMoments(chains), chains.draws, superchains);
  return usable ? value : Number.NaN;
}
