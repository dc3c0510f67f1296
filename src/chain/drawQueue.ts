import type { Numbers } from "../draws.ts";
import type { Recorded } from "../engine/engine.ts";
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
    const isComplete = recorded[IS_COMPLETE]!;
    for (let chain = 0; chain < this.chains; chain++) {
      for (let i = 0; i < iterations; i++)
        if (isComplete[chain * iterations + i] === 1) this.copy(recorded, iterations, chain, i);
    }
  }

  private copy(recorded: Recorded, iterations: number, chain: number, iteration: number): void {
    const at = this.counts[chain]!;
    if (at === this.capacity)
      throw new RangeError(`Chain ${chain} has completed more than ${this.capacity} draws ahead.`);
    for (const [name, from] of Object.entries(recorded)) {
      const size = from.length / (this.chains * iterations);
      const { data } = this.placeFor(name, from, size);
      const start = (chain * iterations + iteration) * size;
      data.set(from.subarray(start, start + size), (chain * this.capacity + at) * size);
    }
    this.counts[chain] = at + 1;
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
    const taken: Record<string, Numbers> = {};
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
