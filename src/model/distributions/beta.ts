import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { asNode, log, logOneMinus } from "../logarithm.ts";
import { interval } from "../transforms/interval.ts";
import { drawGamma } from "./gamma.ts";

/** The beta distribution on (0, 1) with shapes a and b (both > 0): mean a / (a + b). */
export function beta(a: Operand, b: Operand): Distribution {
  return define({
    name: "beta",
    parameters: { a, b },
    positive: ["a", "b"],
    transform: interval(0, 1),
    bounds: { lower: 0, upper: 1 },
    logDensity: (x) => {
      const constants = asNode(a).add(b).lgamma().sub(asNode(a).lgamma()).sub(asNode(b).lgamma());
      return log(x)
        .mul(asNode(a).sub(1))
        .add(logOneMinus(x).mul(asNode(b).sub(1)))
        .add(constants);
    },
    draw: (random, p) => {
      const first = drawGamma(random, p.a);
      return first / (first + drawGamma(random, p.b));
    },
  });
}
