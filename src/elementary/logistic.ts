import type { Arithmetic } from "./arithmetic.ts";
import { expNonPositive, expQuotient } from "./exp.ts";
import { log1pOfUnit } from "./log.ts";

/**
 * Where the exponential becomes 0. SIMD code must not meet subnormal numbers (each costs a hundred
 * cycles), and weights that are products of a sigmoid with something small would become subnormal long before it does.
 */
const RANGE = {
  // log 1e-30, and 2⁻¹²⁵, so that half of the exponential is still normal
  float32: { sigmoid: -69.07755279541016, softplus: -86.64339447021484 },
  // log 1e-290, and 2⁻¹⁰²¹
  float64: { sigmoid: -667.7496770482571, softplus: -707.7032713517043 },
} as const;

function negativeAbs<V, B>(m: Arithmetic<V, B>, x: V): V {
  return m.neg(m.abs(x));
}

/**
 * 1/(1 + e^−x). Relative error below 3 units in the last place. Results below 1e-30 (float32) or 1e-290 (float64) are 0.
 * 0 at −∞, 1 at ∞, NaN for NaN.
 */
export function sigmoid<V, B>(m: Arithmetic<V, B>, x: V): V {
  const range = RANGE[m.precision];
  // Between these bounds e^−x neither overflows nor is subnormal, so one formula serves both signs.
  const bounded = m.min(m.max(x, m.constant(range.sigmoid)), m.constant(-range.softplus));
  const { over, under, power } = expQuotient(m, bounded);
  const value = m.div(over, m.add(over, m.mul(under, power)));
  return m.zeroWhere(m.less(x, m.constant(range.sigmoid)), value);
}

/**
 * log(1 + eˣ). Relative error below 3 units in the last place in both tails; 0 below x = −86.64 (float32) or −707.7 (float64).
 * 0 at −∞, Infinity at ∞, NaN for NaN.
 */
export function softplus<V, B>(m: Arithmetic<V, B>, x: V): V {
  const e = expNonPositive(m, negativeAbs(m, x), RANGE[m.precision].softplus);
  return m.add(m.max(x, m.constant(0)), log1pOfUnit(m, e));
}

/** log of `sigmoid`, −softplus(−x): min(x, 0) − log(1 + e^−|x|). Errors and edges as `softplus`, mirrored. */
export function logSigmoid<V, B>(m: Arithmetic<V, B>, x: V): V {
  const e = expNonPositive(m, negativeAbs(m, x), RANGE[m.precision].softplus);
  return m.sub(m.min(x, m.constant(0)), log1pOfUnit(m, e));
}
