import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { HALF_LOG_TWO_PI, LOG_TWO, log, reciprocal } from "../logarithm.ts";
import { positiveReals } from "../transforms/positive.ts";
import { notNegative } from "../values.ts";

/** |x| of a normal x with mean 0 and standard deviation `scale` (> 0). */
export function halfNormal(scale: Operand): Distribution {
  return define({
    name: "halfNormal",
    parameters: { scale },
    positive: ["scale"],
    transform: positiveReals,
    values: notNegative,
    bounds: { lower: 0 },
    logDensity: (x) =>
      x
        .mul(reciprocal(scale))
        .square()
        .mul(-0.5)
        .sub(log(scale))
        .add(LOG_TWO - HALF_LOG_TWO_PI),
    draw: (random, p) => p.scale * Math.abs(random.normal()),
  });
}
