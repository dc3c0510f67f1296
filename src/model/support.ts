import { Node, type Operand } from "../graph/node.ts";
import { knownNumbers, placeOf } from "./known.ts";

/** An interval, ends included; a bound may depend on other parameters. Default: none. */
export interface Bounds {
  readonly lower?: Operand;
  readonly upper?: Operand;
  /** The density is 0 at the ends too. */
  readonly open?: boolean;
  /** The density is 0 at ±∞, which its formula does not say of itself. */
  readonly finite?: boolean;
}

/** A value that lies outside: its element, from 0, and the bound in words. */
export interface Outside {
  readonly element: number;
  readonly found: number;
  readonly expected: string;
}

/** Where both hold: the support of a distribution, and bounds within it. Of a bound that is a node, that one alone counts. */
export function both(support: Bounds, bounds: Bounds): Bounds {
  const pick = (own: Operand | undefined, given: Operand | undefined, of: (a: number, b: number) => number) =>
    typeof own === "number" && typeof given === "number" ? of(own, given) : (given ?? own);
  const lower = pick(support.lower, bounds.lower, Math.max);
  const upper = pick(support.upper, bounds.upper, Math.min);
  return { ...support, ...(lower !== undefined && { lower }), ...(upper !== undefined && { upper }) };
}

/** A log density that is −∞ where the value lies outside of bounds; nothing is computed for what is known to lie inside. */
export function within(bounds: Bounds, value: Node, logDensity: Node): Node {
  let density = logDensity;
  for (const [side, bound] of sidesOf(bounds)) {
    if (isKnownInside(side, value, bound, bounds.open)) continue;
    const float = value.toFloat();
    const limit = bound instanceof Node ? bound.toFloat() : bound;
    const [inside, outside] =
      side === "lower" ? [float.ge(limit), float.le(limit)] : [float.le(limit), float.ge(limit)];
    density = (bounds.open === true ? outside.not() : inside).select(density, Number.NEGATIVE_INFINITY);
  }
  if (bounds.finite === true && !isKnownFinite(value))
    density = value.toFloat().isFinite().select(density, Number.NEGATIVE_INFINITY);
  return density;
}

/** The first number outside of bounds, where both are known before anything runs. */
export function firstOutside(bounds: Bounds, value: Node): Outside | undefined {
  for (const [side, bound] of sidesOf(bounds)) {
    const element = placeOutside(side, value, bound);
    if (element === undefined || element < 0) continue;
    const limits = knownNumbers(bound)!;
    const limit = limits[element % limits.length];
    return {
      element,
      found: knownNumbers(value)![element]!,
      expected: `at ${side === "lower" ? "least" : "most"} ${limit}`,
    };
  }
  return undefined;
}

type Side = keyof Bounds;

function sidesOf({ lower, upper }: Bounds): readonly (readonly [Side, Operand])[] {
  const sides: readonly (readonly [Side, Operand | undefined])[] = [
    ["lower", lower],
    ["upper", upper],
  ];
  return sides.flatMap(([side, bound]) =>
    bound === undefined || (typeof bound === "number" && !Number.isFinite(bound)) ? [] : [[side, bound] as const],
  );
}

function isKnownFinite(value: Node): boolean {
  const numbers = knownNumbers(value);
  return value.is("exp") || (numbers !== undefined && placeOf(numbers, (x) => !Number.isFinite(x)) === -1);
}

function isKnownInside(side: Side, value: Node, bound: Operand, open = false): boolean {
  // What transforms make of z.
  if (side === "lower" && bound === 0 && (value.is("exp") || value.is("sigmoid"))) return true;
  if (side === "upper" && bound === 1 && value.is("sigmoid")) return true;
  return placeOutside(side, value, bound, open) === -1;
}

/** −1 where there is none; undefined where that is not known. */
function placeOutside(side: Side, value: Node, bound: Operand, open = false): number | undefined {
  const [numbers, limits] = [knownNumbers(value), knownNumbers(bound)];
  if (numbers === undefined || limits === undefined || (limits.length > 1 && limits.length !== numbers.length))
    return undefined;
  return placeOf(numbers, (x, i) => {
    const limit = limits[i % limits.length]!;
    return (side === "lower" ? x < limit : x > limit) || (open && x === limit);
  });
}
