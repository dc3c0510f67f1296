import { elementary } from "../../graph/elementary.ts";
import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { HALF_LOG_TWO_PI, log, reciprocal } from "../logarithm.ts";
import { positiveReals } from "../transforms/positive.ts";

/** eˣ of a normal x with mean `location` and standard deviation `scale` (> 0). */
export function logNormal(location: Operand, scale: Operand): Distribution {
  return define({
    name: "logNormal",
    parameters: { location, scale },
    positive: ["scale"],
    transform: positiveReals,
    bounds: { lower: 0, open: true },
    logDensity: (x) => {
      const t = log(x).sub(location).mul(reciprocal(scale));
      return t.square().mul(-0.5).sub(log(x)).sub(log(scale)).sub(HALF_LOG_TWO_PI);
    },
    draw: (random, p) => elementary.exp(p.location + p.scale * random.normal()),
  });
}
