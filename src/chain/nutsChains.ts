import type { DrawBlock, Phase } from "../draws.ts";
import type { Kernel, Recorded } from "../engine/engine.ts";
import type { Tuning } from "../sampler/adaptation.ts";
import { nutsZeros } from "../sampler/nuts.ts";
import { STATISTICS } from "../sampler/transition.ts";
import { arithmeticMean } from "../sampler/warmup/harmonicMean.ts";
import type { BatchEvent, BatchOf, NutsSettings, PhaseTotals } from "./batch.ts";
import { countDivergences, drawBlock } from "./blocks.ts";
import { chainKey } from "./initialize.ts";
import { SEARCH_ITERATION } from "./iterations.ts";
import type { ChainPosition } from "./sampler.ts";

/** One batch of a run with NUTS. */
export type NutsBatchSettings = BatchOf<NutsSettings>;

/** Before anything is known of the trees. */
const FIRST_STEPS = 8;

/** The chains of a batch in their kernel. */
export class NutsChains {
  private readonly kernel: Kernel;
  private readonly dimension: number;
  private readonly settings: NutsBatchSettings;
  /** Mean number of leapfrog steps of the last transitions. Decides how the work is cut up, and no draw. */
  private steps = FIRST_STEPS;

  constructor(kernel: Kernel, dimension: number, settings: NutsBatchSettings) {
    this.kernel = kernel;
    this.dimension = dimension;
    this.settings = settings;
  }

  get meanSteps(): number {
    return this.steps;
  }

  /** Every chain between transitions, at a position. */
  place(position: ChainPosition): void {
    const { chains, seed, firstChain, sampler } = this.settings;
    for (const [name, size] of Object.entries(nutsZeros(this.dimension, sampler.max_depth)))
      this.kernel.write(name, new Float64Array(chains * size));
    const keys = Array.from({ length: chains }, (_, c) => chainKey(seed, firstChain + c));
    this.kernel.write("chain_key", Uint32Array.from(keys.flat()));
    this.moveTo(position);
  }

  private moveTo({ z, logDensity, gradient, iteration }: ChainPosition): void {
    const { chains } = this.settings;
    this.kernel.write("z", z);
    this.kernel.write("log_density", logDensity);
    this.kernel.write("gradient", gradient);
    this.kernel.write("iteration", new Uint32Array(chains).fill(iteration));
    this.kernel.write("is_running", new Uint8Array(chains));
  }

  /** Where the chains stand; all of them must be between transitions, after `iteration` of them. */
  async position(iteration: number): Promise<ChainPosition> {
    return {
      iteration,
      z: Float64Array.from(await this.kernel.read("z")),
      logDensity: Float64Array.from(await this.kernel.read("log_density")),
      gradient: Float64Array.from(await this.kernel.read("gradient")),
    };
  }

  tune({ stepSize, inverseMass }: Pick<Tuning, "stepSize" | "inverseMass">): void {
    this.kernel.write("step_size", [stepSize]);
    this.kernel.write("inverse_mass", inverseMass);
  }

  /** Iterations of the kernel that make about one transition of a chain. */
  get iterationsPerTransition(): number {
    return Math.max(1, Math.ceil(this.steps / this.turns));
  }

  /** Run the kernel; no transition from `limit` on is started. `asked`: what to copy of the records, all by default. */
  async advance(iterations: number, limit: number, asked?: readonly string[]): Promise<Recorded> {
    const turns = new Array<number>(iterations).fill(this.turns);
    return await this.kernel.run(iterations, { turns, limit: turns.map(() => limit) }, asked);
  }

  /**
   * Turns of one iteration of the kernel. Few waste what an iteration costs besides its gradients (a momentum, records),
   * many the turns that a chain waits for its next transition to start.
   */
  private get turns(): number {
    return Math.max(1, Math.round(Math.sqrt(this.steps)));
  }

  /** Learn from completed draws. */
  note(draws: Recorded): PhaseTotals {
    const steps = stepsOf(draws);
    const gradients = sum(steps);
    this.steps = gradients / steps.length;
    return { gradients, divergences: countDivergences(draws) };
  }

  /** Mean acceptance probability of a single leapfrog step of each chain; afterwards they stand where they stood. */
  async trySteps(stepSize: number, inverseMass: Float64Array, from: ChainPosition): Promise<number> {
    this.tune({ stepSize, inverseMass });
    this.moveTo({ ...from, iteration: SEARCH_ITERATION });
    const asked = `${STATISTICS}acceptance_rate`;
    const recorded = await this.kernel.run(1, { turns: [1], limit: [SEARCH_ITERATION + 1] }, [asked]);
    this.moveTo(from);
    return arithmeticMean(recorded[asked]!);
  }
}

/** The position after the last of some draws of every chain. */
export function positionAfter(draws: Recorded, iteration: number, chains: number): ChainPosition {
  const last = (name: string): Float64Array => {
    const values = draws[name]!;
    const each = values.length / chains;
    const size = each / (stepsOf(draws).length / chains);
    return Float64Array.from({ length: chains * size }, (_, i) => {
      const chain = Math.floor(i / size);
      return values[(chain + 1) * each - size + (i % size)]!;
    });
  };
  return { iteration, z: last("z"), gradient: last("gradient"), logDensity: last(`${STATISTICS}lp`) };
}

/** A block event of completed draws. */
export function nutsBlock(
  settings: NutsBatchSettings,
  phase: Phase,
  firstDraw: number,
  draws: Recorded,
  told: { readonly stepSizes: readonly number[]; readonly seconds: number },
): Extract<BatchEvent, { kind: "block" }> {
  const { batch } = settings;
  const shared = { steps: told.stepSizes.map(() => 0), stepSizes: told.stepSizes };
  const common = drawBlock(settings, phase, firstDraw, draws, shared);
  // The trees of an iteration differ from chain to chain.
  const block: DrawBlock = { ...common, statistics: { ...common.statistics, n_steps: stepsOf(draws) } };
  const gradients = sum(stepsOf(draws));
  return { kind: "block", batch, phase, block, divergences: countDivergences(draws), gradients, seconds: told.seconds };
}

function stepsOf(draws: Recorded): Int32Array {
  return draws[`${STATISTICS}n_steps`] as Int32Array;
}

function sum(values: Int32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
