import { elementary } from "../../../elementary/index.ts";
import type { EvaluatedOp, NodeOf } from "../../../graph/evaluate.ts";
import type { Node } from "../../../graph/node.ts";
import type { DType, OpName } from "../../../graph/types.ts";
import { arithmetic } from "./arithmetic.ts";
import type { Backend, Tensor, Tf } from "./backend.ts";
import type { Constants } from "./constants.ts";
import type { BinaryOp, CompareOp } from "./integers.ts";
import { axesOf, axisOf, convert, gather, matvec, perChain, scatterAdd, throughWords } from "./shapes.ts";

/** What a row computes with. */
export interface Context {
  readonly backend: Backend;
  readonly chains: number;
  readonly constants: Constants;
}

/**
 * Computes a node. Values are `[chain, ...shape]`, or `[...shape]` where they are shared: those broadcast along the
 * chains as they are. uint32 is int32 of the same bits.
 */
type Row<O extends OpName> = (context: Context, node: NodeOf<O>, operands: readonly Tensor[]) => Tensor;

/** A function of tfjs. */
const plain =
  (call: (tf: Tf, x: Tensor, y: Tensor) => Tensor): Row<OpName> =>
  ({ backend: { tf } }, _node, [x, y]) =>
    call(tf, x!, y!);

/** An elementary function of ours, which tfjs does not have or not precisely enough. */
const ours =
  (name: keyof typeof elementary): Row<OpName> =>
  ({ backend: { tf }, constants }, _node, [x]) =>
    elementary[name](arithmetic(tf, constants), x!);

/** log(1 + x); where tfjs loses what the sum loses, log(u)·x/(u − 1) with u = 1 + x, which does not [HP-15C handbook]. */
function log1p({ backend: { tf, hasLog1p }, constants }: Context, x: Tensor): Tensor {
  if (hasLog1p) return tf.log1p(x);
  const one = constants.float(1);
  const u = tf.add(x, one);
  const ratio = tf.div(x, tf.sub(u, one));
  const isPlain = tf.logicalOr(tf.equal(u, one), tf.equal(u, constants.float(Number.POSITIVE_INFINITY)));
  return tf.where(isPlain, x, tf.mul(tf.log(u), ratio));
}

/** max(x, 0) + log(1 + e^−|x|). */
function softplus(context: Context, x: Tensor): Tensor {
  const { tf } = context.backend;
  return tf.add(tf.relu(x), log1p(context, tf.exp(tf.neg(tf.abs(x)))));
}

/** Floats by tfjs, words by `integers`. */
const numbers =
  (op: "add" | "sub" | "mul", float: (tf: Tf, x: Tensor, y: Tensor) => Tensor): Row<OpName> =>
  ({ backend: { tf, integers } }, node, [x, y]) =>
    node.dtype === "float" ? float(tf, x!, y!) : integers.binary(op, x!, y!);

/** `min` and `max` keep their first operand where either is NaN, which tfjs's do not. */
const extreme =
  (op: "min" | "max"): Row<OpName> =>
  (context, node, [x, y]) => {
    const { tf, integers } = context.backend;
    if (node.dtype === "int32") return integers.binary(op, x!, y!);
    const [a, b] = op === "min" ? [y!, x!] : [x!, y!];
    return tf.where(compare(context, "less", node.dtype, a, b), y!, x!);
  };

const comparison =
  (op: CompareOp): Row<OpName> =>
  (context, node, [x, y]) =>
    compare(context, op, node.inputs[0]!.dtype, x!, y!);

function compare({ backend, constants }: Context, op: CompareOp, dtype: DType, x: Tensor, y: Tensor): Tensor {
  const { tf, integers } = backend;
  if (dtype === "float") return { less: tf.less, lessOrEqual: tf.lessEqual, equal: tf.equal }[op](x, y);
  if (dtype === "int32" || op === "equal") return integers.compare(op, x, y);
  // Unsigned order is signed order with the top bit turned over.
  const turned = (word: Tensor): Tensor => integers.binary("xor", word, constants.word(-(2 ** 31)));
  return integers.compare(op, turned(x), turned(y));
}

const bitwise =
  (op: BinaryOp & ("and" | "or" | "xor"), logical: (tf: Tf, x: Tensor, y: Tensor) => Tensor): Row<OpName> =>
  ({ backend: { tf, integers } }, node, [x, y]) =>
    node.dtype === "bool" ? logical(tf, x!, y!) : integers.binary(op, x!, y!);

const shift =
  (op: "shiftLeft" | "shiftRight"): Row<"shiftLeft" | "shiftRight"> =>
  ({ backend: { tf, integers }, constants }, { attributes: { bits } }, [x]) =>
    bits > 31 ? tf.zerosLike(x!) : integers.shift(op, x!, bits, constants);

const select: Row<OpName> = ({ backend: { tf } }, node, [condition, yes, no]) => {
  if (node.dtype !== "bool") return tf.where(condition!, yes!, no!);
  return tf.logicalOr(tf.logicalAnd(condition!, yes!), tf.logicalAnd(tf.logicalNot(condition!), no!));
};

/** JAX's rule for float32: 23 random bits as a fraction. */
const unitInterval: Row<OpName> = ({ backend: { tf, integers }, constants }, _node, [high, low]) => {
  const fraction = integers.shift("shiftRight", integers.binary("xor", high!, low!), 9, constants);
  return tf.mul(tf.cast(fraction, "float32"), constants.float(2 ** -23));
};

/** One row an op. */
export const rows: { readonly [O in EvaluatedOp]: Row<O> } = {
  constant: () => {
    throw new Error("Constants are made when a kernel is.");
  },
  epsilon: ({ constants }) => constants.float(2 ** -23),
  exp: plain((tf, x) => tf.exp(x)),
  log: plain((tf, x) => tf.log(x)),
  log1p: (context, _node, [x]) => log1p(context, x!),
  log1pmx: ours("log1pmx"),
  log1mExp: ours("log1mExp"),
  expm1: plain((tf, x) => tf.expm1(x)),
  expm1mx: ours("expm1mx"),
  softplus: (context, _node, [x]) => softplus(context, x!),
  sigmoid: plain((tf, x) => tf.sigmoid(x)),
  logSigmoid: (context, _node, [x]) => context.backend.tf.neg(softplus(context, context.backend.tf.neg(x!))),
  tanh: plain((tf, x) => tf.tanh(x)),
  sqrt: plain((tf, x) => tf.sqrt(x)),
  lgamma: ours("lgamma"),
  digamma: ours("digamma"),
  trigamma: ours("trigamma"),
  stirlingRest: ours("stirlingRest"),
  stirlingRestSlope: ours("stirlingRestSlope"),
  erf: ours("erf"),
  erfc: ours("erfc"),
  erfinv: ours("erfinv"),
  normalCdf: ours("normalCdf"),
  normalLogCdf: ours("normalLogCdf"),
  inverseMills: ours("inverseMills"),
  floor: plain((tf, x) => tf.floor(x)),
  sign: ({ backend: { tf }, constants }, _node, [x]) => {
    const zero = constants.float(0);
    const negative = tf.where(tf.less(x!, zero), constants.float(-1), x!);
    return tf.where(tf.greater(x!, zero), constants.float(1), negative);
  },
  // 1 to any power is 1, which JavaScript does not say of infinity.
  pow: ({ backend: { tf }, constants }, _node, [x, y]) =>
    tf.where(tf.equal(x!, constants.float(1)), constants.float(1), tf.pow(x!, y!)),
  div: plain((tf, x, y) => tf.div(x, y)),
  neg: ({ backend: { tf, integers }, constants }, node, [x]) =>
    node.dtype === "float" ? tf.neg(x!) : integers.binary("sub", constants.word(0), x!),
  abs: ({ backend: { tf, integers }, constants }, node, [x]) =>
    node.dtype === "float" ? tf.abs(x!) : integers.binary("max", x!, integers.binary("sub", constants.word(0), x!)),
  add: numbers("add", (tf, x, y) => tf.add(x, y)),
  sub: numbers("sub", (tf, x, y) => tf.sub(x, y)),
  mul: numbers("mul", (tf, x, y) => tf.mul(x, y)),
  min: extreme("min"),
  max: extreme("max"),
  less: comparison("less"),
  lessOrEqual: comparison("lessOrEqual"),
  equal: comparison("equal"),
  and: bitwise("and", (tf, x, y) => tf.logicalAnd(x, y)),
  or: bitwise("or", (tf, x, y) => tf.logicalOr(x, y)),
  xor: bitwise("xor", (tf, x, y) => tf.logicalXor(x, y)),
  not: ({ backend: { tf, integers }, constants }, node, [x]) =>
    node.dtype === "bool" ? tf.logicalNot(x!) : integers.binary("xor", x!, constants.word(-1)),
  shiftLeft: shift("shiftLeft"),
  shiftRight: shift("shiftRight"),
  unitInterval,
  select,
  convert: (context, node, [x]) => convert(context, x!, node.inputs[0]!.dtype, node.dtype),
  perChain: (context, node, [x]) => (node.inputs[0]!.shared ? perChain(context, x!) : x!),
  broadcast: ({ backend: { tf } }, node, [x]) => {
    const { shape, axes } = node.attributes;
    const spread = shape.map((_, i) => (axes.includes(i) ? shape[i]! : 1));
    const chains = node.shared ? [] : [x!.shape[0]!];
    return throughWords(tf, node, x!, (y) =>
      tf.tile(tf.reshape(y, [...chains, ...spread]), [
        ...chains.map(() => 1),
        ...shape.map((n, i) => (axes.includes(i) ? 1 : n)),
      ]),
    );
  },
  reshape: ({ backend: { tf } }, node, [x]) =>
    tf.reshape(x!, [...(node.shared ? [] : [x!.shape[0]!]), ...node.attributes.shape]),
  transpose: ({ backend: { tf } }, node, [x]) =>
    throughWords(tf, node, x!, (y) => tf.transpose(y, axesOf(node, node.attributes.permutation))),
  slice: ({ backend: { tf } }, node, [x]) => {
    const { axis, start, stop } = node.attributes;
    const at = axisOf(node, axis);
    const begin = x!.shape.map((_, i) => (i === at ? start : 0));
    const size = x!.shape.map((n, i) => (i === at ? stop - start : n));
    return throughWords(tf, node, x!, (y) => tf.slice(y, begin, size));
  },
  concat: (context, node, parts) => {
    const { tf } = context.backend;
    const full = parts.map((part, i) => (node.inputs[i]!.shared && !node.shared ? perChain(context, part) : part));
    const words = node.dtype === "bool" ? full.map((part) => tf.cast(part, "int32")) : full;
    const joined = words.length === 1 ? words[0]! : tf.concat(words, axisOf(node, node.attributes.axis));
    return node.dtype === "bool" ? tf.cast(joined, "bool") : joined;
  },
  gather: (context, node, [x, indices]) => gather(context, node, x!, indices!),
  scatterAdd: (context, node, [x, indices]) => scatterAdd(context, node, x!, indices!),
  sum: ({ backend: { tf } }, node, [x]) => tf.sum(x!, axesInside(node)),
  reduceMax: ({ backend: { tf }, constants }, node, [x]) => {
    if (node.dtype !== "float") return tf.max(x!, axesInside(node));
    return tf.max(tf.where(tf.equal(x!, x!), x!, constants.float(Number.NEGATIVE_INFINITY)), axesInside(node));
  },
  logProduct: ({ backend: { tf } }, node, [x]) =>
    tf.sum(
      tf.log(x!),
      node.inputs[0]!.shape.map((_, axis) => axisOf(node as Node, axis)),
    ),
  matvec: (context, node, [matrix, vector]) => matvec(context, node, matrix!, vector!),
};

/** Compute a node whose operands are known. */
export function computeNode<O extends EvaluatedOp>(
  context: Context,
  node: NodeOf<O>,
  operands: readonly Tensor[],
): Tensor {
  const row: Row<O> = rows[node.op as O];
  return row(context, node, operands);
}

function axesInside(node: NodeOf<"sum"> | NodeOf<"reduceMax">): number[] {
  return node.attributes.axes.map((axis) => axisOf(node as Node, axis));
}
