import { Node, type Operand } from "../graph/node.ts";
import { knownNumbers } from "./known.ts";

/** An interval, ends included; a bound may depend on other parameters. Default: none. */
export interface Bounds {
  readonly lower?: Operand;
  readonly upper?: Operand;
}

/** A value that lies outside: its element, from 0, and the bound in words. */
export interface Outside {
  readonly element: number;
  readonly found: number;
  readonly expected: string;
}

/** A log density that is −∞ where the value lies outside of bounds; nothing is computed for what is known to lie inside. */
export function within(bounds: Bounds, value: Node, logDensity: Node): Node {
  let density = logDensity;
  for (const [side, bound] of sidesOf(bounds)) {
    if (isKnownInside(side, value, bound)) continue;
    const float = value.toFloat();
    const limit = bound instanceof Node ? bound.toFloat() : bound;
    const isInside = side === "lower" ? float.ge(limit) : float.le(limit);
    density = isInside.select(density, Number.NEGATIVE_INFINITY);
  }
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

function isKnownInside(side: Side, value: Node, bound: Operand): boolean {
  // What transforms make of z.
  if (side === "lower" && bound === 0 && (value.is("exp") || value.is("sigmoid"))) return true;
  if (side === "upper" && bound === 1 && value.is("sigmoid")) return true;
  return placeOutside(side, value, bound) === -1;
}

/** −1 where there is none; undefined where that is not known. */
function placeOutside(side: Side, value: Node, bound: Operand): number | undefined {
  const [numbers, limits] = [knownNumbers(value), knownNumbers(bound)];
  if (numbers === undefined || limits === undefined || (limits.length > 1 && limits.length !== numbers.length))
    return undefined;
  return Array.from(numbers).findIndex((x, i) => {
    const limit = limits[i % limits.length]!;
    return side === "lower" ? x < limit : x > limit;
  });
}
