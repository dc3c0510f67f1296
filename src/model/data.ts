/** What a model says about its data: the kind of value and one named dimension an axis. */

/** `index` values count the entries of another dimension, from 0. */
export type DataKind = "real" | "positive" | "binary" | "count" | "integer" | "index";

export interface DataSpec {
  readonly kind: DataKind;
  /** Names of the axes, outermost first; none for a single number. */
  readonly dims: readonly string[];
  /** For `index`: the dimension that the values point into. */
  readonly into?: string;
}

/** Finite numbers: `real("observation", "feature")` is a matrix, `real()` a single number. */
export function real(...dims: readonly string[]): DataSpec {
  return { kind: "real", dims };
}

/** Finite numbers greater than 0. */
export function positive(...dims: readonly string[]): DataSpec {
  return { kind: "positive", dims };
}

/** 0 or 1. */
export function binary(...dims: readonly string[]): DataSpec {
  return { kind: "binary", dims };
}

/** Whole numbers from 0. They arrive as `float` nodes. */
export function count(...dims: readonly string[]): DataSpec {
  return { kind: "count", dims };
}

/** Whole numbers that fit 32 bits. They arrive as `int32` nodes: `toFloat()` before arithmetic with parameters. */
export function integer(...dims: readonly string[]): DataSpec {
  return { kind: "integer", dims };
}

/**
 * For each entry of `dims`, which entry of dimension `into` it belongs to, from 0: `index("school", "pupil")`. It
 * arrives as an `int32` node, made for `theta.gather(school)`.
 */
export function index(into: string, ...dims: readonly string[]): DataSpec {
  return { kind: "index", into, dims };
}
