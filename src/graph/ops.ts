import { ModelError } from "../errors.ts";
import type { Node } from "./node.ts";
import { sameShape, sizeOf } from "./shape.ts";
import type { Attributes, DType, OpName, Shape, Type } from "./types.ts";

/** How an op relates elements: engines and passes treat all ops of a kind alike. */
export type OpKind = "leaf" | "elementwise" | "shape" | "index" | "reduction" | "matvec" | "control";

interface Row<O extends OpName> {
  readonly kind: OpKind;
  /** Number of inputs, or any. */
  readonly arity: number | "any";
  /** The type of the result; throws (through `fail`) where the inputs do not fit. */
  readonly infer: (inputs: readonly Node[], attributes: Attributes[O], fail: (why: string) => never) => Type;
}

const floats: readonly DType[] = ["float"];
const numbers: readonly DType[] = ["float", "int32", "uint32"];
const bits: readonly DType[] = ["bool", "uint32"];

/** Equal dtypes from a list and equal shapes; the result has that type, or dtype `to`. */
function elementwise(arity: number, allowed: readonly DType[], to?: DType): Row<OpName> {
  return {
    kind: "elementwise",
    arity,
    infer: (inputs, _attributes, fail) => {
      const first = inputs[0]!;
      if (!allowed.includes(first.dtype)) fail(`takes ${allowed.join(" or ")}, not ${first.dtype}`);
      for (const other of inputs) {
        if (other.dtype !== first.dtype) fail(`takes equal dtypes, not ${first.dtype} and ${other.dtype}`);
        if (!sameShape(other.shape, first.shape)) fail("takes shapes that broadcast together");
      }
      return { dtype: to ?? first.dtype, shape: first.shape };
    },
  };
}

const leaf: Row<OpName> = { kind: "leaf", arity: 0, infer: (_i, _a, fail) => fail("is made by its own function") };
const unaryFloat = elementwise(1, floats);

/** One row an op: what it takes and what it gives. */
export const ops: { readonly [O in OpName]: Row<O> } = {
  input: leaf,
  constant: leaf,
  parameter: leaf,
  epsilon: { kind: "leaf", arity: 0, infer: () => ({ dtype: "float", shape: [] }) },
  exp: unaryFloat,
  log: unaryFloat,
  log1p: unaryFloat,
  log1pmx: unaryFloat,
  log1mExp: unaryFloat,
  expm1: unaryFloat,
  expm1mx: unaryFloat,
  softplus: unaryFloat,
  sigmoid: unaryFloat,
  logSigmoid: unaryFloat,
  tanh: unaryFloat,
  sqrt: unaryFloat,
  lgamma: unaryFloat,
  digamma: unaryFloat,
  trigamma: unaryFloat,
  stirlingRest: unaryFloat,
  stirlingRestSlope: unaryFloat,
  erf: unaryFloat,
  erfc: unaryFloat,
  erfinv: unaryFloat,
  normalCdf: unaryFloat,
  normalLogCdf: unaryFloat,
  inverseMills: unaryFloat,
  floor: unaryFloat,
  sign: unaryFloat,
  pow: elementwise(2, floats),
  div: elementwise(2, floats),
  neg: elementwise(1, ["float", "int32"]),
  abs: elementwise(1, ["float", "int32"]),
  add: elementwise(2, numbers),
  sub: elementwise(2, numbers),
  mul: elementwise(2, numbers),
  min: elementwise(2, numbers),
  max: elementwise(2, numbers),
  less: elementwise(2, numbers, "bool"),
  lessOrEqual: elementwise(2, numbers, "bool"),
  equal: elementwise(2, numbers, "bool"),
  and: elementwise(2, bits),
  or: elementwise(2, bits),
  xor: elementwise(2, bits),
  not: elementwise(1, bits),
  shiftLeft: elementwise(1, ["uint32"]),
  shiftRight: elementwise(1, ["uint32"]),
  unitInterval: elementwise(2, ["uint32"], "float"),
  perChain: elementwise(1, ["float", "int32", "uint32", "bool"]),
  select: {
    kind: "elementwise",
    arity: 3,
    infer: ([condition, yes, no], _attributes, fail) => {
      if (condition!.dtype !== "bool") fail(`takes a bool condition, not ${condition!.dtype}`);
      if (yes!.dtype !== no!.dtype) fail(`takes equal dtypes, not ${yes!.dtype} and ${no!.dtype}`);
      if (!sameShape(condition!.shape, yes!.shape) || !sameShape(yes!.shape, no!.shape))
        fail("takes shapes that broadcast together");
      return { dtype: yes!.dtype, shape: yes!.shape };
    },
  },
  convert: {
    kind: "elementwise",
    arity: 1,
    infer: ([x], { to }, fail) => {
      if (to === "bool") fail("cannot give bool; compare instead");
      return { dtype: to, shape: x!.shape };
    },
  },
  broadcast: {
    kind: "shape",
    arity: 1,
    infer: ([x], { shape, axes }, fail) => {
      const ok =
        axes.length === x!.shape.length &&
        axes.every((to, i) => shape[to] === x!.shape[i] && (i === 0 || to > axes[i - 1]!));
      if (!ok) fail(`cannot repeat into [${shape}] along axes [${axes}]`);
      return { dtype: x!.dtype, shape };
    },
  },
  reshape: {
    kind: "shape",
    arity: 1,
    infer: ([x], { shape }, fail) => {
      if (sizeOf(shape) !== x!.size) fail(`cannot give shape [${shape}]: ${x!.size} elements`);
      return { dtype: x!.dtype, shape };
    },
  },
  transpose: {
    kind: "shape",
    arity: 1,
    infer: ([x], { permutation }, fail) => {
      const sorted = [...permutation].sort((a, b) => a - b);
      if (sorted.length !== x!.shape.length || sorted.some((axis, i) => axis !== i))
        fail(`[${permutation}] is no permutation of the axes`);
      return { dtype: x!.dtype, shape: permutation.map((axis) => x!.shape[axis]!) };
    },
  },
  slice: {
    kind: "shape",
    arity: 1,
    infer: ([x], { axis, start, stop }, fail) => {
      const length = x!.shape[axis];
      if (length === undefined) return fail(`has no axis ${axis}`);
      if (!(Number.isInteger(start) && Number.isInteger(stop) && 0 <= start && start <= stop && stop <= length))
        fail(`${start}:${stop} lies outside axis ${axis} of length ${length}`);
      return { dtype: x!.dtype, shape: x!.shape.map((n, i) => (i === axis ? stop - start : n)) };
    },
  },
  concat: {
    kind: "shape",
    arity: "any",
    infer: (inputs, { axis }, fail) => {
      const first = inputs[0];
      if (first === undefined) return fail("takes at least one part");
      for (const part of inputs) {
        const fits =
          part.shape.length === first.shape.length && part.shape.every((n, i) => i === axis || n === first.shape[i]);
        if (!fits || part.dtype !== first.dtype || part.shape[axis] === undefined)
          fail(`takes parts that differ along axis ${axis} alone`);
      }
      const length = inputs.reduce((n, part) => n + part.shape[axis]!, 0);
      return { dtype: first.dtype, shape: first.shape.map((n, i) => (i === axis ? length : n)) };
    },
  },
  gather: {
    kind: "index",
    arity: 2,
    infer: ([x, indices], _attributes, fail) => {
      checkIndices(indices!, fail);
      if (x!.shape.length === 0) fail("takes values with at least one axis");
      return { dtype: x!.dtype, shape: [indices!.shape[0]!, ...x!.shape.slice(1)] };
    },
  },
  scatterAdd: {
    kind: "index",
    arity: 2,
    infer: ([x, indices], { size }, fail) => {
      checkIndices(indices!, fail);
      if (x!.dtype !== "float") fail(`takes float, not ${x!.dtype}`);
      if (x!.shape[0] !== indices!.shape[0]) fail("takes one index a row");
      return { dtype: "float", shape: [size, ...x!.shape.slice(1)] };
    },
  },
  sum: { kind: "reduction", arity: 1, infer: ([x], { axes }, fail) => reduced(x!, axes, fail) },
  reduceMax: { kind: "reduction", arity: 1, infer: ([x], { axes }, fail) => reduced(x!, axes, fail) },
  logProduct: {
    kind: "reduction",
    arity: 1,
    infer: ([x], _attributes, fail) => {
      if (x!.dtype !== "float") fail(`takes float, not ${x!.dtype}`);
      return { dtype: "float", shape: [] };
    },
  },
  matvec: {
    kind: "matvec",
    arity: 2,
    infer: ([matrix, vector], { transposed }, fail) => {
      if (matrix!.dtype !== "float" || vector!.dtype !== "float") fail("takes a float matrix and a float vector");
      if (matrix!.shape.length !== 2 || vector!.shape.length !== 1) fail("takes a matrix and a vector");
      if (!matrix!.shared) fail("takes a shared matrix (for one per chain, multiply and sum over an axis)");
      const [rows, columns] = transposed
        ? [matrix!.shape[1]!, matrix!.shape[0]!]
        : [matrix!.shape[0]!, matrix!.shape[1]!];
      if (columns !== vector!.shape[0]) fail(`takes a vector of length ${columns}, not ${vector!.shape[0]}`);
      return { dtype: "float", shape: [rows] };
    },
  },
  loop: {
    kind: "control",
    arity: "any",
    infer: ([count, ...starts], { region }, fail) => {
      if (count?.dtype !== "int32" || count.shape.length > 0 || !count.shared)
        fail("takes a shared int32 scalar as its count");
      region.results.forEach((result, i) => {
        const start = starts[i]!;
        if (result.dtype !== start.dtype || !sameShape(result.shape, start.shape))
          fail(`carries value ${i} as ${describe(start)} but its body gives ${describe(result)}`);
        if (start.shared && !result.shared)
          fail(`carries value ${i} as shared but its body gives one per chain: start it with perChain()`);
      });
      return { dtype: "int32", shape: [] };
    },
  },
  carried: { kind: "control", arity: 1, infer: ([x], { index }) => x!.inputs[index + 1]! },
};

/** The type of `op` applied to `inputs`. Throws a ModelError that names the op and what it was given. */
export function infer<O extends OpName>(op: O, inputs: readonly Node[], attributes: Attributes[O]): Type {
  const row: Row<O> = ops[op];
  const fail = (why: string): never => {
    throw new ModelError(`${op} ${why}; it was given ${inputs.map(describe).join(" and ") || "nothing"}.`);
  };
  if (row.arity !== "any" && inputs.length !== row.arity) fail(`takes ${row.arity} inputs`);
  const { dtype, shape } = row.infer(inputs, attributes, fail);
  return { dtype, shape };
}

/** `float[30]`, `shared int32[]`. */
export function describe(node: { readonly dtype: DType; readonly shape: Shape; readonly shared: boolean }): string {
  return `${node.shared ? "shared " : ""}${node.dtype}[${node.shape}]`;
}

function reduced(x: Node, axes: readonly number[], fail: (why: string) => never): Type {
  if (x.dtype !== "float" && x.dtype !== "int32") fail(`takes float or int32, not ${x.dtype}`);
  if (axes.some((axis) => x.shape[axis] === undefined)) fail(`has no axes [${axes}]`);
  return { dtype: x.dtype, shape: x.shape.filter((_, i) => !axes.includes(i)) };
}

function checkIndices(indices: Node, fail: (why: string) => never): void {
  if (indices.dtype !== "int32" || indices.shape.length !== 1 || !indices.shared)
    fail("takes a shared int32 vector of indices");
}
