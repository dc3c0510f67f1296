/** Means and variances of chains that are too long or too many to keep. */
import type { ChainMoments } from "./moments.ts";
import { nestedRhatFromMoments, type Superchains } from "./nested.ts";
import { rhatFromMoments } from "./rhat.ts";

/** What a StreamingMoments has gathered, for a checkpoint: `counts[chain]`, the others `[chain, quantity]`. */
export interface MomentsState {
  readonly chains: number;
  readonly quantities: number;
  readonly counts: Float64Array;
  readonly means: Float64Array;
  /** Sums of squared deviations from the mean. */
  readonly squares: Float64Array;
}

function checkLength(what: string, expected: number, found: number): void {
  if (found !== expected) throw new RangeError(`Expected ${expected} ${what}, found ${found}.`);
}

/**
 * Count, mean and sum of squared deviations per chain and quantity, in float64: 16 bytes each, whatever the number of
 * draws. From them follow, exactly and for chains of any length, the mean, the standard deviation, basic R-hat of whole
 * chains and nested R-hat. Split and rank-normalised R-hat, ESS and quantiles need the draws.
 *
 * A draw that is not finite leaves no finite result for that quantity, however many draws follow.
 */
export class StreamingMoments {
  readonly chains: number;
  readonly quantities: number;
  readonly #counts: Float64Array;
  readonly #means: Float64Array;
  readonly #squares: Float64Array;

  constructor(chains: number, quantities: number) {
    this.chains = chains;
    this.quantities = quantities;
    this.#counts = new Float64Array(chains);
    this.#means = new Float64Array(chains * quantities);
    this.#squares = new Float64Array(chains * quantities);
  }

  /** Continues from a saved state, which is copied. @throws RangeError when its arrays do not fit its sizes. */
  static from(state: MomentsState): StreamingMoments {
    const { chains, quantities } = state;
    checkLength("counts", chains, state.counts.length);
    checkLength("means", chains * quantities, state.means.length);
    checkLength("sums of squares", chains * quantities, state.squares.length);
    const moments = new StreamingMoments(chains, quantities);
    moments.#counts.set(state.counts);
    moments.#means.set(state.means);
    moments.#squares.set(state.squares);
    return moments;
  }

  /** A copy of what has been gathered. */
  state(): MomentsState {
    return {
      chains: this.chains,
      quantities: this.quantities,
      counts: this.#counts.slice(),
      means: this.#means.slice(),
      squares: this.#squares.slice(),
    };
  }

  /** The number of draws of a chain. */
  count(chain: number): number {
    this.#checkChains(chain, 1);
    return this.#counts[chain]!;
  }

  /** Adds one draw of a chain [Welford 1962]. @param values one number a quantity */
  add(chain: number, values: ArrayLike<number>): void {
    checkLength("quantities", this.quantities, values.length);
    this.addBlock(chain, 1, 1, values);
  }

  /**
   * Adds consecutive draws of consecutive chains.
   * @param values row-major `[chain, draw, quantity]`
   * @throws RangeError when a chain does not exist or the length does not fit.
   */
  addBlock(firstChain: number, chains: number, draws: number, values: ArrayLike<number>): void {
    this.#checkChains(firstChain, chains);
    const { quantities } = this;
    checkLength("values", chains * draws * quantities, values.length);
    const [counts, means, squares] = [this.#counts, this.#means, this.#squares];
    let next = 0;
    for (let chain = firstChain; chain < firstChain + chains; chain++) {
      const start = chain * quantities;
      let count = counts[chain]!;
      for (let draw = 0; draw < draws; draw++) {
        count++;
        for (let at = start; at < start + quantities; at++) {
          const value = values[next++]!;
          const before = means[at]!;
          const delta = value - before;
          const mean = before + delta / count;
          means[at] = mean;
          squares[at]! += delta * (value - mean);
        }
      }
      counts[chain] = count;
    }
  }

  /**
   * Takes in the moments of other draws of the same chains, or of the chains from `firstChain` on [Chan et al. 1983].
   * @throws RangeError when the quantities differ or a chain does not exist.
   */
  merge(other: StreamingMoments, firstChain: number = 0): void {
    this.#checkChains(firstChain, other.chains);
    checkLength("quantities", this.quantities, other.quantities);
    for (let chain = 0; chain < other.chains; chain++) {
      const more = other.#counts[chain]!;
      if (more === 0) continue;
      const had = this.#counts[firstChain + chain]!;
      this.#counts[firstChain + chain] = had + more;
      for (let q = 0; q < this.quantities; q++) {
        const to = (firstChain + chain) * this.quantities + q;
        const from = chain * this.quantities + q;
        const delta = other.#means[from]! - this.#means[to]!;
        this.#means[to] = had === 0 ? other.#means[from]! : this.#means[to]! + (delta * more) / (had + more);
        this.#squares[to]! += other.#squares[from]! + (had === 0 ? 0 : (delta * delta * had * more) / (had + more));
      }
    }
  }

  /** A chain's mean of a quantity; NaN without draws. */
  chainMean(chain: number, quantity: number): number {
    const at = this.#index(chain, quantity);
    return this.count(chain) === 0 ? Number.NaN : this.#means[at]!;
  }

  /** A chain's variance of a quantity, divisor n − 1; NaN for fewer than two draws. */
  chainVariance(chain: number, quantity: number): number {
    const at = this.#index(chain, quantity);
    const count = this.count(chain);
    return count < 2 ? Number.NaN : this.#squares[at]! / (count - 1);
  }

  /** The mean of all draws of all chains; NaN without draws. */
  mean(quantity: number): number {
    return this.#pooled(quantity).mean;
  }

  /** The standard deviation of all draws of all chains, divisor S − 1; NaN for fewer than two. */
  sd(quantity: number): number {
    const { count, squares } = this.#pooled(quantity);
    return count < 2 ? Number.NaN : Math.sqrt(squares / (count - 1));
  }

  /**
   * R-hat so far: basic, of whole chains. A stream cannot split chains in halves that grow, so a drift that all chains
   * share does not show. Chains with fewer than two draws are left out; if the others differ in length (batches that
   * are not equally far), the shortest length enters the formula, which is then approximate. NaN for one chain or none.
   */
  rhat(quantity: number): number {
    const { moments, draws } = this.#perChain(quantity, 2);
    return rhatFromMoments(moments, draws);
  }

  /**
   * Nested R-hat so far, as `rhatNested`. NaN until every chain has a draw.
   * @throws RangeError when superchains differ in size or do not fit the chains.
   */
  rhatNested(quantity: number, superchains: Superchains): number {
    const { moments, draws } = this.#perChain(quantity, 0);
    const value = nestedRhatFromMoments(moments, draws, superchains);
    return draws === 0 ? Number.NaN : value;
  }

  /** Moments of the chains that have at least `fewest` draws, and the smallest number of draws among them. */
  #perChain(quantity: number, fewest: number): { moments: ChainMoments; draws: number } {
    this.#index(0, quantity);
    const chosen: number[] = [];
    for (let chain = 0; chain < this.chains; chain++) if (this.#counts[chain]! >= fewest) chosen.push(chain);
    const means = Float64Array.from(chosen, (chain) => this.chainMean(chain, quantity));
    const variances = Float64Array.from(chosen, (chain) => this.chainVariance(chain, quantity));
    const draws = chosen.reduce((least, chain) => Math.min(least, this.#counts[chain]!), Number.POSITIVE_INFINITY);
    return { moments: { means, variances }, draws };
  }

  #pooled(quantity: number): { count: number; mean: number; squares: number } {
    this.#index(0, quantity);
    let count = 0;
    let mean = Number.NaN;
    let squares = 0;
    for (let chain = 0; chain < this.chains; chain++) {
      const more = this.#counts[chain]!;
      if (more === 0) continue;
      const at = this.#index(chain, quantity);
      const delta = count === 0 ? 0 : this.#means[at]! - mean;
      mean = count === 0 ? this.#means[at]! : mean + (delta * more) / (count + more);
      squares += this.#squares[at]! + (delta * delta * count * more) / (count + more);
      count += more;
    }
    return { count, mean, squares };
  }

  #index(chain: number, quantity: number): number {
    if (!(Number.isInteger(quantity) && quantity >= 0 && quantity < this.quantities)) {
      throw new RangeError(`Expected a quantity from 0 to ${this.quantities - 1}, found ${quantity}.`);
    }
    return chain * this.quantities + quantity;
  }

  #checkChains(first: number, chains: number): void {
    if (!(Number.isInteger(first) && first >= 0 && first + chains <= this.chains)) {
      throw new RangeError(`Expected chains among 0 to ${this.chains - 1}, found ${first} to ${first + chains - 1}.`);
    }
  }
}
