import { elementary, pow } from "../../elementary/index.ts";
import type { Node } from "../../graph/node.ts";
import type { OpName } from "../../graph/types.ts";
import type { LaneArithmetic } from "./laneArithmetic.ts";

/** One elementwise node in the arithmetic of lanes. */
type Row = <L>(m: LaneArithmetic<L>, node: Node, inputs: readonly L[]) => L;

const unary =
  (name: keyof typeof elementary): Row =>
  (m, _node, [x]) =>
    elementary[name](m, x!);

/** Ops that do their work elsewhere: leaves, views, reductions, loops (`schedule.ts` never puts them into a map). */
const elsewhere: Row = (_m, node) => {
  throw new Error(`${node.op} is not elementwise`);
};

const float = (node: Node): boolean => node.inputs[0]!.dtype === "float";

/** One row an op. */
const table: Readonly<Record<OpName, Row>> = {
  input: elsewhere,
  constant: elsewhere,
  parameter: elsewhere,
  epsilon: elsewhere,
  broadcast: elsewhere,
  reshape: elsewhere,
  transpose: elsewhere,
  slice: elsewhere,
  concat: elsewhere,
  gather: elsewhere,
  scatterAdd: elsewhere,
  sum: elsewhere,
  reduceMax: elsewhere,
  logProduct: elsewhere,
  matvec: elsewhere,
  loop: elsewhere,
  carried: elsewhere,
  exp: unary("exp"),
  log: unary("log"),
  log1p: unary("log1p"),
  log1pmx: unary("log1pmx"),
  log1mExp: unary("log1mExp"),
  expm1: unary("expm1"),
  expm1mx: unary("expm1mx"),
  softplus: unary("softplus"),
  sigmoid: unary("sigmoid"),
  logSigmoid: unary("logSigmoid"),
  tanh: unary("tanh"),
  lgamma: unary("lgamma"),
  digamma: unary("digamma"),
  trigamma: unary("trigamma"),
  stirlingRest: unary("stirlingRest"),
  stirlingRestSlope: unary("stirlingRestSlope"),
  erf: unary("erf"),
  erfc: unary("erfc"),
  erfinv: unary("erfinv"),
  normalCdf: unary("normalCdf"),
  normalLogCdf: unary("normalLogCdf"),
  inverseMills: unary("inverseMills"),
  pow: (m, _node, [x, y]) => pow(m, x!, y!),
  sqrt: (m, _node, [x]) => m.sqrt(x!),
  floor: (m, _node, [x]) => m.floor(x!),
  sign: (m, _node, [x]) => {
    const zero = m.constant(0);
    // NaN and both zeros stay what they are.
    const signed = m.select(m.less(x!, zero), m.constant(-1), x!);
    return m.select(m.less(zero, x!), m.constant(1), signed);
  },
  div: (m, _node, [x, y]) => m.div(x!, y!),
  neg: (m, node, [x]) => (float(node) ? m.neg(x!) : m.integerNeg(x!)),
  abs: (m, node, [x]) => (float(node) ? m.abs(x!) : m.integerAbs(x!)),
  add: (m, node, [x, y]) => (float(node) ? m.add(x!, y!) : m.integer("Add", node.dtype, x!, y!)),
  sub: (m, node, [x, y]) => (float(node) ? m.sub(x!, y!) : m.integer("Sub", node.dtype, x!, y!)),
  mul: (m, node, [x, y]) => (float(node) ? m.mul(x!, y!) : m.integer("Mul", node.dtype, x!, y!)),
  min: (m, node, [x, y]) => (float(node) ? m.min(x!, y!) : m.integerMin(node.dtype, x!, y!)),
  max: (m, node, [x, y]) => (float(node) ? m.max(x!, y!) : m.integerMax(node.dtype, x!, y!)),
  less: (m, node, [x, y]) => (float(node) ? m.less(x!, y!) : m.integerCompare("Lt", node.inputs[0]!.dtype, x!, y!)),
  lessOrEqual: (m, node, [x, y]) =>
    float(node) ? m.lessOrEqual(x!, y!) : m.integerCompare("Le", node.inputs[0]!.dtype, x!, y!),
  equal: (m, node, [x, y]) => (float(node) ? m.equal(x!, y!) : m.integerCompare("Eq", node.inputs[0]!.dtype, x!, y!)),
  and: (m, _node, [x, y]) => m.and(x!, y!),
  or: (m, _node, [x, y]) => m.or(x!, y!),
  xor: (m, _node, [x, y]) => m.xor(x!, y!),
  not: (m, node, [x]) => (node.dtype === "bool" ? m.not(x!) : m.bitNot(x!)),
  shiftLeft: (m, node, [x]) => (node.is("shiftLeft") ? m.shiftLeft(x!, node.attributes.bits) : x!),
  shiftRight: (m, node, [x]) => (node.is("shiftRight") ? m.shiftRight(x!, node.attributes.bits) : x!),
  unitInterval: (m, _node, [hi, lo]) => m.unitInterval(hi!, lo!),
  perChain: (_m, _node, [x]) => x!,
  select: (m, _node, [condition, yes, no]) => m.select(condition!, yes!, no!),
  convert: (m, node, [x]) => convert(m, node, x!),
};

export function computeElementwise<L>(m: LaneArithmetic<L>, node: Node, inputs: readonly L[]): L {
  return table[node.op](m, node, inputs);
}

function convert<L>(m: LaneArithmetic<L>, node: Node, x: L): L {
  const from = node.inputs[0]!.dtype;
  const to = node.dtype;
  if (from === to) return x;
  if (to === "float") return from === "bool" ? m.boolToFloat(x) : m.integerToFloat(from, x);
  if (from === "bool") return m.boolToInteger(x);
  if (from === "float") return m.floatToInteger(to === "uint32" ? "uint32" : "int32", x);
  return to === "uint32" ? m.signedToUnsigned(x) : m.unsignedToSigned(x);
}
