/** The options of a run as types. Generated from schema.ts (test/config/documents.test.ts); do not edit. */

/** One column of a CSV file, as a vector. */
export interface CsvColumn {
  /** A CSV file with a header line, relative to the config file. Expected: the path of a CSV file. */
  readonly csv: string;
  /** The column to read, as a vector. Expected: the name of a column. */
  readonly column: string;
  /** The number that each text of the column stands for. Expected: a mapping from cell texts to numbers. */
  readonly map?: Readonly<Record<string, number>>;
  /** Number the column's texts from 0, in sorted order: an `index`, whose texts label the dimension that it points into. Expected: true or false. */
  readonly factor?: boolean;
  /** The texts of a factor in the order in which they are numbered, also those that no row has. Expected: a list of texts or numbers. */
  readonly levels?: readonly (string | number)[];
  /** Subtract each column's mean and divide by its population standard deviation. Expected: true or false. Default: false. */
  readonly standardize?: boolean;
}

/** Columns of a CSV file, as a matrix. */
export interface CsvMatrix {
  /** A CSV file with a header line, relative to the config file. Expected: the path of a CSV file. */
  readonly csv: string;
  /** The columns to read, in this order, as a matrix with one row a line. Expected: all, or a list of column names. Default: all. */
  readonly columns?: "all" | readonly string[];
  /** Columns to leave out. Expected: a list of column names. Default: []. */
  readonly except?: readonly string[];
  /** Subtract each column's mean and divide by its population standard deviation. Expected: true or false. Default: false. */
  readonly standardize?: boolean;
  /** Append a last column of ones, named `intercept` (never standardised). Expected: true or false. Default: false. */
  readonly intercept?: boolean;
}

/** A number or (nested) array in a JSON file. */
export interface JsonSource {
  /** A JSON file, relative to the config file. Expected: the path of a JSON file. */
  readonly json: string;
  /** The key to read; without it the file is one number or (nested) array. Expected: a key of the file's object. */
  readonly key?: string;
}

export type DataEntry =
  | number
  | readonly number[]
  | readonly (readonly number[])[]
  | readonly (readonly (readonly number[])[])[]
  | CsvColumn
  | CsvMatrix
  | JsonSource;

/** When there are enough draws. */
export interface StopRule {
  /** Stop when every quantity's R-hat is below this. Expected: a number above 1, at most 10. */
  readonly rhat?: number;
  /** Stop when every quantity's bulk and tail effective sample sizes are above this. Expected: a number above 0, at most 10000000. */
  readonly ess?: number;
  /** Whether both of `rhat` and `ess` must be met, or one is enough. Expected: all or any. Default: all. */
  readonly rule?: "all" | "any";
  /** The quantities that the rule asks of; a name stands for all its elements, and derived constants are passed over. Expected: all, or a list of names of the model's quantities. Default: all. */
  readonly quantities?: "all" | readonly string[];
}

/** Draws until a rule is met. */
export interface DrawsUntil {
  /** When there are enough draws. Expected: a mapping with rhat, ess or both. */
  readonly until: StopRule;
  /** The rule is checked after every so many draws of each chain, and nowhere else. Expected: an integer from 4 to 10000000. Default: 100. */
  readonly check?: number;
  /** The most draws of each chain. Expected: an integer from 4 to 10000000. Default: 10000. */
  readonly max?: number;
}

/** ChEES-HMC, the default sampler. */
export interface CheesSampler {
  /** Jittered HMC whose trajectory length is learnt across the chains. */
  readonly name: "chees";
  /** The acceptance that the step size is adapted to (harmonic mean over the batch). Expected: a number above 0 and below 1. Default: 0.75. */
  readonly target_acceptance?: number;
  /** The inverse mass: the variances of the draws, √(their variance / that of the gradients) (fisher), or ones. Expected: one of diagonal, fisher, unit. Default: diagonal. */
  readonly metric?: "diagonal" | "fisher" | "unit";
  /** The most leapfrog steps in one transition. Expected: an integer from 1 to 10000. Default: 1000. */
  readonly max_steps?: number;
}

/** HMC with a fixed number of leapfrog steps. */
export interface HmcSampler {
  /** HMC with a fixed number of leapfrog steps. */
  readonly name: "hmc";
  /** The leapfrog step size; `auto` adapts it during warm-up, a number is used as it is. Expected: auto, or a number above 0. Default: auto. */
  readonly step_size?: "auto" | number;
  /** Leapfrog steps in one transition. Expected: an integer from 1 to 10000. Default: 20. */
  readonly steps?: number;
  /** The inverse mass: the variances of the draws, √(their variance / that of the gradients) (fisher), or ones. Expected: one of diagonal, fisher, unit. Default: diagonal. */
  readonly metric?: "diagonal" | "fisher" | "unit";
  /** The acceptance that an `auto` step size is adapted to. Expected: a number above 0 and below 1. Default: 0.8. */
  readonly target_acceptance?: number;
}

/** The No-U-Turn sampler (NUTS). */
export interface NutsSampler {
  /** The No-U-Turn sampler; each chain draws in its own time. */
  readonly name: "nuts";
  /** The acceptance statistic that the step size is adapted to. Expected: a number above 0 and below 1. Default: 0.8. */
  readonly target_acceptance?: number;
  /** The inverse mass: the variances of the draws, or ones. Expected: one of diagonal, unit. Default: diagonal. */
  readonly metric?: "diagonal" | "unit";
  /** A transition takes fewer than 2^max_depth leapfrog steps. Expected: an integer from 1 to 15. Default: 10. */
  readonly max_depth?: number;
}

/** How chains move: a name, or a mapping with `name` and its options. */
export type Sampler = CheesSampler | HmcSampler | NutsSampler;

export interface UniformInit {
  /** Start uniformly in (−r, r) in every unconstrained dimension. Expected: a number above 0, at most 100. */
  readonly uniform: number;
}

export interface ValueInit {
  /** Start every unconstrained dimension at this value. Expected: a finite number. */
  readonly value: number;
}

export interface NamedInit {
  /** Start at these constrained values, by parameter name. Expected: a mapping from parameter names to constrained values. */
  readonly values: Readonly<Record<string, number | readonly number[] | readonly (readonly number[])[]>>;
}

/** Where chains start. */
export type Init = UniformInit | ValueInit | NamedInit;

/** When a run counts as converged. */
export interface Gates {
  /** Every quantity's R-hat must be below this. Expected: a number above 1, at most 10. Default: 1.01. */
  readonly rhat?: number;
  /** Every quantity's bulk effective sample size must be above this. Expected: a number from 0 to 10000000. Default: 400. */
  readonly ess_bulk?: number;
  /** Every quantity's tail effective sample size must be above this. Expected: a number from 0 to 10000000. Default: 400. */
  readonly ess_tail?: number;
  /** At most this fraction of all draws (after warm-up) may be divergent. Expected: a fraction from 0 to 1. Default: 0.01. */
  readonly divergences?: number;
  /** With superchains: every quantity's nested R-hat must be below this. Expected: a number above 1, at most 10. Default: 1.01. */
  readonly nested_rhat?: number;
  /** In float32: at most this much may a difference of log densities err, and a gradient or a quantity relative to its size; looked at in float64 at some states. Expected: a number above 0, at most 10000000. Default: 0.1. */
  readonly precision?: number;
  /** The quantities that R-hat and effective sample sizes are asked of; a name stands for all its elements. Expected: all, or a list of names of the model's quantities. Default: all. */
  readonly quantities?: "all" | readonly string[];
}

/** A run of manychain. */
export interface Config {
  /** A config that this one is merged over, relative to this file; mappings merge, all else replaces. Expected: the path of a config file. */
  readonly extends?: string;
  /** The run's name, and its folder under `output`. Expected: a name of letters, digits, spaces, dots, - and _ (at most 100). Default: the file's base name. */
  readonly name?: string;
  /** A shipped model by name, or a .ts or .js file relative to this file, with `#export` for a named export. Expected: the name of a shipped model, or a path such as ./my-model.ts. */
  readonly model: string;
  /** What a model that is made by a function is made with (such as `parametrization: noncentred`). Expected: a mapping from names to texts, numbers, true, false or null. Default: {}. */
  readonly options?: Readonly<Record<string, string | number | boolean | null>>;
  /** Where each data entry that the model declares comes from. Expected: a mapping from the model's data names to sources. Default: {}. */
  readonly data?: Readonly<Record<string, DataEntry>>;
  /** Labels of named dimensions, texts or numbers; they win over the column names of a CSV file. Expected: a mapping from dimension names to lists of labels. Default: {}. */
  readonly coordinates?: Readonly<Record<string, readonly (string | number)[]>>;
  /** The number of chains. Expected: an integer from 1 to 10000000. Default: 64. */
  readonly chains?: number;
  /** How many batches the chains are split into, as evenly as they go; the chains of a batch adapt together. Expected: an integer from 1 to 10000000. Default: as few as hold at most 64 chains each. */
  readonly batches?: number;
  /** Warm-up iterations of each chain; below 20 the metric is not adapted. Expected: an integer from 0 to 10000000. Default: 200 for chees, 1000 for hmc and nuts. */
  readonly warmup?: number;
  /** Draws of each chain after warm-up: a number, or until a rule is met. Expected: an integer from 1 to 10000000, or { until, check, max }. Default: 1000. */
  readonly draws?: number | DrawsUntil;
  /** The seed of all randomness. Expected: an integer from 0 to 18446744073709551615. Default: 0. */
  readonly seed?: string | number | bigint;
  /** How chains move: a name, or a mapping with `name` and its options. Expected: one of chees, hmc, nuts. Default: { name: chees }. */
  readonly sampler?: Sampler | "chees" | "hmc" | "nuts";
  /** Where chains start. Expected: one of { uniform: r }, { value: c } or { values: { … } }. Default: { uniform: 2 }. */
  readonly init?: Init;
  /** Start the chains of each of this many groups at one point, for nested R-hat. Expected: an integer of at least 2 that divides chains. */
  readonly superchains?: number;
  /** What runs the compiled transition; `auto` takes a GPU where there is one and batches are large, else `wasm`. Expected: one of wasm, reference, tensorflow, xla, auto. Default: wasm. */
  readonly engine?: "wasm" | "reference" | "tensorflow" | "xla" | "auto";
  /** Which of the devices of engine `xla` computes, from 0, or `all`, one a worker; without it the first. Never changes the draws. Expected: all, or an integer from 0 to 1023. */
  readonly device?: "all" | number;
  /** Let engine `wasm` round once where it multiplies and then adds: faster, and other draws than without; the same ones on every processor that can (nearly all since 2013). Expected: true or false. Default: false. */
  readonly fast?: boolean;
  /** Let engine `wasm` compute with vectors of 256 bits, where Node (24 or later) and processor have them; never changes the draws. Expected: true or false. Default: true. */
  readonly wide?: boolean;
  /** The floating-point precision of the chains; `auto` takes float32 where data, bounds and the log density at first states fit it, else float64. Adaptation and diagnostics are always float64. Expected: one of float32, float64, auto. Default: auto. */
  readonly precision?: "float32" | "float64" | "auto";
  /** Threads that compute: one for each batch, and on `wasm` those left over help with the chains of a batch; never changes the draws. Expected: auto, or an integer from 1 to 1024. Default: auto. */
  readonly workers?: "auto" | number;
  /** Iterations that are computed, streamed and stored together; never changes the draws. Expected: an integer from 1 to 100000. Default: 100. */
  readonly block?: number;
  /** Keep all draws, or every `thin`-th, or none; where not all are kept, exact moments of all are. Expected: one of draws, thinned, moments. Default: draws. */
  readonly keep?: "draws" | "thinned" | "moments";
  /** One draw in so many is kept. Expected: an integer from 2 to 10000000. Default: 10. */
  readonly thin?: number;
  /** Also store the draws and statistics of warm-up. Expected: true or false. Default: false. */
  readonly warmup_draws?: boolean;
  /** Also store the unconstrained draws. Expected: true or false. Default: false. */
  readonly unconstrained?: boolean;
  /** The limits that a run must meet, or it ends with exit code 3; `false` turns them off. Expected: false, or a mapping of limits. Default: {}. */
  readonly gates?: false | Gates;
  /** The folder for results, relative to the current directory. Expected: the path of a folder. Default: results. */
  readonly output?: string;
}

/** One column of a CSV file, as a vector. */
export interface ResolvedCsvColumn {
  /** A CSV file with a header line, relative to the config file. Expected: the path of a CSV file. */
  readonly csv: string;
  /** The column to read, as a vector. Expected: the name of a column. */
  readonly column: string;
  /** The number that each text of the column stands for. Expected: a mapping from cell texts to numbers. */
  readonly map?: Readonly<Record<string, number>>;
  /** Number the column's texts from 0, in sorted order: an `index`, whose texts label the dimension that it points into. Expected: true or false. */
  readonly factor?: boolean;
  /** The texts of a factor in the order in which they are numbered, also those that no row has. Expected: a list of texts or numbers. */
  readonly levels?: readonly (string | number)[];
  /** Subtract each column's mean and divide by its population standard deviation. Expected: true or false. Default: false. */
  readonly standardize: boolean;
}

/** Columns of a CSV file, as a matrix. */
export interface ResolvedCsvMatrix {
  /** A CSV file with a header line, relative to the config file. Expected: the path of a CSV file. */
  readonly csv: string;
  /** The columns to read, in this order, as a matrix with one row a line. Expected: all, or a list of column names. Default: all. */
  readonly columns: "all" | readonly string[];
  /** Columns to leave out. Expected: a list of column names. Default: []. */
  readonly except: readonly string[];
  /** Subtract each column's mean and divide by its population standard deviation. Expected: true or false. Default: false. */
  readonly standardize: boolean;
  /** Append a last column of ones, named `intercept` (never standardised). Expected: true or false. Default: false. */
  readonly intercept: boolean;
}

export type ResolvedDataEntry =
  | number
  | readonly number[]
  | readonly (readonly number[])[]
  | readonly (readonly (readonly number[])[])[]
  | ResolvedCsvColumn
  | ResolvedCsvMatrix
  | JsonSource;

/** When there are enough draws. */
export interface ResolvedStopRule {
  /** Stop when every quantity's R-hat is below this. Expected: a number above 1, at most 10. */
  readonly rhat?: number;
  /** Stop when every quantity's bulk and tail effective sample sizes are above this. Expected: a number above 0, at most 10000000. */
  readonly ess?: number;
  /** Whether both of `rhat` and `ess` must be met, or one is enough. Expected: all or any. Default: all. */
  readonly rule: "all" | "any";
  /** The quantities that the rule asks of; a name stands for all its elements, and derived constants are passed over. Expected: all, or a list of names of the model's quantities. Default: all. */
  readonly quantities: "all" | readonly string[];
}

/** Draws until a rule is met. */
export interface ResolvedDrawsUntil {
  /** When there are enough draws. Expected: a mapping with rhat, ess or both. */
  readonly until: ResolvedStopRule;
  /** The rule is checked after every so many draws of each chain, and nowhere else. Expected: an integer from 4 to 10000000. Default: 100. */
  readonly check: number;
  /** The most draws of each chain. Expected: an integer from 4 to 10000000. Default: 10000. */
  readonly max: number;
}

/** ChEES-HMC, the default sampler. */
export interface ResolvedCheesSampler {
  /** Jittered HMC whose trajectory length is learnt across the chains. */
  readonly name: "chees";
  /** The acceptance that the step size is adapted to (harmonic mean over the batch). Expected: a number above 0 and below 1. Default: 0.75. */
  readonly target_acceptance: number;
  /** The inverse mass: the variances of the draws, √(their variance / that of the gradients) (fisher), or ones. Expected: one of diagonal, fisher, unit. Default: diagonal. */
  readonly metric: "diagonal" | "fisher" | "unit";
  /** The most leapfrog steps in one transition. Expected: an integer from 1 to 10000. Default: 1000. */
  readonly max_steps: number;
}

/** HMC with a fixed number of leapfrog steps. */
export interface ResolvedHmcSampler {
  /** HMC with a fixed number of leapfrog steps. */
  readonly name: "hmc";
  /** The leapfrog step size; `auto` adapts it during warm-up, a number is used as it is. Expected: auto, or a number above 0. Default: auto. */
  readonly step_size: "auto" | number;
  /** Leapfrog steps in one transition. Expected: an integer from 1 to 10000. Default: 20. */
  readonly steps: number;
  /** The inverse mass: the variances of the draws, √(their variance / that of the gradients) (fisher), or ones. Expected: one of diagonal, fisher, unit. Default: diagonal. */
  readonly metric: "diagonal" | "fisher" | "unit";
  /** The acceptance that an `auto` step size is adapted to. Expected: a number above 0 and below 1. Default: 0.8. */
  readonly target_acceptance: number;
}

/** The No-U-Turn sampler (NUTS). */
export interface ResolvedNutsSampler {
  /** The No-U-Turn sampler; each chain draws in its own time. */
  readonly name: "nuts";
  /** The acceptance statistic that the step size is adapted to. Expected: a number above 0 and below 1. Default: 0.8. */
  readonly target_acceptance: number;
  /** The inverse mass: the variances of the draws, or ones. Expected: one of diagonal, unit. Default: diagonal. */
  readonly metric: "diagonal" | "unit";
  /** A transition takes fewer than 2^max_depth leapfrog steps. Expected: an integer from 1 to 15. Default: 10. */
  readonly max_depth: number;
}

/** How chains move: a name, or a mapping with `name` and its options. */
export type ResolvedSampler = ResolvedCheesSampler | ResolvedHmcSampler | ResolvedNutsSampler;

/** When a run counts as converged. */
export interface ResolvedGates {
  /** Every quantity's R-hat must be below this. Expected: a number above 1, at most 10. Default: 1.01. */
  readonly rhat: number;
  /** Every quantity's bulk effective sample size must be above this. Expected: a number from 0 to 10000000. Default: 400. */
  readonly ess_bulk: number;
  /** Every quantity's tail effective sample size must be above this. Expected: a number from 0 to 10000000. Default: 400. */
  readonly ess_tail: number;
  /** At most this fraction of all draws (after warm-up) may be divergent. Expected: a fraction from 0 to 1. Default: 0.01. */
  readonly divergences: number;
  /** With superchains: every quantity's nested R-hat must be below this. Expected: a number above 1, at most 10. Default: 1.01. */
  readonly nested_rhat: number;
  /** In float32: at most this much may a difference of log densities err, and a gradient or a quantity relative to its size; looked at in float64 at some states. Expected: a number above 0, at most 10000000. Default: 0.1. */
  readonly precision: number;
  /** The quantities that R-hat and effective sample sizes are asked of; a name stands for all its elements. Expected: all, or a list of names of the model's quantities. Default: all. */
  readonly quantities: "all" | readonly string[];
}

/** A run of manychain. */
export interface ResolvedConfig {
  /** The run's name, and its folder under `output`. Expected: a name of letters, digits, spaces, dots, - and _ (at most 100). Default: the file's base name. */
  readonly name: string;
  /** A shipped model by name, or a .ts or .js file relative to this file, with `#export` for a named export. Expected: the name of a shipped model, or a path such as ./my-model.ts. */
  readonly model: string;
  /** What a model that is made by a function is made with (such as `parametrization: noncentred`). Expected: a mapping from names to texts, numbers, true, false or null. Default: {}. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /** Where each data entry that the model declares comes from. Expected: a mapping from the model's data names to sources. Default: {}. */
  readonly data: Readonly<Record<string, ResolvedDataEntry>>;
  /** Labels of named dimensions, texts or numbers; they win over the column names of a CSV file. Expected: a mapping from dimension names to lists of labels. Default: {}. */
  readonly coordinates: Readonly<Record<string, readonly (string | number)[]>>;
  /** The number of chains. Expected: an integer from 1 to 10000000. Default: 64. */
  readonly chains: number;
  /** How many batches the chains are split into, as evenly as they go; the chains of a batch adapt together. Expected: an integer from 1 to 10000000. Default: as few as hold at most 64 chains each. */
  readonly batches: number;
  /** Warm-up iterations of each chain; below 20 the metric is not adapted. Expected: an integer from 0 to 10000000. Default: 200 for chees, 1000 for hmc and nuts. */
  readonly warmup: number;
  /** Draws of each chain after warm-up: a number, or until a rule is met. Expected: an integer from 1 to 10000000, or { until, check, max }. Default: 1000. */
  readonly draws: number | ResolvedDrawsUntil;
  /** The seed of all randomness. Expected: an integer from 0 to 18446744073709551615. Default: 0. */
  readonly seed: string;
  /** How chains move: a name, or a mapping with `name` and its options. Expected: one of chees, hmc, nuts. */
  readonly sampler: ResolvedSampler;
  /** Where chains start. Expected: one of { uniform: r }, { value: c } or { values: { … } }. Default: { uniform: 2 }. */
  readonly init: Init;
  /** Start the chains of each of this many groups at one point, for nested R-hat. Expected: an integer of at least 2 that divides chains. */
  readonly superchains?: number;
  /** What runs the compiled transition; `auto` takes a GPU where there is one and batches are large, else `wasm`. Expected: one of wasm, reference, tensorflow, xla, auto. Default: wasm. */
  readonly engine: "wasm" | "reference" | "tensorflow" | "xla" | "auto";
  /** Which of the devices of engine `xla` computes, from 0, or `all`, one a worker; without it the first. Never changes the draws. Expected: all, or an integer from 0 to 1023. */
  readonly device?: "all" | number;
  /** Let engine `wasm` round once where it multiplies and then adds: faster, and other draws than without; the same ones on every processor that can (nearly all since 2013). Expected: true or false. Default: false. */
  readonly fast: boolean;
  /** Let engine `wasm` compute with vectors of 256 bits, where Node (24 or later) and processor have them; never changes the draws. Expected: true or false. Default: true. */
  readonly wide: boolean;
  /** The floating-point precision of the chains; `auto` takes float32 where data, bounds and the log density at first states fit it, else float64. Adaptation and diagnostics are always float64. Expected: one of float32, float64, auto. Default: auto. */
  readonly precision: "float32" | "float64" | "auto";
  /** Threads that compute: one for each batch, and on `wasm` those left over help with the chains of a batch; never changes the draws. Expected: auto, or an integer from 1 to 1024. Default: auto. */
  readonly workers: "auto" | number;
  /** Iterations that are computed, streamed and stored together; never changes the draws. Expected: an integer from 1 to 100000. Default: 100. */
  readonly block: number;
  /** Keep all draws, or every `thin`-th, or none; where not all are kept, exact moments of all are. Expected: one of draws, thinned, moments. Default: draws. */
  readonly keep: "draws" | "thinned" | "moments";
  /** One draw in so many is kept. Expected: an integer from 2 to 10000000. Default: 10. */
  readonly thin: number;
  /** Also store the draws and statistics of warm-up. Expected: true or false. Default: false. */
  readonly warmup_draws: boolean;
  /** Also store the unconstrained draws. Expected: true or false. Default: false. */
  readonly unconstrained: boolean;
  /** The limits that a run must meet, or it ends with exit code 3; `false` turns them off. Expected: false, or a mapping of limits. */
  readonly gates: false | ResolvedGates;
  /** The folder for results, relative to the current directory. Expected: the path of a folder. Default: results. */
  readonly output: string;
}
