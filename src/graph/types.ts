import type { Node } from "./node.ts";

/** What an element is. `float` is float32 or float64: the engine decides when it compiles. */
export type DType = "float" | "int32" | "uint32" | "bool";

/** Lengths of the axes of one chain's value (or of the shared value); `[]` is a scalar. The chain axis is never written. */
export type Shape = readonly number[];

/** Constants: float64 for `float`, 0 or 1 for `bool`; row-major. */
export type ConstantData = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** The body of a loop: nodes that depend on its parameters; everything else that it uses is captured from outside. */
export interface Region {
  /** `[index, ...carried]`; the index is a shared int32 scalar that counts from 0. */
  readonly parameters: readonly Node[];
  /** The carried values of the next turn, as many as are carried. */
  readonly results: readonly Node[];
}

/** Elements in a row that `logProduct` multiplies: neither 2⁶⁴ nor 2⁻⁶⁴ is beyond float32. */
export const LOG_PRODUCT_ROWS = 64;

/** What an op needs to know besides its inputs. One entry an op: this table is the list of ops. */
export interface Attributes {
  // leaves
  readonly input: { readonly name: string };
  readonly constant: { readonly data: ConstantData };
  readonly parameter: { readonly index: number };
  /** The distance from 1 to the next float: 2⁻²³ in float32, 2⁻⁵² in float64. Known only to the engine, so never folded. */
  readonly epsilon: None;
  // elementwise, float
  readonly exp: None;
  readonly log: None;
  readonly log1p: None;
  readonly log1pmx: None;
  readonly log1mExp: None;
  readonly expm1: None;
  readonly expm1mx: None;
  readonly softplus: None;
  readonly sigmoid: None;
  readonly logSigmoid: None;
  readonly tanh: None;
  readonly sqrt: None;
  readonly lgamma: None;
  readonly digamma: None;
  readonly trigamma: None;
  readonly stirlingRest: None;
  readonly stirlingRestSlope: None;
  readonly erf: None;
  readonly erfc: None;
  readonly erfinv: None;
  readonly normalCdf: None;
  readonly normalLogCdf: None;
  readonly inverseMills: None;
  readonly floor: None;
  readonly sign: None;
  readonly pow: None;
  readonly div: None;
  // elementwise, numbers
  readonly neg: None;
  readonly abs: None;
  readonly add: None;
  readonly sub: None;
  readonly mul: None;
  readonly min: None;
  readonly max: None;
  // comparisons: numbers → bool
  readonly less: None;
  readonly lessOrEqual: None;
  readonly equal: None;
  // bool, or bit by bit on uint32
  readonly and: None;
  readonly or: None;
  readonly xor: None;
  readonly not: None;
  // uint32
  readonly shiftLeft: { readonly bits: number };
  readonly shiftRight: { readonly bits: number };
  /** (hi, lo) uint32 → float on [0, 1) by JAX's mantissa rule: float32 takes hi xor lo, float64 the 64-bit word hi·2³² + lo. */
  readonly unitInterval: None;
  // any type
  readonly select: None;
  readonly convert: { readonly to: DType };
  /** The same value, no longer marked as shared. */
  readonly perChain: None;
  // shape
  /** Input axis i becomes output axis `axes[i]`; the other output axes repeat. */
  readonly broadcast: { readonly shape: Shape; readonly axes: readonly number[] };
  readonly reshape: { readonly shape: Shape };
  readonly transpose: { readonly permutation: readonly number[] };
  readonly slice: { readonly axis: number; readonly start: number; readonly stop: number };
  readonly concat: { readonly axis: number };
  /** x[indices] along axis 0; indices are shared int32, `[k]`. */
  readonly gather: None;
  /** zeros `[size, …]` with x `[k, …]` added at the indices, in index order. */
  readonly scatterAdd: { readonly size: number };
  // reductions
  readonly sum: { readonly axes: readonly number[] };
  readonly reduceMax: { readonly axes: readonly number[] };
  /** Σ log x over all elements, which lie from ½ to 2: of the product of each 64 in a row, so that there are few logarithms. */
  readonly logProduct: None;
  /** Shared matrix `[n, d]` times vector `[d]`, or its transpose times vector `[n]`. */
  readonly matvec: { readonly transposed: boolean };
  // control
  /** Inputs: count (shared int32 scalar), then the carried values. Its own value is the count; `carried` takes its results. */
  readonly loop: { readonly region: Region };
  readonly carried: { readonly index: number };
}

/** No attributes. */
export type None = Readonly<Record<never, never>>;

export type OpName = keyof Attributes;

/** What is known of a node before it runs. */
export interface Type {
  readonly dtype: DType;
  readonly shape: Shape;
}
