import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { computed, constantOf, remembered } from "../known.ts";
import { asNode, log } from "../logarithm.ts";
import { gammaConstant, gammaDeviance, gammaDevianceOfData } from "../shapes.ts";
import { positiveReals } from "../transforms/positive.ts";
import { drawGamma, mayBeAdded } from "./gamma.ts";

/** 1 / x of a gamma x: shape and scale (both > 0), mean scale / (shape − 1) for shape > 1. */
export function inverseGamma(shape: Operand, scale: Operand): Distribution {
  return define({
    name: "inverseGamma",
    parameters: { shape, scale },
    positive: ["shape", "scale"],
    transform: positiveReals,
    bounds: { lower: 0, open: true },
    logDensity: (x) => {
      const logX = log(x);
      if (!mayBeAdded(x, shape, scale)) return aroundMean(x, asNode(shape), asNode(scale)).sub(logX);
      const constants = log(scale).mul(shape).sub(asNode(shape).lgamma());
      return constants.sub(logX.mul(asNode(shape).add(1))).sub(logX.neg().exp().mul(scale));
    },
    draw: (random, p) => p.scale / drawGamma(random, p.shape),
  });
}

/** What `gamma` makes of 1/x, less log x. */
function aroundMean(x: Node, shape: Node, scale: Node): Node {
  const data = constantOf(x);
  const ofData = data === undefined ? undefined : gammaDevianceOfData(reciprocals(data), shape, scale);
  if (ofData !== undefined) return ofData.add(gammaConstant(shape));
  const ratio = computed(scale.div(shape));
  const logRatio = x.is("exp") ? computed(ratio.log()).sub(log(x)) : ratio.div(x).log();
  const product = x.is("exp") ? log(x).neg().exp().mul(scale) : scale.div(x);
  return gammaDeviance(shape, product, logRatio).add(gammaConstant(shape));
}

const reciprocals = remembered((data: Node) => computed(data.toFloat().reciprocal()));
