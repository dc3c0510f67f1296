import { ModelError } from "../../errors.ts";
import { constant, type Node, type Operand } from "../../graph/node.ts";
import type { Transform } from "../transform.ts";

/**
 * Numbers between two bounds, ends excluded: x = lower + (upper − lower) σ(z), the scaled inverse logit;
 * log |dx/dz| = log(upper − lower) + z − 2 log(1 + eᶻ). Throws a ModelError where upper ≤ lower.
 */
export function interval(lower: Operand, upper: Operand): Transform {
  const known = typeof lower === "number" && typeof upper === "number";
  if (known && !(lower < upper))
    throw new ModelError(`An interval needs lower < upper; it was given ${lower} and ${upper}.`);
  const isUnit = lower === 0 && upper === 1;
  const width = asNode(upper).sub(lower);
  const logSlope = (z: Node): Node => z.sub(z.softplus().mul(2));
  return {
    name: "interval",
    support: known ? `between ${lower} and ${upper}` : "between its bounds",
    ends: { lower, upper },
    constrain: (z) =>
      isUnit
        ? { value: z.sigmoid(), logDetJacobian: logSlope(z) }
        : { value: z.sigmoid().mul(width).add(lower), logDetJacobian: logSlope(z).add(width.log()) },
    unconstrain: (value) => value.sub(lower).log().sub(asNode(upper).sub(value).log()),
    contains: (value) =>
      !(typeof lower === "number" && value <= lower) && !(typeof upper === "number" && value >= upper),
    label: (variable) => `logit ${variable}`,
  };
}

function asNode(bound: Operand): Node {
  return typeof bound === "number" ? constant(bound) : bound;
}
