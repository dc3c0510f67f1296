/** The samplers and their options: a part of the schema. */
import { z } from "zod";
import { integer, integers, oneOf, option } from "./option.ts";

const metrics = ["diagonal", "fisher", "unit"] as const;
const nutsMetrics = ["diagonal", "unit"] as const;

const metric = option(z.enum(metrics).default("diagonal"), {
  range: oneOf(metrics),
  sentence:
    "The inverse mass: the variances of the draws, √(their variance / that of the gradients) (fisher), or ones.",
});
const fraction = z.number().gt(0).lt(1);
const acceptanceRange = "a number above 0 and below 1";
const chees = z
  .strictObject({
    name: z.literal("chees").meta({ description: "Jittered HMC whose trajectory length is learnt across the chains." }),
    target_acceptance: option(fraction.default(0.75), {
      range: acceptanceRange,
      sentence: "The acceptance that the step size is adapted to (harmonic mean over the batch).",
    }),
    metric,
    max_steps: option(integer(1, 10_000).default(1000), {
      range: integers(1, 10_000),
      sentence: "The most leapfrog steps in one transition.",
    }),
  })
  .meta({ title: "CheesSampler", description: "ChEES-HMC, the default sampler." });

const hmc = z
  .strictObject({
    name: z.literal("hmc").meta({ description: "HMC with a fixed number of leapfrog steps." }),
    step_size: option(z.union([z.literal("auto"), z.number().gt(0)]).default("auto"), {
      range: "auto, or a number above 0",
      sentence: "The leapfrog step size; `auto` adapts it during warm-up, a number is used as it is.",
    }),
    steps: option(integer(1, 10_000).default(20), {
      range: integers(1, 10_000),
      sentence: "Leapfrog steps in one transition.",
    }),
    metric,
    target_acceptance: option(fraction.default(0.8), {
      range: acceptanceRange,
      sentence: "The acceptance that an `auto` step size is adapted to.",
    }),
  })
  .meta({ title: "HmcSampler", description: "HMC with a fixed number of leapfrog steps." });

const nuts = z
  .strictObject({
    name: z.literal("nuts").meta({ description: "The No-U-Turn sampler; each chain draws in its own time." }),
    target_acceptance: option(fraction.default(0.8), {
      range: acceptanceRange,
      sentence: "The acceptance statistic that the step size is adapted to.",
    }),
    metric: option(z.enum(nutsMetrics).default("diagonal"), {
      range: oneOf(nutsMetrics),
      sentence: "The inverse mass: the variances of the draws, or ones.",
    }),
    max_depth: option(integer(1, 15).default(10), {
      range: integers(1, 15),
      sentence: "A transition takes fewer than 2^max_depth leapfrog steps.",
    }),
  })
  .meta({ title: "NutsSampler", description: "The No-U-Turn sampler (NUTS)." });

/** Names of the samplers. */
export const samplerNames: readonly ["chees", "hmc", "nuts"] = ["chees", "hmc", "nuts"];

/** The mean, over a batch's chains, that the acceptance which a step size is adapted to is of. */
export const acceptanceMeans: { readonly [N in (typeof samplerNames)[number]]: "arithmetic" | "harmonic" } = {
  chees: "harmonic",
  hmc: "arithmetic",
  nuts: "arithmetic",
};

/** How chains move. */
export const sampler: z.ZodType = z
  .discriminatedUnion("name", [chees, hmc, nuts])
  .meta({ title: "Sampler" })
  .prefault({ name: "chees" });
