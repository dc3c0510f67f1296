import type { Node } from "../../graph/node.ts";
import { carriedParameter } from "./regions.ts";

/** Element `offset + stride · i` for every i; the stride is 0 (repeated) or 1. */
export interface Span {
  readonly offset: number;
  readonly stride: 0 | 1;
}

/** Element i of a node is element `offset + stride · i` of `base`. */
export interface Access extends Span {
  readonly base: Node;
}

/**
 * Follow a node through everything that only renames elements, down to a node that has storage of its own: a leaf, a
 * computed node, or a view that was given its own copy (`copied`).
 */
export function resolve(node: Node, copied: ReadonlySet<Node>): Access {
  let access: Access = { base: node, offset: 0, stride: 1 };
  for (;;) {
    const step = copied.has(access.base) ? undefined : view(access.base);
    if (step === undefined) return access;
    access = {
      base: step.base,
      offset: step.offset + step.stride * access.offset,
      stride: step.stride === 0 ? 0 : access.stride,
    };
  }
}

/** One step of `resolve`: undefined where the node is no view of this simple kind. */
export function view(node: Node): Access | undefined {
  const base = node.inputs[0]!;
  if (node.is("reshape")) return { base, offset: 0, stride: 1 };
  if (node.is("broadcast")) {
    if (base.size === 1) return { base, offset: 0, stride: 0 };
    return base.size === node.size ? { base, offset: 0, stride: 1 } : undefined;
  }
  if (node.is("transpose")) {
    const moved = node.attributes.permutation.filter((axis) => base.shape[axis] !== 1);
    return moved.every((axis, i) => i === 0 || axis > moved[i - 1]!) ? { base, offset: 0, stride: 1 } : undefined;
  }
  if (node.is("slice")) {
    const { axis, start } = node.attributes;
    const inner = base.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const outer = base.shape.slice(0, axis).reduce((a, b) => a * b, 1);
    return outer === 1 || node.size === base.size ? { base, offset: start * inner, stride: 1 } : undefined;
  }
  if (node.is("carried")) return { base: carriedParameter(node), offset: 0, stride: 1 };
  return undefined;
}

/** The same element for element. */
export function isIdentity(access: Access): boolean {
  return access.offset === 0 && access.stride === 1;
}
