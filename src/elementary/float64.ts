import type { Arithmetic } from "./arithmetic.ts";

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Adding and subtracting 2⁵² rounds a smaller number to an integer, half to even. */
const INTEGERS = 2 ** 52;

function round(a: number): number {
  const magnitude = Math.abs(a);
  if (!(magnitude < INTEGERS)) return a;
  const rounded = magnitude + INTEGERS - INTEGERS;
  return a < 0 || Object.is(a, -0) ? -rounded : rounded;
}

function powerOfTwo(n: number): number {
  words[HIGH] = (n + 1023) << 20;
  words[1 - HIGH] = 0;
  return float[0]!;
}

function exponent(x: number): number {
  float[0] = x;
  return ((words[HIGH]! >>> 20) & 0x7ff) - 1023;
}

function significand(x: number): number {
  float[0] = x;
  words[HIGH] = (words[HIGH]! & 0xfffff) | 0x3ff00000;
  return float[0]!;
}

/** Plain JavaScript numbers: IEEE 754 binary64. */
export const float64: Arithmetic<number, boolean> = {
  precision: "float64",
  constant: (x) => x,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  abs: (a) => Math.abs(a),
  sqrt: (a) => Math.sqrt(a),
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
