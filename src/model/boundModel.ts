import type { Coordinates, VariableRole } from "../draws.ts";
import type { Node } from "../graph/node.ts";
import type { DType } from "../graph/types.ts";
import type { DataArray } from "./boundData.ts";
import type { Random } from "./distribution.ts";

/** One variable that is stored with the draws. A `float` is float32 or float64: the run's precision decides. */
export interface ModelVariable {
  readonly name: string;
  readonly dtype: DType;
  /** One name per axis; each names an entry of the coordinates. */
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  /** A parameter is sampled; in a `density` every float that depends on z counts as one, as nothing else shows z. */
  readonly role: VariableRole;
}

/** Where a parameter lies in z. */
export interface ParameterSlot {
  readonly name: string;
  /** First coordinate, from 0. */
  readonly offset: number;
  /** Number of coordinates. */
  readonly size: number;
  /** The parameter's shape, constrained. */
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  /** `real`, `positive`, `interval` … */
  readonly transform: string;
}

/** A parameter's bounds. */
export interface Interval {
  readonly name: string;
  readonly lower: number;
  readonly upper: number;
}

/** Numbers by the name of a parameter: one, or row-major. */
export type ParameterValues = Readonly<Record<string, number | ArrayLike<number>>>;

/** A model's graph as its functions make it, before anything simplifies it: what a hash of the model is made of. */
export interface BoundGraph {
  /** The scalars that log p(z) is the sum of, by name. */
  readonly terms: Readonly<Record<string, Node>>;
  /** Constrained parameters and derived quantities, by name. */
  readonly values: Readonly<Record<string, Node>>;
  /** What the graph begins with, besides constants of its own: `z of mu`, `data y`. */
  readonly leaves: ReadonlyMap<Node, string>;
}

/** A model with its data: a log density over z, and what is kept of each draw. */
export interface BoundModel {
  readonly name: string;
  readonly title: string;
  /** D, the length of z. */
  readonly dimension: number;
  readonly parameters: readonly ParameterSlot[];
  /** A name for each coordinate of z: `log tau`, `beta[mean radius]`. */
  readonly coordinateNames: readonly string[];
  /** What `values` gives, in that order: parameters as declared, then derived quantities. */
  readonly variables: readonly ModelVariable[];
  /** Labels of every dimension that a variable or data have. */
  readonly coordinates: Coordinates;
  /** Data that a term of the likelihood observes. */
  readonly observed: Readonly<Record<string, DataArray>>;
  /** All other data. */
  readonly constants: Readonly<Record<string, DataArray>>;
  /** Parameters between two bounds that are known without other parameters, an interval an element. */
  intervals(): readonly Interval[];
  /** log p(z), a scalar per chain, of z `[D]`: priors with every constant, log |det J| and likelihood. */
  logDensity(z: Node): Node;
  /** The scalars that log p(z) is the sum of: `prior of tau` (with its Jacobian), `likelihood of y`. */
  terms(z: Node): Readonly<Record<string, Node>>;
  /** Constrained parameters and derived quantities, one value per chain each. */
  values(z: Node): Readonly<Record<string, Node>>;
  /** The graph as it was built when the model was bound; or as the model's functions make it now, which must be the same. */
  graph(when: "bound" | "now"): BoundGraph;
  /**
   * z `[D]` of constrained values, by name and row-major. Parameters that are not named keep their part of
   * `otherwise`; without it all must be named. Throws a ModelError for an unknown or missing name, a wrong number of
   * values, and a value outside of its support.
   */
  unconstrain(values: ParameterValues, otherwise?: ArrayLike<number>): Float64Array;
  /**
   * z `[D]` of one draw from the prior, each parameter given those before it. Terms of the likelihood play no part.
   * Throws a ModelError for a prior that cannot be drawn from: a flat one, a log density written by hand.
   */
  drawPrior(random: Random): Float64Array;
  /** The variables at a point z `[D]`, row-major, in float64. */
  constrain(z: ArrayLike<number>): Readonly<Record<string, ArrayLike<number>>>;
}
