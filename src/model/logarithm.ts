import { constant, type Node, type Operand } from "../graph/node.ts";
import { knownNumbers, mayBe } from "./known.ts";

/** ½ log 2π. */
export const HALF_LOG_TWO_PI = 0.9189385332046727;
/** log π. */
export const LOG_PI = 1.1447298858494002;
/** log 2. */
export const LOG_TWO: number = Math.LN2;

/**
 * log x, without the detour where x was made by a transform: of eᶻ it is z, of σ(z) it is −log(1 + e⁻ᶻ). So a density
 * and its gradient stay finite where x itself underflows.
 */
export function log(x: Operand): Node {
  if (typeof x === "number") return constant(x).log();
  if (x.is("exp")) return x.inputs[0]!;
  return x.is("sigmoid") ? x.inputs[0]!.logSigmoid() : x.log();
}

/** log(1 − x), likewise: of σ(z) it is −log(1 + eᶻ). */
export function logOneMinus(x: Node): Node {
  return x.is("sigmoid") ? x.inputs[0]!.neg().logSigmoid() : x.neg().log1p();
}

/** factor·log x, with 0·log 0 = 0: a density that neither vanishes nor grows at its end. */
export function timesLog(factor: Node, logX: Node, x: Node, zero: number): Node {
  const factors = knownNumbers(factor);
  if (!mayBe(zero, x) || (factors !== undefined && !Array.from(factors).includes(0))) return logX.mul(factor);
  return x.eq(zero).and(factor.eq(0)).select(0, logX.mul(factor));
}

/** A density that goes as the distance from an end to the power shape − 1: there it is 0, infinite, or what `finite` says. */
export function withEnd(end: number, x: Node, shape: Node, finite: Node, density: Node): Node {
  if (!mayBe(end, x)) return density;
  const limit = shape.lt(1).select(Infinity, shape.gt(1).select(-Infinity, finite));
  return x.eq(end).select(limit, density);
}

/** 1 / x: a number, or a node. */
export function reciprocal(x: Operand): Operand {
  return typeof x === "number" ? 1 / x : x.reciprocal();
}

/** A node, also of a number. */
export function asNode(x: Operand): Node {
  return typeof x === "number" ? constant(x) : x;
}

/**
 * log(1 + t²), finite for every finite t: t² may overflow. [a = min(|t|, 1), b = max(1, |t|): 2 log b + log(1 + (a/b)²);
 * at |t| = 1 the two branches' slopes add up to the right one however an engine shares out a tie.]
 */
export function logOnePlusSquare(t: Node): Node {
  const size = t.abs();
  const large = constant(1).max(size);
  return size.min(1).div(large).square().log1p().add(large.log().mul(2));
}
