/** What is known before anything runs: numbers, data, and what is computed from these alone. */
import { elementary } from "../graph/elementary.ts";
import { constant, Node, type Operand } from "../graph/node.ts";
import { inEvaluationOrder } from "../graph/program.ts";
import type { OpName } from "../graph/types.ts";
import { environmentWith, hostValue } from "./host.ts";

/** What is known before anything runs: a number, or data. */
export function knownNumbers(operand: Operand): ArrayLike<number> | undefined {
  if (!(operand instanceof Node)) return [operand];
  const node = operand.is("convert") ? operand.inputs[0]! : operand;
  return node.is("constant") ? node.attributes.data : undefined;
}

/** Are all numbers known, and at most `most`? */
export function isKnownUpTo(most: number, ...operands: readonly Operand[]): boolean {
  return operands.every((operand) => {
    const numbers = knownNumbers(operand);
    return numbers !== undefined && Array.from(numbers).every((x) => x <= most);
  });
}

/** May an element be this number? Not where it is known, nor where a transform made it. */
export function mayBe(number: number, value: Node): boolean {
  if (value.is("exp") || value.is("sigmoid")) return false;
  return Array.from(knownNumbers(value) ?? [number]).includes(number);
}

/** Differs by run or by precision. */
const unknown: ReadonlySet<OpName> = new Set<OpName>(["input", "parameter", "epsilon", "unitInterval"]);

/** The node as one constant, computed in float64, where it depends on numbers and data alone. */
export function computed(node: Node): Node {
  if (node.is("constant") || !node.shared || inEvaluationOrder([node]).some(({ op }) => unknown.has(op))) return node;
  return constant(hostValue(node, environmentWith(new Map())), node.shape, node.dtype);
}

/**
 * x − log y. Of a known y the logarithm is taken off in two steps, first what float32 holds of it, then the rest: its rounding
 * alone would be the whole error where x is near it.
 */
export function minusLog(x: Node, y: Node): Node {
  const known = computed(y);
  if (!known.is("constant")) return x.sub(y.log());
  const logs = Float64Array.from(known.attributes.data, elementary.log);
  const high = Float64Array.from(logs, Math.fround);
  const low = logs.map((value, i) => (Number.isFinite(value) ? value - high[i]! : 0));
  return x.sub(constant(high, y.shape)).sub(constant(low, y.shape));
}
