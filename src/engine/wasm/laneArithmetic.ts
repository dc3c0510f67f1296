import type { Precision } from "../../draws.ts";
import type { Arithmetic } from "../../elementary/arithmetic.ts";
import type { DType } from "../../graph/types.ts";
import { type SimdOp, simd } from "./encoder.ts";

/** Exponent bias, significand bits and the bit patterns that split a float. */
const formats = {
  float32: { bias: 127, fraction: 23, magic: 0x4b400000n, magicValue: 12582912 },
  float64: { bias: 1023, fraction: 52, magic: 0x4338000000000000n, magicValue: 6755399441055744 },
} as const;

/** One opcode for each precision. */
const pick = (precision: Precision, f32: SimdOp, f64: SimdOp): SimdOp => (precision === "float32" ? f32 : f64);

/**
 * Arithmetic on SIMD lanes, whatever becomes of its instructions: `lanes.ts` emits them, `body.ts` collects them. Every dtype
 * fills a whole lane (32 bits for float32, 64 for float64): int32 sign-extended, uint32 zero-extended, bool as all ones or all
 * zeros.
 */
export abstract class LaneArithmetic<L> implements Arithmetic<L, L> {
  abstract readonly precision: Precision;

  /** The lane that holds a number, rounded to the precision, for every chain. */
  abstract constant(x: number): L;
  /** The same of a bit pattern. */
  abstract bits(pattern: bigint): L;
  /** One instruction; `shift` is what a shift takes besides. */
  abstract apply(op: SimdOp, inputs: readonly L[], shift?: number): L;

  private op(op: SimdOp, ...inputs: readonly L[]): L {
    return this.apply(op, inputs);
  }

  private shift(op: SimdOp, a: L, bits: number): L {
    return this.apply(op, [a], bits);
  }

  private get is64Bit(): boolean {
    return this.precision === "float64";
  }

  add(a: L, b: L): L {
    return this.op(pick(this.precision, simd.f32x4Add, simd.f64x2Add), a, b);
  }
  sub(a: L, b: L): L {
    return this.op(pick(this.precision, simd.f32x4Sub, simd.f64x2Sub), a, b);
  }
  mul(a: L, b: L): L {
    return this.op(pick(this.precision, simd.f32x4Mul, simd.f64x2Mul), a, b);
  }
  div(a: L, b: L): L {
    return this.op(pick(this.precision, simd.f32x4Div, simd.f64x2Div), a, b);
  }
  /** c + a·b, rounded once: only in code that is fused (`fuse.ts`). */
  fusedMultiplyAdd(a: L, b: L, c: L): L {
    return this.op(pick(this.precision, simd.f32x4RelaxedMadd, simd.f64x2RelaxedMadd), a, b, c);
  }
  // By the sign bit and a constant: V8 makes the mask of f32x4.abs and f32x4.neg anew for each.
  neg(a: L): L {
    return this.op(simd.xor, a, this.bits(this.signBit));
  }
  abs(a: L): L {
    return this.op(simd.and, a, this.bits(this.signBit - 1n));
  }
  private get signBit(): bigint {
    return this.is64Bit ? 1n << 63n : 1n << 31n;
  }
  sqrt(a: L): L {
    return this.op(pick(this.precision, simd.f32x4Sqrt, simd.f64x2Sqrt), a);
  }
  min(a: L, b: L): L {
    return this.op(pick(this.precision, simd.f32x4Pmin, simd.f64x2Pmin), a, b);
  }
  max(a: L, b: L): L {
    return this.op(pick(this.precision, simd.f32x4Pmax, simd.f64x2Pmax), a, b);
  }
  /** By a magic number: V8 does not make f64x2.nearest of two vectors one of twice the width. */
  round(a: L): L {
    const magic = this.constant(formats[this.precision].magicValue);
    return this.sub(this.add(a, magic), magic);
  }
  floor(a: L): L {
    return this.op(pick(this.precision, simd.f32x4Floor, simd.f64x2Floor), a);
  }
  trunc(a: L): L {
    return this.op(pick(this.precision, simd.f32x4Trunc, simd.f64x2Trunc), a);
  }
  less(a: L, b: L): L {
    return this.op(pick(this.precision, simd.f32x4Lt, simd.f64x2Lt), a, b);
  }
  lessOrEqual(a: L, b: L): L {
    return this.op(pick(this.precision, simd.f32x4Le, simd.f64x2Le), a, b);
  }
  equal(a: L, b: L): L {
    return this.op(pick(this.precision, simd.f32x4Eq, simd.f64x2Eq), a, b);
  }
  and(a: L, b: L): L {
    return this.op(simd.and, a, b);
  }
  or(a: L, b: L): L {
    return this.op(simd.or, a, b);
  }
  xor(a: L, b: L): L {
    return this.op(simd.xor, a, b);
  }
  not(a: L): L {
    return this.op(simd.not, a);
  }
  select(condition: L, a: L, b: L): L {
    return this.op(simd.bitselect, a, b, condition);
  }

  zeroWhere(condition: L, a: L): L {
    return this.op(simd.andnot, a, condition);
  }

  /** The magic number leaves the rounded value, with the exponent's bias, in the low bits of the sum. */
  roundAndPower(x: L): { readonly rounded: L; readonly power: L } {
    const { bias, fraction, magicValue } = formats[this.precision];
    const magic = this.constant(magicValue + bias);
    const shifted = this.add(x, magic);
    return {
      rounded: this.sub(shifted, magic),
      power: this.shift(this.is64Bit ? simd.i64x2Shl : simd.i32x4Shl, shifted, fraction),
    };
  }

  powerOfTwo(n: L): L {
    const { bias, fraction, magic, magicValue } = formats[this.precision];
    // Adding the magic number leaves n in the low bits of the sum, biased by the magic number's own bits.
    const shifted = this.add(n, this.constant(magicValue + bias));
    const integer = this.is64Bit
      ? this.op(simd.i64x2Sub, shifted, this.bits(magic))
      : this.op(simd.i32x4Sub, shifted, this.bits(magic));
    return this.shift(this.is64Bit ? simd.i64x2Shl : simd.i32x4Shl, integer, fraction);
  }
  exponent(x: L): L {
    const { bias, fraction, magic, magicValue } = formats[this.precision];
    const raw = this.shift(this.is64Bit ? simd.i64x2ShrU : simd.i32x4ShrU, x, fraction);
    return this.sub(this.or(raw, this.bits(magic)), this.constant(magicValue + bias));
  }
  significand(x: L): L {
    const { bias, fraction } = formats[this.precision];
    const mask = this.bits((1n << BigInt(fraction)) - 1n);
    return this.or(this.and(x, mask), this.bits(BigInt(bias) << BigInt(fraction)));
  }

  // integers

  integer(op: "Add" | "Sub" | "Mul", dtype: DType, a: L, b: L): L {
    return this.wrap(dtype, this.op(this.is64Bit ? simd[`i64x2${op}`] : simd[`i32x4${op}`], a, b));
  }
  integerNeg(a: L): L {
    return this.wrap("int32", this.op(this.is64Bit ? simd.i64x2Neg : simd.i32x4Neg, a));
  }
  integerAbs(a: L): L {
    return this.wrap("int32", this.op(this.is64Bit ? simd.i64x2Abs : simd.i32x4Abs, a));
  }
  integerCompare(op: "Lt" | "Le" | "Eq", dtype: DType, a: L, b: L): L {
    if (op === "Eq") return this.op(this.is64Bit ? simd.i64x2Eq : simd.i32x4Eq, a, b);
    if (this.is64Bit) return this.op(simd[`i64x2${op}S`], a, b);
    return this.op(dtype === "uint32" ? simd[`i32x4${op}U`] : simd[`i32x4${op}S`], a, b);
  }
  integerMin(dtype: DType, a: L, b: L): L {
    return this.select(this.integerCompare("Lt", dtype, b, a), b, a);
  }
  integerMax(dtype: DType, a: L, b: L): L {
    return this.select(this.integerCompare("Lt", dtype, a, b), b, a);
  }
  bitNot(a: L): L {
    return this.is64Bit ? this.xor(a, this.bits(0xffffffffn)) : this.not(a);
  }
  shiftLeft(a: L, bits: number): L {
    return this.wrap("uint32", this.shift(this.is64Bit ? simd.i64x2Shl : simd.i32x4Shl, a, bits));
  }
  shiftRight(a: L, bits: number): L {
    return this.shift(this.is64Bit ? simd.i64x2ShrU : simd.i32x4ShrU, a, bits);
  }

  /** Bring a 64-bit lane back to a 32-bit integer's range. */
  wrap(dtype: DType, a: L): L {
    if (!this.is64Bit) return a;
    if (dtype === "uint32") return this.and(a, this.bits(0xffffffffn));
    return this.shift(simd.i64x2ShrS, this.shift(simd.i64x2Shl, a, 32), 32);
  }

  // between dtypes

  /** JAX's mantissa rule: see `unitInterval` in graph/types.ts. */
  unitInterval(hi: L, lo: L): L {
    const one = this.constant(1);
    const word = this.is64Bit ? this.or(this.shift(simd.i64x2Shl, hi, 32), lo) : this.xor(hi, lo);
    const mantissa = this.is64Bit ? this.shift(simd.i64x2ShrU, word, 12) : this.shift(simd.i32x4ShrU, word, 9);
    return this.sub(this.or(mantissa, one), one);
  }
  integerToFloat(dtype: DType, a: L): L {
    if (!this.is64Bit) return this.op(dtype === "uint32" ? simd.f32x4ConvertI32x4U : simd.f32x4ConvertI32x4S, a);
    const { magic, magicValue } = formats.float64;
    return this.sub(this.op(simd.i64x2Add, a, this.bits(magic)), this.constant(magicValue));
  }
  boolToFloat(a: L): L {
    return this.and(a, this.constant(1));
  }
  boolToInteger(a: L): L {
    return this.and(a, this.bits(1n));
  }
  /** Towards zero; what does not fit becomes the nearest that does, NaN becomes 0. */
  floatToInteger(dtype: "int32" | "uint32", a: L): L {
    if (!this.is64Bit) return this.op(dtype === "uint32" ? simd.i32x4TruncSatF32x4U : simd.i32x4TruncSatF32x4S, a);
    const { magic, magicValue } = formats.float64;
    const [low, high] = dtype === "uint32" ? [0, 2 ** 32 - 1] : [-(2 ** 31), 2 ** 31 - 1];
    const number = this.select(this.equal(a, a), a, this.constant(0));
    const clipped = this.min(this.max(this.trunc(number), this.constant(low)), this.constant(high));
    return this.op(simd.i64x2Sub, this.add(clipped, this.constant(magicValue)), this.bits(magic));
  }
  signedToUnsigned(a: L): L {
    return this.wrap("uint32", a);
  }
  unsignedToSigned(a: L): L {
    return this.wrap("int32", a);
  }
}
