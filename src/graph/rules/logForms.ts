import { make, type Node } from "../node.ts";
import { numberOf } from "./rule.ts";

/* The stable forms themselves: logarithms of sums and differences of exponentials, and of tails. */

export const LOG_TWO: number = Math.LN2;

/** log(eᵘ + eᵛ), without overflow, and −∞ where both are. */
export function logAddExp(u: Node, v: Node): Node {
  const apart = u.max(v).add(u.sub(v).abs().neg().softplus());
  return u.eq(v).select(u.add(v).mul(0.5).add(LOG_TWO), apart);
}

/** log(eᵘ − 1). */
export function logExpMinusOne(u: Node): Node {
  return u.add(u.neg().log1mExp());
}

/** log(1 − tanh² u) = log 4 + log σ(2u) + log σ(−2u). */
export function logSlopeOfTanh(u: Node): Node {
  return u
    .mul(2)
    .logSigmoid()
    .add(u.mul(-2).logSigmoid())
    .add(2 * LOG_TWO);
}

/** log(erfc u), as erfc u = 2 Φ(−√2 u). */
export function logErfc(u: Node): Node {
  return u.mul(-Math.SQRT2).normalLogCdf().add(LOG_TWO);
}

/** log Σ eᵘ over axes. */
export function logSumExpOver(u: Node, axes: readonly number[]): Node {
  const most = u.reduceMax(...axes);
  const top = most.isFinite().select(most, 0);
  const kept = u.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const below = u.sub(make("broadcast", [top], { shape: u.shape, axes: kept }));
  return make("sum", [below.exp()], { axes }).log().add(top);
}

/** The x that is squared. */
export function squareRoot(node: Node): Node | undefined {
  const [a, b] = node.inputs;
  if (node.op === "mul" && a === b) return a;
  return node.op === "pow" && numberOf(b!) === 2 ? a : undefined;
}
