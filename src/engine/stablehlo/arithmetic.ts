import type { Precision } from "../../draws.ts";
import type { Arithmetic } from "../../elementary/index.ts";
import type { Element, TensorType, Value } from "./types.ts";
import type { Writer } from "./writer.ts";

/** Where the exponent lies in the bits of a float. */
const FORMATS = {
  float32: { word: "ui32", digits: 23, bias: 127, exponents: 0xff, one: 0x3f800000, fraction: 0x7fffff },
  float64: {
    ...({ word: "ui64", digits: 52, bias: 1023, exponents: 0x7ff } as const),
    ...{ one: 1023 * 2 ** 52, fraction: 2 ** 52 - 1 },
  },
} as const satisfies Record<Precision, unknown>;

/**
 * The elementary functions' arithmetic as lines of StableHLO on tensors of one type. A truth value is a tensor of i1.
 * Compilers may contract a product and a sum into one rounding, so results are those of IEEE 754 to the last bits only.
 */
export function arithmetic(writer: Writer, type: TensorType, precision: Precision): Arithmetic<Value, Value> {
  const { word, digits, bias, exponents, one, fraction } = FORMATS[precision];
  const words: TensorType = { element: word satisfies Element, dims: type.dims };
  const constants = new Set<string>();
  const shifted = new Set<string>();
  const constant = (x: number): Value => {
    const value = writer.filled(x, type);
    constants.add(value.name);
    return value;
  };
  /**
   * XLA takes (x + 1) − 1 for x, and with it what the elementary functions compute that way: the rounding of the sum.
   * A constant that meets a sum with a constant is therefore written as a selection that XLA cannot see through.
   */
  const hidden = (a: Value, b: Value): Value => {
    if (!constants.has(b.name) || !shifted.has(a.name)) return b;
    return writer.select(writer.compare("EQ", a, a), b, writer.filled(Number.NaN, type));
  };
  const sum = (op: "add" | "subtract", a: Value, b: Value): Value => {
    const value = writer.same(op, hidden(b, a), hidden(a, b));
    if (constants.has(a.name) || constants.has(b.name)) shifted.add(value.name);
    return value;
  };
  const bitsOf = (x: Value): Value => writer.typed("bitcast_convert", [x], "", words);
  const floatOf = (x: Value): Value => writer.typed("bitcast_convert", [x], "", type);
  const select = (condition: Value, a: Value, b: Value): Value => writer.select(condition, a, b);
  const less = (a: Value, b: Value): Value => writer.compare("LT", a, b);
  const round = (a: Value): Value => writer.same("round_nearest_even", a);
  // Added to 1.5 · 2^digits, a whole number is the lowest bits of the sum. Processors convert floats to unsigned or 64-bit
  // integers one by one.
  const powerOfTwo = (n: Value): Value => {
    const biased = writer.same("add", n, constant(1.5 * 2 ** digits + bias));
    return floatOf(writer.same("shift_left", bitsOf(biased), writer.filled(digits, words)));
  };
  return {
    precision,
    constant,
    add: (a, b) => sum("add", a, b),
    sub: (a, b) => sum("subtract", a, b),
    mul: (a, b) => writer.same("multiply", a, b),
    div: (a, b) => writer.same("divide", a, b),
    neg: (a) => writer.same("negate", a),
    abs: (a) => writer.same("abs", a),
    sqrt: (a) => writer.same("sqrt", a),
    min: (a, b) => select(less(b, a), b, a),
    max: (a, b) => select(less(a, b), b, a),
    round,
    floor: (a) => writer.same("floor", a),
    less,
    lessOrEqual: (a, b) => writer.compare("LE", a, b),
    equal: (a, b) => writer.compare("EQ", a, b),
    and: (a, b) => writer.same("and", a, b),
    or: (a, b) => writer.same("or", a, b),
    not: (a) => writer.same("not", a),
    select,
    zeroWhere: (condition, a) => select(condition, constant(0), a),
    roundAndPower: (x) => {
      const rounded = round(x);
      return { rounded, power: powerOfTwo(rounded) };
    },
    powerOfTwo,
    exponent: (x) => {
      const shifted = writer.same("shift_right_logical", bitsOf(x), writer.filled(digits, words));
      const biased = writer.same("and", shifted, writer.filled(exponents, words));
      // The lowest bits of 2^digits, as above.
      const raised = writer.same("or", biased, writer.filled((bias + digits) * 2 ** digits, words));
      return writer.same("subtract", floatOf(raised), constant(2 ** digits + bias));
    },
    significand: (x) => {
      const low = writer.same("and", bitsOf(x), writer.filled(fraction, words));
      return floatOf(writer.same("or", low, writer.filled(one, words)));
    },
  };
}
