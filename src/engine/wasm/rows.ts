import type { Node } from "../../graph/node.ts";
import type { OpName } from "../../graph/types.ts";

/** Roughly how many instructions an op becomes, where that is not one or two. */
const weights: Readonly<Partial<Record<OpName, number>>> = {
  exp: 25,
  log: 25,
  log1p: 30,
  expm1: 30,
  sigmoid: 25,
  softplus: 40,
  logSigmoid: 40,
  tanh: 35,
  erf: 80,
  erfc: 80,
  erfinv: 80,
  normalCdf: 80,
  pow: 80,
  lgamma: 100,
  digamma: 100,
  trigamma: 100,
};

/**
 * How many elements a map stage works on side by side, then one at a time for the rest. A function is one long chain of
 * dependent instructions, so a processor needs several of them at once to be busy; a long body has enough of its own,
 * and would only spill registers.
 */
export function rowsAtOnce(nodes: readonly Node[]): readonly number[] {
  const weight = nodes.reduce((sum, node) => sum + (weights[node.op] ?? 1), 0);
  if (weight <= 40) return [4, 1];
  return weight <= 120 ? [2, 1] : [1];
}
