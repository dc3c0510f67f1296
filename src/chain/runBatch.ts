import type { Engine, Kernel } from "../engine/engine.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { type Adaptation, final, stepsOf, type Tuning } from "../sampler/adaptation.ts";
import { hmcProgram } from "../sampler/transition.ts";
import type { AdaptationTrace, BatchEvent, BatchPosition, BatchSettings, PhaseTotals } from "./batch.ts";
import { countDivergences, drawBlock } from "./blocks.ts";
import { chainKey, initialize } from "./initialize.ts";
import { runNutsBatch } from "./nutsBatch.ts";
import { type Plan, planOf } from "./plan.ts";
import { warmUp } from "./warmup.ts";

export interface RunBatchOptions {
  /** Asked between blocks: true ends the batch after the current one, without `done`. */
  readonly shouldStop?: () => boolean;
  /** Go on from here, instead of from starting points; the draws are those of a batch that never stopped. */
  readonly resume?: BatchPosition;
}

/**
 * Run one batch: compile, find starting points, warm up, draw, block by block. Pulling an event is what makes the batch
 * go on, so whoever reads them controls the flow. No threads, no I/O.
 *
 * The draws are a function of the model, the data and the settings alone; `block` never changes them.
 * Throws an InitializationError, or what the engine throws.
 */
export async function* runBatch(
  model: BoundModel,
  engine: Engine,
  settings: BatchSettings,
  options: RunBatchOptions = {},
): AsyncGenerator<BatchEvent, void, void> {
  const { batch, sampler } = settings;
  if (sampler.name === "nuts") return yield* runNutsBatch(model, engine, { ...settings, sampler }, options);
  const started = performance.now();
  const plan = planOf(model, settings);
  const { program, roles } = hmcProgram(model, { recordPosition: settings.keepUnconstrained });
  const kernel = await engine.compile(program, { ...roles, precision: settings.precision, chains: settings.chains });
  try {
    const compile = secondsSince(started);
    yield { kind: "compiled", batch, seconds: compile };
    const initial = options.resume ?? (await initialize(model, engine, settings));
    if ("redrawn" in initial) yield { kind: "initialized", batch, redrawn: initial.redrawn };
    writeStart(kernel, settings, initial);
    const beforeWarmup = performance.now();
    const warm = yield* warmedUp(kernel, plan, options);
    if (warm === undefined) return;
    const warmup = secondsSince(beforeWarmup);
    const beforeDraws = performance.now();
    const drawn = yield* draw(kernel, plan, warm, options);
    if (drawn === undefined) return;
    yield {
      kind: "done",
      batch,
      gradients: { warmup: warm.totals.gradients, sampling: drawn.gradients },
      seconds: { compile, warmup, sampling: secondsSince(beforeDraws) },
      divergences: { warmup: warm.totals.divergences, sampling: drawn.divergences },
    };
  } finally {
    kernel.dispose();
  }
}

/** What warm-up leaves to the draws. */
interface Warm {
  readonly tuning: Tuning;
  readonly totals: PhaseTotals;
}

/** What warm-up ends with; no adaptation where there was nothing to adapt. */
export interface WarmedUp extends PhaseTotals {
  readonly adaptation: Adaptation | undefined;
  readonly acceptance: number;
}

/** Warm up, or take up a tuning that was found before. Undefined where it was stopped. */
async function* warmedUp(
  kernel: Kernel,
  plan: Plan,
  options: RunBatchOptions,
): AsyncGenerator<BatchEvent, Warm | undefined, void> {
  if (options.resume?.tuning !== undefined) {
    return { tuning: options.resume.tuning, totals: options.resume.totals.warmup };
  }
  const warm = yield* warmUp(kernel, plan, options);
  if (warm === undefined) return undefined;
  const tuning = warm.adaptation === undefined ? plan.fixed! : final(warm.adaptation, plan.adaptation);
  const { batch } = plan.settings;
  yield { kind: "adapted", batch, trace: finalTrace(plan, tuning, warm), inverseMass: tuning.inverseMass };
  const totals = { gradients: warm.gradients, divergences: warm.divergences };
  if (plan.settings.warmup > 0) {
    const sampling = { gradients: 0, divergences: 0 };
    const state = await readState(kernel);
    const position = { ...state, iteration: plan.settings.warmup, tuning, totals: { warmup: totals, sampling } };
    yield { kind: "checkpoint", batch, position };
  }
  return { tuning, totals };
}

function writeStart(
  kernel: Kernel,
  settings: BatchSettings,
  initial: Pick<BatchPosition, "z" | "logDensity" | "gradient">,
): void {
  kernel.write("z", initial.z);
  kernel.write("log_density", initial.logDensity);
  kernel.write("gradient", initial.gradient);
  const keys = Array.from({ length: settings.chains }, (_, c) => chainKey(settings.seed, settings.firstChain + c));
  kernel.write("chain_key", Uint32Array.from(keys.flat()));
}

/** The draws after warm-up, a block at a time. Undefined where it was stopped. */
async function* draw(
  kernel: Kernel,
  plan: Plan,
  warm: Warm,
  { shouldStop, resume }: RunBatchOptions,
): AsyncGenerator<BatchEvent, PhaseTotals | undefined, void> {
  const { settings } = plan;
  const { batch, warmup, draws } = settings;
  kernel.write("step_size", [warm.tuning.stepSize]);
  kernel.write("inverse_mass", warm.tuning.inverseMass);
  let totals: PhaseTotals = resume?.totals.sampling ?? { gradients: 0, divergences: 0 };
  for (let first = Math.max(0, (resume?.iteration ?? 0) - warmup); first < draws; ) {
    if (shouldStop?.()) return undefined;
    const count = Math.min(settings.block - (first % settings.block), draws - first);
    const block = await drawOne(kernel, plan, warm.tuning, first, count);
    first += count;
    totals = {
      gradients: totals.gradients + block.gradients,
      divergences: totals.divergences + block.divergences,
    };
    yield block;
    const state = await readState(kernel);
    const position = {
      ...state,
      iteration: warmup + first,
      tuning: warm.tuning,
      totals: { warmup: warm.totals, sampling: totals },
    };
    yield { kind: "checkpoint", batch, position };
  }
  return totals;
}

async function drawOne(
  kernel: Kernel,
  plan: Plan,
  tuning: Tuning,
  first: number,
  count: number,
): Promise<Extract<BatchEvent, { kind: "block" }>> {
  const { settings } = plan;
  const started = performance.now();
  const iterations = Array.from({ length: count }, (_, i) => settings.warmup + first + i);
  const steps = iterations.map((iteration) => stepsOf(tuning, iteration, plan.adaptation));
  const recorded = await kernel.run(count, { iteration: iterations, steps });
  const shared = { steps, stepSizes: steps.map(() => tuning.stepSize) };
  return {
    kind: "block",
    batch: settings.batch,
    phase: "sampling",
    block: drawBlock(settings, "sampling", first, recorded, shared),
    divergences: countDivergences(recorded),
    gradients: settings.chains * steps.reduce((a, b) => a + b, 0),
    seconds: secondsSince(started),
  };
}

/** A batch's state as its kernel holds it. */
export async function readState(kernel: Kernel): Promise<Pick<BatchPosition, "z" | "logDensity" | "gradient">> {
  return {
    z: Float64Array.from(await kernel.read("z")),
    logDensity: Float64Array.from(await kernel.read("log_density")),
    gradient: Float64Array.from(await kernel.read("gradient")),
  };
}

function finalTrace(plan: Plan, tuning: Tuning, warm: WarmedUp): AdaptationTrace {
  const { settings, adaptation } = plan;
  return {
    iteration: settings.warmup,
    stepSize: tuning.stepSize,
    steps: stepsOf(tuning, settings.warmup, adaptation),
    trajectoryLength: tuning.trajectoryLength,
    acceptance: warm.acceptance,
    divergences: warm.divergences,
  };
}

export function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
