/** What the HTML report is made of. Whatever is not known is left out, and the report says so. */
import type { CheckRecord, RunStatus, SummaryDocument } from "../../store/index.ts";
import type { GateLimits } from "../../summary/gates.ts";
import type { ChainNotes } from "../../summary/summarize.ts";

/** How the warm-up of one batch stood after an iteration. */
export interface WarmupPoint {
  readonly batch: number;
  /** Warm-up iterations done. */
  readonly iteration: number;
  readonly stepSize: number;
  /** Leapfrog steps of the last transition. */
  readonly steps: number;
  /** In the metric's time. */
  readonly trajectoryLength: number;
  /** Mean acceptance probability of the last transition over the batch's chains. */
  readonly acceptance: number;
  /** Divergent transitions since the point before. */
  readonly divergences: number;
}

/** What is known of one batch; NaN where it is not. */
export interface BatchFacts {
  readonly batch: number;
  readonly firstChain: number;
  readonly chains: number;
  /** Draws of each chain that are stored. */
  readonly draws: number;
  /** After warm-up. */
  readonly stepSize: number;
  readonly trajectoryLength: number;
  readonly divergences: { readonly warmup: number; readonly sampling: number };
  readonly seconds: {
    readonly warmup: number;
    readonly sampling: number;
    /** In kernels, and in copies between host and device. */
    readonly kernel?: number;
    readonly transfer?: number;
  };
}

/** What the plots of the sampler are held against. */
export interface SamplerFacts {
  /** `chees`, `hmc`. */
  readonly name: string;
  /** The acceptance that the step size was adapted to. */
  readonly targetAcceptance?: number;
  /** Whether that is of the harmonic mean over a batch's chains. */
  readonly isHarmonic?: boolean;
  /** The most leapfrog steps that a transition may take. */
  readonly maxSteps?: number;
}

/** A fact with its name, for a table of facts. */
export type NamedFact = readonly [name: string, value: string];

/** Numbers by chain, `[chain][draw]`. */
export type ChainValues = readonly ArrayLike<number>[];

/** The draws behind a summary; read only as far as the report shows them. */
export interface ReportDraws {
  /** The index in the run of each chain, in the order of the draws. */
  readonly chains: readonly number[];
  /** The draws of some scalar quantities; one that is not there is left out. */
  quantities(names: readonly string[]): Promise<ReadonlyMap<string, ChainValues>>;
  /** A statistic of the sampler under ArviZ's name, or undefined where it was not kept. */
  statistic(name: string): Promise<ChainValues | undefined>;
}

/** The input of `renderReport`. */
export interface ReportInput {
  /** The run's name: the config and the run id. */
  readonly title: string;
  /** `summary.run`, the gates, one row a quantity. */
  readonly summary: SummaryDocument;
  /** Default: complete. */
  readonly status?: RunStatus;
  /** What is missing of a run that did not end well; one sentence each. */
  readonly missing?: readonly string[];
  /** The config's `gates.quantities`; default "all". */
  readonly gatedQuantities?: GateLimits["quantities"];
  /** What is known about single chains, for the advice. */
  readonly chainNotes?: ChainNotes;
  /** Default: the plots that need draws are left out. */
  readonly draws?: ReportDraws;
  /** Quantities to show besides the worst. */
  readonly chosen?: readonly string[];
  /** How the rule of `draws.until` stood, where the summary does not say. */
  readonly checks?: readonly CheckRecord[];
  readonly warmup?: readonly WarmupPoint[];
  readonly batches?: readonly BatchFacts[];
  readonly sampler?: SamplerFacts;
  /** The config's text. */
  readonly config?: string;
  /** Versions, engine, host, hashes, and what else is worth telling. */
  readonly facts?: readonly NamedFact[];
  /** SHA-256 of each chain's draws, in chain order. */
  readonly digests?: readonly string[];
}
