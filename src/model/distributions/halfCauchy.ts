import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { LOG_PI, LOG_TWO, log, logOnePlusSquare, reciprocal } from "../logarithm.ts";
import { positiveReals } from "../transforms/positive.ts";

/** |x| of a Cauchy x with location 0 and a scale (> 0), which is the median of |x|. */
export function halfCauchy(scale: Operand): Distribution {
  return define({
    name: "halfCauchy",
    parameters: { scale },
    positive: ["scale"],
    transform: positiveReals,
    bounds: { lower: 0 },
    logDensity: (x) =>
      logOnePlusSquareOf(x, scale)
        .neg()
        .sub(log(scale))
        .add(LOG_TWO - LOG_PI),
    draw: (random, p) => p.scale * Math.abs(random.normal() / random.normal()),
  });
}

/** log(1 + (x/scale)²): of x = eᶻ it is log(1 + exp(2 (z − log scale))), where nothing overflows. */
function logOnePlusSquareOf(x: Node, scale: Operand): Node {
  if (x.is("exp")) return log(x).sub(log(scale)).mul(2).softplus();
  return logOnePlusSquare(x.mul(reciprocal(scale)));
}
