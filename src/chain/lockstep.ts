/** HMC and ChEES-HMC: whole transitions of all chains at once, each with the same number of leapfrog steps. */
import type { Kernel, Recorded } from "../engine/engine.ts";
import { final, stepsOf, type Tuning } from "../sampler/adaptation.ts";
import { hmcProgram } from "../sampler/transition.ts";
import { Ahead, type Call } from "./ahead.ts";
import type { AdaptationTrace, BatchEvent, BatchFrame, CheesSettings, HmcSettings, PhaseTotals } from "./batch.ts";
import { countDivergences, drawBlock } from "./blocks.ts";
import { chainKey } from "./initialize.ts";
import type { Plan, Planner } from "./plan.ts";
import type { RoundingCheck } from "./roundingCheck.ts";
import type { ChainPosition, RunBatchOptions, Sampler, Warm } from "./sampler.ts";
import { NO_TOTALS, readState, secondsSince } from "./state.ts";
import { type WarmedUp, warmUp } from "./warmup.ts";

/** A sampler whose transitions are HMC's; the plan says what is found of their tuning, and how. */
export function lockstep<S extends HmcSettings | CheesSettings>(planOf: Planner<S>): Sampler<S> {
  return {
    program: (target, _, options) => hmcProgram(target, options),
    statistics: [],
    needs: (settings) => {
      planOf(1, settings);
    },
    begin: (kernel, dimension, settings, start) => {
      const plan = planOf(dimension, settings);
      writeStart(kernel, settings, start);
      return {
        warmUp: (options) => warmedUp(kernel, plan, options),
        draw: (warm, options) => draw(kernel, plan, warm, options),
      };
    },
  };
}

/** Warm up, or take up a tuning that was found before. Undefined where it was stopped. */
async function* warmedUp(
  kernel: Kernel,
  plan: Plan,
  options: RunBatchOptions,
): AsyncGenerator<BatchEvent, Warm | undefined, void> {
  const { resume } = options;
  if (resume?.tuning !== undefined) return { tuning: resume.tuning, totals: resume.totals.warmup, position: resume };
  const warm = yield* warmUp(kernel, plan, options);
  if (warm === undefined) return undefined;
  const tuning = warm.adaptation === undefined ? plan.fixed! : final(warm.adaptation, plan.adaptation);
  const { batch, warmup } = plan.settings;
  yield { kind: "adapted", batch, trace: finalTrace(plan, tuning, warm), inverseMass: tuning.inverseMass };
  const totals = { gradients: warm.gradients, divergences: warm.divergences };
  const position = { ...(await readState(kernel)), iteration: warmup };
  if (warmup > 0) {
    const sofar = { warmup: totals, sampling: NO_TOTALS };
    yield { kind: "checkpoint", batch, position: { ...position, tuning, totals: sofar } };
  }
  return { tuning, totals, position };
}

function writeStart(kernel: Kernel, settings: BatchFrame, initial: ChainPosition): void {
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
  let totals: PhaseTotals = resume?.totals.sampling ?? NO_TOTALS;
  const ahead = new Ahead(kernel);
  try {
    for (let first = warm.position.iteration - warmup; first < draws; ) {
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
