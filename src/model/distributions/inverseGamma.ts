import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { asNode, log } from "../logarithm.ts";
import { positiveReals } from "../transforms/positive.ts";
import { drawGamma } from "./gamma.ts";

/** 1 / x of a gamma x: shape and scale (both > 0), mean scale / (shape − 1) for shape > 1. */
export function inverseGamma(shape: Operand, scale: Operand): Distribution {
  return define({
    name: "inverseGamma",
    parameters: { shape, scale },
    positive: ["shape", "scale"],
    transform: positiveReals,
    bounds: { lower: 0 },
    logDensity: (x) => {
      const logX = log(x);
      const constants = log(scale).mul(shape).sub(asNode(shape).lgamma());
      return constants.sub(logX.mul(asNode(shape).add(1))).sub(logX.neg().exp().mul(scale));
    },
    draw: (random, p) => p.scale / drawGamma(random, p.shape),
  });
}
