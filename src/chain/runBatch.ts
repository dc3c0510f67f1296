import type { Engine, Kernel, Recorded } from "../engine/engine.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { type Adaptation, final, stepsOf, type Tuning } from "../sampler/adaptation.ts";
import { hmcProgram } from "../sampler/transition.ts";
import { Ahead, type Call } from "./ahead.ts";
import type { AdaptationTrace, BatchEvent, BatchPosition, BatchSettings, PhaseTotals } from "./batch.ts";
import { countDivergences, drawBlock } from "./blocks.ts";
import { Clock } from "./clock.ts";
import { chainKey, initialize } from "./initialize.ts";
import { runNutsBatch } from "./nutsBatch.ts";
import { type Plan, planOf } from "./plan.ts";
import { type ExactEngine, RoundingCheck } from "./roundingCheck.ts";
import { warmUp } from "./warmup.ts";

export interface RunBatchOptions {
  /** Asked between blocks: true ends the batch after the current one, without `done`. */
  readonly shouldStop?: () => boolean;
  /** Go on from here, instead of from starting points; the draws are those of a batch that never stopped. */
  readonly resume?: BatchPosition;
  /** What evaluates some of the states of a batch in float32 once more; without it none are. */
  readonly exact?: ExactEngine;
}

/**
 * Run one batch: compile, find starting points, warm up, draw, block by block. Pulling an event is what makes the batch
 * go on, so whoever reads them controls the flow; where the engine can, it computes one block ahead of them. No threads,
 * no I/O.
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
  const { sampler } = settings;
  const clock = new Clock();
  const timed = clock.timed(engine);
  const events =
    sampler.name === "nuts"
      ? runNutsBatch(model, timed, { ...settings, sampler }, options)
      : runHmcBatch(model, timed, settings, options);
  for await (const event of events) {
    if (event.kind === "checkpoint") yield { ...event, seconds: clock.lap() };
    else if (event.kind === "done") yield { ...event, seconds: { ...event.seconds, ...clock.total() } };
    else yield event;
  }
}

/** HMC and ChEES-HMC: whole transitions of all chains at once. */
async function* runHmcBatch(
  model: BoundModel,
  engine: Engine,
  settings: BatchSettings,
  options: RunBatchOptions,
): AsyncGenerator<BatchEvent, void, void> {
  const { batch } = settings;
  const started = performance.now();
  const plan = planOf(model, settings);
  const { program, roles } = hmcProgram(model, { recordPosition: settings.keepUnconstrained });
  const kernel = await engine.compile(program, { ...roles, precision: settings.precision, chains: settings.chains });
  const check = new RoundingCheck(model, settings, options.exact, options.resume?.rounding);
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
    const drawn = yield* draw(kernel, plan, warm, { ...options, check });
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

/**
 * The draws after warm-up, a block at a time; while one is told and stored, the engine may compute the next. Undefined
 * where it was stopped.
 */
async function* draw(
  kernel: Kernel,
  plan: Plan,
  warm: Warm,
  { shouldStop, resume, check }: RunBatchOptions & { readonly check: RoundingCheck },
): AsyncGenerator<BatchEvent, PhaseTotals | undefined, void> {
  const { batch, warmup, draws } = plan.settings;
  kernel.write("step_size", [warm.tuning.stepSize]);
  kernel.write("inverse_mass", warm.tuning.inverseMass);
  let totals: PhaseTotals = resume?.totals.sampling ?? { gradients: 0, divergences: 0 };
  const ahead = new Ahead(kernel);
  try {
    for (let first = Math.max(0, (resume?.iteration ?? 0) - warmup); first < draws; ) {
      if (!ahead.hasBegun && shouldStop?.()) return undefined;
      const started = performance.now();
      const call = callOf(plan, warm.tuning, first);
      const block = await ahead.take(call);
      first += call.iterations;
      // Before the next block changes it.
      const state = await readState(kernel);
      if (first < draws && !shouldStop?.()) ahead.begin(callOf(plan, warm.tuning, first));
      const event = blockEvent(plan, warm.tuning, call, await block.recorded());
      totals = {
        gradients: totals.gradients + event.gradients,
        divergences: totals.divergences + event.divergences,
      };
      const seconds = secondsSince(started);
      // Before the block is told: its arrays may then be moved to another thread.
      yield* check.after(event, state);
      yield { ...event, seconds };
      const reached = { iteration: warmup + first, tuning: warm.tuning, ...(check.sums && { rounding: check.sums }) };
      const position = { ...state, ...reached, totals: { warmup: warm.totals, sampling: totals } };
      yield { kind: "checkpoint", batch, position };
    }
  } finally {
    await ahead.settle();
  }
  return totals;
}

/** A block of draws to compute. */
interface BlockCall extends Call {
  readonly first: number;
  readonly schedule: { readonly iteration: readonly number[]; readonly steps: readonly number[] };
}

/** The block that begins at a draw. */
function callOf({ settings, adaptation }: Plan, tuning: Tuning, first: number): BlockCall {
  const { block, draws, warmup } = settings;
  const iterations = Math.min(block - (first % block), draws - first);
  const iteration = Array.from({ length: iterations }, (_, i) => warmup + first + i);
  return { first, iterations, schedule: { iteration, steps: iteration.map((i) => stepsOf(tuning, i, adaptation)) } };
}

function blockEvent(
  { settings }: Plan,
  tuning: Tuning,
  { first, schedule: { steps } }: BlockCall,
  recorded: Recorded,
): Omit<Extract<BatchEvent, { kind: "block" }>, "seconds"> {
  const shared = { steps, stepSizes: steps.map(() => tuning.stepSize) };
  return {
    kind: "block",
    batch: settings.batch,
    phase: "sampling",
    block: drawBlock(settings, "sampling", first, recorded, shared),
    divergences: countDivergences(recorded),
    gradients: settings.chains * steps.reduce((a, b) => a + b, 0),
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
