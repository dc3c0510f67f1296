import { elementary } from "../../graph/elementary.ts";
import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { asNode, log } from "../logarithm.ts";
import { counts } from "../values.ts";
import { drawGamma } from "./gamma.ts";
import { drawPoisson } from "./poisson.ts";

/**
 * Counts with mean m = exp(logMean) and variance m + m² / dispersion (dispersion > 0): overdispersed Poisson counts.
 * With d = logMean − log dispersion the log density is k·d − (k + dispersion) log(1 + eᵈ), and constants.
 */
export function negativeBinomial(given: { readonly logMean: Operand; readonly dispersion: Operand }): Distribution {
  const { logMean, dispersion } = given;
  return define({
    name: "negativeBinomial",
    parameters: { logMean, dispersion },
    positive: ["dispersion"],
    values: counts,
    logDensity: (k: Node) => {
      const phi = asNode(dispersion);
      const d = asNode(logMean).sub(log(dispersion));
      const constants = k.add(phi).lgamma().sub(phi.lgamma()).sub(k.add(1).lgamma());
      return k.mul(d).sub(k.add(phi).mul(d.softplus())).add(constants);
    },
    draw: (random, p) =>
      drawPoisson(random, (elementary.exp(p.logMean) * drawGamma(random, p.dispersion)) / p.dispersion),
  });
}
