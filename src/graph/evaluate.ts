import { allocate } from "./data.ts";
import { elementary, pow } from "./elementary.ts";
import { around, broadcastOffsets, reductionOffsets, transposeOffsets } from "./indexing.ts";
import type { Node } from "./node.ts";
import { type Attributes, type ConstantData, type DType, LOG_PRODUCT_ROWS, type OpName } from "./types.ts";

/** A node narrowed to one op. */
export type NodeOf<O extends OpName> = Node & { readonly op: O; readonly attributes: Attributes[O] };

/** The ops whose value follows from their inputs' values alone; `interpret` adds inputs, parameters and loops. */
export type EvaluatedOp = Exclude<OpName, "input" | "parameter" | "loop" | "carried">;

type Row<O extends OpName> = (node: NodeOf<O>, inputs: readonly ConstantData[]) => ConstantData;

/** The result of a node with element i given by `at`. Storing wraps integers modulo 2³². */
function fill(node: Node, at: (i: number) => number): ConstantData {
  const result = allocate(node.dtype, node.size);
  for (let i = 0; i < result.length; i++) result[i] = at(i);
  return result;
}

function map1(f: (x: number) => number): Row<OpName> {
  return (node, [x]) => fill(node, (i) => f(x![i]!));
}

function map2(f: (a: number, b: number) => number): Row<OpName> {
  return (node, [a, b]) => fill(node, (i) => f(a![i]!, b![i]!));
}

/** `float` on floats, `integer` on int32 and uint32. */
function byType(float: (a: number, b: number) => number, integer: (a: number, b: number) => number): Row<OpName> {
  const onFloats = map2(float);
  const onIntegers = map2(integer);
  return (node, inputs) => (node.dtype === "float" ? onFloats : onIntegers)(node, inputs);
}

/** Elements of the first input at the offsets. */
function pick(node: Node, x: ConstantData, from: Int32Array): ConstantData {
  return fill(node, (i) => x[from[i]!]!);
}

/** Unlike `Math.min`, this keeps `a` where either is NaN, and −0 and 0 as they come: the SIMD `pmin`. */
function smaller(a: number, b: number): number {
  if (b < a) return b;
  return a;
}

/** The SIMD `pmax`. */
function larger(a: number, b: number): number {
  if (a < b) return b;
  return a;
}

/** Fold the elements that a reduction brings together, in index order; an empty fold gives `empty`. */
function fold(empty: number, combine: (total: number, x: number) => number): Row<"sum" | "reduceMax"> {
  return (node, [x]) => {
    const result = allocate(node.dtype, node.size).fill(empty);
    reductionOffsets(node.inputs[0]!.shape, node.attributes.axes).forEach((to, i) => {
      result[to] = combine(result[to]!, x![i]!);
    });
    return result;
  };
}

/**
 * The value of each op on plain row-major arrays: the definition that every engine is tested against. Floats are
 * float64. `min` and `max` keep their first operand where either is NaN, and `reduceMax` skips NaN.
 */
export const rows: { readonly [O in EvaluatedOp]: Row<O> } = {
  constant: (node) => node.attributes.data,
  epsilon: () => Float64Array.of(2 ** -52),
  exp: map1(elementary.exp),
  log: map1(elementary.log),
  log1p: map1(elementary.log1p),
  log1pmx: map1(elementary.log1pmx),
  log1mExp: map1(elementary.log1mExp),
  expm1: map1(elementary.expm1),
  expm1mx: map1(elementary.expm1mx),
  softplus: map1(elementary.softplus),
  sigmoid: map1(elementary.sigmoid),
  logSigmoid: map1(elementary.logSigmoid),
  tanh: map1(elementary.tanh),
  sqrt: map1(Math.sqrt),
  lgamma: map1(elementary.lgamma),
  digamma: map1(elementary.digamma),
  trigamma: map1(elementary.trigamma),
  stirlingRest: map1(elementary.stirlingRest),
  stirlingRestSlope: map1(elementary.stirlingRestSlope),
  erf: map1(elementary.erf),
  erfc: map1(elementary.erfc),
  erfinv: map1(elementary.erfinv),
  normalCdf: map1(elementary.normalCdf),
  normalLogCdf: map1(elementary.normalLogCdf),
  inverseMills: map1(elementary.inverseMills),
  floor: map1(Math.floor),
  sign: map1((x) => (x > 0 ? 1 : x < 0 ? -1 : x)),
  pow: map2(pow),
  div: map2((a, b) => a / b),
  neg: map1((x) => -x),
  abs: map1(Math.abs),
  add: map2((a, b) => a + b),
  sub: map2((a, b) => a - b),
  mul: byType((a, b) => a * b, Math.imul),
  min: map2(smaller),
  max: map2(larger),
  less: map2((a, b) => Number(a < b)),
  lessOrEqual: map2((a, b) => Number(a <= b)),
  equal: map2((a, b) => Number(a === b)),
  and: map2((a, b) => a & b),
  or: map2((a, b) => a | b),
  xor: map2((a, b) => a ^ b),
  not: (node, [x]) => fill(node, (i) => (node.dtype === "bool" ? 1 - x![i]! : ~x![i]!)),
  shiftLeft: (node, [x]) => shift(node, x!, (value, bits) => value << bits),
  shiftRight: (node, [x]) => shift(node, x!, (value, bits) => value >>> bits),
  unitInterval: map2(unitInterval),
  select: (node, [condition, yes, no]) => fill(node, (i) => (condition![i] !== 0 ? yes : no)![i]!),
  convert: (node, [x]) => fill(node, (i) => converted(x![i]!, node.inputs[0]!.dtype, node.dtype)),
  perChain: (_node, [x]) => x!,
  broadcast: (node, [x]) =>
    pick(node, x!, broadcastOffsets(node.inputs[0]!.shape, node.attributes.shape, node.attributes.axes)),
  reshape: (_node, [x]) => x!,
  transpose: (node, [x]) => pick(node, x!, transposeOffsets(node.inputs[0]!.shape, node.attributes.permutation)),
  slice: (node, [x]) => {
    const { axis, start, stop } = node.attributes;
    const { inner } = around(node.shape, axis);
    const length = node.inputs[0]!.shape[axis]!;
    const run = (stop - start) * inner;
    return fill(node, (i) => x![Math.floor(i / run) * length * inner + start * inner + (i % run)]!);
  },
  concat: (node, parts) => {
    const { outer, inner } = around(node.shape, node.attributes.axis);
    const result = allocate(node.dtype, node.size);
    let at = 0;
    for (let row = 0; row < outer; row++)
      node.inputs.forEach((part, k) => {
        const run = part.shape[node.attributes.axis]! * inner;
        result.set(parts[k]!.subarray(row * run, (row + 1) * run), at);
        at += run;
      });
    return result;
  },
  gather: (node, [x, indices]) => {
    const { inner } = around(node.shape, 0);
    const rowCount = node.inputs[0]!.shape[0]!;
    return fill(node, (i) => x![checked(node, indices![Math.floor(i / inner)]!, rowCount) * inner + (i % inner)]!);
  },
  scatterAdd: (node, [x, indices]) => {
    const { inner } = around(node.shape, 0);
    const result = allocate(node.dtype, node.size);
    x!.forEach((value, i) => {
      const to = checked(node, indices![Math.floor(i / inner)]!, node.attributes.size) * inner + (i % inner);
      result[to] = result[to]! + value;
    });
    return result;
  },
  sum: fold(0, (total, x) => total + x),
  reduceMax: (node, inputs) =>
    fold(node.dtype === "float" ? Number.NEGATIVE_INFINITY : -(2 ** 31), larger)(node, inputs),
  logProduct: (_node, [x]) => {
    let total = 0;
    for (let start = 0; start < x!.length; start += LOG_PRODUCT_ROWS) {
      let product = 1;
      for (let i = start; i < Math.min(start + LOG_PRODUCT_ROWS, x!.length); i++) product *= x![i]!;
      total += elementary.log(product);
    }
    return Float64Array.of(total);
  },
  matvec: (node, [matrix, vector]) => {
    const columns = node.inputs[0]!.shape[1]!;
    const { transposed } = node.attributes;
    return fill(node, (row) => {
      let sum = 0;
      for (let k = 0; k < vector!.length; k++)
        sum += matrix![transposed ? k * columns + row : row * columns + k]! * vector![k]!;
      return sum;
    });
  },
};

/** The value of a node, given its inputs' values. Throws a RangeError where an index lies outside of what it indexes. */
export function evaluate<O extends EvaluatedOp>(node: NodeOf<O>, inputs: readonly ConstantData[]): ConstantData {
  const row: Row<O> = rows[node.op as O];
  return row(node, inputs);
}

function shift(
  node: NodeOf<"shiftLeft"> | NodeOf<"shiftRight">,
  x: ConstantData,
  by: (value: number, bits: number) => number,
): ConstantData {
  const { bits } = node.attributes;
  return fill(node, (i) => (bits > 31 ? 0 : by(x[i]!, bits)));
}

const word = new DataView(new ArrayBuffer(8));

/** The top 52 bits of hi·2³² + lo as the mantissa of a number on [1, 2), minus 1: `jax.random.uniform` in float64. */
function unitInterval(hi: number, lo: number): number {
  word.setUint32(0, 0x3ff00000 | (hi >>> 12));
  word.setUint32(4, ((hi << 20) | (lo >>> 12)) >>> 0);
  return word.getFloat64(0) - 1;
}

/** Floats go to integers toward zero, stopping at the ends of the range; NaN becomes 0. Integers wrap when stored. */
function converted(x: number, from: DType, to: DType): number {
  if (from !== "float" || to === "float") return x;
  const [low, high] = to === "int32" ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  return Number.isNaN(x) ? 0 : Math.min(Math.max(Math.trunc(x), low), high);
}

function checked(node: Node, index: number, length: number): number {
  if (index >= 0 && index < length) return index;
  throw new RangeError(`${node.op} was given index ${index}; expected 0 to ${length - 1}.`);
}
