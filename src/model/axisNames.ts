import type { Node } from "../graph/node.ts";

/** The name of each axis, or none where it is not known. */
export type AxisNames = readonly (string | undefined)[];

/**
 * The names of a node's axes, as they follow from those of the data and parameters that it is made of: elementwise
 * ops keep them, a product with a matrix takes the matrix's rows', `gather` the index's, a sum drops its own. An axis
 * that is sliced, joined or reshaped has no name.
 */
export function axisNames(node: Node, known: ReadonlyMap<Node, AxisNames>): AxisNames {
  const found = new Map<Node, AxisNames>(known);
  const visit = (current: Node): AxisNames => {
    const before = found.get(current);
    if (before !== undefined) return before;
    const names = follow(current, visit);
    found.set(current, names);
    return names;
  };
  return visit(node);
}

function follow(node: Node, visit: (input: Node) => AxisNames): AxisNames {
  const unknown: AxisNames = node.shape.map(() => undefined);
  const of = (i: number): AxisNames => visit(node.inputs[i]!);
  if (node.is("broadcast")) {
    const { axes } = node.attributes;
    const names = of(0);
    return unknown.map((_, axis) => names[axes.indexOf(axis)]);
  }
  if (node.is("transpose")) {
    const names = of(0);
    return node.attributes.permutation.map((axis) => names[axis]);
  }
  if (node.is("slice")) {
    const { axis } = node.attributes;
    const whole = node.shape[axis] === node.inputs[0]!.shape[axis];
    return of(0).map((name, i) => (i === axis && !whole ? undefined : name));
  }
  if (node.is("sum") || node.is("reduceMax")) {
    const { axes } = node.attributes;
    return of(0).filter((_, axis) => !axes.includes(axis));
  }
  if (node.is("matvec")) return [of(0)[node.attributes.transposed ? 1 : 0]];
  if (node.op === "gather") return [of(1)[0], ...of(0).slice(1)];
  if (node.op === "reshape") return reshaped(node, of(0));
  if (node.is("concat")) return of(0).map((name, axis) => (axis === node.attributes.axis ? undefined : name));
  if (node.inputs.length === 0 || node.op === "scatterAdd" || node.op === "loop" || node.op === "carried")
    return unknown;
  const all = node.inputs.map((_, i) => of(i));
  return unknown.map((_, axis) => all.map((names) => names[axis]).find((name) => name !== undefined));
}

/** A reshape that only adds or drops axes of length 1 keeps the names of the others. */
function reshaped(node: Node, names: AxisNames): AxisNames {
  const from = node.inputs[0]!.shape;
  const kept = from.flatMap((length, axis) => (length === 1 ? [] : [{ length, name: names[axis] }]));
  const lengths = node.shape.filter((length) => length !== 1);
  if (lengths.length !== kept.length || lengths.some((length, i) => length !== kept[i]!.length))
    return node.shape.map(() => undefined);
  let next = 0;
  return node.shape.map((length) => (length === 1 ? undefined : kept[next++]!.name));
}
