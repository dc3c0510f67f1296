import type { DrawBlock, Phase } from "../draws.ts";
import type { Engine, Kernel, Recorded } from "../engine/engine.ts";
import { ConfigError, EngineError } from "../errors.ts";
import type { BoundModel } from "../model/boundModel.ts";
import * as adaptation from "../sampler/adaptation.ts";
import { nutsProgram, nutsZeros } from "../sampler/nuts.ts";
import { STATISTICS } from "../sampler/transition.ts";
import { arithmeticMean } from "../sampler/warmup/harmonicMean.ts";
import * as stepSizeSearch from "../sampler/warmup/initialStepSize.ts";
import { type Stage, schedule } from "../sampler/warmup/schedule.ts";
import type { AdaptationTrace, BatchEvent, BatchSettings } from "./batch.ts";
import { countDivergences, drawBlock } from "./blocks.ts";
import { DrawQueue } from "./drawQueue.ts";
import { chainKey, initialize } from "./initialize.ts";
import { type RunBatchOptions, secondsSince } from "./runBatch.ts";

/** `sampler: { name: nuts }` of a config. */
export interface NutsSettings {
  readonly name: "nuts";
  readonly metric: "unit" | "diagonal";
  readonly target_acceptance: number;
  /** A tree makes at most 2^max_depth − 1 leapfrog steps: 10 is usual. */
  readonly max_depth: number;
}

export interface NutsBatchSettings extends Omit<BatchSettings, "sampler"> {
  readonly sampler: NutsSettings;
}

/** The step size is searched with the random numbers of this iteration, which no transition of a run has. */
const SEARCH_ITERATION = 2 ** 32 - 2;

/** How often warm-up tells how it stands. */
const TRACE_EVERY = 10;

/** How many blocks the chains may be ahead of the slowest one. */
const BLOCKS_AHEAD = 2;

/**
 * Run one batch with NUTS; tells what `runBatch` tells. In warm-up the chains go iteration by iteration, since they share
 * what they adapt; then each draws in its own time, and a block is told when every chain has its draws. The draws are a
 * function of the model, the data and the settings alone; `block` never changes them.
 *
 * Throws a ConfigError without a warm-up, an InitializationError, or what the engine throws.
 */
export async function* runNutsBatch(
  model: BoundModel,
  engine: Engine,
  settings: NutsBatchSettings,
  options: RunBatchOptions = {},
): AsyncGenerator<BatchEvent, void, void> {
  const { batch, precision, chains, sampler } = settings;
  if (settings.warmup === 0) {
    throw new ConfigError(
      "warmup is 0, but the sampler nuts has to find its step size during warm-up. Give it iterations (500 is usual).",
    );
  }
  const started = performance.now();
  const nuts = nutsProgram(model, { maxDepth: sampler.max_depth, recordPosition: settings.keepUnconstrained });
  const kernel = await engine.compile(nuts.program, { ...nuts.roles, precision, chains });
  try {
    const compile = secondsSince(started);
    yield { kind: "compiled", batch, seconds: compile };
    const initial = await initialize(model, engine, withoutSampler(settings));
    yield { kind: "initialized", batch, redrawn: initial.redrawn };
    const run = new NutsRun(kernel, model.dimension, settings);
    run.writeStart(initial);
    const beforeWarmup = performance.now();
    if (!(yield* run.warmUp(options))) return;
    const warmup = secondsSince(beforeWarmup);
    const warm = run.takeTotals();
    yield { kind: "adapted", batch, trace: run.finalTrace(warm.divergences), inverseMass: run.tuning.inverseMass };
    const beforeDraws = performance.now();
    if (!(yield* run.draw(options))) return;
    const drawn = run.takeTotals();
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

/** What the parts that are shared with the other samplers take; they look at everything but the sampler. */
function withoutSampler(settings: NutsBatchSettings): BatchSettings {
  const { metric, target_acceptance } = settings.sampler;
  return { ...settings, sampler: { name: "hmc", step_size: "auto", steps: 1, metric, target_acceptance } };
}

class NutsRun {
  private readonly kernel: Kernel;
  private readonly settings: NutsBatchSettings;
  private readonly dimension: number;
  private readonly adapting: adaptation.AdaptationSettings;
  private state: adaptation.Adaptation;
  private gradients = 0;
  private divergences = 0;
  private tracedDivergences = 0;
  private acceptance = Number.NaN;
  /** Mean number of leapfrog steps of the last transitions. */
  private meanSteps = 8;

  constructor(kernel: Kernel, dimension: number, settings: NutsBatchSettings) {
    this.kernel = kernel;
    this.settings = settings;
    this.dimension = dimension;
    this.adapting = {
      dimension,
      steps: 1,
      maxSteps: 1,
      targetAcceptance: settings.sampler.target_acceptance,
      adaptStepSize: true,
      adaptMetric: settings.sampler.metric === "diagonal",
    };
    this.state = adaptation.init(1, this.adapting);
  }

  writeStart(initial: {
    readonly z: Float64Array;
    readonly logDensity: Float64Array;
    readonly gradient: Float64Array;
  }): void {
    const { chains, seed, firstChain, sampler } = this.settings;
    for (const [name, size] of Object.entries(nutsZeros(this.dimension, sampler.max_depth)))
      this.kernel.write(name, new Float64Array(chains * size));
    this.kernel.write("z", initial.z);
    this.kernel.write("log_density", initial.logDensity);
    this.kernel.write("gradient", initial.gradient);
    const keys = Array.from({ length: chains }, (_, c) => chainKey(seed, firstChain + c));
    this.kernel.write("chain_key", Uint32Array.from(keys.flat()));
  }

  /** The tuning after warm-up. */
  get tuning(): adaptation.Tuning {
    return adaptation.final(this.state, this.adapting);
  }

  /** False where it was stopped. */
  async *warmUp({ shouldStop }: RunBatchOptions): AsyncGenerator<BatchEvent, boolean, void> {
    const { settings } = this;
    this.state = adaptation.init(await this.search(1), this.adapting);
    const kept = new DrawQueue(settings.chains, settings.block);
    let stepSizes: number[] = [];
    for (const stage of schedule(settings.warmup)) {
      for (let iteration = stage.start; iteration < stage.end; iteration++) {
        if (iteration % settings.block === 0 && shouldStop?.()) return false;
        stepSizes.push(adaptation.current(this.state, this.adapting).stepSize);
        await this.iterate(iteration, stage, kept);
        const done = iteration + 1;
        if (done % TRACE_EVERY === 0 || done === settings.warmup) yield this.trace(done);
        if (stepSizes.length < settings.block && done < settings.warmup) continue;
        if (settings.keepWarmup)
          yield this.block("warmup", done - stepSizes.length, kept.take(stepSizes.length), stepSizes, 0);
        stepSizes = [];
      }
      if (stage.kind === "window" && this.adapting.adaptMetric) await this.endWindow();
    }
    return true;
  }

  /** One transition of every chain, and the update. */
  private async iterate(iteration: number, stage: Stage, kept: DrawQueue): Promise<void> {
    const { kernel, settings } = this;
    const { chains } = settings;
    this.writeTuning(adaptation.current(this.state, this.adapting));
    const own = new DrawQueue(chains, 1);
    while (own.length < 1) {
      const recorded = await this.turn(1, iteration + 1);
      own.add(recorded, 1);
      if (settings.keepWarmup) kept.add(recorded, 1);
    }
    const told = own.take(1);
    this.count(told);
    const acceptance = told[`${STATISTICS}acceptance_rate`]!;
    this.acceptance = arithmeticMean(acceptance);
    const positions = await kernel.read("z");
    this.state = adaptation.update(
      this.state,
      {
        iteration,
        starts: positions,
        proposals: positions,
        endMomenta: positions,
        acceptance,
        isDiverging: told[`${STATISTICS}diverging`]!,
        positions,
        gradients: await kernel.read("gradient"),
      },
      this.adapting,
      stage.kind === "window",
    );
  }

  /** False where it was stopped. */
  async *draw({ shouldStop }: RunBatchOptions): AsyncGenerator<BatchEvent, boolean, void> {
    const { settings, tuning } = this;
    this.writeTuning(tuning);
    const queue = new DrawQueue(settings.chains, BLOCKS_AHEAD * settings.block);
    for (let first = 0; first < settings.draws; first += settings.block) {
      if (shouldStop?.()) return false;
      const started = performance.now();
      const count = Math.min(settings.block, settings.draws - first);
      const ahead = Math.min(first + BLOCKS_AHEAD * settings.block, settings.draws);
      while (queue.length < count) {
        // About one transition of a chain a call: no draws are computed far beyond the last.
        const iterations = Math.max(1, Math.ceil(this.meanSteps / this.turns));
        queue.add(await this.turn(iterations, settings.warmup + ahead), iterations);
      }
      const recorded = queue.take(count);
      this.count(recorded);
      const stepSizes = new Array<number>(count).fill(tuning.stepSize);
      yield this.block("sampling", first, recorded, stepSizes, secondsSince(started));
    }
    return true;
  }

  /** Iterations of the kernel, in which no transition from `limit` on is started. */
  private async turn(iterations: number, limit: number): Promise<Recorded> {
    const turns = new Array<number>(iterations).fill(this.turns);
    return await this.kernel.run(iterations, { turns, limit: turns.map(() => limit) });
  }

  /**
   * Turns of one iteration of the kernel. Few waste what an iteration costs besides its gradients (a momentum, records),
   * many the turns that a chain waits for its next transition to start; the draws are the same.
   */
  private get turns(): number {
    return Math.max(1, Math.round(Math.sqrt(this.meanSteps)));
  }

  private writeTuning({ stepSize, inverseMass }: adaptation.Tuning): void {
    this.kernel.write("step_size", [stepSize]);
    this.kernel.write("inverse_mass", inverseMass);
  }

  private count(recorded: Recorded): void {
    const steps = recorded[`${STATISTICS}n_steps`]!;
    const total = (steps as Int32Array).reduce((sum, n) => sum + n, 0);
    this.gradients += total;
    this.divergences += countDivergences(recorded);
    this.meanSteps = total / steps.length;
  }

  takeTotals(): { readonly gradients: number; readonly divergences: number } {
    const { gradients, divergences } = this;
    this.gradients = 0;
    this.divergences = 0;
    return { gradients, divergences };
  }

  private async endWindow(): Promise<void> {
    const before = adaptation.final(this.state, this.adapting).stepSize;
    this.state = adaptation.endWindow(this.state, this.adapting);
    this.state = adaptation.restart(this.state, await this.search(before));
  }

  /** Double or halve the step size until the mean acceptance of a single step crosses 0.8 [HG14, Alg. 4]. */
  private async search(first: number): Promise<number> {
    const { kernel, settings } = this;
    const names = ["z", "log_density", "gradient", "iteration"] as const;
    const start = await Promise.all(names.map(async (name) => [name, await kernel.read(name)] as const));
    const restore = (): void => {
      for (const [name, values] of start) kernel.write(name, values);
      kernel.write("is_running", new Uint8Array(settings.chains));
    };
    let search = stepSizeSearch.init(first);
    while (search.status === "searching") {
      this.writeTuning({ stepSize: search.step, trajectoryLength: search.step, inverseMass: this.state.inverseMass });
      kernel.write("iteration", new Uint32Array(settings.chains).fill(SEARCH_ITERATION));
      const recorded = await kernel.run(1, { turns: [1], limit: [SEARCH_ITERATION + 1] });
      restore();
      this.gradients += settings.chains;
      search = stepSizeSearch.next(search, arithmeticMean(recorded[`${STATISTICS}acceptance_rate`]!));
    }
    if (search.status === "failed") throw new EngineError(`Batch ${settings.batch}: ${search.reason}`);
    return search.step;
  }

  private trace(iteration: number): BatchEvent {
    const { stepSize } = adaptation.current(this.state, this.adapting);
    const trace = this.traceOf(iteration, stepSize, this.divergences - this.tracedDivergences);
    this.tracedDivergences = this.divergences;
    return { kind: "adapting", batch: this.settings.batch, trace };
  }

  finalTrace(divergences: number): AdaptationTrace {
    return this.traceOf(this.settings.warmup, this.tuning.stepSize, divergences);
  }

  private traceOf(iteration: number, stepSize: number, divergences: number): AdaptationTrace {
    const { acceptance, meanSteps } = this;
    return {
      iteration,
      stepSize,
      steps: Math.round(meanSteps),
      trajectoryLength: stepSize * meanSteps,
      acceptance,
      divergences,
    };
  }

  private block(
    phase: Phase,
    firstDraw: number,
    recorded: Recorded,
    stepSizes: readonly number[],
    seconds: number,
  ): BatchEvent {
    const { batch } = this.settings;
    const steps = recorded[`${STATISTICS}n_steps`] as Int32Array;
    const shared = { steps: stepSizes.map(() => 0), stepSizes };
    const common = drawBlock(withoutSampler(this.settings), phase, firstDraw, recorded, shared);
    // The trees of a draw differ from chain to chain.
    const block: DrawBlock = { ...common, statistics: { ...common.statistics, n_steps: steps } };
    const gradients = steps.reduce((sum, n) => sum + n, 0);
    return { kind: "block", batch, phase, block, divergences: countDivergences(recorded), gradients, seconds };
  }
}
