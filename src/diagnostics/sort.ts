/** Sorting numbers together with where they came from. */

/** Values in ascending order; `order[k]` is the position that the k-th smallest had. Equal values keep their order. */
export interface Sorted {
  readonly values: Float64Array;
  readonly order: Uint32Array;
}

const DIGIT_BITS = 11;
const DIGITS = 3; // 3 × 11 bits cover a 32-bit word
const BUCKETS = 1 << DIGIT_BITS;
const MASK = BUCKETS - 1;
/** Which half of a float64 has the sign and the exponent: 1 on little-endian machines. */
const HIGH_WORD = new Uint32Array(new Float64Array([1]).buffer)[1] === 0x3ff00000 ? 1 : 0;
/** A longer run of equal high words goes back to be sorted by all 64 bits. */
const LONGEST_RUN = 32;

interface Lane {
  readonly keys: Uint32Array;
  readonly order: Uint32Array;
}

const newLane = (size: number): Lane => ({ keys: new Uint32Array(size), order: new Uint32Array(size) });
const counts = new Uint32Array(DIGITS * BUCKETS);
/** Reused between calls: a summary sorts many variables of one size. */
let lanes: readonly [Lane, Lane] = [newLane(0), newLane(0)];

/**
 * Fills the lane's keys, in its order, with one half of each value, changed so that the pair of halves orders as an
 * unsigned integer the way the floats do: all bits of a negative number are flipped, else the sign bit alone.
 */
function fillKeys(values: Float64Array, lane: Lane, isHigh: boolean): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const { keys, order } = lane;
  const half = isHigh ? HIGH_WORD : 1 - HIGH_WORD;
  const signBit = isHigh ? 0x80000000 : 0;
  for (let k = 0; k < values.length; k++) {
    const at = 2 * order[k]!;
    keys[k] = words[at + half]! ^ ((words[at + HIGH_WORD]! >> 31) | signBit);
  }
}

function countDigits(keys: Uint32Array, size: number): void {
  counts.fill(0);
  for (let k = 0; k < size; k++) {
    const key = keys[k]!;
    counts[key & MASK]!++;
    counts[BUCKETS + ((key >>> DIGIT_BITS) & MASK)]!++;
    counts[2 * BUCKETS + (key >>> (2 * DIGIT_BITS))]!++;
  }
}

/** Turns the counts of a pass into starting places; false when all keys share the digit and the pass moves nothing. */
function startsOf(pass: number, size: number): boolean {
  let start = 0;
  for (let bucket = pass * BUCKETS; bucket < (pass + 1) * BUCKETS; bucket++) {
    const count = counts[bucket]!;
    if (count === size) return false;
    counts[bucket] = start;
    start += count;
  }
  return true;
}

/** A stable radix sort of the lane by its keys; gives back the lane that holds the result, and the other one. */
function sortByKeys(lane: Lane, spare: Lane, size: number): [Lane, Lane] {
  let from = lane;
  let to = spare;
  countDigits(from.keys, size);
  for (let pass = 0; pass < DIGITS; pass++) {
    if (!startsOf(pass, size)) continue;
    const { keys, order } = from;
    const { keys: toKeys, order: toOrder } = to;
    for (let k = 0; k < size; k++) {
      const key = keys[k]!;
      const place = counts[pass * BUCKETS + ((key >>> (pass * DIGIT_BITS)) & MASK)]!++;
      toKeys[place] = key;
      toOrder[place] = order[k]!;
    }
    [from, to] = [to, from];
  }
  return [from, to];
}

/** Sorts runs of equal keys by insertion; false, with the runs in some order, when a long one is out of order. */
function settleRuns(values: Float64Array, { keys, order }: Lane): boolean {
  let runStart = 0;
  for (let k = 1; k < values.length; k++) {
    if (keys[k] !== keys[runStart]) {
      runStart = k;
      continue;
    }
    const position = order[k]!;
    const value = values[position]!;
    let place = k;
    while (place > runStart && values[order[place - 1]!]! > value) {
      order[place] = order[place - 1]!;
      place--;
    }
    order[place] = position;
    if (place < k && k - runStart > LONGEST_RUN) return false;
  }
  return true;
}

/**
 * Sorts by value. No value may be NaN; infinities and −0 are in order. The high halves of the numbers (sign, exponent
 * and 20 bits) nearly sort them; what they leave is settled by insertion, or, if that is much, by sorting all 64 bits.
 */
export function sortWithOrder(
  values: Float64Array,
  into: Sorted = { values: new Float64Array(values.length), order: new Uint32Array(values.length) },
): Sorted {
  const size = values.length;
  if (lanes[0].order.length < size) lanes = [newLane(size), newLane(size)];
  let [lane, spare] = lanes;
  const restart = (): void => {
    for (let k = 0; k < size; k++) lane.order[k] = k;
  };
  restart();
  fillKeys(values, lane, true);
  [lane, spare] = sortByKeys(lane, spare, size);
  if (!settleRuns(values, lane)) {
    restart();
    fillKeys(values, lane, false);
    [lane, spare] = sortByKeys(lane, spare, size);
    fillKeys(values, lane, true);
    [lane, spare] = sortByKeys(lane, spare, size);
  }
  const { values: sorted, order } = into;
  order.set(lane.order.subarray(0, size));
  for (let k = 0; k < size; k++) sorted[k] = values[order[k]!]!;
  return into;
}
