/** Arithmetic of the plots: draws in, what is drawn out. */
import type { ChainValues } from "./input.ts";

/** The draws of all chains in one array, chain after chain. */
export function pooled(draws: ChainValues): Float64Array {
  const all = new Float64Array(draws.reduce((sum, chain) => sum + chain.length, 0));
  let at = 0;
  for (const chain of draws) {
    all.set(chain, at);
    at += chain.length;
  }
  return all;
}

/** The quantile of ascending values, between neighbours linearly. NaN for none. */
export function quantileOf(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (place - below);
}

/** Index of the first of the ascending values that is at least (or, with `after`, above) a value. */
function bound(sorted: Float64Array, value: number, after: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle] ?? 0;
    if (at < value || (after && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Histograms of ranks among all draws, `[chain][bin]`; equal draws have their middle rank. */
export function rankHistograms(draws: ChainValues, sorted: Float64Array, bins: number): Float64Array[] {
  const size = sorted.length;
  return draws.map((chain) => {
    const counts = new Float64Array(bins);
    for (let i = 0; i < chain.length; i++) {
      const value = chain[i] ?? Number.NaN;
      const rank = (bound(sorted, value, false) + bound(sorted, value, true) - 1) / 2;
      const bin = Math.min(bins - 1, Math.floor(((rank + 0.5) / size) * bins));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  });
}

/** The chain whose ranks are spread least evenly. */
export function oddestChain(histograms: readonly Float64Array[]): number {
  let oddest = 0;
  let most = -1;
  histograms.forEach((counts, chain) => {
    const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
    const distance = counts.reduce((sum, count) => sum + (count - expected) ** 2, 0);
    if (distance > most) {
      most = distance;
      oddest = chain;
    }
  });
  return oddest;
}

/** A density at points that lie evenly from `low` to `high`. */
export interface Density {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

function spreadOf(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let square = 0;
  for (const value of values) square += (value - mean) ** 2 / values.length;
  return Math.sqrt(square);
}

/**
 * A Gaussian kernel density estimate: the draws are counted in narrow bins, which are then smoothed.
 * The bandwidth is Silverman's, from the smaller of sd and interquartile range.
 * @param sorted ascending, finite
 */
export function density(sorted: Float64Array, low: number, high: number, points = 120): Density {
  const step = (high - low) / (points - 1);
  const range = (quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25)) / 1.349;
  const sd = spreadOf(sorted);
  const narrow = range > 0 ? Math.min(range, sd) : sd;
  const width = Math.max(0.9 * narrow * sorted.length ** -0.2, step / 2);
  const reach = Math.ceil((4 * width) / step);
  const counts = new Float64Array(points + 2 * reach);
  for (const value of sorted) {
    const bin = Math.round((value - low) / step) + reach;
    if (bin >= 0 && bin < counts.length) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-0.5 * (((k - reach) * step) / width) ** 2));
  const scale = 1 / (sorted.length * width * Math.sqrt(2 * Math.PI));
  const x = Array.from({ length: points }, (_, i) => low + i * step);
  const y = x.map((_, i) => scale * kernel.reduce((sum, weight, k) => sum + weight * (counts[i + k] ?? 0), 0));
  return { x, y };
}

/** Quantiles over all chains of stretches of draws. */
export interface Bands {
  /** Middle of each stretch, counted in draws from 1. */
  readonly x: readonly number[];
  /** One list for each p. */
  readonly quantiles: readonly (readonly number[])[];
}

/** Quantiles, over all chains, of up to `most` stretches of draws. */
export function bandsOf(draws: ChainValues, ps: readonly number[], most = 80): Bands {
  const length = draws[0]?.length ?? 0;
  const stretches = Math.min(most, length);
  const x: number[] = [];
  const quantiles: number[][] = ps.map(() => []);
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * length) / stretches);
    const to = Math.floor(((stretch + 1) * length) / stretches);
    const values = new Float64Array(draws.length * (to - from));
    let at = 0;
    for (const chain of draws) for (let i = from; i < to; i++) values[at++] = chain[i] ?? Number.NaN;
    values.sort();
    x.push((from + to + 1) / 2);
    ps.forEach((p, index) => {
      quantiles[index]?.push(quantileOf(values, p));
    });
  }
  return { x, quantiles };
}

/** Whole numbers from 0 to below `length`, `most` at most, evenly spaced. */
export function evenly(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.floor(((i + 0.5) * length) / most));
}

/** Every number is finite. */
export function areFinite(draws: ChainValues): boolean {
  return draws.every((chain) => {
    for (let i = 0; i < chain.length; i++) if (!Number.isFinite(chain[i])) return false;
    return true;
  });
}
