/** The samplers, exhaustive by type: a new member of `SamplerSettings` is an error here until it has its row. */
import type { BatchSettings, SamplerName, SamplerSettings } from "./batch.ts";
import { lockstep } from "./lockstep.ts";
import { nutsSampler } from "./nutsSampler.ts";
import { cheesPlan, hmcPlan } from "./plan.ts";
import type { Sampler } from "./sampler.ts";

const samplers: { readonly [N in SamplerName]: Sampler<Extract<SamplerSettings, { readonly name: N }>> } = {
  chees: lockstep(cheesPlan),
  hmc: lockstep(hmcPlan),
  nuts: nutsSampler,
};

/** The row of a batch's sampler. */
export function samplerOf({ sampler }: Pick<BatchSettings, "sampler">): Sampler<SamplerSettings> {
  // A row takes the settings that bear its name, and is asked with no others.
  return samplers[sampler.name] as Sampler<SamplerSettings>;
}
