import type { Arithmetic } from "./arithmetic.ts";
import { exp, expm1 } from "./exp.ts";
import { log, log1p } from "./log.ts";

/**
 * log(1 − eˣ) for x ≤ 0. Relative error below 3 units in the last place: from log(−expm1 x) above −ln 2, log1p(−exp x)
 * below [Mächler 2012]. −Infinity at 0, −0 where eˣ is less than the smallest normal number, NaN above 0 and for NaN.
 */
export function log1mExp<V, B>(m: Arithmetic<V, B>, x: V): V {
  const near = log(m, m.neg(expm1(m, x)));
  const far = log1p(m, m.neg(exp(m, x)));
  return m.select(m.less(x, m.constant(-Math.LN2)), far, near);
}
