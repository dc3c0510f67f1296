import type { Arithmetic } from "./arithmetic.ts";
import { type Double, exactProduct, exactSumOrdered } from "./double.ts";
import { expWithLow } from "./exp.ts";
import { atanhTail, binaryParts, LN2_PARTS } from "./log.ts";

const RANGE = {
  float32: { smallestNormal: 2 ** -126, lift: 25, largestPower: 2 ** 40 },
  float64: { smallestNormal: 2 ** -1022, lift: 54, largestPower: 2 ** 70 },
} as const;

/** log x of a positive finite x to about six bits more than the precision holds: log(1 + f) = 2s + s·tail(s²), s = f/(2 + f). */
function preciseLog<V, B>(m: Arithmetic<V, B>, x: V): Double<V> {
  const { smallestNormal, lift } = RANGE[m.precision];
  const subnormal = m.less(x, m.constant(smallestNormal));
  const { power, fraction } = binaryParts(m, m.select(subnormal, m.mul(x, m.constant(2 ** lift)), x));
  const k = m.sub(power, m.select(subnormal, m.constant(lift), m.constant(0)));
  const divisor = exactSumOrdered(m, m.constant(2), fraction);
  const s = m.div(fraction, divisor.high);
  const product = exactProduct(m, s, divisor.high);
  // what the quotient lost: (f − s·(2 + f))/(2 + f)
  const remainder = m.sub(m.sub(m.sub(fraction, product.high), product.low), m.mul(s, divisor.low));
  const lost = m.div(remainder, divisor.high);
  const ln2 = LN2_PARTS[m.precision];
  const tail = m.add(m.add(lost, lost), m.mul(s, atanhTail(m, m.mul(s, s))));
  // k·ln 2's first part is exact; where k = 0 the sum is too
  const main = exactSumOrdered(m, m.mul(k, m.constant(ln2.high)), m.add(s, s));
  const rest = m.add(main.low, m.add(tail, m.mul(k, m.constant(ln2.low))));
  return exactSumOrdered(m, main.high, rest);
}

/** |x|^y without edge cases other than what the exponential gives. */
function powOfPositive<V, B>(m: Arithmetic<V, B>, size: V, y: V): V {
  const bound = m.constant(RANGE[m.precision].largestPower);
  const bounded = m.max(m.min(y, bound), m.neg(bound));
  const logarithm = preciseLog(m, size);
  const product = exactProduct(m, bounded, logarithm.high);
  const low = m.add(product.low, m.mul(bounded, logarithm.low));
  // beyond the exponential's range the product's lower part may be large: there it decides nothing
  const within = m.less(m.abs(product.high), m.constant(1024));
  return expWithLow(m, product.high, m.select(within, low, m.constant(0)));
}

/**
 * x^y. Edges as IEEE 754 has them, except: pow(1, NaN) is NaN, (−∞)^y for a y that is no integer is NaN, and the sign of
 * a zero x is not regarded. A negative x takes integers y only, NaN otherwise; x^0 = 1 for every x.
 * Overflows to Infinity; 0 below the smallest normal number. Relative error in float64 below 1e-15 for results between
 * 1e-43 and 1e43, growing with |y log x| to 4e-15 at the ends of the range; in float32 below 4e-7 everywhere.
 */
export function pow<V, B>(m: Arithmetic<V, B>, x: V, y: V): V {
  const zero = m.constant(0);
  const infinity = m.constant(Infinity);
  const size = m.abs(x);
  const value = powOfPositive(m, size, y);
  const growing = m.select(m.less(zero, y), m.constant(1), zero);
  // 0^y and ∞^y: 0 or ∞ by the sign of y
  const atZero = m.select(m.less(zero, y), zero, infinity);
  const atInfinity = m.select(m.equal(growing, zero), zero, infinity);
  const ends = m.select(m.equal(size, zero), atZero, m.select(m.equal(size, infinity), atInfinity, value));
  const half = m.mul(y, m.constant(0.5));
  const odd = m.not(m.equal(m.floor(half), half));
  const integer = m.equal(m.floor(y), y);
  const ofNegative = m.select(integer, m.select(odd, m.neg(ends), ends), m.constant(Number.NaN));
  const signed = m.select(m.less(x, zero), ofNegative, ends);
  // NaN in either argument, and what has no value
  const defined = m.select(m.and(m.equal(x, x), m.equal(y, y)), signed, m.constant(Number.NaN));
  return m.select(m.equal(y, zero), m.constant(1), defined);
}
