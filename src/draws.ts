/**
 * Blocks of draws: what a batch hands to the coordinator, and the coordinator to the store and the diagnostics.
 * Types only.
 */

/** Numbers as an engine returns them. Booleans are 0 or 1 in a Uint8Array. */
export type Numbers = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/** float32 or float64: what `float` of a program is compiled to. */
export type Precision = "float32" | "float64";

/** How an array is stored. */
export type StoredType = Precision | "int32" | "uint32" | "bool";

/** What a variable of a model is: sampled, or computed of what is sampled. */
export type VariableRole = "parameter" | "derived";

/** One named variable of a model or one statistic of a sampler, without its chain and draw axes. */
export interface VariableSpec {
  /** `tau`, `coefficient`, `acceptance_rate` … */
  readonly name: string;
  readonly dtype: StoredType;
  /** One name per axis; each names an entry of the coordinates. */
  readonly dims: readonly string[];
  /** One length per axis; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** Not known of older runs and of other programs' draws; statistics have none. */
  readonly role?: VariableRole;
}

/** Labels of each named dimension, `{ feature: ["mean radius", …] }`; as many as the dimension is long. */
export type Coordinates = Readonly<Record<string, readonly (string | number)[]>>;

/** The part of a run that a block belongs to. */
export type Phase = "warmup" | "sampling";

/** Consecutive iterations of one batch. Arrays are row-major `[chain, draw, ...shape]`. */
export interface DrawBlock {
  /** Index of the batch, from 0. */
  readonly batch: number;
  /** Index of the batch's first chain in the run, from 0. */
  readonly firstChain: number;
  /** Number of chains in the batch. */
  readonly chains: number;
  readonly phase: Phase;
  /** Index of the first draw within its phase, from 0. */
  readonly firstDraw: number;
  /** Number of draws in the block. */
  readonly draws: number;
  /** The model's variables, constrained and derived. */
  readonly posterior: Readonly<Record<string, Numbers>>;
  /** The sampler's statistics under ArviZ's names: lp, acceptance_rate, step_size, n_steps, diverging, energy, energy_error. */
  readonly statistics: Readonly<Record<string, Numbers>>;
  /** `z`, `[chain, draw, D]`, when the config keeps it. */
  readonly unconstrained?: Numbers;
}
