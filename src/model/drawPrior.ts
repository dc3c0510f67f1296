import { ModelError } from "../errors.ts";
import { constant, type Node } from "../graph/node.ts";
import type { Distribution, Random } from "./distribution.ts";
import { environmentWith, hostValue } from "./host.ts";
import { asNode } from "./logarithm.ts";
import type { Transform } from "./transform.ts";

/** A draw from the prior; see `BoundModel.drawPrior`. */
export function drawPrior(
  modelName: string,
  parameters: readonly { readonly z: Node; readonly transform: Transform; readonly distribution?: Distribution }[],
  random: Random,
): Float64Array {
  const known = environmentWith(new Map());
  const parts = parameters.map(({ z, transform, distribution }) => {
    if (distribution === undefined)
      throw new ModelError(`Model ${modelName} is a log density written by hand: it has no prior to draw from.`);
    const given = Object.entries(distribution.parameters).map(
      ([name, operand]) => [name, hostValue(asNode(operand).broadcastTo(z.shape), known)] as const,
    );
    const values = Float64Array.from({ length: z.size }, (_, i) =>
      distribution.drawGiven(random, Object.fromEntries(given.map(([name, numbers]) => [name, numbers[i]!]))),
    );
    if (transform.name === "ordered" || transform.name === "positiveOrdered") values.sort();
    const part = Float64Array.from(hostValue(transform.unconstrain(constant(values, z.shape)), known));
    known.values.set(z, part);
    return part;
  });
  return Float64Array.from(parts.flatMap((part) => [...part]));
}
