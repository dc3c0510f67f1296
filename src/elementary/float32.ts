import type { Arithmetic } from "./arithmetic.ts";

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);
const fround = Math.fround;

/** Adding and subtracting 2²³ rounds a smaller number to an integer, half to even. */
const INTEGERS = 2 ** 23;

function round(a: number): number {
  const magnitude = Math.abs(a);
  if (!(magnitude < INTEGERS)) return a;
  const rounded = fround(magnitude + INTEGERS) - INTEGERS;
  return a < 0 || Object.is(a, -0) ? -rounded : rounded;
}

function powerOfTwo(n: number): number {
  word[0] = (n + 127) << 23;
  return float[0]!;
}

function exponent(x: number): number {
  float[0] = x;
  return ((word[0]! >>> 23) & 0xff) - 127;
}

function significand(x: number): number {
  float[0] = x;
  word[0] = (word[0]! & 0x7fffff) | 0x3f800000;
  return float[0]!;
}

/**
 * JavaScript numbers that hold IEEE 754 binary32: each result is rounded with `Math.fround`, which after one
 * + − × ÷ √ in binary64 gives the correctly rounded binary32 result [Figueroa 1995]. Arguments must be binary32 numbers.
 */
export const float32: Arithmetic<number, boolean> = {
  precision: "float32",
  constant: (x) => fround(x),
  add: (a, b) => fround(a + b),
  sub: (a, b) => fround(a - b),
  mul: (a, b) => fround(a * b),
  div: (a, b) => fround(a / b),
  neg: (a) => -a,
  abs: (a) => Math.abs(a),
  sqrt: (a) => fround(Math.sqrt(a)),
  // biome-ignore lint/complexity/useMathMinMax: Math.min differs for NaN and for zeros
  min: (a, b) => (b < a ? b : a),
  // biome-ignore lint/complexity/useMathMinMax: Math.max differs for NaN and for zeros
  max: (a, b) => (a < b ? b : a),
  round,
  floor: (a) => Math.floor(a),
  less: (a, b) => a < b,
  lessOrEqual: (a, b) => a <= b,
  equal: (a, b) => a === b,
  and: (a, b) => a && b,
  or: (a, b) => a || b,
  not: (a) => !a,
  select: (condition, a, b) => (condition ? a : b),
  zeroWhere: (condition, a) => (condition ? 0 : a),
  roundAndPower: (x) => ({ rounded: round(x), power: powerOfTwo(round(x)) }),
  powerOfTwo,
  exponent,
  significand,
};
