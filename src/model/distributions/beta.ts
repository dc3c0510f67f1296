import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { isKnownUpTo } from "../known.ts";
import { asNode, log, logOneMinus, timesLog, withEnd } from "../logarithm.ts";
import { betaAround } from "../shapes.ts";
import { interval } from "../transforms/interval.ts";
import { drawGamma, SMALL } from "./gamma.ts";

/** The beta distribution on (0, 1) with shapes a and b (both > 0): mean a / (a + b). */
export function beta(a: Operand, b: Operand): Distribution {
  return define({
    name: "beta",
    parameters: { a, b },
    positive: ["a", "b"],
    transform: interval(0, 1),
    bounds: { lower: 0, upper: 1 },
    logDensity: (x) => {
      if (!isKnownUpTo(SMALL, a, b)) return aroundMean(x, asNode(a), asNode(b));
      const constants = asNode(a).add(b).lgamma().sub(asNode(a).lgamma()).sub(asNode(b).lgamma());
      const left = timesLog(asNode(a).sub(1), log(x), x, 0);
      return left.add(timesLog(asNode(b).sub(1), logOneMinus(x), x, 1)).add(constants);
    },
    draw: (random, p) => {
      const first = drawGamma(random, p.a);
      return first / (first + drawGamma(random, p.b));
    },
  });
}

function aroundMean(x: Node, a: Node, b: Node): Node {
  const rest = x.is("sigmoid") ? x.inputs[0]!.neg().sigmoid() : x.neg().add(1);
  const density = betaAround(a, b, { part: x, rest, logPart: log(x), logRest: logOneMinus(x) });
  const from0 = withEnd(0, x, a, logOneMinus(x).mul(b.sub(1)).add(b.log()), density);
  return withEnd(1, x, b, log(x).mul(a.sub(1)).add(a.log()), from0);
}
