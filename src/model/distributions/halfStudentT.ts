import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { LOG_TWO, log, reciprocal } from "../logarithm.ts";
import { positiveReals } from "../transforms/positive.ts";
import { notNegative } from "../values.ts";
import { drawStudentT, logStudentT } from "./studentT.ts";

/** |x| of a Student-t x with location 0: degrees of freedom and a scale (both > 0). */
export function halfStudentT(degrees: Operand, scale: Operand): Distribution {
  return define({
    name: "halfStudentT",
    parameters: { degrees, scale },
    positive: ["degrees", "scale"],
    transform: positiveReals,
    values: notNegative,
    bounds: { lower: 0 },
    logDensity: (x) =>
      logStudentT(x.mul(reciprocal(scale)), degrees)
        .sub(log(scale))
        .add(LOG_TWO),
    draw: (random, p) => p.scale * Math.abs(drawStudentT(random, p.degrees)),
  });
}
