/** How many draws: a number, or until a rule is met. A part of the schema. */
import { z } from "zod";
import { integer, integers, MANY, option } from "./option.ts";

const rules = ["all", "any"] as const;
const name = z.string().min(1).meta({ range: "text" });

const until = z
  .strictObject({
    rhat: option(z.number().gt(1).max(10).optional(), {
      range: "a number above 1, at most 10",
      sentence: "Stop when every quantity's R-hat is below this.",
    }),
    ess: option(z.number().gt(0).max(MANY).optional(), {
      range: `a number above 0, at most ${MANY}`,
      sentence: "Stop when every quantity's bulk and tail effective sample sizes are above this.",
    }),
    rule: option(z.enum(rules).default("all"), {
      range: "all or any",
      sentence: "Whether both of `rhat` and `ess` must be met, or one is enough.",
    }),
    quantities: option(z.union([z.literal("all"), z.array(name).min(1)]).default("all"), {
      range: "all, or a list of names of the model's quantities",
      sentence:
        "The quantities that the rule asks of; a name stands for all its elements, and derived constants are passed over.",
    }),
  })
  .meta({ title: "StopRule", description: "When a run has enough draws." });

const drawsUntil = z
  .strictObject({
    until: option(until, { range: "a mapping with rhat, ess or both", sentence: "When there are enough draws." }),
    check: option(integer(4, MANY).default(100), {
      range: integers(4, MANY),
      sentence: "The rule is checked after every so many draws of each chain, and nowhere else.",
    }),
    max: option(integer(4, MANY).default(10_000), {
      range: integers(4, MANY),
      sentence: "The most draws of each chain.",
    }),
  })
  .meta({ title: "DrawsUntil", description: "Draws until a rule is met." });

/** The option `draws`. */
export const draws: z.ZodType = z.union([integer(1, MANY), drawsUntil]).default(1000);
