import { elementary } from "../../graph/elementary.ts";
import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { asNode } from "../logarithm.ts";
import { negativeBinomialAround } from "../saddlepoint.ts";
import { counts } from "../values.ts";
import { drawGamma } from "./gamma.ts";
import { drawPoisson } from "./poisson.ts";

/**
 * Counts with mean m = exp(logMean) and variance m + m² / dispersion (dispersion > 0): overdispersed Poisson counts, which
 * they become as φ, the dispersion, grows. The log density is k log m − (k + φ) log(1 + m/φ) + log Γ(k + φ) − log Γ(φ) −
 * k log φ − log k!.
 */
export function negativeBinomial(given: { readonly logMean: Operand; readonly dispersion: Operand }): Distribution {
  const { logMean, dispersion } = given;
  return define({
    name: "negativeBinomial",
    parameters: { logMean, dispersion },
    positive: ["dispersion"],
    values: counts,
    bounds: { lower: 0, finite: true },
    logDensity: (k: Node) => negativeBinomialAround(k, asNode(logMean), asNode(dispersion)),
    draw: (random, p) =>
      drawPoisson(random, (elementary.exp(p.logMean) * drawGamma(random, p.dispersion)) / p.dispersion),
  });
}
