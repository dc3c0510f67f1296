import { elementary, pow } from "../../elementary/index.ts";
import type { EvaluatedOp, NodeOf } from "../../graph/evaluate.ts";
import type { Node } from "../../graph/node.ts";
import type { OpName } from "../../graph/types.ts";
import { arithmetic } from "./arithmetic.ts";
import { gather, matvec, scatterAdd } from "./indexed.ts";
import { type Target, type TensorType, typeOf, typeText, type Value } from "./types.ts";
import { Writer } from "./writer.ts";

/** What a row writes to, and for what. */
export interface Context {
  readonly writer: Writer;
  readonly target: Target;
}

/**
 * Writes a node. Operands of elementwise ops and of concat have the chain axis where the node has it; those of other ops
 * are as their nodes are. Inputs, parameters and loops have no row: `body.ts` writes them.
 */
type Row<O extends OpName> = (context: Context, node: NodeOf<O>, operands: readonly Value[]) => Value;

/** One op of the same name and type. */
const plain =
  (op: string): Row<OpName> =>
  ({ writer }, _node, operands) =>
    writer.same(op, ...operands);

/** An op for floats and another for integers. */
const byType =
  (float: Row<OpName>, integer: Row<OpName>): Row<OpName> =>
  (context, node, operands) =>
    (node.dtype === "float" ? float : integer)(context, node, operands);

const comparison =
  (direction: "LT" | "LE" | "EQ"): Row<OpName> =>
  ({ writer }, _node, [a, b]) =>
    writer.compare(direction, a!, b!);

/** `min` and `max` of floats keep their first operand where either is NaN, which the ops of that name do not. */
const smaller: Row<OpName> = ({ writer }, _node, [a, b]) => writer.select(writer.compare("LT", b!, a!), b!, a!);
const larger: Row<OpName> = ({ writer }, _node, [a, b]) => writer.select(writer.compare("LT", a!, b!), b!, a!);

/** An elementary function of ours: a function of the module, called. */
const ours =
  (name: keyof typeof elementary | "pow"): Row<OpName> =>
  ({ writer, target: { precision } }, _node, operands) => {
    const { type } = operands[0]!;
    const symbol = writer.functions.named([name, ...type.dims].join("_"), (written) => {
      const inner = new Writer(writer.functions);
      const parameters = operands.map((): Value => ({ name: inner.name(), type }));
      const m = arithmetic(inner, type, precision);
      const [x, y] = parameters as [Value, Value];
      inner.end("return", [name === "pow" ? pow(m, x, y) : elementary[name](m, x)]);
      const list = parameters.map((p) => `${p.name}: ${typeText(type)}`).join(", ");
      return [`  func.func private ${written}(${list}) -> ${typeText(type)} {`, ...inner.text, "  }"];
    });
    return writer.call(symbol, operands, type);
  };

const shift =
  (op: "shift_left" | "shift_right_logical"): Row<"shiftLeft" | "shiftRight"> =>
  ({ writer }, { attributes: { bits } }, [x]) =>
    bits > 31 ? writer.filled(0, x!.type) : writer.same(op, x!, writer.filled(bits, x!.type));

/** The axis of a value that is axis `axis` of the node's own shape. */
function axisOf(node: Node, axis: number): number {
  return node.shared ? axis : axis + 1;
}

/** Axes of a value for axes of the node's own shape: the chain axis stays in front. */
function axesOf(node: Node, axes: readonly number[]): number[] {
  return [...(node.shared ? [] : [0]), ...axes.map((axis) => axisOf(node, axis))];
}

/** One row an op. */
const rows: { readonly [O in EvaluatedOp]: Row<O> } = {
  constant: ({ writer, target }, node) => writer.constant(node.attributes.data, typeOf(node, target)),
  epsilon: ({ writer, target }, node) =>
    writer.filled(target.precision === "float32" ? 2 ** -23 : 2 ** -52, typeOf(node, target)),
  exp: ours("exp"),
  log: ours("log"),
  log1p: ours("log1p"),
  log1pmx: ours("log1pmx"),
  log1mExp: ours("log1mExp"),
  expm1: ours("expm1"),
  expm1mx: ours("expm1mx"),
  softplus: ours("softplus"),
  sigmoid: ours("sigmoid"),
  logSigmoid: ours("logSigmoid"),
  tanh: ours("tanh"),
  sqrt: plain("sqrt"),
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
  floor: plain("floor"),
  sign: plain("sign"),
  pow: ours("pow"),
  div: plain("divide"),
  neg: plain("negate"),
  abs: plain("abs"),
  add: plain("add"),
  sub: plain("subtract"),
  mul: plain("multiply"),
  min: byType(smaller, plain("minimum")),
  max: byType(larger, plain("maximum")),
  less: comparison("LT"),
  lessOrEqual: comparison("LE"),
  equal: comparison("EQ"),
  and: plain("and"),
  or: plain("or"),
  xor: plain("xor"),
  not: plain("not"),
  shiftLeft: shift("shift_left"),
  shiftRight: shift("shift_right_logical"),
  unitInterval: (context, node, [high, low]) => unitInterval(context, typeOf(node, context.target), high!, low!),
  select: ({ writer }, _node, [condition, yes, no]) => writer.select(condition!, yes!, no!),
  convert: ({ writer, target }, node, [x]) => writer.typed("convert", [x!], "", typeOf(node, target)),
  // Its operand has been given the chain axis already.
  perChain: (_context, _node, [x]) => x!,
  broadcast: ({ writer, target }, node, [x]) =>
    writer.broadcast(x!, typeOf(node, target).dims, axesOf(node, node.attributes.axes)),
  reshape: ({ writer, target }, node, [x]) => writer.typed("reshape", [x!], "", typeOf(node, target)),
  transpose: ({ writer, target }, node, [x]) => {
    const axes = axesOf(node, node.attributes.permutation);
    return writer.typed("transpose", [x!], `dims = [${axes.join(", ")}]`, typeOf(node, target));
  },
  slice: ({ writer }, node, [x]) => {
    const { axis, start, stop } = node.attributes;
    const at = axisOf(node, axis);
    return writer.slice(
      x!,
      x!.type.dims.map((length, i) => (i === at ? ([start, stop] as const) : ([0, length] as const))),
    );
  },
  concat: ({ writer, target }, node, parts) =>
    writer.typed("concatenate", parts, `dim = ${axisOf(node, node.attributes.axis)}`, typeOf(node, target)),
  gather: ({ writer, target }, node, [x, indices]) =>
    gather(writer, x!, indices!, axisOf(node, 0), typeOf(node, target)),
  scatterAdd: ({ writer, target }, node, [x, indices]) =>
    scatterAdd(writer, x!, indices!, axisOf(node, 0), typeOf(node, target)),
  sum: ({ writer }, node, [x]) => writer.reduce("add", x!, 0, reducedAxes(node)),
  reduceMax: ({ writer }, node, [x]) => {
    const lowest = node.dtype === "float" ? Number.NEGATIVE_INFINITY : -(2 ** 31);
    return writer.reduce("maximum", node.dtype === "float" ? withoutNaN(writer, x!) : x!, lowest, reducedAxes(node));
  },
  logProduct: ({ writer, target }, node, [x]) =>
    writer.reduce(
      "add",
      ours("log")({ writer, target }, node, [x!]),
      0,
      node.inputs[0]!.shape.map((_, axis) => axisOf(node, axis)),
    ),
  matvec: ({ writer, target }, node, [matrix, vector]) =>
    matvec(writer, matrix!, vector!, node.attributes.transposed, typeOf(node, target)),
};

/** Write a node whose operands have been written. */
export function writeNode<O extends EvaluatedOp>(context: Context, node: NodeOf<O>, operands: readonly Value[]): Value {
  const row: Row<O> = rows[node.op as O];
  return row(context, node, operands);
}

function reducedAxes(node: NodeOf<"sum"> | NodeOf<"reduceMax">): number[] {
  return node.attributes.axes.map((axis) => axisOf(node, axis));
}

/** −∞ instead of NaN, which our maxima skip. */
function withoutNaN(writer: Writer, x: Value): Value {
  return writer.select(writer.compare("EQ", x, x), x, writer.filled(Number.NEGATIVE_INFINITY, x.type));
}

/** JAX's rule: random bits as the fraction of a number on [1, 2), less 1. */
function unitInterval({ writer, target }: Context, type: TensorType, high: Value, low: Value): Value {
  const float32 = target.precision === "float32";
  const words: TensorType = { element: float32 ? "ui32" : "ui64", dims: type.dims };
  const fraction = writer.same(
    "shift_right_logical",
    float32 ? writer.same("xor", high, low) : joined(writer, high, low, words),
    writer.filled(float32 ? 9 : 12, words),
  );
  const bits = writer.same("or", fraction, writer.filled(float32 ? 0x3f800000 : 1023 * 2 ** 52, words));
  const upTo2 = writer.typed("bitcast_convert", [bits], "", type);
  return writer.same("subtract", upTo2, writer.filled(1, type));
}

/** high·2³² + low. */
function joined(writer: Writer, high: Value, low: Value, words: TensorType): Value {
  const upper = writer.same("shift_left", writer.typed("convert", [high], "", words), writer.filled(32, words));
  return writer.same("or", upper, writer.typed("convert", [low], "", words));
}
