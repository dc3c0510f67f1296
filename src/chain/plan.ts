import { ConfigError } from "../errors.ts";
import type { AdaptationSettings, Tuning } from "../sampler/adaptation.ts";
import { unitMetric } from "../sampler/warmup/metric.ts";
import { type MovingStage, movingSchedule } from "../sampler/warmup/movingSchedule.ts";
import type { BatchSettings } from "./batch.ts";

/** What a batch's settings come to. */
export interface Plan {
  readonly settings: BatchSettings;
  readonly dimension: number;
  readonly stages: readonly MovingStage[];
  readonly adaptation: AdaptationSettings;
  /** The tuning, where all of it is given. */
  readonly fixed: Tuning | undefined;
}

/** Throws a ConfigError where the settings leave something to adapt but no warm-up to do it in. */
export function planOf(target: { readonly dimension: number }, settings: BatchSettings): Plan {
  const { sampler, warmup } = settings;
  const { dimension } = target;
  if (sampler.name === "nuts") throw new RangeError("NUTS has a warm-up of its own: see nutsWarmup.ts.");
  const adaptsNothing = sampler.name === "hmc" && sampler.step_size !== "auto" && sampler.metric === "unit";
  if (warmup === 0 && !adaptsNothing) {
    throw new ConfigError(
      `warmup is 0, but the sampler ${sampler.name} has to find its ${sampler.name === "hmc" ? "step size or metric" : "step size and trajectory length"} during warm-up. ` +
        "Give it iterations, or use sampler: { name: hmc, step_size: <number>, metric: unit }.",
    );
  }
  const fixedStep = sampler.name === "hmc" && sampler.step_size !== "auto" ? sampler.step_size : undefined;
  const adaptation: AdaptationSettings = {
    dimension,
    ...(sampler.name === "hmc" && { steps: sampler.steps }),
    maxSteps: sampler.name === "chees" ? sampler.max_steps : sampler.steps,
    targetAcceptance: sampler.target_acceptance,
    adaptStepSize: fixedStep === undefined,
    adaptMetric: sampler.metric !== "unit",
    metric: sampler.metric === "fisher" ? "fisher" : "diagonal",
  };
  const fixed =
    adaptsNothing && fixedStep !== undefined && sampler.name === "hmc"
      ? { stepSize: fixedStep, trajectoryLength: fixedStep * sampler.steps, inverseMass: unitMetric(dimension) }
      : undefined;
  return { settings, dimension, stages: movingSchedule(warmup), adaptation, fixed };
}
