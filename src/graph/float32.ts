import { allocate } from "./data.ts";
import { reductionOffsets } from "./indexing.ts";
import { type Environment, interpret } from "./interpret.ts";
import type { Node } from "./node.ts";
import type { ConstantData, OpName } from "./types.ts";

/** Ops that move numbers and make no new ones. */
const MOVES: ReadonlySet<OpName> = new Set<OpName>([
  ...(["perChain", "broadcast", "reshape", "transpose", "slice", "concat", "gather", "select"] as const),
  ...(["neg", "abs", "min", "max", "reduceMax", "floor", "sign"] as const),
]);

/**
 * Compute one node as float32 would, about: each result is rounded, and so is each step of a sum and of a product of
 * matrices. An elementary function is as good as its rounded value, and what a loop does inside is not rounded.
 */
export function interpretFloat32(node: Node, known: Environment): void {
  if (node.is("sum") && node.dtype === "float") known.values.set(node, sum(node, known.values.get(node.inputs[0]!)!));
  else if (node.is("matvec")) {
    const [matrix, vector] = node.inputs.map((input) => known.values.get(input)!);
    known.values.set(node, product(node, node.attributes.transposed, matrix!, vector!));
  } else {
    interpret(node, known);
    if (node.op === "epsilon") known.values.set(node, Float64Array.of(2 ** -23));
    else if (node.dtype === "float" && !MOVES.has(node.op)) known.values.set(node, rounded(known.values.get(node)!));
  }
}

function rounded(values: ConstantData): ConstantData {
  const result = new Float64Array(values.length);
  for (let i = 0; i < result.length; i++) result[i] = Math.fround(values[i]!);
  return result;
}

function sum(
  node: Node & { readonly attributes: { readonly axes: readonly number[] } },
  x: ConstantData,
): ConstantData {
  const result = allocate("float", node.size);
  const to = reductionOffsets(node.inputs[0]!.shape, node.attributes.axes);
  for (let i = 0; i < to.length; i++) result[to[i]!] = Math.fround(result[to[i]!]! + x[i]!);
  return result;
}

function product(node: Node, transposed: boolean, matrix: ConstantData, vector: ConstantData): ConstantData {
  const columns = node.inputs[0]!.shape[1]!;
  const result = allocate("float", node.size);
  for (let row = 0; row < result.length; row++) {
    let total = 0;
    for (let k = 0; k < vector.length; k++) {
      const at = transposed ? k * columns + row : row * columns + k;
      total = Math.fround(total + Math.fround(matrix[at]! * vector[k]!));
    }
    result[row] = total;
  }
  return result;
}
