import type { NodeOf } from "../evaluate.ts";
import { constant, type Node } from "../node.ts";
import type { ConstantData, OpName, Shape } from "../types.ts";

/** A simpler node of the same value, dtype and shape, or nothing. */
export type Rule<O extends OpName> = (node: NodeOf<O>) => Node | undefined;

/** A family of rules, at most one an op. */
export type Rules = { readonly [O in OpName]?: Rule<O> };

/** What a family says of a node. */
export function apply<O extends OpName>(rules: Rules, node: NodeOf<O>): Node | undefined {
  const rule: Rule<O> | undefined = rules[node.op as O];
  return rule?.(node);
}

/** The first answer of several rules for one op. */
export function firstOf<O extends OpName>(...rules: readonly Rule<O>[]): Rule<O> {
  return (node) => {
    for (const rule of rules) {
      const answer = rule(node);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
}

/** A constant, or one that repeats: known when the program is built. */
export function isConstant(node: Node): boolean {
  return node.is("constant") || (node.is("broadcast") && node.inputs[0]!.is("constant"));
}

/** The numbers of a constant, or those that repeat. */
export function constantValues(node: Node): ConstantData | undefined {
  const source = node.is("broadcast") ? node.inputs[0]! : node;
  return source.is("constant") ? source.attributes.data : undefined;
}

/** The number that every element of a constant is. */
export function uniformValue(node: Node): number | undefined {
  const data = constantValues(node);
  return data?.every((x: number) => Object.is(x, data[0])) ? data[0] : undefined;
}

/** The value that repeats, and the axes that it does not repeat along. */
export interface Repeated {
  readonly source: Node;
  readonly axes: readonly number[];
}

/** A broadcast, or a constant of equal elements, as a smaller value that repeats. */
export function repeated(node: Node): Repeated | undefined {
  if (node.is("broadcast")) return { source: node.inputs[0]!, axes: node.attributes.axes };
  const value = node.size > 1 ? uniformValue(node) : undefined;
  return value === undefined ? undefined : { source: constant(value, [], node.dtype), axes: [] };
}

/** One number, everywhere. */
export function filled(value: number, like: Node, shape: Shape = like.shape): Node {
  return constant(value, [], like.dtype).broadcastTo(shape);
}

/** 0, 1, …, n − 1. */
export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** The number that a node is everywhere, also where it is made of numbers by a few steps. */
export function numberOf(node: Node, depth = 4): number | undefined {
  const value = uniformValue(node);
  if (value !== undefined || depth === 0) return node.dtype === "float" ? value : undefined;
  const [a, b] = node.inputs.map((input) => numberOf(input, depth - 1));
  if (a === undefined) return undefined;
  if (node.op === "neg") return -a;
  if (node.op === "broadcast" || node.op === "reshape") return a;
  if (b === undefined) return undefined;
  if (node.op === "add") return a + b;
  if (node.op === "sub") return a - b;
  if (node.op === "mul") return a * b;
  return node.op === "div" ? a / b : undefined;
}

/** Equal as far as a short look tells. */
export function isAlike(a: Node, b: Node): boolean {
  return a === b || look(a) === look(b);
}

/** What a short look shows: comparisons of the same node with the same number are made more than once. */
export function look(node: Node, depth: number = 3): string {
  if (node.is("constant") && node.size === 1) {
    const [value] = node.attributes.data;
    return `${node.dtype} ${Object.is(value, -0) ? "-0" : value}`;
  }
  if (depth === 0 || node.inputs.length === 0 || node.op === "loop") return `#${node.id}`;
  return `${node.op} ${JSON.stringify(node.attributes)} (${node.inputs.map((input) => look(input, depth - 1))})`;
}
