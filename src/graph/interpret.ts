import { type EvaluatedOp, evaluate, type NodeOf } from "./evaluate.ts";
import type { Node } from "./node.ts";
import { regionNodes } from "./program.ts";
import type { ConstantData } from "./types.ts";

/** What is known so far: the value of each node, and the carried values that each loop ended with. */
export interface Environment {
  readonly values: Map<Node, ConstantData>;
  readonly loops: Map<Node, readonly ConstantData[]>;
}

export function environment(): Environment {
  return { values: new Map(), loops: new Map() };
}

/** Compute one node from what is known, and remember it. Inputs and parameters must have been set. */
export function interpret(node: Node, known: Environment): void {
  if (node.is("input") || node.is("parameter")) lookUp(node, known);
  else if (node.is("loop")) {
    known.loops.set(node, runLoop(node, known));
    known.values.set(node, lookUp(node.inputs[0]!, known));
  } else if (node.is("carried")) {
    known.values.set(node, known.loops.get(node.inputs[0]!)![node.attributes.index]!);
  } else {
    const inputs = node.inputs.map((input) => lookUp(input, known));
    known.values.set(node, evaluate(node as NodeOf<EvaluatedOp>, inputs));
  }
}

/** The body's nodes depend on the parameters, so each turn computes all of them anew; captured values stay. */
function runLoop(node: NodeOf<"loop">, known: Environment): readonly ConstantData[] {
  const { region } = node.attributes;
  const { body } = regionNodes(region);
  const [index, ...parameters] = region.parameters;
  const [count, ...starts] = node.inputs.map((input) => lookUp(input, known));
  let carried: readonly ConstantData[] = starts;
  for (let turn = 0; turn < count![0]!; turn++) {
    known.values.set(index!, Int32Array.of(turn));
    parameters.forEach((parameter, i) => {
      known.values.set(parameter, carried[i]!);
    });
    for (const inner of body) interpret(inner, known);
    carried = region.results.map((result) => lookUp(result, known));
  }
  return carried;
}

function lookUp(node: Node, known: Environment): ConstantData {
  const value = known.values.get(node);
  if (value === undefined) throw new Error(`${node.op} (node ${node.id}) is used before it has a value.`);
  return value;
}
