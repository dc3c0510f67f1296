import type { Arithmetic } from "../../../elementary/index.ts";
import type { Tensor, Tf } from "./backend.ts";
import type { Constants } from "./constants.ts";

/** Powers of 2 that are normal float32 numbers, from 2⁻¹²⁶ to 2¹²⁷. */
const POWERS = Float32Array.from({ length: 254 }, (_, i) => 2 ** (i - 126));

/**
 * The elementary functions' arithmetic on float32 tensors, for those that tfjs does not have. tfjs cannot look at a
 * number's bits, so its binary parts come from a logarithm, corrected, and powers of 2 from a table: exact, both.
 */
export function arithmetic(tf: Tf, constants: Constants): Arithmetic<Tensor, Tensor> {
  const constant = (x: number): Tensor => constants.float(x);
  const select = (condition: Tensor, a: Tensor, b: Tensor): Tensor => tf.where(condition, a, b);
  const round = (a: Tensor): Tensor => tf.round(a);
  const powerOfTwo = (n: Tensor): Tensor => {
    const table = constants.once("powers of 2", () => tf.tensor1d(POWERS));
    const index = tf.clipByValue(tf.add(n, constant(126)), 0, POWERS.length - 1);
    return tf.gather(table, tf.cast(withoutNaN(tf, index), "int32"));
  };
  /** The exponent, and the number divided by that power of 2. */
  const parts = (x: Tensor): readonly [Tensor, Tensor] => {
    const guess = tf.floor(tf.mul(tf.log(x), constant(Math.LOG2E)));
    const near = tf.clipByValue(withoutNaN(tf, guess), -126, 126);
    const scaled = tf.mul(x, powerOfTwo(tf.neg(near)));
    const [above, below] = [tf.greaterEqual(scaled, constant(2)), tf.less(scaled, constant(1))];
    const exponent = select(above, tf.add(near, constant(1)), select(below, tf.sub(near, constant(1)), near));
    const half = tf.mul(scaled, constant(0.5));
    return [exponent, select(above, half, select(below, tf.mul(scaled, constant(2)), scaled))];
  };
  return {
    precision: "float32",
    constant,
    add: (a, b) => tf.add(a, b),
    sub: (a, b) => tf.sub(a, b),
    mul: (a, b) => tf.mul(a, b),
    div: (a, b) => tf.div(a, b),
    neg: (a) => tf.neg(a),
    abs: (a) => tf.abs(a),
    sqrt: (a) => tf.sqrt(a),
    min: (a, b) => select(tf.less(b, a), b, a),
    max: (a, b) => select(tf.less(a, b), b, a),
    round,
    floor: (a) => tf.floor(a),
    less: (a, b) => tf.less(a, b),
    lessOrEqual: (a, b) => tf.lessEqual(a, b),
    equal: (a, b) => tf.equal(a, b),
    and: (a, b) => tf.logicalAnd(a, b),
    or: (a, b) => tf.logicalOr(a, b),
    not: (a) => tf.logicalNot(a),
    select,
    zeroWhere: (condition, a) => select(condition, tf.zerosLike(a), a),
    roundAndPower: (x) => {
      const rounded = round(x);
      return { rounded, power: powerOfTwo(rounded) };
    },
    powerOfTwo,
    exponent: (x) => parts(x)[0],
    significand: (x) => parts(x)[1],
  };
}

/** 0 in place of NaN, so that a conversion to an integer is defined. */
export function withoutNaN(tf: Tf, x: Tensor): Tensor {
  return tf.where(tf.equal(x, x), x, tf.zerosLike(x));
}
