/** The life of a batch, whatever its sampler: compile, start, warm up, draw. */
import type { Engine } from "../engine/engine.ts";
import type { BoundModel } from "../model/boundModel.ts";
import type { BatchEvent, BatchSettings } from "./batch.ts";
import { Clock } from "./clock.ts";
import { initialize } from "./initialize.ts";
import { RoundingCheck } from "./roundingCheck.ts";
import type { RunBatchOptions } from "./sampler.ts";
import { samplerOf } from "./samplers.ts";
import { secondsSince } from "./state.ts";

export type { RunBatchOptions } from "./sampler.ts";

/**
 * Run one batch: compile, find starting points, warm up, draw, block by block. Pulling an event is what makes the batch
 * go on, so whoever reads them controls the flow; where the engine can, it computes one block ahead of them. No threads,
 * no I/O.
 *
 * The draws are a function of the model, the data and the settings alone; `block` never changes them.
 * Throws a ConfigError where the sampler needs a warm-up, an InitializationError, or what the engine throws.
 */
export async function* runBatch(
  model: BoundModel,
  engine: Engine,
  settings: BatchSettings,
  options: RunBatchOptions = {},
): AsyncGenerator<BatchEvent, void, void> {
  const clock = new Clock();
  for await (const event of life(model, clock.timed(engine), settings, options)) {
    if (event.kind === "checkpoint") yield { ...event, seconds: clock.lap() };
    else if (event.kind === "done") yield { ...event, seconds: { ...event.seconds, ...clock.total() } };
    else yield event;
  }
}

async function* life(
  model: BoundModel,
  engine: Engine,
  settings: BatchSettings,
  options: RunBatchOptions,
): AsyncGenerator<BatchEvent, void, void> {
  const { batch, chains: count, precision, keepUnconstrained, sampler: given } = settings;
  const sampler = samplerOf(settings);
  sampler.needs(settings);
  const started = performance.now();
  const { program, roles } = sampler.program(model, given, { recordPosition: keepUnconstrained });
  const kernel = await engine.compile(program, { ...roles, precision, chains: count });
  const check = new RoundingCheck(model, settings, options.exact, options.resume?.rounding);
  try {
    const compile = secondsSince(started);
    yield { kind: "compiled", batch, seconds: compile };
    const initial = options.resume ?? (await initialize(model, engine, settings));
    if ("redrawn" in initial) yield { kind: "initialized", batch, redrawn: initial.redrawn };
    const start = "redrawn" in initial ? { ...initial, iteration: 0 } : initial;
    const chains = sampler.begin(kernel, model.dimension, settings, start);
    const beforeWarmup = performance.now();
    const warm = yield* chains.warmUp(options);
    if (warm === undefined) return;
    const warmup = secondsSince(beforeWarmup);
    const beforeDraws = performance.now();
    const drawn = yield* chains.draw(warm, { ...options, check });
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
