import { constant } from "../../graph/node.ts";
import type { Transform } from "../transform.ts";

/** All real numbers: x = z. */
export const realLine: Transform = {
  name: "real",
  support: "finite",
  constrain: (z) => ({ value: z, logDetJacobian: constant(0) }),
  unconstrain: (value) => value,
  contains: (value) => Number.isFinite(value),
  label: (variable) => variable,
};
