/** Where the parts of a concatenation lie: asked for once for each of them, of which there may be thousands. */
import type { NodeOf } from "./evaluate.ts";
import type { Node } from "./node.ts";

const known = new WeakMap<Node, readonly number[]>();

/** Where each part of a concatenation ends along its axis. */
export function partEnds(node: NodeOf<"concat">): readonly number[] {
  const found = known.get(node);
  if (found !== undefined) return found;
  const { axis } = node.attributes;
  const ends: number[] = [];
  for (const part of node.inputs) ends.push((ends.at(-1) ?? 0) + part.shape[axis]!);
  known.set(node, ends);
  return ends;
}

/** The first part that ends after an element. */
export function partAt(ends: readonly number[], element: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= element) low = middle + 1;
    else high = middle;
  }
  return low;
}
