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

/** The place of the first number that passes a test, or −1; data may be long, so no copy is made. */
export function placeOf(numbers: ArrayLike<number>, test: (x: number, i: number) => boolean): number {
  for (let i = 0; i < numbers.length; i++) if (test(numbers[i]!, i)) return i;
  return -1;
}

/** Are all numbers known, and at most `most`? */
export function isKnownUpTo(most: number, ...operands: readonly Operand[]): boolean {
  return operands.every((operand) => {
    const numbers = knownNumbers(operand);
    return numbers !== undefined && placeOf(numbers, (x) => !(x <= most)) === -1;
  });
}

/** May an element be this number? Not where it is known, nor where a transform made it. */
export function mayBe(number: number, value: Node): boolean {
  if (value.is("exp") || value.is("sigmoid")) return false;
  return placeOf(knownNumbers(value) ?? [number], (x) => x === number) >= 0;
}

/** Differs by run or by precision. */
const unknown: ReadonlySet<OpName> = new Set<OpName>(["input", "parameter", "epsilon", "unitInterval"]);

/** The node as one constant, computed in float64, where it depends on numbers and data alone. */
export function computed(node: Node): Node {
  if (constantOf(node) !== undefined || !node.shared || inEvaluationOrder([node]).some(({ op }) => unknown.has(op)))
    return node;
  return constant(hostValue(node, environmentWith(new Map())), node.shape, node.dtype);
}

/** What is made of a constant, made once: a model is built several times on the same data. */
export function remembered<T>(make: (data: Node) => T): (data: Node) => T {
  const made = new WeakMap<Node, T>();
  return (data) => {
    const before = made.get(data);
    if (before !== undefined) return before;
    const value = make(data);
    made.set(data, value);
    return value;
  };
}

/** The constant that a node is, or is a conversion of. */
export function constantOf(node: Node): Node | undefined {
  const source = node.is("convert") ? node.inputs[0]! : node;
  return source.is("constant") ? source : undefined;
}

/** What float32 holds of numbers, and the rest. */
interface Halves {
  readonly high: Node;
  readonly low: Node;
}

/**
 * x − log max(y, least). Of a known y the logarithm is taken off in two steps, first what float32 holds of it, then the rest: its
 * rounding alone would be the whole error where x is near it.
 */
export function minusLog(least: number): (x: Node, y: Node) => Node {
  const halves = remembered((data): Halves => {
    const logs = Float64Array.from(knownNumbers(data)!, (each) => elementary.log(Math.max(each, least)));
    const high = logs.map(Math.fround);
    const low = logs.map((value, i) => (Number.isFinite(value) ? value - high[i]! : 0));
    return { high: constant(high, data.shape), low: constant(low, data.shape) };
  });
  return (x, y) => {
    const data = constantOf(computed(y));
    if (data === undefined) return x.sub(y.max(least).log());
    const { high, low } = halves(data);
    return x.sub(high).sub(low);
  };
}
