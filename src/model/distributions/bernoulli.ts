import { elementary } from "../../graph/elementary.ts";
import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { asNode } from "../logarithm.ts";
import { zeroOrOne } from "../values.ts";

/** 1 with probability σ(logits), else 0. Log density y·l − log(1 + eˡ): its slope at l = 0 is y − ½. */
export function bernoulli({ logits }: { readonly logits: Operand }): Distribution {
  return define({
    name: "bernoulli",
    parameters: { logits },
    values: zeroOrOne,
    bounds: { lower: 0, upper: 1 },
    logDensity: (y: Node) => y.mul(logits).sub(asNode(logits).softplus()),
    draw: (random, p) => (random.uniform() * (1 + elementary.exp(-p.logits)) < 1 ? 1 : 0),
  });
}
