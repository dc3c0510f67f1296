import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { LOG_PI, log, logOnePlusSquare, reciprocal } from "../logarithm.ts";
import { realLine } from "../transforms/real.ts";

/** The Cauchy distribution with a location (its median) and a scale (> 0). */
export function cauchy(location: Operand, scale: Operand): Distribution {
  return define({
    name: "cauchy",
    parameters: { location, scale },
    positive: ["scale"],
    transform: realLine,
    logDensity: (x) => {
      const t = x.sub(location).mul(reciprocal(scale));
      return logOnePlusSquare(t).neg().sub(log(scale)).sub(LOG_PI);
    },
    draw: (random, p) => p.location + p.scale * (random.normal() / random.normal()),
  });
}
