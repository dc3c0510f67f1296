import type { Node } from "../graph/node.ts";

/** What is sampled: a density over the unconstrained space. A `BoundModel` is one. */
export interface Target {
  readonly name: string;
  /** D, the length of z. */
  readonly dimension: number;
  /** log p(z) of z `[D]`, a scalar per chain. */
  logDensity(z: Node): Node;
  /** What is kept of a draw: constrained and derived values, by name. */
  values(z: Node): Readonly<Record<string, Node>>;
}

/** log p and its gradient at z, as nodes that share their sub-expressions. */
export interface Evaluation {
  /** log p(z), a scalar. */
  readonly logDensity: Node;
  /** ∇ log p(z), `[D]`. */
  readonly gradient: Node;
}
