import { InitializationError } from "../errors.ts";
import * as adaptation from "../sampler/adaptation.ts";
import { IS_COMPLETE } from "../sampler/nuts.ts";
import { STATISTICS } from "../sampler/transition.ts";
import { arithmeticMean } from "../sampler/warmup/harmonicMean.ts";
import * as stepSizeSearch from "../sampler/warmup/initialStepSize.ts";
import { stanDiagonalMetric } from "../sampler/warmup/metric.ts";
import type { Moments } from "../sampler/warmup/moments.ts";
import { type Stage, schedule } from "../sampler/warmup/schedule.ts";
import type { AdaptationTrace, BatchEvent, BatchPosition, PhaseTotals } from "./batch.ts";
import { DrawQueue } from "./drawQueue.ts";
import { TRACE_EVERY } from "./iterations.ts";
import { type NutsBatchSettings, type NutsChains, nutsBlock } from "./nutsChains.ts";
import type { ChainPosition, RunBatchOptions, Warm } from "./sampler.ts";

/** How fast a chain's acceptance statistic is forgotten: over about ten transitions. */
const FORGETTING = 0.1;

/** No chain counts more than a hundred times as much as one that accepts everything. */
const LEAST_ACCEPTANCE = 0.01;

/** What a transition tells; its draw is copied only where it is kept. */
const TOLD = [IS_COMPLETE, ...["acceptance_rate", "n_steps", "diverging"].map((name) => STATISTICS + name)];

/** The adaptation's state, with each chain's acceptance statistic averaged over its last transitions, `[chain]`. */
interface NutsAdaptation extends adaptation.Adaptation {
  readonly acceptances: Float64Array;
}

/**
 * Warm up a batch iteration by iteration, since its chains share what they adapt: the step size by dual averaging [HG14,
 * §3.2] of the acceptance statistics of all chains, the metric in windows from the draws of all chains.
 * Undefined where it was stopped.
 */
export async function* nutsWarmUp(
  chains: NutsChains,
  dimension: number,
  settings: NutsBatchSettings,
  start: ChainPosition & Partial<BatchPosition>,
  { shouldStop, resume }: RunBatchOptions,
): AsyncGenerator<BatchEvent, Warm | undefined, void> {
  if (resume?.tuning !== undefined) return { tuning: resume.tuning, totals: resume.totals.warmup, position: resume };
  const run = new NutsWarmup(chains, dimension, settings, start);
  if (start.adaptation === undefined) await run.begin();
  const { batch, block, warmup } = settings;
  for (const stage of schedule(warmup)) {
    for (let iteration = Math.max(stage.start, start.iteration); iteration < stage.end; iteration++) {
      if (iteration % block === 0 && shouldStop?.()) return undefined;
      await run.iterate(iteration, stage);
      const done = iteration + 1;
      if (done % TRACE_EVERY === 0 || done === warmup) yield run.trace(done);
      if (done === stage.end && stage.kind === "window") await run.endWindow();
      if (done % block !== 0 && done !== warmup) continue;
      if (settings.keepWarmup) yield run.block(done);
      if (done !== warmup) yield { kind: "checkpoint", batch, position: run.position };
    }
  }
  yield { kind: "adapted", batch, trace: run.finalTrace(), inverseMass: run.tuning.inverseMass };
  return { tuning: run.tuning, totals: run.totals, position: run.position };
}

class NutsWarmup {
  private readonly chains: NutsChains;
  private readonly settings: NutsBatchSettings;
  private readonly adapting: adaptation.AdaptationSettings;
  private readonly kept: DrawQueue;
  private state: NutsAdaptation;
  private at: ChainPosition;
  private stepSizes: number[] = [];
  private gradients: number;
  private divergences: number;
  private tracedDivergences: number;
  private acceptance = Number.NaN;

  constructor(
    chains: NutsChains,
    dimension: number,
    settings: NutsBatchSettings,
    start: ChainPosition & Partial<BatchPosition>,
  ) {
    this.chains = chains;
    this.settings = settings;
    this.adapting = {
      dimension,
      // The number of steps is the tree's affair: this says that there is no trajectory length to adapt.
      steps: 1,
      maxSteps: 1,
      targetAcceptance: settings.sampler.target_acceptance,
      adaptStepSize: true,
      adaptMetric: settings.sampler.metric === "diagonal",
    };
    this.state = {
      ...(start.adaptation ?? adaptation.init(1, this.adapting)),
      acceptances: acceptancesOf(start, settings),
    };
    this.at = start;
    this.kept = new DrawQueue(settings.chains, settings.block);
    const before = start.totals?.warmup ?? { gradients: 0, divergences: 0 };
    this.gradients = before.gradients;
    this.divergences = before.divergences;
    this.tracedDivergences = before.divergences;
  }

  get tuning(): adaptation.Tuning {
    return adaptation.final(this.state, this.adapting);
  }

  get totals(): PhaseTotals {
    const { gradients, divergences } = this;
    return { gradients, divergences };
  }

  get position(): BatchPosition {
    const { iteration, z, logDensity, gradient } = this.at;
    const totals = { warmup: this.totals, sampling: { gradients: 0, divergences: 0 } };
    return { iteration, z, logDensity, gradient, adaptation: this.state, totals };
  }

  async begin(): Promise<void> {
    this.state = { ...this.state, ...adaptation.init(await this.search(1), this.adapting) };
  }

  /** One transition of every chain, and the update. */
  async iterate(iteration: number, stage: Stage): Promise<void> {
    const { chains, settings } = this;
    const tuning = adaptation.current(this.state, this.adapting);
    chains.tune(tuning);
    this.stepSizes.push(tuning.stepSize);
    const own = new DrawQueue(settings.chains, 1);
    while (own.length < 1) {
      const recorded = await chains.advance(1, iteration + 1, settings.keepWarmup ? undefined : TOLD);
      own.add(recorded, 1);
      if (settings.keepWarmup) this.kept.add(recorded, 1);
    }
    const told = own.take(1);
    const { gradients, divergences } = chains.note(told);
    this.gradients += gradients;
    this.divergences += divergences;
    const acceptance = told[`${STATISTICS}acceptance_rate`]!;
    this.acceptance = arithmeticMean(acceptance);
    const acceptances = this.state.acceptances.map((old, c) => old + FORGETTING * (acceptance[c]! - old));
    this.at = await chains.position(iteration + 1);
    const outcome = this.outcome(iteration, pooled(acceptance, acceptances));
    const next = adaptation.update(this.state, outcome, this.adapting, stage.kind === "window");
    this.state = { ...next, acceptances };
  }

  private outcome(iteration: number, acceptance: number): adaptation.BatchOutcome {
    const { z, gradient } = this.at;
    return {
      iteration,
      acceptance: [acceptance],
      positions: z,
      gradients: gradient,
      // What a trajectory length would be adapted from; there is none.
      starts: z,
      proposals: z,
      endMomenta: z,
      isDiverging: [0],
    };
  }

  async endWindow(): Promise<void> {
    if (!this.adapting.adaptMetric) return;
    const before = adaptation.final(this.state, this.adapting).stepSize;
    const { draws, inverseMass } = this.state;
    const ended = adaptation.endWindow(this.state, this.adapting);
    this.state = { ...this.state, ...ended, inverseMass: nutsMetric(draws, inverseMass) };
    this.state = { ...this.state, ...adaptation.restart(this.state, await this.search(before)) };
  }

  /** Double or halve the step size until the mean acceptance of a single step crosses 0.8 [HG14, Alg. 4]. */
  private async search(first: number): Promise<number> {
    let search = stepSizeSearch.init(first);
    while (search.status === "searching") {
      const mean = await this.chains.trySteps(search.step, this.state.inverseMass, this.at);
      this.gradients += this.settings.chains;
      search = stepSizeSearch.next(search, mean);
    }
    if (search.status === "failed") throw new InitializationError(search.reason);
    return search.step;
  }

  trace(iteration: number): BatchEvent {
    const { stepSize } = adaptation.current(this.state, this.adapting);
    const trace = this.traceOf(iteration, stepSize, this.divergences - this.tracedDivergences);
    this.tracedDivergences = this.divergences;
    return { kind: "adapting", batch: this.settings.batch, trace };
  }

  finalTrace(): AdaptationTrace {
    return this.traceOf(this.settings.warmup, this.tuning.stepSize, this.divergences);
  }

  private traceOf(iteration: number, stepSize: number, divergences: number): AdaptationTrace {
    const { meanSteps } = this.chains;
    return {
      iteration,
      stepSize,
      steps: Math.round(meanSteps),
      trajectoryLength: stepSize * meanSteps,
      acceptance: this.acceptance,
      divergences,
    };
  }

  /** The block of kept draws that ends at `done`. */
  block(done: number): BatchEvent {
    const { stepSizes, settings, kept } = this;
    this.stepSizes = [];
    const first = done - stepSizes.length;
    return nutsBlock(settings, "warmup", first, kept.take(stepSizes.length), { stepSizes, seconds: 0 });
  }
}

/** As a checkpoint holds them, or nothing known yet. */
function acceptancesOf({ adaptation: known }: Partial<BatchPosition>, { chains }: NutsBatchSettings): Float64Array {
  const given = known as Partial<NutsAdaptation> | undefined;
  return given?.acceptances ?? new Float64Array(chains).fill(0.5);
}

/**
 * The mean of the chains' acceptance statistics, each weighted by the inverse of what it was lately. In the long run that
 * is their harmonic mean, so that one chain which hardly moves shortens the step for all, where the arithmetic mean would
 * leave it stuck; but single transitions, whose statistics vary much, do not shorten it, as in a harmonic mean of them.
 */
function pooled(acceptance: ArrayLike<number>, lately: Float64Array): number {
  const weights = lately.map((value) => 1 / Math.max(value, LEAST_ACCEPTANCE));
  const total = weights.reduce((sum, weight, c) => sum + weight * acceptance[c]!, 0);
  return total / weights.reduce((sum, weight) => sum + weight, 0);
}

/**
 * Stan's metric, of draws alone, pooled over the batch. On the breast-cancer job it gives NUTS 1.4 times the effective
 * draws a gradient of the metric of draws and scores, which sees less of the long tails. Dimensions in which no chain
 * moved keep theirs.
 */
function nutsMetric(draws: Moments, before: Float64Array): Float64Array {
  const estimate = stanDiagonalMetric(draws);
  return before.map((old, i) => (estimate[i]! > 0 && estimate[i]! < Number.POSITIVE_INFINITY ? estimate[i]! : old));
}
