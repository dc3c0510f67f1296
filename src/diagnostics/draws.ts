/** The draws of one variable, as callers hand them over, and the checks that every diagnostic starts with. */
import { floats } from "./scratch.ts";

/** The draws of one scalar quantity, `[chain][draw]`; every chain has the same number of draws. */
export type Draws = readonly ArrayLike<number>[];

/** Chains of equal length in one array, chain after chain: `values[chain * draws + draw]`. */
export interface Chains {
  readonly chains: number;
  readonly draws: number;
  readonly values: Float64Array;
}

/** The smallest and the largest value; both NaN when a value is NaN, or when there is none. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * Copies draws into one array, that `allocate` gives.
 * @throws RangeError when there is no chain, or when the chains differ in length.
 */
export function toChains(draws: Draws, allocate: (length: number) => Float64Array = floats): Chains {
  const chains = draws.length;
  const length = draws[0]?.length;
  if (length === undefined) {
    throw new RangeError("Expected draws as [chain][draw] with at least one chain, found none.");
  }
  const values = allocate(chains * length);
  for (let chain = 0; chain < chains; chain++) {
    const row = draws[chain]!;
    if (row.length !== length) {
      throw new RangeError(
        `Expected the same number of draws in every chain: chain 0 has ${length}, chain ${chain} has ${row.length}. ` +
          "Cut every chain to the shortest.",
      );
    }
    values.set(row, chain * length);
  }
  return { chains, draws: length, values };
}

/**
 * Each chain's first and last ⌊n/2⌋ draws as two chains; the middle draw of an odd number is dropped
 * [Vehtari et al. 2021]. The result shares the values when n is even.
 */
export function splitChains({ chains, draws, values }: Chains): Chains {
  const half = Math.floor(draws / 2);
  if (draws % 2 === 0) return { chains: 2 * chains, draws: half, values };
  const split = new Float64Array(2 * chains * half);
  for (let chain = 0; chain < chains; chain++) {
    const start = chain * draws;
    split.set(values.subarray(start, start + half), 2 * chain * half);
    split.set(values.subarray(start + half + 1, start + draws), (2 * chain + 1) * half);
  }
  return { chains: 2 * chains, draws: half, values: split };
}

export function rangeOf(values: Float64Array): Range {
  if (values.length === 0) return { min: Number.NaN, max: Number.NaN };
  let min = values[0]!;
  let max = min;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}

/**
 * True when the values do not vary, or only by rounding: their range is below `tolerance` times the largest magnitude.
 * The default is one unit in the last place, so that draws of any scale are told from a constant.
 */
export function isConstant({ min, max }: Range, tolerance: number = 2 ** -52): boolean {
  return max === min || max - min < tolerance * Math.max(Math.abs(min), Math.abs(max));
}

/** How many draws are NaN or infinite. Diagnostics of a variable with any are NaN. */
export function countNonFinite(draws: Draws): number {
  let count = 0;
  for (const row of draws) {
    for (let i = 0; i < row.length; i++) if (!Number.isFinite(row[i])) count++;
  }
  return count;
}

/**
 * The indices of chains that never moved: two draws or more, all equal. The other diagnostics still give a number when
 * only some chains are stuck, so report these beside it.
 */
export function stuckChains(draws: Draws): number[] {
  const stuck: number[] = [];
  draws.forEach((row, chain) => {
    let same = 1;
    while (same < row.length && row[same] === row[0]) same++;
    if (row.length > 1 && same === row.length) stuck.push(chain);
  });
  return stuck;
}
