import type { DrawBlock, Numbers, Phase } from "../draws.ts";
import type { Recorded } from "../engine/engine.ts";
import { byNames } from "../named.ts";
import { POSTERIOR, STATISTICS } from "../sampler/transition.ts";
import type { BatchFrame } from "./batch.ts";

/** What the batch's tuning was at each iteration of a block. */
export interface SharedStatistics {
  readonly stepSizes: readonly number[];
  readonly steps: readonly number[];
}

/** A block of draws out of what a kernel recorded. */
export function drawBlock(
  settings: BatchFrame,
  phase: Phase,
  firstDraw: number,
  recorded: Recorded,
  shared: SharedStatistics,
): DrawBlock {
  const { batch, firstChain, chains, precision } = settings;
  const draws = shared.steps.length;
  const stepSizes = new (precision === "float32" ? Float32Array : Float64Array)(chains * draws);
  return {
    batch,
    firstChain,
    chains,
    phase,
    firstDraw,
    draws,
    posterior: withPrefix(POSTERIOR, recorded),
    statistics: {
      ...withPrefix(STATISTICS, recorded),
      n_steps: ofEachChain(Int32Array.from(shared.steps), new Int32Array(chains * draws)),
      step_size: ofEachChain(Float64Array.from(shared.stepSizes), stepSizes),
    },
    ...(settings.keepUnconstrained && recorded["z"] !== undefined && { unconstrained: recorded["z"] }),
  };
}

function withPrefix(prefix: string, recorded: Recorded): Record<string, Numbers> {
  const found = Object.entries(recorded).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, values]) => [name.slice(prefix.length), withOneNaN(values)]));
}

/** The same values for each of the chains. */
function ofEachChain<Values extends Numbers>(values: ArrayLike<number>, all: Values): Values {
  for (let first = 0; first < all.length; first += values.length) all.set(values, first);
  return all;
}

/** The bits of a float32 that is infinite, and of the one NaN. */
const INFINITY32 = 0x7f800000;
const NAN32 = 0x7fc00000;

/**
 * What is not a number has many bit patterns, and processors and versions of V8 leave different ones: here it has one. Those
 * of float32 are found by their bits, in half the time.
 */
function withOneNaN(values: Numbers): Numbers {
  if (values instanceof Float32Array) {
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
    for (let i = 0; i < words.length; i++) if ((words[i]! & 0x7fffffff) > INFINITY32) words[i] = NAN32;
  } else if (values instanceof Float64Array) {
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = Number.NaN;
  }
  return values;
}

/** Divergent transitions of a recorded block. */
export function countDivergences(recorded: Recorded): number {
  return (recorded[`${STATISTICS}diverging`] as Uint8Array).reduce((n, diverging) => n + diverging, 0);
}

/** Gathers iterations that were run one at a time into `[chain, iteration, ...shape]`. */
export class BlockBuilder {
  private readonly chains: number;
  private parts: Recorded[] = [];

  constructor(chains: number) {
    this.chains = chains;
  }

  add(recorded: Recorded): void {
    this.parts.push(recorded);
  }

  /** Everything since the last `take`. */
  take(): Recorded {
    const { parts, chains } = this;
    this.parts = [];
    const joined: Record<string, Numbers> = byNames();
    for (const [name, first] of Object.entries(parts[0] ?? {})) {
      const size = first.length / chains;
      const all = first.slice(0, 0).constructor as new (length: number) => Numbers;
      const result = new all(first.length * parts.length);
      parts.forEach((part, t) => {
        for (let c = 0; c < chains; c++) {
          result.set(part[name]!.subarray(c * size, (c + 1) * size), (c * parts.length + t) * size);
        }
      });
      joined[name] = result;
    }
    return joined;
  }
}
