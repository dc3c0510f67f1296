import type { Arithmetic } from "./arithmetic.ts";

/** Coefficients of one polynomial for each precision, lowest power first. */
export interface Coefficients {
  readonly float32: readonly number[];
  readonly float64: readonly number[];
}

/**
 * c₀ + x(c₁ + x(c₂ + …)): fewest operations and values in flight, and the smallest rounding error where |x| is small. Its
 * operations wait for each other, which costs nothing where several elements are worked on side by side.
 */
export function horner<V, B>(m: Arithmetic<V, B>, x: V, coefficients: Coefficients): V {
  const c = coefficients[m.precision];
  let sum = m.constant(c[c.length - 1]!);
  for (let i = c.length - 2; i >= 0; i--) sum = m.add(m.mul(sum, x), m.constant(c[i]!));
  return sum;
}
