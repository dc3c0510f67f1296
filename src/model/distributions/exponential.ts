import { elementary } from "../../graph/elementary.ts";
import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { log } from "../logarithm.ts";
import { positiveReals } from "../transforms/positive.ts";
import { notNegative } from "../values.ts";

/** The exponential distribution with a rate (> 0): mean 1 / rate. */
export function exponential(rate: Operand): Distribution {
  return define({
    name: "exponential",
    parameters: { rate },
    positive: ["rate"],
    transform: positiveReals,
    values: notNegative,
    bounds: { lower: 0 },
    logDensity: (x) => log(rate).sub(x.mul(rate)),
    draw: (random, p) => -elementary.log(1 - random.uniform()) / p.rate,
  });
}
