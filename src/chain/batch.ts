import type { DrawBlock, Phase, Precision } from "../draws.ts";
import type { KernelSeconds } from "../engine/engine.ts";
import type { Adaptation, Tuning } from "../sampler/adaptation.ts";
import type { RoundingFacts, RoundingSums } from "./rounding.ts";

/**
 * What a batch is told, and what it tells. Types only, all of them structured-cloneable, so that they cross to a worker
 * thread as they are.
 */

/** Where chains start; unconstrained space unless said otherwise. */
export type InitSettings =
  /** Uniform on (−uniform, uniform), each dimension; redrawn up to 100 times where the density is not finite. */
  | { readonly uniform: number }
  /** The same number in each dimension. */
  | { readonly value: number }
  /** Constrained values by parameter name. */
  | { readonly values: Readonly<Record<string, number | readonly number[]>> };

/** How chains move; each member has a row in the table of `samplers.ts`. */
export type SamplerSettings = HmcSettings | CheesSettings | NutsSettings;
export type SamplerName = SamplerSettings["name"];

/** `sampler: { name: hmc }` of a config. */
export interface HmcSettings {
  readonly name: "hmc";
  /** A number is kept; `auto` is found by dual averaging during warm-up. */
  readonly step_size: number | "auto";
  /** Leapfrog steps of each transition. */
  readonly steps: number;
  readonly metric: "unit" | "diagonal" | "fisher";
  readonly target_acceptance: number;
}

/** `sampler: { name: chees }` of a config. */
export interface CheesSettings {
  readonly name: "chees";
  readonly metric: "unit" | "diagonal" | "fisher";
  readonly target_acceptance: number;
  /** Most leapfrog steps of a transition. */
  readonly max_steps: number;
}

/** `sampler: { name: nuts }` of a config. */
export interface NutsSettings {
  readonly name: "nuts";
  readonly metric: "unit" | "diagonal";
  readonly target_acceptance: number;
  /** A tree makes at most 2^max_depth − 1 leapfrog steps: 10 is usual. */
  readonly max_depth: number;
}

/** One batch of a run, whatever its sampler. */
export interface BatchFrame {
  readonly batch: number;
  readonly firstChain: number;
  readonly chains: number;
  /** Decimal digits of an integer 0 … 2⁶⁴ − 1. */
  readonly seed: string;
  /** Iterations. */
  readonly warmup: number;
  readonly draws: number;
  /** Draws per block. */
  readonly block: number;
  readonly precision: Precision;
  readonly init: InitSettings;
  /** Chains per superchain (which share a starting point), where the config asks for superchains. */
  readonly chainsPerSuperchain?: number;
  /** Also emit the blocks of warm-up. */
  readonly keepWarmup: boolean;
  /** Also emit `z`. */
  readonly keepUnconstrained: boolean;
}

/** One batch of a run with a sampler. */
export interface BatchOf<S extends SamplerSettings> extends BatchFrame {
  readonly sampler: S;
}

/** One batch of a run. */
export type BatchSettings = BatchOf<SamplerSettings>;

/** How warm-up stands after an iteration (or at its end): for the progress display and the report. */
export interface AdaptationTrace {
  /** Warm-up iterations done. */
  readonly iteration: number;
  readonly stepSize: number;
  /** Leapfrog steps of the last transition. */
  readonly steps: number;
  /** Trajectory length ε·L before jitter, in the metric's time. */
  readonly trajectoryLength: number;
  /** Mean over chains of the last transition's acceptance probability. */
  readonly acceptance: number;
  /** Divergent transitions since the last trace. */
  readonly divergences: number;
}

/** Gradients and divergent transitions of a phase, over all chains. */
export interface PhaseTotals {
  readonly gradients: number;
  readonly divergences: number;
}

/**
 * Where a batch stands between two iterations: all that it needs to go on as if it had never stopped. Randomness needs
 * no state: it is a function of the seed, the chain and the iteration.
 */
export interface BatchPosition {
  /** Transitions of each chain so far, warm-up and draws. */
  readonly iteration: number;
  /** `[chain, D]`, `[chain]`, `[chain, D]`; numbers of the run's precision, held in float64. */
  readonly z: Float64Array;
  readonly logDensity: Float64Array;
  readonly gradient: Float64Array;
  /** During warm-up, where there is something to adapt. */
  readonly adaptation?: Adaptation;
  /** After warm-up. */
  readonly tuning?: Tuning;
  /** After warm-up in float32, once states were looked at: what it costs. */
  readonly rounding?: RoundingSums;
  readonly totals: { readonly warmup: PhaseTotals; readonly sampling: PhaseTotals };
}

/**
 * What running a batch tells, in this order: compiled, initialized, adapting…, adapted, block…, done; checkpoints and what is
 * known of the precision between.
 */
export type BatchEvent =
  | { readonly kind: "compiled"; readonly batch: number; readonly seconds: number }
  /** Redrawn: starting points whose density was not finite. */
  | { readonly kind: "initialized"; readonly batch: number; readonly redrawn: number }
  | { readonly kind: "adapting"; readonly batch: number; readonly trace: AdaptationTrace }
  | {
      readonly kind: "adapted";
      readonly batch: number;
      readonly trace: AdaptationTrace;
      readonly inverseMass: Float64Array;
    }
  | {
      readonly kind: "block";
      readonly batch: number;
      readonly phase: Phase;
      readonly block: DrawBlock;
      /** Divergent transitions in the block. */
      readonly divergences: number;
      /** Gradient evaluations of the block, over all its chains. */
      readonly gradients: number;
      /** Wall time from when the block was asked for: less than its computing where that began before. */
      readonly seconds: number;
    }
  /** What float32 costs, as far as the batch's states were evaluated in float64 as well. */
  | { readonly kind: "precision"; readonly batch: number; readonly facts: RoundingFacts }
  /** Everything before `position` has been told: whoever stores it may go on from there. */
  | {
      readonly kind: "checkpoint";
      readonly batch: number;
      readonly position: BatchPosition;
      /** Since the last checkpoint, or the beginning. */
      readonly seconds?: KernelSeconds;
    }
  | {
      readonly kind: "done";
      readonly batch: number;
      /** Gradient evaluations, over all chains of the batch. */
      readonly gradients: { readonly warmup: number; readonly sampling: number };
      /** Wall time, and where the time of the kernels went. */
      readonly seconds: Partial<KernelSeconds> & {
        readonly compile: number;
        readonly warmup: number;
        readonly sampling: number;
      };
      /** Divergent transitions. */
      readonly divergences: { readonly warmup: number; readonly sampling: number };
    };
