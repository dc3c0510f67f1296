import { concat, make, type Node, sameShape } from "../node.ts";
import { partAt, partEnds } from "../parts.ts";
import { sizeOf } from "../shape.ts";
import { filled, firstOf, isConstant, type Rule, type Rules, range, uniformValue } from "./rule.ts";

const sliceOfConcat: Rule<"slice"> = ({ inputs: [x], attributes: { axis, start, stop } }) => {
  if (!x!.is("concat") || x!.attributes.axis !== axis || start === stop) return undefined;
  const ends = partEnds(x);
  const pieces: Node[] = [];
  for (let i = partAt(ends, start); i < ends.length && (ends[i - 1] ?? 0) < stop; i++) {
    const from = ends[i - 1] ?? 0;
    const [low, high] = [Math.max(start, from) - from, Math.min(stop, ends[i]!) - from];
    if (low < high) pieces.push(x.inputs[i]!.slice(low, high, axis));
  }
  return concat(pieces, axis);
};

const sliceOfBroadcast: Rule<"slice"> = ({ inputs: [x], attributes: { axis, start, stop }, shape }) => {
  if (!x!.is("broadcast")) return undefined;
  const { axes } = x!.attributes;
  const source = axes.includes(axis) ? x!.inputs[0]!.slice(start, stop, axes.indexOf(axis)) : x!.inputs[0]!;
  return make("broadcast", [source], { shape, axes });
};

const sliceOfSlice: Rule<"slice"> = ({ inputs: [x], attributes: { axis, start, stop } }) => {
  if (start === 0 && stop === x!.shape[axis]) return x;
  if (!x!.is("slice") || x!.attributes.axis !== axis) return undefined;
  return x!.inputs[0]!.slice(x!.attributes.start + start, x!.attributes.start + stop, axis);
};

/** Shapes, views and where elements go: all exact. */
export const shapes: Rules = {
  reshape: ({ inputs: [x], shape }) => {
    if (sameShape(x!.shape, shape)) return x;
    if (x!.op === "reshape") return x!.inputs[0]!.reshape(shape);
    const isScalar = x!.is("broadcast") && x!.inputs[0]!.shape.length === 0;
    return isScalar ? x!.inputs[0]!.broadcastTo(shape) : undefined;
  },
  broadcast: ({ inputs: [x], shape, attributes: { axes } }) => {
    if (sameShape(x!.shape, shape)) return x;
    if (!x!.is("broadcast")) return undefined;
    return make("broadcast", [x!.inputs[0]!], { shape, axes: x!.attributes.axes.map((axis) => axes[axis]!) });
  },
  transpose: ({ inputs: [x], shape, attributes: { permutation } }) => {
    if (permutation.every((axis, i) => axis === i)) return x;
    if (x!.is("transpose"))
      return x!.inputs[0]!.transpose(
        permutation.map((axis) => (x!.is("transpose") ? x!.attributes.permutation[axis]! : 0)),
      );
    if (!x!.is("broadcast")) return undefined;
    const axes = x!.attributes.axes.map((axis) => permutation.indexOf(axis));
    const ascending = axes.every((axis, i) => i === 0 || axis > axes[i - 1]!);
    return ascending ? make("broadcast", [x!.inputs[0]!], { shape, axes }) : undefined;
  },
  slice: firstOf(sliceOfSlice, sliceOfConcat, sliceOfBroadcast),
  concat: ({ inputs, attributes: { axis } }) => {
    const parts = inputs
      .flatMap((part) => (part.is("concat") && part.attributes.axis === axis ? part.inputs : [part]))
      .filter((part, _, all) => part.shape[axis]! > 0 || all.length === 1);
    const joined: Node[] = [];
    for (const part of parts.length === 0 ? inputs.slice(0, 1) : parts) {
      const both = joined.length === 0 ? undefined : join(joined.at(-1)!, part, axis);
      if (both !== undefined) joined.pop();
      joined.push(both ?? part);
    }
    return joined.length === inputs.length && joined.every((part, i) => part === inputs[i])
      ? undefined
      : concat(joined, axis);
  },
  gather: ({ inputs: [x, indices], shape }) => {
    if (x!.is("broadcast") && !x!.attributes.axes.includes(0))
      return make("broadcast", [x!.inputs[0]!], { shape, axes: x!.attributes.axes });
    if (!indices!.is("constant") || indices!.size === 0) return undefined;
    const { data } = indices!.attributes;
    const first = data[0]!;
    return data.every((index: number, i: number) => index === first + i)
      ? x!.slice(first, first + data.length)
      : undefined;
  },
};

/** Two neighbours in a concat as one part. */
function join(a: Node, b: Node, axis: number): Node | undefined {
  if (a.is("slice") && b.is("slice") && a.inputs[0] === b.inputs[0]) {
    const [left, right] = [a.attributes, b.attributes];
    const adjacent = left.axis === axis && right.axis === axis && left.stop === right.start;
    return adjacent ? a.inputs[0]!.slice(left.start, right.stop, axis) : undefined;
  }
  if (!isConstant(a) || !isConstant(b)) return undefined;
  const [left, right] = [uniformValue(a), uniformValue(b)];
  if (left === undefined || !Object.is(left, right)) return undefined;
  const shape = range(a.shape.length).map((i) => (i === axis ? a.shape[i]! + b.shape[i]! : a.shape[i]!));
  return sizeOf(shape) > 0 ? filled(left, a, shape) : undefined;
}
