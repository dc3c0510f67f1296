/**
 * Mean and variance of each of D dimensions over all draws of a batch, in float64: Welford's updates in chain order,
 * and Chan's merge of two such states [Chan, Golub, LeVeque 1983]. An update never touches the state it starts from.
 * A value that is not finite makes its dimension's moments NaN or infinite, which `metric.ts` then leaves as it was.
 */
export interface Moments {
  /** Draws so far. */
  readonly count: number;
  /** The mean, `[D]`. */
  readonly mean: Float64Array;
  /** The sum of squared deviations from the mean, `[D]`. */
  readonly squares: Float64Array;
}

/** No draws of `dimension` values. */
export function init(dimension: number): Moments {
  return { count: 0, mean: new Float64Array(dimension), squares: new Float64Array(dimension) };
}

/**
 * The moments with one more draw of every chain [Welford 1962].
 *
 * @param values `[chain, D]`, float32 or float64, one draw a chain (or any number of draws, one after the other)
 */
export function add(state: Moments, values: ArrayLike<number>): Moments {
  const dimension = state.mean.length;
  const mean = state.mean.slice();
  const squares = state.squares.slice();
  let count = state.count;
  for (let start = 0; start < values.length; start += dimension) {
    count++;
    for (let i = 0; i < dimension; i++) {
      const value = values[start + i]!;
      const before = value - mean[i]!;
      mean[i]! += before / count;
      squares[i]! += before * (value - mean[i]!);
    }
  }
  return { count, mean, squares };
}

/** From so many chains on a batch's spread is measured within single iterations. */
const MANY_CHAINS = 4;

/**
 * The moments with one more draw of every chain, each deviation taken from the mean over the chains of its own iteration:
 * while the chains still travel to the posterior together, that is no part of its spread. The squares are scaled by
 * C/(C − 1), for the mean that each iteration spends. The mean is that of the last iteration. Fewer than 4 chains are
 * added as by `add`.
 *
 * @param values `[chain, D]`
 */
export function addBatch(state: Moments, values: ArrayLike<number>): Moments {
  const one = add(init(state.mean.length), values);
  const chains = one.count;
  if (chains < MANY_CHAINS) return merge(state, one);
  const squares = state.squares.map((sum, i) => sum + (one.squares[i]! * chains) / (chains - 1));
  return { count: state.count + chains, mean: one.mean, squares };
}

/** The same mean and spread, as if from at most `most` draws: what is added then weighs more. */
export function forget(state: Moments, most: number): Moments {
  if (state.count <= most) return state;
  const count = Math.max(0, most);
  return { count, mean: state.mean, squares: state.squares.map((sum) => (sum * count) / state.count) };
}

/** The moments of the draws of `a` and `b` together. Merging with a state without draws changes nothing. */
export function merge(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const share = b.count / count;
  const mean = a.mean.map((ofA, i) => ofA + (b.mean[i]! - ofA) * share);
  const squares = a.squares.map((ofA, i) => {
    const distance = b.mean[i]! - a.mean[i]!;
    return ofA + b.squares[i]! + distance * distance * a.count * share;
  });
  return { count, mean, squares };
}

/** The variance of each dimension with divisor n − 1, `[D]`; NaN for fewer than two draws. */
export function variance(state: Moments): Float64Array {
  return state.squares.map((sum) => (state.count < 2 ? Number.NaN : sum / (state.count - 1)));
}
