import { elementary } from "../../graph/elementary.ts";
import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { asNode, log } from "../logarithm.ts";
import { counts } from "../values.ts";
import { drawGamma } from "./gamma.ts";
import { drawPoisson } from "./poisson.ts";

/**
 * Counts with mean m = exp(logMean) and variance m + m² / dispersion (dispersion > 0): overdispersed Poisson counts, which
 * they become as φ, the dispersion, grows. The log density is k log m − (k + φ) log(1 + m/φ) + logRisingRatio(k, φ) − log k!.
 */
export function negativeBinomial(given: { readonly logMean: Operand; readonly dispersion: Operand }): Distribution {
  const { logMean, dispersion } = given;
  return define({
    name: "negativeBinomial",
    parameters: { logMean, dispersion },
    positive: ["dispersion"],
    values: counts,
    bounds: { lower: 0 },
    logDensity: (k: Node) => {
      const phi = asNode(dispersion);
      const logOdds = asNode(logMean).sub(log(dispersion));
      const constants = logRisingRatio(k, phi).sub(k.add(1).lgamma());
      return k.mul(logMean).sub(k.add(phi).mul(logOdds.softplus())).add(constants);
    },
    draw: (random, p) =>
      drawPoisson(random, (elementary.exp(p.logMean) * drawGamma(random, p.dispersion)) / p.dispersion),
  });
}

const LARGE = 25;

/**
 * log of φ(φ + 1)…(φ + k − 1) / φᵏ, which is log Γ(k + φ) − log Γ(φ) − k log φ, for φ > 0 and k ≥ 0. It goes to 0 as φ grows,
 * while these go to infinity; so past φ = 25 Stirling's series [DLMF 5.11.1], exact to float64 there, takes their place:
 * (φ + k − ½) log(1 + k/φ) − k, and the difference of what is left of them.
 */
function logRisingRatio(k: Node, phi: Node): Node {
  const small = phi.min(LARGE);
  const exact = k.add(small).lgamma().sub(small.lgamma()).sub(k.mul(small.log()));
  const large = phi.max(LARGE);
  const sum = k.add(large);
  const leading = sum.sub(0.5).mul(k.div(large).log1p()).sub(k);
  return phi.lt(LARGE).select(exact, leading.add(stirlingRest(sum).sub(stirlingRest(large))));
}

/** log Γ(x) − (x − ½) log x + x − ½ log 2π, for x ≥ 25. */
function stirlingRest(x: Node): Node {
  const r = x.reciprocal();
  const r2 = r.square();
  return r2
    .mul(1 / 1188)
    .sub(1 / 1680)
    .mul(r2)
    .add(1 / 1260)
    .mul(r2)
    .sub(1 / 360)
    .mul(r2)
    .add(1 / 12)
    .mul(r);
}
