import { elementary, pow } from "../../graph/elementary.ts";
import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { asNode, log, reciprocal, withEnd } from "../logarithm.ts";
import { positiveReals } from "../transforms/positive.ts";

/** The Weibull distribution with a shape and a scale (both > 0): scale times an exponential variable to the power 1 / shape. */
export function weibull(shape: Operand, scale: Operand): Distribution {
  return define({
    name: "weibull",
    parameters: { shape, scale },
    positive: ["shape", "scale"],
    transform: positiveReals,
    bounds: { lower: 0, finite: true },
    logDensity: (x) => {
      const power = log(x).sub(log(scale)).mul(shape);
      const density = power.sub(power.exp()).sub(log(x)).add(asNode(shape).log());
      const atZero = asNode(shape)
        .log()
        .sub(log(scale))
        .sub(x.mul(reciprocal(scale)));
      return withEnd(0, x, asNode(shape), atZero, density);
    },
    draw: (random, p) => p.scale * pow(-elementary.log(1 - random.uniform()), 1 / p.shape),
  });
}
