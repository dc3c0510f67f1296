import { type EvaluatedOp, evaluate, type NodeOf } from "../evaluate.ts";
import { constant, make, type Node } from "../node.ts";
import { ops } from "../ops.ts";
import type { ConstantData, OpName } from "../types.ts";
import { isConstant, range, repeated } from "./rule.ts";

/** Ops that are not computed when the program is built: leaves, views, loops, and what differs between precisions. */
const kept: ReadonlySet<OpName> = new Set<OpName>([
  ...(["input", "constant", "parameter", "loop", "carried"] as const),
  ...(["perChain", "broadcast", "unitInterval"] as const),
]);

/** Elements up to which a folded constant may be larger than the constants that it comes from. */
const small = 1024;

/** Compute what depends on constants alone, unless the result is a larger constant than its sources. */
export function fold(node: Node): Node | undefined {
  if (kept.has(node.op) || node.inputs.length === 0 || !node.inputs.every(isConstant)) return undefined;
  const stored = node.inputs.map((input) => (input.is("constant") ? input.size : input.inputs[0]!.size));
  if (node.size > Math.max(small, ...stored)) return undefined;
  const data = evaluate(node as NodeOf<EvaluatedOp>, node.inputs.map(dataOf));
  return constant(data, node.shape, node.dtype);
}

function dataOf(node: Node): ConstantData {
  return evaluate(node as NodeOf<EvaluatedOp>, node.inputs.map(dataOf));
}

/** Elementwise work on values that repeat along the same axes: work once, then repeat. */
export function repeatLater(node: Node): Node | undefined {
  if (ops[node.op].kind !== "elementwise" || node.shape.length === 0) return undefined;
  const parts = node.inputs.map(repeated);
  const axes = range(node.shape.length).filter((axis) => parts.some((part) => part?.axes.includes(axis) ?? true));
  if (axes.length === node.shape.length) return undefined;
  const shape = axes.map((axis) => node.shape[axis]!);
  const inputs = parts.map((part) => {
    const to = part!.axes.map((axis) => axes.indexOf(axis));
    return to.length === axes.length ? part!.source : make("broadcast", [part!.source], { shape, axes: to });
  });
  return make("broadcast", [make(node.op, inputs, node.attributes)], { shape: node.shape, axes });
}
