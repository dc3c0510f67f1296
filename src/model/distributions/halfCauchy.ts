import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { LOG_PI, LOG_TWO, log } from "../logarithm.ts";
import { positiveReals } from "../transforms/positive.ts";

/** |x| of a Cauchy x with location 0 and a scale (> 0), which is the median of |x|. */
export function halfCauchy(scale: Operand): Distribution {
  return define({
    name: "halfCauchy",
    parameters: { scale },
    positive: ["scale"],
    transform: positiveReals,
    // 1 + (x/scale)² = 1 + exp(2 (log x − log scale)): nothing overflows for x = eᶻ.
    logDensity: (x) =>
      log(x)
        .sub(log(scale))
        .mul(2)
        .softplus()
        .neg()
        .sub(log(scale))
        .add(LOG_TWO - LOG_PI),
    draw: (random, p) => p.scale * Math.abs(random.normal() / random.normal()),
  });
}
