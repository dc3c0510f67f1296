import { elementary, pow } from "../../graph/elementary.ts";
import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define, type Random } from "../distribution.ts";
import { isKnownUpTo, knownNumbers } from "../known.ts";
import { asNode, log, timesLog, withEnd } from "../logarithm.ts";
import { gammaConstant, gammaDeviance, gammaDevianceOfData, logOfProduct } from "../shapes.ts";
import { positiveReals } from "../transforms/positive.ts";

/** The gamma distribution with a shape and a rate (both > 0): mean shape / rate. */
export function gamma(shape: Operand, rate: Operand): Distribution {
  return define({
    name: "gamma",
    parameters: { shape, rate },
    positive: ["shape", "rate"],
    transform: positiveReals,
    bounds: { lower: 0, finite: true },
    logDensity: (x) => {
      if (!mayBeAdded(x, shape, rate)) return aroundMean(x, asNode(shape), asNode(rate));
      const constants = log(rate).mul(shape).sub(asNode(shape).lgamma());
      return timesLog(asNode(shape).sub(1), log(x), x, 0).sub(x.mul(rate)).add(constants);
    },
    draw: (random, p) => drawGamma(random, p.shape) / p.rate,
  });
}

/** Shapes up to which the terms of the log density are hardly larger than itself, so that they may be added as they stand. */
export const SMALL = 10;

/** The same for data whose means differ by row, where the other form has two logarithms a row. */
const MODERATE = 50;

/**
 * May the terms of the log density be added as they stand? They are at most shape·max(|log x|, |log rate|) large, and err by 2⁻²⁴
 * of that each in float32: 1e-5 a row for a shape of 50 and logarithms up to 3.
 */
export function mayBeAdded(x: Node, shape: Operand, rate: Operand): boolean {
  const isRegression = knownNumbers(x) !== undefined && asNode(rate).size > 1;
  return isKnownUpTo(isRegression ? MODERATE : SMALL, shape);
}

/** From the distance to the mean, with nothing of the size of the shape: [Loader 2000]. */
function aroundMean(x: Node, shape: Node, rate: Node): Node {
  const deviance =
    gammaDevianceOfData(x, shape, rate) ?? gammaDeviance(shape, x.mul(rate), logOfProduct(x, rate.div(shape)));
  const density = deviance.add(gammaConstant(shape).sub(log(x)));
  return withEnd(0, x, shape, log(rate).sub(x.mul(rate)), density);
}

/** A draw with rate 1 [Marsaglia and Tsang 2000]; below shape 1 by their boost, x · u^(1/shape) of shape + 1. */
export function drawGamma(random: Random, shape: number): number {
  if (shape < 1) return drawGamma(random, shape + 1) * pow(1 - random.uniform(), 1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const z = random.normal();
    const root = 1 + z / Math.sqrt(9 * d);
    const v = root * root * root;
    if (v > 0 && elementary.log(1 - random.uniform()) < 0.5 * z * z + d - d * v + d * elementary.log(v)) return d * v;
  }
}
