/**
 * NUTS as a sampler of batches. After warm-up each chain draws in its own time, and a block is told when every chain has its
 * draws.
 */
import { nutsProgram } from "../sampler/nuts.ts";
import type { BatchEvent, BatchOf, NutsSettings, PhaseTotals } from "./batch.ts";
import { DrawQueue } from "./drawQueue.ts";
import { NutsChains, nutsBlock, positionAfter } from "./nutsChains.ts";
import { nutsWarmUp } from "./nutsWarmup.ts";
import { nothingFound } from "./plan.ts";
import type { RoundingCheck } from "./roundingCheck.ts";
import type { RunBatchOptions, Sampler, Warm } from "./sampler.ts";
import { NO_TOTALS, secondsSince } from "./state.ts";

/** How many blocks a chain may be ahead of the slowest one. */
const BLOCKS_AHEAD = 2;

export const nutsSampler: Sampler<NutsSettings> = {
  program: (target, { max_depth }) => nutsProgram(target, { maxDepth: max_depth }),
  statistics: [
    { name: "tree_depth", dtype: "int32" },
    { name: "reached_max_treedepth", dtype: "bool" },
  ],
  needs: ({ warmup, sampler }) => {
    if (warmup === 0) throw nothingFound(sampler.name, "step size");
  },
  begin: (kernel, dimension, settings, start) => {
    const chains = new NutsChains(kernel, dimension, settings);
    chains.place(start);
    return {
      warmUp: (options) => nutsWarmUp(chains, dimension, settings, start, options),
      draw: (warm, options) => draw(chains, settings, warm, options),
    };
  },
};

/** The draws after warm-up, a block at a time. Undefined where it was stopped. */
async function* draw(
  chains: NutsChains,
  settings: BatchOf<NutsSettings>,
  { tuning, totals, position }: Warm,
  { shouldStop, resume, check }: RunBatchOptions & { readonly check: RoundingCheck },
): AsyncGenerator<BatchEvent, PhaseTotals | undefined, void> {
  const { batch, warmup, draws } = settings;
  chains.tune(tuning);
  const queue = new DrawQueue(settings.chains, BLOCKS_AHEAD * settings.block);
  let sampling: PhaseTotals = resume?.totals.sampling ?? NO_TOTALS;
  for (let first = position.iteration - warmup; first < draws; ) {
    if (shouldStop?.()) return undefined;
    const started = performance.now();
    const count = Math.min(settings.block - (first % settings.block), draws - first);
    const limit = warmup + Math.min(first + BLOCKS_AHEAD * settings.block, draws);
    while (queue.length < count) {
      // About one transition a call: little is computed beyond the last draw.
      const iterations = chains.iterationsPerTransition;
      queue.add(await chains.advance(iterations, limit), iterations);
    }
    const taken = queue.take(count);
    const { gradients, divergences } = chains.note(taken);
    sampling = { gradients: sampling.gradients + gradients, divergences: sampling.divergences + divergences };
    const stepSizes = new Array<number>(count).fill(tuning.stepSize);
    // Chains that are ahead do their transitions again, with the same random numbers, when they go on from here. Found
    // before the block is told: its arrays may then be moved to another thread.
    const after = positionAfter(taken, warmup + first + count, settings.chains);
    const event = nutsBlock(settings, "sampling", first, taken, { stepSizes, seconds: secondsSince(started) });
    yield* check.after(event, after);
    yield event;
    first += count;
    const position = { ...after, tuning, totals: { warmup: totals, sampling } };
    yield { kind: "checkpoint", batch, position: { ...position, ...(check.sums && { rounding: check.sums }) } };
  }
  return sampling;
}
