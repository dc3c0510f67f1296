import { ModelError } from "../../errors.ts";
import { constant } from "../../graph/node.ts";
import { type Distribution, define } from "../distribution.ts";
import { realLine } from "../transforms/real.ts";

/**
 * The constant density 1 (improper): `flat()` on all real numbers, `flat().within(0)` on the positive ones. The
 * posterior must be proper by virtue of the data alone.
 */
export function flat(): Distribution {
  return define({
    name: "flat",
    parameters: {},
    transform: realLine,
    isFlat: true,
    logDensity: (x) => constant(0).broadcastTo(x.shape),
    draw: () => {
      throw new ModelError("A flat prior cannot be drawn from: it has no finite mass. Choose a proper prior.");
    },
  });
}
