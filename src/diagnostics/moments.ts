/** Means and variances of chains. */
import type { Chains } from "./draws.ts";

/** Per chain: the mean, and the variance with divisor n − 1 (NaN for fewer than two draws). */
export interface ChainMoments {
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/** The mean of a list. Taken relative to its first value, so that equal values give exactly that value. */
export function meanOf(values: ArrayLike<number>, start: number = 0, end: number = values.length): number {
  const first = values[start] ?? Number.NaN;
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i]! - first;
  return first + sum / (end - start);
}

/** The variance of a list about its given mean, divisor n − 1, with the two-pass correction. */
export function varianceOf(values: ArrayLike<number>, mean: number): number {
  const n = values.length;
  if (n < 2) return Number.NaN;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i]! - mean;
    sum += d;
    squares += d * d;
  }
  return (squares - (sum * sum) / n) / (n - 1);
}

/** Mean and variance of every chain. */
export function chainMoments({ chains, draws, values }: Chains): ChainMoments {
  const means = new Float64Array(chains);
  const variances = new Float64Array(chains);
  for (let chain = 0; chain < chains; chain++) {
    const start = chain * draws;
    const mean = meanOf(values, start, start + draws);
    let rest = 0;
    let squares = 0;
    for (let i = start; i < start + draws; i++) {
      const d = values[i]! - mean;
      rest += d;
      squares += d * d;
    }
    means[chain] = mean + rest / draws; // the first value may be far out, and cost the mean digits
    variances[chain] = draws < 2 ? Number.NaN : (squares - (rest * rest) / draws) / (draws - 1);
  }
  return { means, variances };
}
