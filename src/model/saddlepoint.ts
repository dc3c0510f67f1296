/**
 * Log densities of counts and of shapes, however large, as a deviance and what Stirling's formula says of it. Written with
 * log Γ they are small differences of numbers of the size of the count: in float32 nothing is left [Loader 2000].
 */
import { constant, type Node } from "../graph/node.ts";
import { minusLog } from "./known.ts";
import { HALF_LOG_TWO_PI } from "./logarithm.ts";

/** Stands for a count of 0 where a logarithm is taken. */
const NEXT_TO_0 = 2 ** -80;

const fromLogOfCount = minusLog(NEXT_TO_0);
const fromLogOfRatio = minusLog(0);

/** log of k^k e^−k / k!: the chance of a Poisson count at its mean. 0 for k = 0. */
export function poissonPeak(k: Node): Node {
  const atLeast1 = k.max(1);
  const log = atLeast1.log().mul(-0.5).sub(HALF_LOG_TWO_PI).sub(atLeast1.stirlingRest());
  return k.lt(1).select(0, log);
}

/** Two groups of a whole, both ≥ 0 (counts, or a count and a shape), as `logChances` takes them. */
interface Groups {
  readonly first: Node;
  readonly second: Node;
  /** log (chance of the first / chance of the second). */
  readonly logOdds: Node;
  /** `logOdds` less log (first / second). A group of 0 counts as next to 0. */
  readonly distance: Node;
}

/**
 * first·log p + second·log(1 − p) for p = σ(logOdds), less the same at p = first / (first + second), where it is largest: a binomial
 * count's loss of log density at other odds. Never above 0.
 *
 * It is computed from the smaller group's side, so that nothing is larger than that: k·δ − n·log(1 + w(eᵟ − 1)), for k of n, w = k/n
 * and the distance δ. As long as w(eᵟ − 1) is less than 1, what these two have in common is left out.
 */
function logChances({ first, second, logOdds, distance }: Groups): Node {
  const turned = second.lt(first).select(constant(-1), constant(1));
  const [delta, odds] = [distance.mul(turned), logOdds.mul(turned)];
  const [few, many] = [first.min(second), first.max(second)];
  const whole = few.add(many);
  // eᵟ − 1 is made of eᵟ − 1 − δ, and so is the slope of both: one exponential fewer.
  const bend = delta.expm1mx();
  const inside = few.div(whole).mul(bend.add(delta));
  const near = few.mul(bend).add(whole.mul(inside.log1pmx())).neg();
  const share = few.div(many.max(NEXT_TO_0)).log1p();
  const far = few.mul(delta).sub(whole.mul(odds.softplus().sub(share)));
  return inside.lt(1).and(few.gt(0)).select(near, far);
}

/** The log probability of k of n with chance σ(logits) each. */
export function binomialAround(k: Node, n: Node, logits: Node): Node {
  const rest = n.sub(k);
  const ratio = k.max(NEXT_TO_0).div(rest.max(NEXT_TO_0));
  const loss = logChances({ first: k, second: rest, logOdds: logits, distance: fromLogOfRatio(logits, ratio) });
  const [few, all] = [k.min(rest), n.max(1)];
  const main = poissonPeak(k).add(poissonPeak(rest)).sub(poissonPeak(all));
  return loss.add(few.lt(1).select(0, main));
}

/**
 * The log probability of k where its mean is e^logMean and its variance m + m²/φ: k and φ are the two groups, and the rest is
 * log Γ(k + φ) − log Γ(φ) − log k! less its leading terms.
 */
export function negativeBinomialAround(k: Node, logMean: Node, phi: Node): Node {
  const distance = fromLogOfCount(logMean, k);
  const loss = logChances({ first: k, second: phi, logOdds: logMean.sub(phi.log()), distance });
  const rests = k.add(phi).stirlingRest().sub(phi.stirlingRest());
  return loss.add(rests.sub(k.div(phi).log1p().mul(0.5))).add(poissonPeak(k));
}

/** y stands at least here where its logarithm is taken; a count of 0 keeps its digits all the same. */
const SIXTEENTH = 1 / 16;

const fromLogOfCentre = minusLog(SIXTEENTH);

/** y·η − e^η − log y!, from the distance of η to log y. */
export function poissonAround(y: Node, logRate: Node): Node {
  const centre = y.max(SIXTEENTH);
  const delta = fromLogOfCentre(logRate, y);
  const loss = y.sub(centre).mul(delta).sub(centre.mul(delta.expm1mx()));
  return loss.add(poissonPeak(y).sub(y.lt(1).select(constant(SIXTEENTH), constant(0))));
}
