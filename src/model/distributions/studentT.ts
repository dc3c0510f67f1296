import type { Node, Operand } from "../../graph/node.ts";
import { type Distribution, define, type Random } from "../distribution.ts";
import { asNode, HALF_LOG_TWO_PI, log, logOnePlusSquare, reciprocal } from "../logarithm.ts";
import { logGammaRatio } from "../shapes.ts";
import { realLine } from "../transforms/real.ts";
import { drawGamma } from "./gamma.ts";

/** Student's t distribution with degrees of freedom (> 0), a location and a scale (> 0). */
export function studentT(degrees: Operand, location: Operand, scale: Operand): Distribution {
  return define({
    name: "studentT",
    parameters: { degrees, location, scale },
    positive: ["degrees", "scale"],
    transform: realLine,
    logDensity: (x) => {
      const t = x.sub(location).mul(reciprocal(scale));
      return logStudentT(t, degrees).sub(log(scale));
    },
    draw: (random, p) => p.location + p.scale * drawStudentT(random, p.degrees),
  });
}

/** The log density at location 0, scale 1. */
export function logStudentT(t: Node, degrees: Operand): Node {
  const nu = asNode(degrees);
  const tail = logOnePlusSquare(t.mul(reciprocal(nu.sqrt()))).mul(nu.add(1).mul(-0.5));
  const ratio = (typeof degrees === "number" ? knownRatio : logGammaRatio)(nu.mul(0.5));
  return tail.add(ratio.sub(HALF_LOG_TWO_PI));
}

export function drawStudentT(random: Random, degrees: number): number {
  return random.normal() / Math.sqrt((2 * drawGamma(random, degrees / 2)) / degrees);
}

const LARGE = 25;

/**
 * `logGammaRatio` of a number, which float64 computes before anything runs. Past a = 25 the two logarithms cancel, and their asymptotic series is
 * exact to float64 [DLMF 5.11.13; −1/8a + 1/192a³ − 1/640a⁵ + 17/14336a⁷].
 */
function knownRatio(a: Node): Node {
  const small = a.min(LARGE);
  const exact = small.add(0.5).lgamma().sub(small.lgamma()).sub(small.log().mul(0.5));
  const r = a.max(LARGE).reciprocal();
  const r2 = r.square();
  const series = r2
    .mul(17 / 14336)
    .sub(1 / 640)
    .mul(r2)
    .add(1 / 192)
    .mul(r2)
    .sub(1 / 8)
    .mul(r);
  return a.lt(LARGE).select(exact, series);
}
