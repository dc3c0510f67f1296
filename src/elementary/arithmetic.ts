import type { Precision } from "../draws.ts";

/**
 * The arithmetic that every elementary function is written in: + − × ÷ √, comparisons, selection, and two exact
 * operations on a number's binary parts. All of them are fixed by IEEE 754, so a function written in them has one
 * result, whatever runs it: plain JavaScript numbers (`float64.ts`, `float32.ts`), or SIMD lanes of generated
 * WebAssembly (`engine/wasm`).
 *
 * `V` stands for a value (a number; a local of generated code), `B` for a truth value of the same kind.
 * Every method returns a new value and evaluates both branches of a selection: no control flow depends on a `V`.
 */
export interface Arithmetic<V, B> {
  readonly precision: Precision;
  /** A constant, rounded to the precision. */
  constant(x: number): V;
  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V): V;
  div(a: V, b: V): V;
  neg(a: V): V;
  abs(a: V): V;
  sqrt(a: V): V;
  /** `b < a ? b : a`: the SIMD `pmin`, which keeps `a` where either is NaN. */
  min(a: V, b: V): V;
  /** `a < b ? b : a`: the SIMD `pmax`, which keeps `a` where either is NaN. */
  max(a: V, b: V): V;
  /** Round half to even, for |a| < 2²²; a result of 0 may lack its sign. */
  round(a: V): V;
  /** Round towards −∞. Exact for every finite x. */
  floor(a: V): V;
  less(a: V, b: V): B;
  lessOrEqual(a: V, b: V): B;
  equal(a: V, b: V): B;
  and(a: B, b: B): B;
  or(a: B, b: B): B;
  not(a: B): B;
  /** `condition ? a : b`. */
  select(condition: B, a: V, b: V): V;
  /** `condition ? 0 : a`, for one instruction where a selection takes three. */
  zeroWhere(condition: B, a: V): V;
  /** x to an integer (a half either way) for |x| < 2²⁰, and 2 to that power where it is a normal number. */
  roundAndPower(x: V): { readonly rounded: V; readonly power: V };
  /** 2ⁿ for an integer-valued n such that 2ⁿ is a normal number; any bits otherwise. */
  powerOfTwo(n: V): V;
  /** The binary exponent e of a positive normal x, integer-valued: x = m·2ᵉ with 1 ≤ m < 2; any value otherwise. */
  exponent(x: V): V;
  /** The significand m of a positive normal x: x = m·2ᵉ with 1 ≤ m < 2; any value otherwise. */
  significand(x: V): V;
}
