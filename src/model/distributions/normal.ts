import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { HALF_LOG_TWO_PI, log, reciprocal } from "../logarithm.ts";
import { realLine } from "../transforms/real.ts";

/** The normal distribution with a mean and a standard deviation (> 0). */
export function normal(mean: Operand, sd: Operand): Distribution {
  return define({
    name: "normal",
    parameters: { mean, sd },
    positive: ["sd"],
    transform: realLine,
    logDensity: (x) => x.sub(mean).mul(reciprocal(sd)).square().mul(-0.5).sub(log(sd)).sub(HALF_LOG_TWO_PI),
    draw: (random, p) => p.mean + p.sd * random.normal(),
  });
}
