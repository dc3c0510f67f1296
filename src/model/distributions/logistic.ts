import { elementary } from "../../graph/elementary.ts";
import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { log, reciprocal } from "../logarithm.ts";
import { realLine } from "../transforms/real.ts";

/** The logistic distribution with a location (its mean) and a scale (> 0). */
export function logistic(location: Operand, scale: Operand): Distribution {
  return define({
    name: "logistic",
    parameters: { location, scale },
    positive: ["scale"],
    transform: realLine,
    bounds: { finite: true },
    logDensity: (x) => {
      const t = x.sub(location).mul(reciprocal(scale));
      return t.sub(t.softplus().mul(2)).sub(log(scale));
    },
    draw: (random, p) => {
      let u = random.uniform();
      while (u === 0) u = random.uniform();
      return p.location + p.scale * (elementary.log(u) - elementary.log(1 - u));
    },
  });
}
