import { elementary } from "../../graph/elementary.ts";
import type { Operand } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { LOG_TWO, log, reciprocal } from "../logarithm.ts";
import { realLine } from "../transforms/real.ts";

/** The Laplace (double exponential) distribution with a location and a scale (> 0). */
export function laplace(location: Operand, scale: Operand): Distribution {
  return define({
    name: "laplace",
    parameters: { location, scale },
    positive: ["scale"],
    transform: realLine,
    logDensity: (x) => x.sub(location).abs().mul(reciprocal(scale)).neg().sub(log(scale)).sub(LOG_TWO),
    draw: (random, p) => {
      const size = -elementary.log(1 - random.uniform());
      return p.location + (random.uniform() < 0.5 ? -p.scale : p.scale) * size;
    },
  });
}
