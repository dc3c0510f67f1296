import { ModelError } from "../../errors.ts";
import { concat, constant, type Node } from "../../graph/node.ts";
import type { Transform } from "../transform.ts";

/**
 * Vectors that increase: x₁ = z₁, xₖ = xₖ₋₁ + exp zₖ; log |det J| = z₂ + … + z_K (Stan's ordered vector). Takes
 * vectors `[K]` alone.
 */
export const ordered: Transform = {
  name: "ordered",
  support: "increasing",
  constrain: (z) => {
    const size = lengthOf(z);
    if (size === 1) return { value: z, logDetJacobian: constant(0) };
    const steps = concat([z.slice(0, 1), z.slice(1, size).exp()]);
    return {
      value: lowerTriangle(size).matvec(steps),
      logDetJacobian: concat([constant([0]), z.slice(1, size)]),
    };
  },
  unconstrain: (value) => {
    const size = lengthOf(value);
    return size === 1 ? value : concat([value.slice(0, 1), differences(value, size).log()]);
  },
  contains: (value) => Number.isFinite(value),
  label: (variable) => `ordered ${variable}`,
};

/** Vectors that increase from 0: x₁ = exp z₁, xₖ = xₖ₋₁ + exp zₖ; log |det J| = Σ zₖ (Stan's positive ordered vector). */
export const positiveOrdered: Transform = {
  name: "positiveOrdered",
  support: "greater than 0 and increasing",
  constrain: (z) => ({ value: lowerTriangle(lengthOf(z)).matvec(z.exp()), logDetJacobian: z }),
  unconstrain: (value) => {
    const size = lengthOf(value);
    return size === 1 ? value.log() : concat([value.slice(0, 1), differences(value, size)]).log();
  },
  contains: (value) => value > 0 && value < Number.POSITIVE_INFINITY,
  label: (variable) => `ordered ${variable}`,
};

function differences(vector: Node, size: number): Node {
  return vector.slice(1, size).sub(vector.slice(0, size - 1));
}

/** 1 on and below the diagonal: times a vector gives its running sums. */
function lowerTriangle(size: number): Node {
  const entries = Float64Array.from({ length: size * size }, (_, i) => (i % size <= Math.floor(i / size) ? 1 : 0));
  return constant(entries, [size, size]);
}

function lengthOf(vector: Node): number {
  const [size, ...more] = vector.shape;
  if (size === undefined || size === 0 || more.length > 0)
    throw new ModelError(`An ordered parameter is a vector: give it one dimension, not shape [${vector.shape}].`);
  return size;
}
