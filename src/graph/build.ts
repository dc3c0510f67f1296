import { make, Node } from "./nodeClass.ts";
import type { Region, Type } from "./types.ts";

/** A named input of a program. */
export function input(name: string, type: Type & { readonly shared?: boolean }): Node {
  return new Node("input", [], { name }, { dtype: type.dtype, shape: type.shape }, type.shared ?? false);
}

/** A parameter of a region; only `loop` and the passes make these. */
export function parameter(index: number, type: Type, shared: boolean): Node {
  return new Node("parameter", [], { index }, type, shared);
}

/** Parts one after another along an axis. */
export function concat(parts: readonly Node[], axis = 0): Node {
  return parts.length === 1 ? parts[0]! : make("concat", parts, { axis });
}

/** Scalars, or values of equal shape, side by side along a new axis 0. */
export function stack(parts: readonly Node[]): Node {
  return concat(parts.map((part) => part.reshape([1, ...part.shape])));
}

/**
 * Run `body` `count` times (count: shared int32 scalar). The carried values keep their dtype, shape and sharedness.
 * The body may use any node from outside. Returns the carried values after the last turn.
 */
export function loop<T extends Readonly<Record<string, Node>>>(
  count: Node,
  initial: T,
  body: (carried: { readonly [K in keyof T]: Node }, index: Node) => { readonly [K in keyof T]: Node },
): { readonly [K in keyof T]: Node } {
  const names = Object.keys(initial) as (keyof T & string)[];
  const starts = names.map((name) => initial[name] as Node);
  const index = parameter(0, { dtype: "int32", shape: [] }, true);
  const carried = starts.map((start, i) => parameter(i + 1, start, start.shared));
  const named = (nodes: readonly Node[]) =>
    Object.fromEntries(names.map((name, i) => [name, nodes[i]!])) as { readonly [K in keyof T]: Node };
  const next = body(named(carried), index);
  const region: Region = { parameters: [index, ...carried], results: names.map((name) => next[name]) };
  const node = make("loop", [count, ...starts], { region });
  return named(names.map((_, i) => carriedResult(node, i)));
}

/** Carried value `index` of a loop after its last turn. */
export function carriedResult(loopNode: Node, index: number): Node {
  const start = loopNode.inputs[index + 1]!;
  return new Node("carried", [loopNode], { index }, { dtype: start.dtype, shape: start.shape }, start.shared);
}
