import { type Environment, environment, interpret } from "../graph/interpret.ts";
import type { Node } from "../graph/node.ts";
import { inEvaluationOrder } from "../graph/program.ts";
import type { ConstantData } from "../graph/types.ts";

/** Numbers that stand for inputs. */
export function environmentWith(values: ReadonlyMap<Node, ConstantData>): Environment {
  const known = environment();
  for (const [node, data] of values) known.values.set(node, data);
  return known;
}

/** The value of a node in float64, for one chain; what is computed on the way is remembered. */
export function hostValue(node: Node, known: Environment): ConstantData {
  for (const needed of inEvaluationOrder([node])) if (!known.values.has(needed)) interpret(needed, known);
  return known.values.get(node)!;
}
