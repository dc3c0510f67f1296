import type { Engine, Kernel } from "../engine/engine.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { type Adaptation, final, stepsOf, type Tuning } from "../sampler/adaptation.ts";
import { hmcProgram } from "../sampler/transition.ts";
import { unitMetric } from "../sampler/warmup/metric.ts";
import type { AdaptationTrace, BatchEvent, BatchSettings } from "./batch.ts";
import { countDivergences, drawBlock } from "./blocks.ts";
import { chainKey, initialize } from "./initialize.ts";
import { type Plan, planOf } from "./plan.ts";
import { warmUp } from "./warmup.ts";

export interface RunBatchOptions {
  /** Asked between blocks: true ends the batch after the current one, without `done`. */
  readonly shouldStop?: () => boolean;
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
  const { batch } = settings;
  const started = performance.now();
  const { program, roles } = hmcProgram(model, { recordPosition: settings.keepUnconstrained });
  const kernel = await engine.compile(program, { ...roles, precision: settings.precision, chains: settings.chains });
  try {
    const compile = secondsSince(started);
    yield { kind: "compiled", batch, seconds: compile };
    const initial = await initialize(model, engine, settings);
    yield { kind: "initialized", batch, redrawn: initial.redrawn };
    writeStart(kernel, settings, initial);
    const plan = planOf(model, settings);
    const beforeWarmup = performance.now();
    const warm = yield* warmUp(kernel, plan, options);
    if (warm === undefined) return;
    const warmup = secondsSince(beforeWarmup);
    const tuning = warm.adaptation === undefined ? plan.fixed! : final(warm.adaptation, plan.adaptation);
    yield { kind: "adapted", batch, trace: finalTrace(plan, tuning, warm), inverseMass: tuning.inverseMass };
    const beforeDraws = performance.now();
    const drawn = yield* draw(kernel, plan, tuning, options);
    if (drawn === undefined) return;
    yield {
      kind: "done",
      batch,
      gradients: { warmup: warm.gradients, sampling: drawn.gradients },
      seconds: { compile, warmup, sampling: secondsSince(beforeDraws) },
      divergences: { warmup: warm.divergences, sampling: drawn.divergences },
    };
  } finally {
    kernel.dispose();
  }
}

/** Gradients and divergences of a phase, over all chains. */
export interface PhaseTotals {
  readonly gradients: number;
  readonly divergences: number;
}

/** What warm-up ends with; no adaptation where there was nothing to adapt. */
export interface WarmedUp extends PhaseTotals {
  readonly adaptation: Adaptation | undefined;
  readonly acceptance: number;
}

function writeStart(
  kernel: Kernel,
  settings: BatchSettings,
  initial: { readonly z: Float64Array; readonly logDensity: Float64Array; readonly gradient: Float64Array },
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
  tuning: Tuning,
  { shouldStop }: RunBatchOptions,
): AsyncGenerator<BatchEvent, PhaseTotals | undefined, void> {
  const { settings } = plan;
  kernel.write("step_size", [tuning.stepSize]);
  kernel.write("inverse_mass", tuning.inverseMass);
  const totals = { gradients: 0, divergences: 0 };
  for (let first = 0; first < settings.draws; first += settings.block) {
    if (shouldStop?.()) return undefined;
    const started = performance.now();
    const count = Math.min(settings.block, settings.draws - first);
    const iterations = Array.from({ length: count }, (_, i) => settings.warmup + first + i);
    const steps = iterations.map((iteration) => stepsOf(tuning, iteration, plan.adaptation));
    const recorded = await kernel.run(count, { iteration: iterations, steps });
    const block = drawBlock(settings, "sampling", first, recorded, {
      steps,
      stepSizes: steps.map(() => tuning.stepSize),
    });
    const divergences = countDivergences(recorded);
    const gradients = settings.chains * steps.reduce((a, b) => a + b, 0);
    totals.gradients += gradients;
    totals.divergences += divergences;
    const { batch } = settings;
    yield { kind: "block", batch, phase: "sampling", block, divergences, gradients, seconds: secondsSince(started) };
  }
  return totals;
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

/** The metric before any adaptation. */
export function unitTuning(stepSize: number, steps: number, dimension: number): Tuning {
  return { stepSize, trajectoryLength: stepSize * steps, inverseMass: unitMetric(dimension) };
}
