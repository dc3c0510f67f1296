import type { Arithmetic } from "./arithmetic.ts";

/** Coefficients of one polynomial for each precision, lowest power first. */
export interface Coefficients {
  readonly float32: readonly number[];
  readonly float64: readonly number[];
}

/** c₀ + x(c₁ + x(c₂ + …)): fewest operations, and the smallest rounding error where |x| is small. */
export function horner<V, B>(m: Arithmetic<V, B>, x: V, coefficients: Coefficients): V {
  const c = coefficients[m.precision];
  let sum = m.constant(c[c.length - 1]!);
  for (let i = c.length - 2; i >= 0; i--) sum = m.add(m.mul(sum, x), m.constant(c[i]!));
  return sum;
}

/** The same polynomial in pairs, pairs of pairs, …: one operation more, but a short chain of dependent ones. */
export function estrin<V, B>(m: Arithmetic<V, B>, x: V, coefficients: Coefficients): V {
  let terms = coefficients[m.precision].map((c) => m.constant(c));
  let power = x;
  while (terms.length > 1) {
    const paired: V[] = [];
    for (let i = 0; i + 1 < terms.length; i += 2) paired.push(m.add(terms[i]!, m.mul(terms[i + 1]!, power)));
    if (terms.length % 2 === 1) paired.push(terms[terms.length - 1]!);
    terms = paired;
    if (terms.length > 1) power = m.mul(power, power);
  }
  return terms[0]!;
}
