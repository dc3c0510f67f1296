import type { Tensor, Tf } from "./backend.ts";
import type { Constants } from "./constants.ts";

/**
 * Arithmetic of 32-bit words. tfjs has no uint32, no xor and no shifts, and its products of int32 may be rounded; so a
 * word is an int32 of the same bits, and this is either TensorFlow's own integer kernels or plain loops on the host.
 * Both give the same bits, for which threefry is the test.
 */
export interface Integers {
  /** Elementwise; operands broadcast along the leading axis. */
  binary(op: BinaryOp, a: Tensor, b: Tensor): Tensor;
  /** Comparisons of signed words. */
  compare(op: CompareOp, a: Tensor, b: Tensor): Tensor;
  shift(op: "shiftLeft" | "shiftRight", x: Tensor, bits: number, constants: Constants): Tensor;
}

export type BinaryOp = "add" | "sub" | "mul" | "min" | "max" | "and" | "or" | "xor";
export type CompareOp = "less" | "lessOrEqual" | "equal";

/** TensorFlow's kernel of an op, and what it does to two words. */
interface Row {
  readonly kernel: string;
  readonly at: (a: number, b: number) => number;
}

const binaries: Readonly<Record<BinaryOp, Row>> = {
  add: { kernel: "AddV2", at: (a, b) => a + b },
  sub: { kernel: "Sub", at: (a, b) => a - b },
  mul: { kernel: "Mul", at: Math.imul },
  min: { kernel: "Minimum", at: Math.min },
  max: { kernel: "Maximum", at: Math.max },
  and: { kernel: "BitwiseAnd", at: (a, b) => a & b },
  or: { kernel: "BitwiseOr", at: (a, b) => a | b },
  xor: { kernel: "BitwiseXor", at: (a, b) => a ^ b },
};

const comparisons: Readonly<Record<CompareOp, Row>> = {
  less: { kernel: "Less", at: (a, b) => Number(a < b) },
  lessOrEqual: { kernel: "LessEqual", at: (a, b) => Number(a <= b) },
  equal: { kernel: "Equal", at: (a, b) => Number(a === b) },
};

/** The inside of tfjs-node's backend: any kernel of TensorFlow, by its name. */
interface NodeBackend {
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_INT32: number };
  executeSingleOutput(kernel: string, attributes: readonly object[], inputs: readonly Tensor[]): Tensor;
}

/** Words by TensorFlow's kernels, on its device. */
export function nativeIntegers(tf: Tf): Integers {
  const backend = tf.backend() as unknown as NodeBackend;
  const { TF_ATTR_TYPE: type, TF_INT32: value } = backend.binding;
  const call = (kernel: string, a: Tensor, b: Tensor): Tensor =>
    backend.executeSingleOutput(kernel, [{ name: "T", type, value }], [a, b]);
  return {
    binary: (op, a, b) => call(binaries[op].kernel, a, b),
    compare: (op, a, b) => call(comparisons[op].kernel, a, b),
    shift: (op, x, bits, constants) => {
      const word = (value: number): Tensor => constants.word(value);
      if (op === "shiftLeft") return call("LeftShift", x, word(bits));
      // The kernel repeats the sign; the mask takes that away.
      const shifted = call("RightShift", x, word(bits));
      return bits === 0 ? shifted : call("BitwiseAnd", shifted, word(-1 >>> bits));
    },
  };
}

/** Words by loops on the host: for backends whose tensors lie there anyway. */
export function hostIntegers(tf: Tf): Integers {
  const each = ({ at }: Row, a: Tensor, b: Tensor, dtype: "int32" | "bool"): Tensor => {
    const [x, y] = [a.dataSync(), b.dataSync()];
    const shape = a.rank >= b.rank ? a.shape : b.shape;
    const length = shape.reduce((n, k) => n * k, 1);
    const values = dtype === "bool" ? new Uint8Array(length) : new Int32Array(length);
    const [m, n] = [x.length, y.length];
    for (let i = 0; i < length; i++) values[i] = at(x[m === length ? i : i % m]!, y[n === length ? i : i % n]!);
    return tf.tensor(values, shape, dtype);
  };
  return {
    binary: (op, a, b) => each(binaries[op], a, b, "int32"),
    compare: (op, a, b) => each(comparisons[op], a, b, "bool"),
    shift: (op, x, bits) => {
      const values = x.dataSync() as Int32Array;
      const shifted = op === "shiftLeft" ? values.map((v) => v << bits) : values.map((v) => v >>> bits);
      return tf.tensor(shifted, x.shape, "int32");
    },
  };
}
