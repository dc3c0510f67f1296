import { ModelError } from "../../errors.ts";
import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { asNode, log } from "../logarithm.ts";
import { interval } from "../transforms/interval.ts";

/** The uniform distribution between two bounds, which may depend on earlier parameters. */
export function uniform(lower: Operand, upper: Operand): Distribution {
  return define({
    name: "uniform",
    parameters: { lower, upper },
    transform: interval(lower, upper),
    bounds: { lower, upper },
    logDensity: (x) => log(asNode(upper).sub(lower)).neg().broadcastTo(x.shape),
    draw: (random, p) => {
      if (!(p.lower < p.upper)) throw new ModelError(`uniform needs lower < upper; it has ${p.lower} and ${p.upper}.`);
      return p.lower + (p.upper - p.lower) * random.uniform();
    },
  });
}
