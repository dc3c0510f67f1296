import type { Precision } from "../../draws.ts";
import type { Node } from "../../graph/node.ts";
import type { DType, Shape } from "../../graph/types.ts";

/** Element types of the printed text. `ui64` occurs only inside of float64 bit work. */
export type Element = "f32" | "f64" | "i1" | "i32" | "ui32" | "ui64";

/** A tensor's type: the chain axis, where there is one, is the first of `dims`. */
export interface TensorType {
  readonly element: Element;
  readonly dims: Shape;
}

/** An SSA value of the printed text. */
export interface Value {
  /** With its percent sign. */
  readonly name: string;
  readonly type: TensorType;
}

/** What a program is printed for. */
export interface Target {
  readonly precision: Precision;
  readonly chains: number;
}

/** `tensor<64x30xf32>`. */
export function typeText({ element, dims }: TensorType): string {
  return `tensor<${[...dims, element].join("x")}>`;
}

function elementOf(dtype: DType, precision: Precision): Element {
  if (dtype === "float") return precision === "float32" ? "f32" : "f64";
  if (dtype === "bool") return "i1";
  return dtype === "int32" ? "i32" : "ui32";
}

/** `[chain, ...shape]`, or `[...shape]` where the node is shared. */
export function typeOf(node: Node, { precision, chains }: Target): TensorType {
  return { element: elementOf(node.dtype, precision), dims: node.shared ? node.shape : [chains, ...node.shape] };
}

export function isFloat({ element }: TensorType): boolean {
  return element === "f32" || element === "f64";
}
