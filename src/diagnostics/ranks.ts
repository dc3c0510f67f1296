/** Rank normalisation and folding [Vehtari et al. 2021]. */
import type { Chains } from "./draws.ts";
import { normalQuantile } from "./normal.ts";
import type { Sorted } from "./sort.ts";

/** Normal scores of the ranks 1…S without ties, kept for the last S: every variable of a summary has the same. */
let scores = new Float64Array(0);
const LARGEST_KEPT = 2 ** 21;

/** Blom's score of a rank among `size` draws: Φ⁻¹((rank − 3/8) / (size + 1/4)). */
const scoreOf = (rank: number, size: number): number => normalQuantile((rank - 0.375) / (size + 0.25));

function scoresFor(size: number): Float64Array {
  if (scores.length === size) return scores;
  const fresh = new Float64Array(size);
  for (let k = 0; k < size; k++) fresh[k] = scoreOf(k + 1, size);
  if (size <= LARGEST_KEPT) scores = fresh;
  return fresh;
}

/** Each draw's normal score at the draw's own position, in `result`; equal draws share the score of their average rank. */
export function rankNormalise(
  { values, order }: Sorted,
  result: Float64Array = new Float64Array(values.length),
): Float64Array {
  const size = values.length;
  const table = scoresFor(size);
  for (let k = 0; k < size; ) {
    let end = k + 1;
    while (end < size && values[end] === values[k]) end++;
    // Places k … end − 1 are ranks k + 1 … end.
    const score = end === k + 1 ? table[k]! : scoreOf((k + 1 + end) / 2, size);
    for (; k < end; k++) result[order[k]!] = score;
  }
  return result;
}

/** Distances |x − median| in ascending order, in `into`: a merge of the two sides of the sorted values. */
export function foldSorted(
  { values, order }: Sorted,
  median: number,
  into: Sorted = { values: new Float64Array(values.length), order: new Uint32Array(values.length) },
): Sorted {
  const size = values.length;
  const { values: folded, order: foldedOrder } = into;
  let above = 0;
  while (above < size && values[above]! < median) above++;
  let below = above - 1;
  for (let k = 0; k < size; k++) {
    const up = above < size ? values[above]! - median : Number.POSITIVE_INFINITY;
    const down = below >= 0 ? median - values[below]! : Number.POSITIVE_INFINITY;
    const takeDown = below >= 0 && (above >= size || down < up);
    folded[k] = takeDown ? down : up;
    foldedOrder[k] = order[takeDown ? below-- : above++]!;
  }
  return into;
}

/** The sorted draws without those that splitting drops (the middle of an odd number), placed as in the split chains. */
export function splitSorted(sorted: Sorted, { chains, draws }: Chains): Sorted {
  if (draws % 2 === 0) return sorted;
  const half = Math.floor(draws / 2);
  const values = new Float64Array(2 * half * chains);
  const order = new Uint32Array(2 * half * chains);
  let kept = 0;
  for (let k = 0; k < sorted.order.length; k++) {
    const position = sorted.order[k]!;
    const chain = Math.floor(position / draws);
    const draw = position - chain * draws;
    if (draw === half) continue;
    values[kept] = sorted.values[k]!;
    order[kept++] = 2 * chain * half + (draw > half ? draw - 1 : draw);
  }
  return { values, order };
}
