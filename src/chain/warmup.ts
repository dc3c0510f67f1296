import type { Numbers } from "../draws.ts";
import type { Kernel } from "../engine/engine.ts";
import { InitializationError } from "../errors.ts";
import * as adaptation from "../sampler/adaptation.ts";
import * as manyChains from "../sampler/manyChains.ts";
import { STATISTICS } from "../sampler/transition.ts";
import { arithmeticMean } from "../sampler/warmup/harmonicMean.ts";
import * as stepSizeSearch from "../sampler/warmup/initialStepSize.ts";
import type { MovingStage } from "../sampler/warmup/movingSchedule.ts";
import { judged } from "../sampler/warmup/rounding.ts";
import type { AdaptationTrace, BatchEvent, BatchPosition, PhaseTotals } from "./batch.ts";
import { BlockBuilder, countDivergences, drawBlock } from "./blocks.ts";
import { SEARCH_ITERATION, TRACE_EVERY } from "./iterations.ts";
import type { Plan } from "./plan.ts";
import type { RunBatchOptions } from "./sampler.ts";
import { readState } from "./state.ts";

const ACCEPTANCE = `${STATISTICS}acceptance_rate` as const;
const ENERGY = `${STATISTICS}energy` as const;
const DIVERGING = `${STATISTICS}diverging` as const;

/** What a transition tells; its draw is copied only where it is kept. */
const TOLD = [ACCEPTANCE, ENERGY, DIVERGING];
type Told = Record<typeof ACCEPTANCE | typeof ENERGY | typeof DIVERGING, Numbers>;

/** What warm-up ends with; no adaptation where there was nothing to adapt. */
export interface WarmedUp extends PhaseTotals {
  readonly adaptation: adaptation.Adaptation | undefined;
  readonly acceptance: number;
}

/**
 * Warm up a batch, one iteration at a time: each transition of all chains, then the update of the batch's tuning from
 * what they tell. Undefined where it was stopped.
 */
export async function* warmUp(
  kernel: Kernel,
  plan: Plan,
  options: RunBatchOptions,
): AsyncGenerator<BatchEvent, WarmedUp | undefined, void> {
  const { batch, block: every, warmup } = plan.settings;
  const { resume } = options;
  const run = new WarmUpRun(kernel, plan, resume);
  if (plan.fixed === undefined) await run.start(resume);
  // Where L is fixed the step size is searched after the last window too: its average alone might resonate with L.
  const lastWindow = plan.stages.filter(({ kind }) => kind === "window").at(-1);
  let iteration = resume?.iteration ?? 0;
  for (const stage of plan.stages) {
    for (; iteration < stage.end; iteration++) {
      if (iteration % every === 0 && options.shouldStop?.()) return undefined;
      await run.iterate(iteration, stage);
      const done = iteration + 1;
      if (done % TRACE_EVERY === 0 || done === warmup) yield run.trace(done);
      const block = run.takeBlock(iteration);
      if (
        done === stage.end &&
        stage.kind === "window" &&
        (stage !== lastWindow || plan.adaptation.steps !== undefined)
      )
        await run.endWindow();
      if (block !== undefined) yield block;
      if (done % every === 0 && done < warmup) yield { kind: "checkpoint", batch, position: await run.position(done) };
    }
  }
  return run.result;
}

class WarmUpRun {
  private readonly kernel: Kernel;
  private readonly plan: Plan;
  private state: manyChains.ManyChainAdaptation | undefined;
  private positions: ArrayLike<number> = [];
  private readonly blocks: BlockBuilder;
  private stepSizes: number[] = [];
  private steps: number[] = [];
  private gradients: number;
  private divergences: number;
  private tracedDivergences: number;
  private blockDivergences = 0;
  private acceptance = Number.NaN;

  constructor(kernel: Kernel, plan: Plan, resume: BatchPosition | undefined) {
    this.kernel = kernel;
    this.plan = plan;
    const { gradients, divergences } = resume?.totals.warmup ?? { gradients: 0, divergences: 0 };
    this.gradients = gradients;
    this.divergences = divergences;
    this.tracedDivergences = divergences;
    this.blocks = new BlockBuilder(plan.settings.chains);
  }

  get result(): WarmedUp {
    const { gradients, divergences, acceptance } = this;
    return { adaptation: this.state, gradients, divergences, acceptance };
  }

  /** Where the batch stands after so many iterations, between two blocks. */
  async position(iteration: number): Promise<BatchPosition> {
    const { gradients, divergences } = this;
    return {
      ...(await readState(this.kernel)),
      iteration,
      ...(this.state !== undefined && { adaptation: this.state }),
      totals: { warmup: { gradients, divergences }, sampling: { gradients: 0, divergences: 0 } },
    };
  }

  async start(resume: BatchPosition | undefined): Promise<void> {
    if (resume?.adaptation !== undefined) {
      this.state = resume.adaptation as manyChains.ManyChainAdaptation;
      this.positions = await this.kernel.read("z");
      return;
    }
    const given = this.plan.stepSize;
    const first = manyChains.init(given ?? 1, this.plan.adaptation);
    this.state = manyChains.init(given ?? (await this.search(1, first.inverseMass)), this.plan.adaptation);
    this.positions = await this.kernel.read("z");
  }

  /** One transition of every chain, and the update. */
  async iterate(iteration: number, stage: MovingStage): Promise<void> {
    const { kernel, plan } = this;
    const tuning = this.state === undefined ? plan.fixed! : adaptation.current(this.state, plan.adaptation);
    const steps = adaptation.stepsOf(tuning, iteration, plan.adaptation);
    kernel.write("step_size", [tuning.stepSize]);
    kernel.write("inverse_mass", tuning.inverseMass);
    const schedule = { iteration: [iteration], steps: [steps] };
    const recorded = await kernel.run(1, schedule, plan.settings.keepWarmup ? undefined : TOLD);
    const { [ACCEPTANCE]: acceptance, [ENERGY]: energies, [DIVERGING]: isDiverging } = recorded as Told;
    const divergences = countDivergences(recorded);
    this.divergences += divergences;
    this.blockDivergences += divergences;
    this.gradients += steps * plan.settings.chains;
    this.acceptance = arithmeticMean(acceptance);
    this.steps.push(steps);
    this.stepSizes.push(tuning.stepSize);
    if (plan.settings.keepWarmup) this.blocks.add(recorded);
    if (this.state === undefined) return;
    const starts = this.positions;
    this.positions = await kernel.read("z");
    const outcome: adaptation.BatchOutcome = {
      iteration,
      steps,
      starts,
      proposals: await kernel.read("proposal_z"),
      endMomenta: await kernel.read("proposal_momentum"),
      acceptance: judged(acceptance, energies, plan.settings.precision),
      isDiverging,
      positions: this.positions,
      gradients: await kernel.read("gradient"),
    };
    this.state = manyChains.update(this.state, outcome, plan.adaptation, stage);
  }

  /** The metric has moved: find the step size anew. */
  async endWindow(): Promise<void> {
    const { adaptStepSize, adaptMetric } = this.plan.adaptation;
    if (this.state === undefined || !adaptStepSize || !adaptMetric) return;
    const before = adaptation.final(this.state, this.plan.adaptation).stepSize;
    this.state = manyChains.restart(
      this.state,
      await this.search(before, this.state.inverseMass),
      this.plan.adaptation,
    );
  }

  /** Double or halve the step size until the mean acceptance of a single step crosses 0.8 [HG14, Alg. 4]. */
  private async search(first: number, inverseMass: Float64Array): Promise<number> {
    const { kernel } = this;
    const start = {
      z: await kernel.read("z"),
      log_density: await kernel.read("log_density"),
      gradient: await kernel.read("gradient"),
    };
    kernel.write("inverse_mass", inverseMass);
    let state = stepSizeSearch.init(first);
    while (state.status === "searching") {
      kernel.write("step_size", [state.step]);
      const recorded = await kernel.run(1, { iteration: [SEARCH_ITERATION], steps: [1] }, TOLD);
      for (const [name, values] of Object.entries(start)) kernel.write(name, values);
      this.gradients += this.plan.settings.chains;
      const { [ACCEPTANCE]: acceptance, [ENERGY]: energies } = recorded as Told;
      const found = judged(acceptance, energies, this.plan.settings.precision);
      state = stepSizeSearch.next(state, arithmeticMean(found));
    }
    if (state.status === "failed") throw new InitializationError(state.reason);
    return state.step;
  }

  trace(iteration: number): BatchEvent {
    const { plan } = this;
    const tuning = this.state === undefined ? plan.fixed! : adaptation.current(this.state, plan.adaptation);
    const trace: AdaptationTrace = {
      iteration,
      stepSize: tuning.stepSize,
      steps: this.steps.at(-1) ?? 0,
      trajectoryLength: tuning.trajectoryLength,
      acceptance: this.acceptance,
      divergences: this.divergences - this.tracedDivergences,
    };
    this.tracedDivergences = this.divergences;
    return { kind: "adapting", batch: plan.settings.batch, trace };
  }

  /** The warm-up's block that ends with this iteration, where it is kept. */
  takeBlock(iteration: number): BatchEvent | undefined {
    const { settings } = this.plan;
    const full = (iteration + 1) % settings.block === 0 || iteration + 1 === settings.warmup;
    if (!full) return undefined;
    const shared = { steps: this.steps, stepSizes: this.stepSizes };
    const divergences = this.blockDivergences;
    this.steps = [];
    this.stepSizes = [];
    this.blockDivergences = 0;
    if (!settings.keepWarmup) return undefined;
    const first = iteration + 1 - shared.steps.length;
    const block = drawBlock(settings, "warmup", first, this.blocks.take(), shared);
    const gradients = settings.chains * shared.steps.reduce((a, b) => a + b, 0);
    return { kind: "block", batch: settings.batch, phase: "warmup", block, divergences, gradients, seconds: 0 };
  }
}
