/** One variable's draws with what several diagnostics need of them, each computed at most once. */
import { type Chains, type Draws, isConstant, type Range, rangeOf, splitChains, toChains } from "./draws.ts";
import { meanOf } from "./moments.ts";
import { quantileOfSorted } from "./quantile.ts";
import { foldSorted, rankNormalise, splitSorted } from "./ranks.ts";
import { type Arrays, floats, newArrays, places, reused } from "./scratch.ts";
import { type Sorted, sortWithOrder } from "./sort.ts";

/** Fewer draws a chain than this say nothing: Stan and ArviZ give NaN, and so do we. */
export const FEWEST_DRAWS = 4;

/** Beyond these ranges the fourth powers of float64 numbers would leave its exponents. */
const SMALLEST_RANGE = 2 ** -200;
const LARGEST_RANGE = 2 ** 200;

/** Draws shifted to a mean near 0 and, if their range is extreme, scaled by a power of two: x = center + y / scale. */
export interface Centred {
  readonly chains: Chains;
  readonly center: number;
  readonly scale: number;
}

const forFolded = reused(floats);
const forOrder = reused(places);
const forScores = reused(floats);
const forIndicator = reused(floats);

/** How many of the ascending values are at most `limit`. */
function upperBound(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function scaleFor({ min, max }: Range): number {
  const range = max / 2 - min / 2; // the difference itself may overflow
  if (range === 0 || (range >= SMALLEST_RANGE && range <= LARGEST_RANGE)) return 1;
  return 2 ** -Math.max(-1000, Math.floor(Math.log2(range)) + 1);
}

function centre(draws: Chains, range: Range, allocate: Arrays["centred"]): Centred {
  const { values } = draws;
  const scale = scaleFor(range);
  const shifted = allocate(values.length);
  for (let i = 0; i < shifted.length; i++) shifted[i] = values[i]! * scale;
  const center = meanOf(shifted);
  for (let i = 0; i < shifted.length; i++) shifted[i]! -= center;
  return { chains: { ...draws, values: shifted }, center: center / scale, scale };
}

/** The shared parts of a variable's diagnostics. */
export class Variable {
  readonly all: Chains;
  readonly range: Range;
  /** Every draw is finite (and there is one). */
  readonly isFinite: boolean;
  /** There are enough draws, all finite, and they vary: otherwise every convergence diagnostic is NaN. */
  readonly isUsable: boolean;
  readonly #arrays: Arrays;
  #sorted: Sorted | undefined;
  #splitSorted: Sorted | undefined;
  #split: Chains | undefined;
  #centred: Centred | undefined;
  #rankNormalised: Chains | undefined;

  constructor(draws: Draws, arrays: Arrays = newArrays) {
    this.#arrays = arrays;
    this.all = toChains(draws, arrays.all);
    this.range = rangeOf(this.all.values);
    this.isFinite = Number.isFinite(this.range.min) && Number.isFinite(this.range.max);
    this.isUsable = this.isFinite && this.all.draws >= FEWEST_DRAWS && !isConstant(this.range);
  }

  /** All draws in ascending order. Not for draws with a NaN. */
  get sorted(): Sorted {
    const { sorted, order } = this.#arrays;
    const { values } = this.all;
    this.#sorted ??= sortWithOrder(values, { values: sorted(values.length), order: order(values.length) });
    return this.#sorted;
  }

  get split(): Chains {
    this.#split ??= splitChains(this.all);
    return this.#split;
  }

  /** For finite draws only. */
  get centred(): Centred {
    this.#centred ??= centre(this.all, this.range, this.#arrays.centred);
    return this.#centred;
  }

  quantile(p: number): number {
    return Number.isNaN(this.range.min) ? Number.NaN : quantileOfSorted(this.sorted.values, p);
  }

  /** The split chains' normal scores. */
  get rankNormalised(): Chains {
    if (this.#rankNormalised === undefined) {
      const sorted = this.#sortedSplit();
      const scores = this.#arrays.scores(sorted.values.length);
      this.#rankNormalised = { ...this.split, values: rankNormalise(sorted, scores) };
    }
    return this.#rankNormalised;
  }

  /**
   * The normal scores of |x − median|, until they are asked for again. The median is that of all draws, before an odd middle draw
   * is dropped.
   */
  foldedRankNormalised(): Chains {
    const sorted = this.#sortedSplit();
    const { length } = sorted.values;
    const folded = foldSorted(sorted, this.quantile(0.5), { values: forFolded(length), order: forOrder(length) });
    return { ...this.split, values: rankNormalise(folded, forScores(length)) };
  }

  /**
   * 1 where a split draw is at most `limit`, else 0, until it is asked for again; written by rank, as a comparison of each would
   * mispredict.
   */
  atMost(limit: number): Float64Array {
    const { values, order } = this.#sortedSplit();
    const cut = upperBound(values, limit);
    const fewer = 2 * cut < values.length;
    const result = forIndicator(values.length).fill(fewer ? 0 : 1);
    const end = fewer ? cut : values.length;
    for (let k = fewer ? 0 : cut; k < end; k++) result[order[k]!] = fewer ? 1 : 0;
    return result;
  }

  #sortedSplit(): Sorted {
    this.#splitSorted ??= splitSorted(this.sorted, this.all);
    return this.#splitSorted;
  }
}
