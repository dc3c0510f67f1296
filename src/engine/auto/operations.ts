import type { Node } from "../../graph/node.ts";
import { ops } from "../../graph/ops.ts";
import { type Program, regionNodes } from "../../graph/program.ts";
import { simplify } from "../../graph/simplify.ts";
import type { OpName } from "../../graph/types.ts";

/** exp, log and their kind are a polynomial of about this many multiplications and additions. */
const FUNCTION = 20;
const FUNCTIONS: ReadonlySet<OpName> = new Set<OpName>([
  ...(["exp", "log", "log1p", "expm1", "softplus", "sigmoid", "logSigmoid", "tanh", "pow"] as const),
  ...(["lgamma", "digamma", "trigamma", "erf", "erfc", "erfinv", "normalCdf"] as const),
  ...(["log1pmx", "expm1mx", "log1mExp", "normalLogCdf", "inverseMills", "stirlingRest", "stirlingRestSlope"] as const),
]);

/**
 * About how many arithmetic operations a program makes for one chain: what all chains share is not counted, and a loop
 * counts as one turn.
 */
export function operationsOf(program: Program): number {
  return simplify(program).nodes.reduce((sum, node) => sum + operationsOfNode(node), 0);
}

function operationsOfNode(node: Node): number {
  if (node.shared) return 0;
  if (node.is("loop")) {
    return regionNodes(node.attributes.region).body.reduce((sum, inner) => sum + operationsOfNode(inner), 0);
  }
  switch (ops[node.op].kind) {
    case "elementwise":
      return node.size * (FUNCTIONS.has(node.op) ? FUNCTION : 1);
    case "reduction":
      return node.inputs[0]!.size;
    case "matvec":
      return 2 * node.inputs[0]!.size;
    default:
      return 0;
  }
}
