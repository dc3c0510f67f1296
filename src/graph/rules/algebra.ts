import { make, type Node } from "../node.ts";
import { fold, repeatLater } from "./fold.ts";
import { filled, isConstant, type Rules, uniformValue } from "./rule.ts";

/**
 * Algebra that is exact, or that changes no more than the last bits and the sign of a zero. Nothing here turns a NaN or
 * an infinity into a number: x · 0 stays, and so do x − x and x / x.
 */
export const algebra: Rules = {
  neg: ({ inputs: [x] }) => {
    if (x!.op === "neg") return x!.inputs[0]!;
    if (x!.op === "sub") return x!.inputs[1]!.sub(x!.inputs[0]!);
    const [factor, rest] = splitConstant(x!) ?? [];
    return factor === undefined ? undefined : rest!.mul(folded(factor.neg()));
  },
  abs: ({ inputs: [x] }) => (x!.op === "abs" ? x : x!.op === "neg" ? x!.inputs[0]!.abs() : undefined),
  add: ({ inputs: [a, b] }) => {
    if (uniformValue(b!) === 0) return a;
    if (uniformValue(a!) === 0) return b;
    if (a === b && a!.dtype === "float") return a!.mul(2);
    if (b!.op === "neg") return a!.sub(b!.inputs[0]!);
    return a!.op === "neg" ? b!.sub(a!.inputs[0]!) : undefined;
  },
  sub: ({ inputs: [a, b], dtype }) => {
    if (uniformValue(b!) === 0) return a;
    if (uniformValue(a!) === 0 && dtype !== "uint32") return b!.neg();
    return b!.op === "neg" ? a!.add(b!.inputs[0]!) : undefined;
  },
  mul: (node) => times(node, node.inputs[0]!, node.inputs[1]!) ?? times(node, node.inputs[1]!, node.inputs[0]!),
  div: ({ inputs: [a, b] }) => {
    const divisor = uniformValue(b!);
    if (divisor !== undefined && isPowerOfTwo(divisor)) return a!.mul(filled(1 / divisor, b!));
    return a!.op === "neg" ? a!.inputs[0]!.div(b!).neg() : undefined;
  },
  pow: ({ inputs: [x, y] }) => {
    const exponent = uniformValue(y!);
    if (exponent === 1) return x;
    if (exponent === 2) return x!.square();
    if (exponent === 0.5) return x!.sqrt();
    return exponent === -1 ? x!.reciprocal() : undefined;
  },
  min: ({ inputs: [a, b] }) => (a === b ? a : undefined),
  max: ({ inputs: [a, b] }) => (a === b ? a : undefined),
  and: ({ inputs: [a, b], dtype }) => {
    if (a === b) return a;
    const all = dtype === "bool" ? 1 : 2 ** 32 - 1;
    if (uniformValue(a!) === all || uniformValue(b!) === 0) return b;
    return uniformValue(b!) === all || uniformValue(a!) === 0 ? a : undefined;
  },
  or: ({ inputs: [a, b], dtype }) => {
    if (a === b) return a;
    const all = dtype === "bool" ? 1 : 2 ** 32 - 1;
    if (uniformValue(a!) === 0 || uniformValue(b!) === all) return b;
    return uniformValue(b!) === 0 || uniformValue(a!) === all ? a : undefined;
  },
  xor: ({ inputs: [a, b] }) => (uniformValue(a!) === 0 ? b : uniformValue(b!) === 0 ? a : undefined),
  not: ({ inputs: [x] }) => (x!.op === "not" ? x!.inputs[0]! : undefined),
  shiftLeft: (node) => shifted(node, node.attributes.bits),
  shiftRight: (node) => shifted(node, node.attributes.bits),
  convert: ({ inputs: [x], attributes: { to } }) => (x!.dtype === to ? x : undefined),
  perChain: ({ inputs: [x] }) => (x!.shared ? undefined : x),
  select: ({ inputs: [condition, yes, no] }) => {
    const value = uniformValue(condition!);
    if (value !== undefined) return value === 1 ? yes : no;
    if (yes === no) return yes;
    if (condition!.op === "not") return condition!.inputs[0]!.select(no!, yes!);
    if (yes!.op === "select" && yes!.inputs[0] === condition) return condition!.select(yes!.inputs[1]!, no!);
    return no!.op === "select" && no!.inputs[0] === condition ? condition!.select(yes!, no!.inputs[2]!) : undefined;
  },
};

/** By nothing, or by all bits, which processors take for nothing. */
function shifted(node: Node, bits: number): Node | undefined {
  if (bits === 32) return filled(0, node);
  return bits === 0 ? node.inputs[0] : undefined;
}

function times(node: Node, a: Node, b: Node): Node | undefined {
  const factor = uniformValue(a);
  if (factor === 1) return b;
  if (factor === -1 && node.dtype !== "uint32") return b.neg();
  if (factor === 0 && node.dtype !== "float") return filled(0, node);
  if (isConstant(a)) {
    if (b.op === "neg") return b.inputs[0]!.mul(folded(a.neg()));
    const [inner, rest] = splitConstant(b) ?? [];
    if (inner === undefined || !isModerate(a) || !isModerate(inner)) return undefined;
    const merged = folded(a.mul(inner));
    return isModerate(merged) ? rest!.mul(merged) : undefined;
  }
  if (a.op !== "neg") return undefined;
  return b.op === "neg" ? a.inputs[0]!.mul(b.inputs[0]!) : a.inputs[0]!.mul(b).neg();
}

/** A product with a constant, as the constant and the rest. */
function splitConstant(node: Node): readonly [Node, Node] | undefined {
  if (node.op !== "mul") return undefined;
  const [a, b] = [node.inputs[0]!, node.inputs[1]!];
  return isConstant(a) ? [a, b] : isConstant(b) ? [b, a] : undefined;
}

/** A constant, still as a view where both operands were. */
function folded(node: Node): Node {
  const view = repeatLater(node);
  if (view?.is("broadcast") !== true) return fold(node) ?? node;
  const [source] = view.inputs;
  return make("broadcast", [fold(source!) ?? source!], view.attributes);
}

/** Far from overflow and underflow, also in float32, so that two factors may become one. */
function isModerate(node: Node): boolean {
  const source = node.is("broadcast") ? node.inputs[0]! : node;
  if (!source.is("constant")) return false;
  const { data } = source.attributes;
  return node.dtype !== "float" || data.every((x: number) => Math.abs(x) > 1e-30 && Math.abs(x) < 1e30);
}

function isPowerOfTwo(x: number): boolean {
  const size = Math.abs(x);
  return size > 2 ** -100 && size < 2 ** 100 && 2 ** Math.round(Math.log2(size)) === size;
}
