/** What the settings of HMC with a number of steps, and of ChEES-HMC, come to. */
import { ConfigError } from "../errors.ts";
import type { AdaptationSettings, Tuning } from "../sampler/adaptation.ts";
import { unitMetric } from "../sampler/warmup/metric.ts";
import { type MovingStage, movingSchedule } from "../sampler/warmup/movingSchedule.ts";
import type { BatchFrame, BatchOf, CheesSettings, HmcSettings } from "./batch.ts";

/** What a batch's settings come to. */
export interface Plan {
  readonly settings: BatchFrame;
  readonly dimension: number;
  readonly stages: readonly MovingStage[];
  readonly adaptation: AdaptationSettings;
  /** The step size, where it is given. */
  readonly stepSize: number | undefined;
  /** The tuning, where all of it is given. */
  readonly fixed: Tuning | undefined;
}

/** Makes a plan. @throws ConfigError where the settings leave something to adapt but no warm-up to do it in */
export type Planner<S extends HmcSettings | CheesSettings> = (dimension: number, settings: BatchOf<S>) => Plan;

export const cheesPlan: Planner<CheesSettings> = (dimension, settings) => {
  const { sampler, warmup } = settings;
  if (warmup === 0) throw nothingFound(sampler.name, "step size and trajectory length");
  const adaptation = { ...adapted(dimension, sampler), maxSteps: sampler.max_steps, adaptStepSize: true };
  return { settings, dimension, stages: movingSchedule(warmup), adaptation, stepSize: undefined, fixed: undefined };
};

export const hmcPlan: Planner<HmcSettings> = (dimension, settings) => {
  const { sampler, warmup } = settings;
  const { steps } = sampler;
  const stepSize = sampler.step_size === "auto" ? undefined : sampler.step_size;
  const fixed =
    stepSize === undefined || sampler.metric !== "unit"
      ? undefined
      : { stepSize, trajectoryLength: stepSize * steps, inverseMass: unitMetric(dimension) };
  if (warmup === 0 && fixed === undefined) throw nothingFound(sampler.name, "step size or metric");
  const adaptation = {
    ...adapted(dimension, sampler),
    steps,
    maxSteps: steps,
    adaptStepSize: stepSize === undefined,
  };
  return { settings, dimension, stages: movingSchedule(warmup), adaptation, stepSize, fixed };
};

function adapted(
  dimension: number,
  { target_acceptance, metric }: Pick<HmcSettings, "target_acceptance" | "metric">,
): Pick<AdaptationSettings, "dimension" | "targetAcceptance" | "adaptMetric" | "metric"> {
  return {
    dimension,
    targetAcceptance: target_acceptance,
    adaptMetric: metric !== "unit",
    metric: metric === "fisher" ? "fisher" : "diagonal",
  };
}

/** Also of samplers with a plan of their own. */
export function nothingFound(name: string, what: string): ConfigError {
  return new ConfigError(
    `warmup is 0, but the sampler ${name} has to find its ${what} during warm-up. ` +
      "Give it iterations, or use sampler: { name: hmc, step_size: <number>, metric: unit }.",
  );
}
