/**
 * The public API of manychain.
 *
 * - Run a config: `run`.
 * - Declare a model: `model` or `density`, data (`real`, `binary`, …), distributions, `along`, and the functions of
 *   nodes. `bind` gives it data.
 * - Look closer: `logDensityAndGradient`, `hmcStep`, `random`, `diagnostics`, `createEngine`.
 */

export type { AdaptationTrace, BatchEvent, BatchSettings, InitSettings, SamplerSettings } from "./chain/batch.ts";
// Runs
export { type LoadedConfig, type LoadOptions, loadConfig, resolveConfig } from "./config/load.ts";
export type { Config, ResolvedConfig } from "./config/types.ts";
/** Convergence diagnostics and summaries of draws `[chain][draw]`: `rhat`, `essBulk`, `mcseMean`, `summarize`, … */
export * as diagnostics from "./diagnostics/index.ts";
export type { Coordinates, DrawBlock, Numbers, Phase, Precision, StoredType, VariableSpec } from "./draws.ts";
export type {
  CompileOptions,
  DeviceReport,
  Engine,
  EngineOptions,
  Kernel,
  Probe,
  Recorded,
  Roles,
} from "./engine/engine.ts";
// Engines
export { createEngine, type EngineReport, engineNames, probeEngines } from "./engine/registry.ts";
// Errors
export {
  ConfigError,
  EngineError,
  InitializationError,
  ManychainError,
  ModelError,
  ReproductionError,
  StoreError,
  WorkerError,
} from "./errors.ts";
// Models: nodes, what the functions of a model are given and return
export { concat, constant, loop, Node, type Operand, stack } from "./graph/node.ts";
// Models: with data
export { type BindOptions, bind } from "./model/bind.ts";
export type { DataArray } from "./model/boundData.ts";
export type { BoundModel, ModelVariable, ParameterSlot, ParameterValues } from "./model/boundModel.ts";
export { binary, count, type DataKind, type DataSpec, index, integer, positive, real } from "./model/data.ts";
// Models: declaration
export { type DensityDefinition, type DensityModel, density } from "./model/density.ts";
export type { Distribution, Observation } from "./model/distribution.ts";
// Models: distributions
export { bernoulli } from "./model/distributions/bernoulli.ts";
export { beta } from "./model/distributions/beta.ts";
export { binomial } from "./model/distributions/binomial.ts";
export { cauchy } from "./model/distributions/cauchy.ts";
export { exponential } from "./model/distributions/exponential.ts";
export { flat } from "./model/distributions/flat.ts";
export { gamma } from "./model/distributions/gamma.ts";
export { halfCauchy } from "./model/distributions/halfCauchy.ts";
export { halfNormal } from "./model/distributions/halfNormal.ts";
export { halfStudentT } from "./model/distributions/halfStudentT.ts";
export { inverseGamma } from "./model/distributions/inverseGamma.ts";
export { laplace } from "./model/distributions/laplace.ts";
export { logistic } from "./model/distributions/logistic.ts";
export { logNormal } from "./model/distributions/logNormal.ts";
export { negativeBinomial } from "./model/distributions/negativeBinomial.ts";
export { normal } from "./model/distributions/normal.ts";
export { poisson } from "./model/distributions/poisson.ts";
export { studentT } from "./model/distributions/studentT.ts";
export { uniform } from "./model/distributions/uniform.ts";
export { weibull } from "./model/distributions/weibull.ts";
export {
  along,
  type Known,
  type Labelled,
  type LikelihoodTerm,
  type Model,
  type ModelDefinition,
  model,
  type Prior,
} from "./model/model.ts";
export type { ModelData, NumberArray, PlainData } from "./model/plainData.ts";
export { shippedModel, shippedModels } from "./models/registry.ts";
export type { ShippedModel } from "./models/shipped.ts";
/** Threefry keys and what is drawn with them, exactly as JAX defines it: `key`, `split`, `foldIn`, `bits`, … */
export * as random from "./random/index.ts";
export {
  type KnownOfResults,
  type ReportInput,
  renderReport,
  renderSummary,
  reportFromResults,
  type SummaryInput,
} from "./report/index.ts";
export { type DensityAndGradient, type EvaluationOptions, logDensityAndGradient } from "./run/density.ts";
export type { FinishedEvent, PlannedEvent, ProgressEvent, ResumedBatch, RunEvent } from "./run/events.ts";
export type { ProgramConfig } from "./run/prepare.ts";
export { configOfResults, type RunConfig } from "./run/resume.ts";
export { type Run, type RunOptions, type RunResult, run } from "./run/run.ts";
export { type VerifyOptions, verify } from "./run/verify.ts";
// One transition with a key of one's own
export {
  type HmcStep,
  type HmcStepInput,
  type HmcStepOptions,
  type HmcStepper,
  type HmcStepsInput,
  hmcStep,
  hmcStepper,
} from "./sampler/hmcStep.ts";
export type { Digests, Gate, RunFacts, SummaryDocument, SummaryRow } from "./store/index.ts";
export { openResults, type ResultsReader } from "./store/index.ts";
