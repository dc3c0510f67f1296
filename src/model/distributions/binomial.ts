import { elementary } from "../../graph/elementary.ts";
import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { isKnownUpTo } from "../known.ts";
import { asNode } from "../logarithm.ts";
import { binomialAround } from "../saddlepoint.ts";
import { counts } from "../values.ts";

/**
 * Known trials up to which the terms of the log density are added as they stand, at a fifth of the other form's cost. They are at
 * most n·max(|logits|, log 2) large, and err by their rounding: 2⁻²⁴ of that each in float32, 2e-5 a row for 500 trials at even
 * odds (3e-4 at odds of e¹⁰), where a sum over 500 rows of any form is rounded by 1e-4.
 */
const FEW_TRIALS = 500;

/** Successes in a number of trials, each with probability σ(logits). Trials may be data, one an observation. */
export function binomial(given: { readonly trials: Operand; readonly logits: Operand }): Distribution {
  const { trials, logits } = given;
  return define({
    name: "binomial",
    parameters: { trials, logits },
    values: counts,
    bounds: { lower: 0, upper: trials },
    logDensity: (k: Node) => {
      const n = asNode(trials).toFloat();
      if (!isKnownUpTo(FEW_TRIALS, n, k)) return binomialAround(k, n, asNode(logits));
      const logChoose = n.add(1).lgamma().sub(k.add(1).lgamma()).sub(n.sub(k).add(1).lgamma());
      return k.mul(logits).sub(asNode(logits).softplus().mul(n)).add(logChoose);
    },
    draw: (random, p) => {
      const probability = 1 / (1 + elementary.exp(-p.logits));
      let successes = 0;
      for (let i = 0; i < p.trials; i++) if (random.uniform() < probability) successes++;
      return successes;
    },
  });
}
