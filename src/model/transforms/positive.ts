import type { Transform } from "../transform.ts";

/** Numbers greater than 0: x = exp z, log |dx/dz| = z. */
export const positiveReals: Transform = {
  name: "positive",
  support: "greater than 0",
  constrain: (z) => ({ value: z.exp(), logDetJacobian: z }),
  unconstrain: (value) => value.log(),
  contains: (value) => value > 0 && value < Number.POSITIVE_INFINITY,
  label: (variable) => `log ${variable}`,
};
