import type { BatchEvent, BatchSettings } from "../chain/batch.ts";
import type { ChainNotes } from "../report/index.ts";
import type { SummaryDocument } from "../store/index.ts";
import type { Verdict } from "../summary/stopRule.ts";

/** What a run tells while it goes on, in the order: planned, then the batches' events and progress, then finished. */
export type RunEvent = PlannedEvent | BatchEvent | ProgressEvent | CheckEvent | FinishedEvent;

/** The run is about to start: everything is checked, and its results folder (if any) is made. */
export interface PlannedEvent {
  readonly kind: "planned";
  readonly name: string;
  readonly model: string;
  /** D, the number of unconstrained dimensions. */
  readonly dimension: number;
  readonly batches: readonly BatchSettings[];
  /** Threads; 0 where the batches run in the calling thread. */
  readonly workers: number;
  /** Threads that may compute some of a batch's chains for those: engine `wasm`, where the config has more than batches. */
  readonly helpers: number;
  readonly engine: { readonly name: string; readonly precision: string; readonly details: readonly string[] };
  readonly seed: string;
  /** Why it has its precision, where the config left the choice. */
  readonly precisionReason?: string;
  /** What the run's precision is too coarse for, with its places; whether disk or memory may not do. */
  readonly warnings: readonly string[];
  /** Absolute path of the results folder, where there is one. */
  readonly directory?: string;
  /** Where the batches of a run that goes on stand, in order. */
  readonly resumed?: readonly ResumedBatch[];
}

/** How a batch goes on after an interruption. */
export interface ResumedBatch {
  readonly batch: number;
  /** Draws of each chain that it has; 0 where it begins anew, or goes on in its warm-up. */
  readonly draws: number;
  /** Iterations of warm-up that it has; 0 where it begins anew. */
  readonly warmup: number;
  /** Draws of each chain that were on the disk and are computed again. */
  readonly dropped: number;
  /** What was found damaged, and what follows; one sentence each. */
  readonly problems: readonly string[];
}

/** After each block that was stored. */
export interface ProgressEvent {
  readonly kind: "progress";
  readonly batch: number;
  /** Draws of each chain that are stored, by batch. */
  readonly draws: readonly number[];
  /** Divergent transitions after warm-up, over all batches. */
  readonly divergences: number;
  /**
   * The largest R-hat so far over all quantities that vary, and whose it is: basic, of whole chains, so that it can be
   * had from running moments. Not known (NaN) before every batch has draws.
   */
  readonly rhat: number;
  readonly worst?: string;
}

/** All batches have as many draws as a check of `draws.until` asks for: whether the rule is met. */
export interface CheckEvent extends Verdict {
  readonly kind: "check";
  /** Draws of each chain. */
  readonly draws: number;
}

/** The end: the draws are stored, the summary is written; report.html is still to come. */
export interface FinishedEvent {
  readonly kind: "finished";
  readonly status: "complete" | "interrupted";
  readonly summary: SummaryDocument;
  /** What is known about single chains, for the report. */
  readonly chains: ChainNotes;
  readonly directory?: string;
}
