import type { Node } from "../node.ts";
import { numberOf } from "./rule.ts";

/** How deep a look at a sign goes. */
const DEPTH = 6;

/** Is no element below 0, as far as a short look tells? */
export function isNonNegative(x: Node, depth: number = DEPTH): boolean {
  const value = numberOf(x);
  if (value !== undefined) return value >= 0;
  if (depth === 0) return false;
  const all = (): boolean => x.inputs.every((input) => isNonNegative(input, depth - 1));
  switch (x.op) {
    case "exp":
    case "sigmoid":
    case "softplus":
    case "normalCdf":
    case "erfc":
    case "abs":
    case "sqrt":
      return true;
    case "mul":
      return x.inputs[0] === x.inputs[1] || all();
    case "pow":
      return isNonNegative(x.inputs[0]!, depth - 1);
    case "select":
      return x.inputs.slice(1).every((input) => isNonNegative(input, depth - 1));
    case "gather":
      return isNonNegative(x.inputs[0]!, depth - 1);
    case "div":
    case "add":
    case "min":
    case "max":
    case "sum":
    case "concat":
    case "slice":
    case "reshape":
    case "broadcast":
    case "transpose":
    case "perChain":
      return all();
    default:
      return false;
  }
}
