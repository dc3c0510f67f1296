import type { Node, Operand } from "../graph/node.ts";

/** A constrained value and the elementwise log |dx/dz| of the map that gave it. */
export interface Constrained {
  readonly value: Node;
  /** Of the value's shape, or a scalar where every element has the same. Its sum over the elements is log |det J|. */
  readonly logDetJacobian: Node;
}

/**
 * A smooth, invertible map from unconstrained values to a support: what lets a sampler that knows no bounds respect
 * them. `constrain` is the definition; `unconstrain` is its inverse, for starting points that a user names.
 * Bounds may be nodes: of data, or of earlier parameters.
 */
export interface Transform {
  /** `real`, `positive`, `interval` … */
  readonly name: string;
  /** The support in words, for error messages: `greater than 0`. */
  readonly support: string;
  /** Both ends of its support, where it has both. */
  readonly ends?: { readonly lower: Operand; readonly upper: Operand };
  /** z and the value have the same shape. */
  constrain(z: Node): Constrained;
  /** The z that gives a value; infinite or NaN where the value lies outside the support. */
  unconstrain(value: Node): Node;
  /** May an observation have this value? Bounds that are nodes are not looked at. */
  contains(value: number): boolean;
  /** What a coordinate of z is: `log tau`. */
  label(variable: string): string;
}
