import type { Distribution } from "../model/distribution.ts";
import { flat } from "../model/distributions/flat.ts";
import { halfCauchy } from "../model/distributions/halfCauchy.ts";
import { halfNormal } from "../model/distributions/halfNormal.ts";
import { halfStudentT } from "../model/distributions/halfStudentT.ts";
import { normal } from "../model/distributions/normal.ts";

/** normal(0, scale), or flat for `null`. */
export function around0(scale: number | null): Distribution {
  return scale === null ? flat() : normal(0, scale);
}

/** The families of priors for a positive scale. */
export type ScalePrior = "half-normal" | "half-cauchy" | "half-student-t" | "flat";

export const scalePriors: readonly ScalePrior[] = ["half-normal", "half-cauchy", "half-student-t", "flat"];

/** A prior for a positive scale; half-student-t has 3 degrees of freedom, flat has density 1. */
export function positiveScale(family: ScalePrior, scale: number): Distribution {
  if (family === "flat") return flat().within(0);
  if (family === "half-student-t") return halfStudentT(3, scale);
  return family === "half-cauchy" ? halfCauchy(scale) : halfNormal(scale);
}
