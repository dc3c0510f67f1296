import type { Arithmetic } from "./arithmetic.ts";

/** Unevaluated sum of two values, the second at most half a unit in the last place of the first. */
export interface Double<V> {
  readonly high: V;
  readonly low: V;
}

const SPLITTER = { float32: 2 ** 12 + 1, float64: 2 ** 27 + 1 } as const;

/** a as the sum of two values of half its digits [Dekker 1971]. Overflows for |a| near the largest number. */
function split<V, B>(m: Arithmetic<V, B>, a: V): Double<V> {
  const c = m.mul(a, m.constant(SPLITTER[m.precision]));
  const high = m.sub(c, m.sub(c, a));
  return { high, low: m.sub(a, high) };
}

/** a·b exactly, but for underflow [Dekker 1971]. */
export function exactProduct<V, B>(m: Arithmetic<V, B>, a: V, b: V): Double<V> {
  const high = m.mul(a, b);
  const x = split(m, a);
  const y = split(m, b);
  const outer = m.sub(m.mul(x.high, y.high), high);
  const inner = m.add(m.add(outer, m.mul(x.high, y.low)), m.mul(x.low, y.high));
  return { high, low: m.add(inner, m.mul(x.low, y.low)) };
}

/** a² exactly, but for underflow. */
export function exactSquare<V, B>(m: Arithmetic<V, B>, a: V): Double<V> {
  const high = m.mul(a, a);
  const x = split(m, a);
  const cross = m.mul(x.high, x.low);
  const inner = m.add(m.sub(m.mul(x.high, x.high), high), m.add(cross, cross));
  return { high, low: m.add(inner, m.mul(x.low, x.low)) };
}

/** a + b exactly where |a| ≥ |b| [Dekker 1971]. */
export function exactSumOrdered<V, B>(m: Arithmetic<V, B>, a: V, b: V): Double<V> {
  const high = m.add(a, b);
  return { high, low: m.sub(b, m.sub(high, a)) };
}
