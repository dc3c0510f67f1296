import type { Node } from "../../graph/node.ts";
import type { Shape } from "../../graph/types.ts";
import type { Cursor, StepCode } from "./code.ts";
import { I32, type Local } from "./encoder.ts";
import { clear, combine, pushIndex } from "./map.ts";
import type { Place } from "./memory.ts";
import { emitParts } from "./pieces.ts";
import type { Storage } from "./storage.ts";
import { resolve, type Span } from "./views.ts";

/** A move of elements: for every index, target[Σ to · index] takes (or is combined with) source[Σ from · index]. */
interface Move {
  readonly shape: Shape;
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Elements to skip at the start of the source and of the target. */
  readonly fromOffset?: number;
  readonly toOffset?: number;
  /** Axis 0 of the source, or of the target, goes through these indices. */
  readonly gather?: Node;
  readonly scatter?: Node;
  /** Reduce into the target instead of overwriting it. */
  readonly combine?: Node;
}

/** Each element itself. */
const OWN: Span = { offset: 0, stride: 1 };

/** Copy, broadcast, transpose, concatenate, gather or scatter rows, reduce over some axes: one node, nested loops. */
export function emitNest(code: StepCode, node: Node): void {
  if (code.plan.copied.has(node)) {
    emitCopy(code, node);
    return;
  }
  const target = code.storage.of(node);
  if (node.is("broadcast")) {
    const { shape, axes } = node.attributes;
    const inner = strides(node.inputs[0]!.shape);
    const from = shape.map((_, axis) => inner[axes.indexOf(axis)] ?? 0);
    move(code, node.inputs[0]!, target, { shape, from, to: strides(shape) });
  } else if (node.is("transpose")) {
    const inner = strides(node.inputs[0]!.shape);
    const from = node.attributes.permutation.map((axis) => inner[axis]!);
    move(code, node.inputs[0]!, target, { shape: node.shape, from, to: strides(node.shape) });
  } else if (node.is("slice")) {
    const from = strides(node.inputs[0]!.shape);
    const fromOffset = node.attributes.start * from[node.attributes.axis]!;
    move(code, node.inputs[0]!, target, { shape: node.shape, from, to: strides(node.shape), fromOffset });
  } else if (node.is("concat")) {
    emitConcat(code, node, node.attributes.axis, target);
  } else {
    emitReduction(code, node, target);
  }
}

function emitReduction(code: StepCode, node: Node, target: Storage): void {
  const source = node.inputs[0]!;
  const from = strides(source.shape);
  if (node.op === "gather") {
    move(code, source, target, { shape: node.shape, from, to: strides(node.shape), gather: node.inputs[1]! });
    return;
  }
  clear(code, node);
  if (node.op === "scatterAdd") {
    move(code, source, target, { shape: source.shape, from, to: from, scatter: node.inputs[1]!, combine: node });
  } else {
    const axes = node.is("sum") || node.is("reduceMax") ? node.attributes.axes : [];
    const kept = strides(node.shape);
    let next = 0;
    const to = source.shape.map((_, axis) => (axes.includes(axis) ? 0 : kept[next++]!));
    move(code, source, target, { shape: source.shape, from, to, combine: node });
  }
}

function emitConcat(code: StepCode, node: Node, axis: number, target: Storage): void {
  const to = strides(node.shape);
  let start = 0;
  const parts = node.inputs.map((part) => {
    const toOffset = start * to[axis]!;
    start += part.shape[axis]!;
    return { part, toOffset };
  });
  emitParts(
    code,
    parts.filter(({ part, toOffset }) => !isInPlace(code, part, target, toOffset)),
    (inner, { part, toOffset }) =>
      move(inner, part, target, { shape: part.shape, from: strides(part.shape), to, toOffset }),
  );
}

/** The part was made where it ends up (`StorageMap.joinConcatenations`). */
function isInPlace(code: StepCode, part: Node, target: Storage, toOffset: number): boolean {
  const { base } = code.access(part);
  const made = code.storage.of(base);
  if (made.kind !== "lanes" || target.kind !== "lanes" || made.place.space !== target.place.space) return false;
  return made.place.offset === target.place.offset + toOffset * code.storage.elementBytes;
}

/** A view, or data, laid out in lanes of its own. */
function emitCopy(code: StepCode, node: Node): void {
  const others = new Set(code.plan.copied);
  others.delete(node);
  const { base, offset, stride } = resolve(node, others);
  const source = base === node ? code.storage.original(base) : code.storage.of(base);
  elementwiseMove(code, { base, offset, stride }, source, code.storage.copyOf(node), node.size);
}

/** Copy `size` elements, in order, from whatever `node` is to a place in lanes. */
export function emitStore(code: StepCode, node: Node, target: Storage): void {
  const access = code.access(node);
  elementwiseMove(code, access, code.storage.of(access.base), target, node.size);
}

function elementwiseMove(
  code: StepCode,
  access: ReturnType<typeof resolve>,
  source: Storage,
  target: Storage,
  size: number,
): void {
  const { elementBytes } = code.storage;
  if (size === 0) return;
  code.count(size * elementBytes, elementBytes, (element) => {
    const mark = code.f.mark();
    const cursor: Cursor = { element, inBlock: undefined };
    code.storeAll(target, cursor, code.loadAll(access, source, cursor));
    code.f.release(mark);
  });
}

function move(code: StepCode, node: Node, target: Storage, how: Move): void {
  const access = code.access(node);
  const source = code.storage.of(access.base);
  const start = {
    base: access.base,
    offset: access.offset + access.stride * (how.fromOffset ?? 0),
    stride: access.stride,
  };
  const toOffset = how.toOffset ?? 0;
  nest(code, how.shape, [], (indices) => {
    const mark = code.f.mark();
    const from = linear(code, indices, how.from, how.gather);
    const to = linear(code, indices, how.to, how.scatter);
    const fromCursor: Cursor = { element: from, inBlock: undefined };
    if (toOffset > 0) code.increase(to, toOffset * code.storage.elementBytes);
    const toCursor: Cursor = { element: to, inBlock: undefined };
    const values = code.loadAll(start, source, fromCursor);
    const { combine: node } = how;
    if (node === undefined) {
      code.storeAll(target, toCursor, values);
    } else {
      const before = code.loadAll(OWN, target, toCursor);
      const after = before.map((lane, u) => combine(code, node, lane, values[u]!));
      code.storeAll(target, toCursor, after);
    }
    code.f.release(mark);
  });
}

/** Nested loops over a shape; `body` gets one counter an axis, in units of lanes' element bytes. */
function nest(
  code: StepCode,
  shape: Shape,
  indices: readonly Local[],
  body: (indices: readonly Local[]) => void,
): void {
  const length = shape[indices.length];
  const { elementBytes } = code.storage;
  if (length === undefined) body(indices);
  else if (length > 0)
    code.count(length * elementBytes, elementBytes, (index) => nest(code, shape, [...indices, index], body));
}

/** The byte offset Σ stride · index, where axis 0 may go through a vector of indices. */
function linear(code: StepCode, indices: readonly Local[], by: readonly number[], through?: Node): Local {
  const { f } = code;
  const sum = f.local(I32);
  f.i32(0);
  f.set(sum);
  indices.forEach((index, axis) => {
    if (by[axis] === 0) return;
    f.get(sum);
    if (axis === 0 && through !== undefined) {
      pushIndex(code, through, { element: index, inBlock: undefined });
      f.i32(code.storage.elementBytes);
      f.mul();
    } else {
      f.get(index);
    }
    f.i32(by[axis]!);
    f.mul();
    f.add();
    f.set(sum);
  });
  return sum;
}

function strides(shape: Shape): number[] {
  const result = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) result[i] = result[i + 1]! * shape[i + 1]!;
  return result;
}

/** Copy `size` elements in lanes. */
export function emitPlaceCopy(code: StepCode, from: Place, to: Place, size: number): void {
  if (size === 0) return;
  code.count(size * code.storage.elementBytes, code.storage.elementBytes, (element) => {
    const mark = code.f.mark();
    const cursor: Cursor = { element, inBlock: undefined };
    const lanes = code.loadAll(OWN, { kind: "lanes", place: from }, cursor);
    code.storeAll({ kind: "lanes", place: to }, cursor, lanes);
    code.f.release(mark);
  });
}
