/** What a sampler is to a batch: one row of the table in `samplers.ts`, and nothing else knows its name. */
import type { StoredType } from "../draws.ts";
import type { Kernel } from "../engine/engine.ts";
import type { Tuning } from "../sampler/adaptation.ts";
import type { Target } from "../sampler/target.ts";
import type { TransitionProgram } from "../sampler/transition.ts";
import type { BatchEvent, BatchOf, BatchPosition, PhaseTotals, SamplerSettings } from "./batch.ts";
import type { ExactEngine, RoundingCheck } from "./roundingCheck.ts";

export interface RunBatchOptions {
  /** Asked between blocks: true ends the batch after the current one, without `done`. */
  readonly shouldStop?: () => boolean;
  /** Go on from here, instead of from starting points; the draws are those of a batch that never stopped. */
  readonly resume?: BatchPosition;
  /** What evaluates some of the states of a batch in float32 once more; without it none are. */
  readonly exact?: ExactEngine;
}

/** Where every chain stands between two of its transitions. */
export type ChainPosition = Pick<BatchPosition, "iteration" | "z" | "logDensity" | "gradient">;

/** What warm-up leaves to the draws. */
export interface Warm {
  readonly tuning: Tuning;
  readonly totals: PhaseTotals;
  /** Where the chains stand: at the end of warm-up, or further where a batch goes on. */
  readonly position: ChainPosition;
}

/** A sampler, whose settings are `S`. */
export interface Sampler<S extends SamplerSettings> {
  /** One iteration of the kernel, for all chains. */
  program(target: Target, sampler: S, options: { readonly recordPosition: boolean }): TransitionProgram;
  /** What it tells of each draw besides what every sampler tells, under ArviZ's names. */
  readonly statistics: readonly { readonly name: string; readonly dtype: StoredType }[];
  /** Whether warm-up can find all that is left open. @throws ConfigError where it cannot */
  needs(settings: BatchOf<S>): void;
  /** The chains in their kernel, where they start. @param start further on where a batch goes on */
  begin(kernel: Kernel, dimension: number, settings: BatchOf<S>, start: ChainPosition): Chains;
}

/** The chains of a batch in their kernel. */
export interface Chains {
  /** Finds the tuning, or takes up one that was found before. Undefined where it was stopped. */
  warmUp(options: RunBatchOptions): AsyncGenerator<BatchEvent, Warm | undefined, void>;
  /** The draws, block by block. Undefined where it was stopped. */
  draw(
    warm: Warm,
    options: RunBatchOptions & { readonly check: RoundingCheck },
  ): AsyncGenerator<BatchEvent, PhaseTotals | undefined, void>;
}
