import type { Numbers } from "../draws.ts";
import type { Recorded } from "../engine/engine.ts";
import { byNames } from "../named.ts";
import { IS_COMPLETE } from "../sampler/nuts.ts";

/**
 * Draws that chains complete each in its own time, until a block of them can be taken from every chain. Of what a kernel
 * records, only the iterations count in which a chain completed a transition.
 */
export class DrawQueue {
  private readonly chains: number;
  /** Draws that a chain may have waiting. */
  private readonly capacity: number;
  private readonly counts: Int32Array;
  /** `[chain, capacity, size]` by name. */
  private readonly values = new Map<string, { readonly data: Numbers; readonly size: number }>();

  constructor(chains: number, capacity: number) {
    this.chains = chains;
    this.capacity = capacity;
    this.counts = new Int32Array(chains);
  }

  /** Draws that every chain has. */
  get length(): number {
    return this.counts.reduce((least, n) => Math.min(least, n), this.capacity);
  }

  /** Throws a RangeError where a chain has no more room: its transitions should have been limited. */
  add(recorded: Recorded, iterations: number): void {
    const moves = this.movesOf(recorded[IS_COMPLETE]!, iterations);
    for (const [name, from] of Object.entries(recorded)) {
      const size = from.length / (this.chains * iterations);
      const { data } = this.placeFor(name, from, size);
      // Draws are many and small: element by element is much faster than views of them.
      for (const { row, place } of moves) for (let k = 0; k < size; k++) data[place * size + k] = from[row * size + k]!;
    }
  }

  /** Which rows of a record are draws, and where they go; the queue has them from here on. */
  private movesOf(
    isComplete: Numbers,
    iterations: number,
  ): readonly { readonly row: number; readonly place: number }[] {
    const moves: { readonly row: number; readonly place: number }[] = [];
    for (let row = 0; row < isComplete.length; row++) {
      if (isComplete[row] !== 1) continue;
      const chain = Math.floor(row / iterations);
      const at = this.counts[chain]!;
      if (at === this.capacity)
        throw new RangeError(`Chain ${chain} has completed more than ${this.capacity} draws ahead.`);
      moves.push({ row, place: chain * this.capacity + at });
      this.counts[chain] = at + 1;
    }
    return moves;
  }

  private placeFor(name: string, like: Numbers, size: number): { readonly data: Numbers; readonly size: number } {
    const known = this.values.get(name);
    if (known !== undefined) return known;
    const place = { data: emptyLike(like, this.chains * this.capacity * size), size };
    this.values.set(name, place);
    return place;
  }

  /** The first `count` draws of every chain, `[chain, count, size]`; they leave the queue. */
  take(count: number): Recorded {
    const taken: Record<string, Numbers> = byNames();
    for (const [name, { data, size }] of this.values) {
      const block = emptyLike(data, this.chains * count * size);
      for (let chain = 0; chain < this.chains; chain++) {
        const start = chain * this.capacity * size;
        block.set(data.subarray(start, start + count * size), chain * count * size);
        data.copyWithin(start, start + count * size, start + this.counts[chain]! * size);
      }
      taken[name] = block;
    }
    for (let chain = 0; chain < this.chains; chain++) this.counts[chain]! -= count;
    return taken;
  }
}

function emptyLike(values: Numbers, length: number): Numbers {
  return new (values.constructor as new (length: number) => Numbers)(length);
}
