import { elementary } from "../../graph/elementary.ts";
import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { hasLargeCounts, knownNumbers } from "../known.ts";
import { asNode } from "../logarithm.ts";
import { counts } from "../values.ts";

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
      const logChoose = n.add(1).lgamma().sub(k.add(1).lgamma()).sub(n.sub(k).add(1).lgamma());
      if (hasLargeCounts(n) && knownNumbers(k) !== undefined) return aroundCounts(k, n, asNode(logits), logChoose);
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

/** How far from the data's own logits a ratio of probabilities is computed as one: beyond, it is large itself. */
const NEAR = 20;

/**
 * k·l − n log(1 + eˡ) + log (n over k), about c = logit p with p = (k + ½)/(n + 1): with δ = l − c it is k·δ − n log(1 + p (eᵟ − 1)), and what
 * depends on k and n alone.
 */
function aroundCounts(k: Node, n: Node, logits: Node, logChoose: Node): Node {
  const c = k.add(0.5).log().sub(n.sub(k).add(0.5).log());
  const p = k.add(0.5).div(n.add(1));
  const delta = logits.sub(c);
  const near = p.mul(delta.min(NEAR).max(-NEAR).expm1()).log1p();
  const ratio = delta.abs().le(NEAR).select(near, logits.softplus().sub(c.softplus()));
  return k
    .mul(delta)
    .sub(n.mul(ratio))
    .add(k.mul(c).sub(n.mul(c.softplus())).add(logChoose));
}
