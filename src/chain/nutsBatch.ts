import type { Engine } from "../engine/engine.ts";
import { ConfigError } from "../errors.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { nutsProgram } from "../sampler/nuts.ts";
import type { BatchEvent, PhaseTotals } from "./batch.ts";
import { DrawQueue } from "./drawQueue.ts";
import { initialize } from "./initialize.ts";
import { type NutsBatchSettings, NutsChains, nutsBlock, positionAfter, withoutSampler } from "./nutsChains.ts";
import { type NutsWarm, nutsWarmUp } from "./nutsWarmup.ts";
import { RoundingCheck } from "./roundingCheck.ts";
import { type RunBatchOptions, secondsSince } from "./runBatch.ts";

/** How many blocks a chain may be ahead of the slowest one. */
const BLOCKS_AHEAD = 2;

/**
 * Run one batch with NUTS; tells what `runBatch` tells. After warm-up each chain draws in its own time, and a block is
 * told when every chain has its draws. The draws are a function of the model, the data and the settings alone; `block`
 * never changes them.
 *
 * Throws a ConfigError without a warm-up, an InitializationError, or what the engine throws.
 */
export async function* runNutsBatch(
  model: BoundModel,
  engine: Engine,
  settings: NutsBatchSettings,
  options: RunBatchOptions = {},
): AsyncGenerator<BatchEvent, void, void> {
  const { batch, precision } = settings;
  checkWarmup(settings);
  const started = performance.now();
  const { program, roles } = nutsProgram(model, { maxDepth: settings.sampler.max_depth });
  const kernel = await engine.compile(program, { ...roles, precision, chains: settings.chains });
  const check = new RoundingCheck(model, withoutSampler(settings), options.exact, options.resume?.rounding);
  try {
    const compile = secondsSince(started);
    yield { kind: "compiled", batch, seconds: compile };
    const initial = options.resume ?? (await initialize(model, engine, withoutSampler(settings)));
    if ("redrawn" in initial) yield { kind: "initialized", batch, redrawn: initial.redrawn };
    const start = "redrawn" in initial ? { ...initial, iteration: 0 } : initial;
    const chains = new NutsChains(kernel, model.dimension, settings);
    chains.place(start);
    const beforeWarmup = performance.now();
    const { resume } = options;
    const warm =
      resume?.tuning === undefined
        ? yield* nutsWarmUp(chains, model.dimension, settings, start, options)
        : { tuning: resume.tuning, totals: resume.totals.warmup, position: resume };
    if (warm === undefined) return;
    const warmup = secondsSince(beforeWarmup);
    const beforeDraws = performance.now();
    const drawn = yield* draw(chains, settings, warm, { ...options, check });
    if (drawn === undefined) return;
    yield {
      kind: "done",
      batch,
      gradients: { warmup: warm.totals.gradients, sampling: drawn.gradients },
      seconds: { compile, warmup, sampling: secondsSince(beforeDraws) },
      divergences: { warmup: warm.totals.divergences, sampling: drawn.divergences },
    };
  } finally {
    check.dispose();
    kernel.dispose();
  }
}

function checkWarmup({ warmup, sampler }: NutsBatchSettings): void {
  if (warmup > 0) return;
  throw new ConfigError(
    `warmup is 0, but the sampler ${sampler.name} has to find its step size during warm-up. ` +
      "Give it iterations, or use sampler: { name: hmc, step_size: <number>, metric: unit }.",
  );
}

/** The draws after warm-up, a block at a time. Undefined where it was stopped. */
async function* draw(
  chains: NutsChains,
  settings: NutsBatchSettings,
  { tuning, totals, position }: NutsWarm,
  { shouldStop, resume, check }: RunBatchOptions & { readonly check: RoundingCheck },
): AsyncGenerator<BatchEvent, PhaseTotals | undefined, void> {
  const { batch, warmup, draws } = settings;
  chains.tune(tuning);
  const queue = new DrawQueue(settings.chains, BLOCKS_AHEAD * settings.block);
  let sampling: PhaseTotals = resume?.totals.sampling ?? { gradients: 0, divergences: 0 };
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
