import type { Node } from "./node.ts";
import type { ConstantData, OpName } from "./types.ts";

/** Ops whose operands may change places. Not `min` and `max`: they keep their first operand where one is NaN. */
const commutative: ReadonlySet<OpName> = new Set<OpName>(["add", "mul", "equal", "and", "or", "xor"]);

/**
 * Common subexpressions: a function that gives, of equal nodes, the first that it saw. Nodes are equal when they apply
 * one op to the same inputs with the same attributes; constants when their bits are.
 */
export function commonNodes(): (node: Node) => Node {
  const seen = new Map<string, Node>();
  const order = new Map<Node, number>();
  const place = (node: Node): number => {
    const known = order.get(node);
    if (known !== undefined) return known;
    order.set(node, order.size);
    return order.size - 1;
  };
  return (node) => {
    if (node.op === "input" || node.op === "parameter" || node.op === "loop") return node;
    const inputs = node.inputs.map(place);
    if (commutative.has(node.op)) inputs.sort((a, b) => a - b);
    for (let salt = 0; ; salt++) {
      const key = `${node.op} ${inputs} ${attributesKey(node)} ${salt}`;
      const other = seen.get(key);
      if (other === undefined) seen.set(key, node);
      // Two constants that look the same, with other bits: look further.
      else if (!sameData(node, other)) continue;
      return other ?? node;
    }
  };
}

function attributesKey(node: Node): string {
  if (!node.is("constant")) return JSON.stringify(node.attributes);
  return `${node.dtype}[${node.shape}] ${someOf(node.attributes.data)}`;
}

/** A few elements, evenly spaced: who looks at all of a large data set does so for long before the first draw. */
function someOf(data: ConstantData): string {
  const step = Math.ceil(data.length / 16);
  let text = "";
  for (let i = 0; i < data.length; i += step) text += `${data[i]} `;
  return text;
}

function sameData(a: Node, b: Node): boolean {
  if (!a.is("constant") || !b.is("constant")) return true;
  const [left, right] = [a.attributes.data, b.attributes.data];
  return left === right || left.every((x: number, i: number) => Object.is(x, right[i]));
}
