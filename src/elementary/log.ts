import type { Arithmetic } from "./arithmetic.ts";
import { type Coefficients, horner } from "./polynomial.ts";

/**
 * (log((1 + s)/(1 − s))/s − 2)/s² as a polynomial in s², |s| ≤ 3 − 2√2: own minimax fit (`fit.py log32 log64`),
 * error 2e-7 and 3.2e-16. The scheme is that of fdlibm, e_log.c.
 */
const ATANH: Coefficients = {
  float32: [0.6666668653488159, 0.3998854458332062, 0.29586827754974365],
  float64: [
    0.666666666666667, 0.3999999999989845, 0.28571428626398054, 0.22222211072908105, 0.18182893217468218,
    0.15331596954633323, 0.1461787296974592,
  ],
};

/** The same for |s| ≤ ⅓ (`fit.py log1pmx32 log1pmx64`), error 2e-8 and 1.4e-16. */
const WIDE_ATANH: Coefficients = {
  float32: [0.6666666865348816, 0.3999954164028168, 0.2859780490398407, 0.2164023369550705, 0.2349267601966858],
  float64: [
    0.6666666666666666, 0.4000000000001525, 0.28571428566948315, 0.2222222273229158, 0.1818178874685969,
    0.15385588012400442, 0.13313869770354084, 0.12003518167783911, 0.08788989987760479, 0.16187561953856874,
  ],
};

/** ln 2 in two parts, the first exact in products with exponents [fdlibm, e_log.c; FreeBSD, e_logf.c]. */
export const LN2_PARTS = {
  float32: { high: 0.693138122558594, low: 9.05800061445916e-6 },
  float64: { high: 6.9314718036912382e-1, low: 1.9082149292705877e-10 },
} as const;

const RANGE = {
  float32: { smallestNormal: 2 ** -126, lift: 25, tiny: 2 ** -26, square: 2 ** -30 },
  float64: { smallestNormal: 2 ** -1022, lift: 54, tiny: 2 ** -54, square: 2 ** -60 },
} as const;

/** x = (1 + fraction)·2^power with √½ ≤ 1 + fraction < √2, exactly. */
export interface Binary<V> {
  readonly power: V;
  readonly fraction: V;
}

/** The binary parts of a positive normal x; any value otherwise. */
export function binaryParts<V, B>(m: Arithmetic<V, B>, x: V): Binary<V> {
  const significand = m.significand(x);
  const large = m.less(m.constant(Math.SQRT2), significand);
  const power = m.add(m.exponent(x), m.select(large, m.constant(1), m.constant(0)));
  const near1 = m.select(large, m.mul(significand, m.constant(0.5)), significand);
  return { power, fraction: m.sub(near1, m.constant(1)) };
}

/** The polynomial part: (log((1 + s)/(1 − s)) − 2s)/s for z = s². */
export function atanhTail<V, B>(m: Arithmetic<V, B>, z: V): V {
  return m.mul(z, horner(m, z, ATANH));
}

/** log((1 + f)·2^k) + low. */
function logOfParts<V, B>(m: Arithmetic<V, B>, { power, fraction }: Binary<V>, low?: V): V {
  const ln2 = LN2_PARTS[m.precision];
  const s = m.div(fraction, m.add(fraction, m.constant(2)));
  const halfSquare = m.mul(m.mul(fraction, fraction), m.constant(0.5));
  const tail = atanhTail(m, m.mul(s, s));
  const powerLow = m.mul(power, m.constant(ln2.low));
  const small = m.add(m.mul(s, m.add(halfSquare, tail)), low === undefined ? powerLow : m.add(powerLow, low));
  return m.sub(m.mul(power, m.constant(ln2.high)), m.sub(m.sub(halfSquare, small), fraction));
}

/** log x of a positive normal finite x; any value otherwise. Shorter than `log`; relative error below 1 unit in the last place. */
export function logOfNormal<V, B>(m: Arithmetic<V, B>, x: V): V {
  return logOfParts(m, binaryParts(m, x));
}

/** What every logarithm does with u ≤ 0, ∞ and NaN: −Infinity at ±0, NaN below, Infinity at ∞; `value` elsewhere. */
function withEdges<V, B>(m: Arithmetic<V, B>, u: V, value: V): V {
  const zero = m.constant(0);
  const finite = m.select(m.less(u, m.constant(Infinity)), value, u);
  const notPositive = m.select(m.equal(u, zero), m.constant(-Infinity), m.constant(Number.NaN));
  return m.select(m.less(zero, u), finite, notPositive);
}

/**
 * The natural logarithm, subnormal x included. Relative error below 1 unit in the last place.
 * −Infinity at ±0, NaN below 0, Infinity at ∞, NaN for NaN.
 */
export function log<V, B>(m: Arithmetic<V, B>, x: V): V {
  const { smallestNormal, lift } = RANGE[m.precision];
  const subnormal = m.less(x, m.constant(smallestNormal));
  const { power, fraction } = binaryParts(m, m.select(subnormal, m.mul(x, m.constant(2 ** lift)), x));
  const lifted = m.sub(power, m.select(subnormal, m.constant(lift), m.constant(0)));
  return withEdges(m, x, logOfParts(m, { power: lifted, fraction }));
}

/**
 * log(1 + x), accurate near 0. Relative error below 2 units in the last place.
 * −Infinity at −1, NaN below, Infinity at ∞, NaN for NaN; keeps the sign of 0.
 */
export function log1p<V, B>(m: Arithmetic<V, B>, x: V): V {
  const one = m.constant(1);
  const u = m.add(one, x);
  // what the sum lost, relative to it
  const low = m.div(m.sub(x, m.sub(u, one)), u);
  const value = withEdges(m, u, logOfParts(m, binaryParts(m, u), low));
  return m.select(m.less(m.abs(x), m.constant(RANGE[m.precision].tiny)), x, value);
}

/**
 * log(1 + x) − x, accurate near 0, where it is −x²/2. Relative error below 10 units in the last place.
 * −Infinity at −1 and ∞, NaN below −1 and for NaN.
 */
export function log1pmx<V, B>(m: Arithmetic<V, B>, x: V): V {
  const s = m.div(x, m.add(x, m.constant(2)));
  const square = m.mul(s, s);
  // log(1 + x) is 2s + s·tail, and 2s − x = −s·x
  const near = m.mul(s, m.sub(m.mul(square, horner(m, square, WIDE_ATANH)), x));
  // Bounded, so that what is subtracted from an infinity is none.
  const far = m.sub(log1p(m, m.min(x, m.constant(2 ** 100))), x);
  const isNear = m.and(m.less(m.constant(-0.5), x), m.less(x, m.constant(1)));
  return m.select(isNear, near, far);
}

/**
 * log(1 + x) for 0 ≤ x ≤ 1 only, short; any value otherwise. Relative error below 2 units in the last place.
 * No intermediate result is subnormal unless x is nearly so.
 */
export function log1pOfUnit<V, B>(m: Arithmetic<V, B>, x: V): V {
  const large = m.less(m.constant(Math.SQRT2 - 1), x);
  // (1 + x)/2 − 1, exact
  const halved = m.mul(m.sub(x, m.constant(1)), m.constant(0.5));
  const f = m.select(large, halved, x);
  const two = m.constant(2);
  const s = m.div(f, m.add(f, two));
  const bounded = m.max(m.abs(s), m.constant(RANGE[m.precision].square));
  const value = m.mul(s, m.add(two, atanhTail(m, m.mul(bounded, bounded))));
  return m.add(value, m.select(large, m.constant(Math.LN2), m.constant(0)));
}
