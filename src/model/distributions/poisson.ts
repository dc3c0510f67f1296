import { elementary } from "../../graph/elementary.ts";
import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define, type Random } from "../distribution.ts";
import { isKnownUpTo } from "../known.ts";
import { asNode } from "../logarithm.ts";
import { poissonAround } from "../saddlepoint.ts";
import { counts } from "../values.ts";
import { drawGamma } from "./gamma.ts";

/** Counts with mean exp(logRate). Log density y·η − exp η − log y!. */
export function poisson({ logRate }: { readonly logRate: Operand }): Distribution {
  return define({
    name: "poisson",
    parameters: { logRate },
    values: counts,
    bounds: { lower: 0, finite: true },
    logDensity: (y: Node) =>
      isKnownUpTo(SMALL_COUNT, y)
        ? y.mul(logRate).sub(asNode(logRate).exp()).sub(y.add(1).lgamma())
        : poissonAround(y, asNode(logRate)),
    draw: (random, p) => drawPoisson(random, elementary.exp(p.logRate)),
  });
}

/**
 * Known counts up to which the terms of the log density are added as they stand, at a third of the other form's cost. They are about
 * y·log y large, and err by their rounding: 2⁻²⁴ of that each in float32, 6e-5 a row for a count of 200, where a sum over 500
 * rows of any form is rounded by 1e-4.
 */
const SMALL_COUNT = 200;

/**
 * Below mean 30 by the product of uniforms; above by the arrival time of event m, gamma-distributed: what comes after
 * it, or which of the m − 1 before it lie in time, is a smaller problem of the same kind [Ahrens and Dieter 1974].
 */
export function drawPoisson(random: Random, mean: number): number {
  if (mean >= 30) {
    const m = Math.floor(mean * 0.875);
    const arrival = drawGamma(random, m);
    if (arrival <= mean) return m + drawPoisson(random, mean - arrival);
    let before = 0;
    for (let i = 0; i < m - 1; i++) if (random.uniform() < mean / arrival) before++;
    return before;
  }
  const limit = elementary.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count++;
  return count;
}
