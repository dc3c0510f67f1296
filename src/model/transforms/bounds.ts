import { Node, type Operand } from "../../graph/node.ts";
import type { Transform } from "../transform.ts";
import { interval } from "./interval.ts";
import { positiveReals } from "./positive.ts";
import { realLine } from "./real.ts";

/** Numbers greater than `lower`: x = lower + exp z, log |dx/dz| = z. */
export function lowerBound(lower: Operand): Transform {
  if (lower === 0) return positiveReals;
  return {
    name: "lowerBound",
    support: `greater than ${text(lower)}`,
    constrain: (z) => ({ value: z.exp().add(lower), logDetJacobian: z }),
    unconstrain: (value) => value.sub(lower).log(),
    contains: (value) => value < Number.POSITIVE_INFINITY && !(typeof lower === "number" && value <= lower),
    label: (variable) => `log(${variable} - ${text(lower)})`,
  };
}

/** Numbers less than `upper`: x = upper − exp z, log |dx/dz| = z. */
export function upperBound(upper: Operand): Transform {
  return {
    name: "upperBound",
    support: `less than ${text(upper)}`,
    constrain: (z) => ({ value: z.exp().neg().add(upper), logDetJacobian: z }),
    unconstrain: (value) => value.neg().add(upper).log(),
    contains: (value) => value > Number.NEGATIVE_INFINITY && !(typeof upper === "number" && value >= upper),
    label: (variable) => `log(${text(upper)} - ${variable})`,
  };
}

/** The transform to the numbers between two bounds; −∞ and ∞ stand for none. */
export function between(lower: Operand, upper: Operand): Transform {
  if (lower === Number.NEGATIVE_INFINITY) return upper === Number.POSITIVE_INFINITY ? realLine : upperBound(upper);
  return upper === Number.POSITIVE_INFINITY ? lowerBound(lower) : interval(lower, upper);
}

/** A bound in words. */
export function text(bound: Operand): string {
  return bound instanceof Node ? "its bound" : String(bound);
}
