import type { Arithmetic } from "./arithmetic.ts";
import { type Coefficients, horner } from "./polynomial.ts";

/** (eʳ − 1 − r)/r² for |r| ≤ ½ ln 2: own minimax fit (`fit.py exp32 exp64`), error 6.5e-8 and 1.1e-16. */
const TAIL: Coefficients = {
  float32: [0.5, 0.16666576266288757, 0.041666463017463684, 0.008363251574337482, 0.0013935328461229801],
  float64: [
    0.5, 0.16666666666666674, 0.04166666666662412, 0.008333333333322207, 0.0013888888917217457, 0.00019841269886591,
    2.4801521290973345e-5, 2.7557242336680357e-6, 2.7620090518499427e-7, 2.5110049895858716e-8,
  ],
};

/** (eˣ − 1 − x)/x² for |x| ≤ 1: own minimax fit (`fit.py expm1mx32 expm1mx64`), relative error 9.5e-8 and 4.8e-17. */
const WIDE_TAIL: Coefficients = {
  float32: [
    0.5, 0.16666695475578308, 0.04166658967733383, 0.008330954238772392, 0.0013889920664951205, 0.00020323751959949732,
    2.5038994863280095e-5,
  ],
  float64: [
    0.5, 0.16666666666666666, 0.041666666666666116, 0.008333333333333878, 0.0013888888888978507, 0.00019841269840858384,
    2.480158724733642e-5, 2.755731935184353e-6, 2.7557334829310526e-7, 2.5052090851498244e-8, 2.0874456914117217e-9,
    1.605983378954239e-10, 1.1638481825093151e-11, 7.679726682976305e-13,
  ],
};

/** (r coth ½r − 2)/r² in r² for |r| ≤ ½ ln 2: own minimax fit (`fit.py coth32 coth64`); r coth ½r has error 4.5e-9 and 1.9e-18. */
const COTH_TAIL: Coefficients = {
  float32: [0.16666625440120697, -0.0027667246758937836],
  float64: [
    0.16666666666666602, -0.0027777777777015203, 6.613756321382837e-5, -1.6533902168835862e-6, 4.1381357817143646e-8,
  ],
};

/** ln 2 in two parts, the first short enough that its product with any exponent is exact [fdlibm, e_exp.c; FreeBSD, e_expf.c]. */
const LN2 = {
  float32: { high: 0.693145751953125, low: 1.428606765330187e-6 },
  float64: { high: 6.9314718036912382e-1, low: 1.9082149292705877e-10 },
} as const;

/** Arguments between which eˣ is a normal number; above `highest` it overflows (a little later, by rounding). */
const RANGE = {
  float32: { lowest: -87.33654022216797, highest: 89, mostPower: 127, expm1Lowest: -25, tiny: 2 ** -26 },
  float64: { lowest: -708.3964185322641, highest: 710, mostPower: 1023, expm1Lowest: -50, tiny: 2 ** -54 },
} as const;

/** x + low = power·ln 2 + r with |r| ≤ ½ ln 2 (nearly), and `tail` = eʳ − 1, so e^(x + low) = (1 + tail)·2^power. */
interface Reduced<V> {
  readonly power: V;
  readonly tail: V;
}

/** The argument reduction of eˣ and the polynomial. x must lie within ±2000; `low` is a correction of x, |low| ≪ 1. */
export function reduceExp<V, B>(m: Arithmetic<V, B>, x: V, low?: V): Reduced<V> {
  const { high, low: ln2Low } = LN2[m.precision];
  const power = m.round(m.mul(x, m.constant(Math.LOG2E)));
  let r = m.sub(m.sub(x, m.mul(power, m.constant(high))), m.mul(power, m.constant(ln2Low)));
  if (low !== undefined) r = m.add(r, low);
  return { power, tail: tailOf(m, r) };
}

function tailOf<V, B>(m: Arithmetic<V, B>, r: V): V {
  return m.add(r, m.mul(m.mul(r, r), horner(m, r, TAIL)));
}

/** eˣ where its result is a normal number, a third shorter than `exp`; NaN for NaN, any value for other x. */
export function expBounded<V, B>(m: Arithmetic<V, B>, x: V): V {
  const { high, low } = LN2[m.precision];
  const { rounded, power } = m.roundAndPower(m.mul(x, m.constant(Math.LOG2E)));
  const r = m.sub(m.sub(x, m.mul(rounded, m.constant(high))), m.mul(rounded, m.constant(low)));
  return m.mul(m.add(m.constant(1), tailOf(m, r)), power);
}

/**
 * eˣ as a quotient over/(under·power), where it is a normal number; NaN for NaN. Where a division follows anyway it is a
 * third shorter than `expBounded`: e^r = (c + r)/(c − r) for c = r coth ½r, which a few even powers of r give [fdlibm, e_exp.c],
 * and power = e^(r − x), a power of two.
 */
export function expQuotient<V, B>(
  m: Arithmetic<V, B>,
  x: V,
): { readonly over: V; readonly under: V; readonly power: V } {
  const { high, low } = LN2[m.precision];
  const { rounded, power } = m.roundAndPower(m.mul(x, m.constant(-Math.LOG2E)));
  const r = m.add(m.add(x, m.mul(rounded, m.constant(high))), m.mul(rounded, m.constant(low)));
  const square = m.mul(r, r);
  const c = m.add(m.constant(2), m.mul(square, horner(m, square, COTH_TAIL)));
  return { over: m.add(c, r), under: m.sub(c, r), power };
}

/**
 * e^(x + low) for a correction |low| ≪ 1; `exp` with a more precise argument. Infinity from the overflow threshold,
 * 0 where the result would be less than the smallest normal number, NaN for NaN.
 */
export function expWithLow<V, B>(m: Arithmetic<V, B>, x: V, low: V | undefined): V {
  const { lowest, highest, mostPower } = RANGE[m.precision];
  const bounded = m.min(m.max(x, m.constant(lowest)), m.constant(highest));
  const { power, tail } = reduceExp(m, bounded, low);
  const within = m.min(power, m.constant(mostPower));
  const scaled = m.mul(m.add(m.constant(1), tail), m.powerOfTwo(within));
  const value = m.select(m.less(within, power), m.add(scaled, scaled), scaled);
  return m.zeroWhere(m.less(x, m.constant(lowest)), value);
}

/**
 * eˣ. Relative error below 1.1 units in the last place.
 * Infinity where it overflows, 0 where the result would be less than the smallest normal number, NaN for NaN.
 */
export function exp<V, B>(m: Arithmetic<V, B>, x: V): V {
  return expWithLow(m, x, undefined);
}

/**
 * eˣ for x ≤ 0 only, a few operations shorter than `exp`: 0 where x < lowest (a constant no less than the logarithm of
 * the smallest normal number). Arguments above 0 give any value.
 */
export function expNonPositive<V, B>(m: Arithmetic<V, B>, x: V, lowest: number): V {
  const bound = m.constant(lowest);
  return m.zeroWhere(m.less(x, bound), expBounded(m, m.max(x, bound)));
}

/**
 * eˣ − 1, accurate near 0. Relative error below 2 units in the last place.
 * −1 at −∞, Infinity where it overflows, NaN for NaN; keeps the sign of 0.
 */
export function expm1<V, B>(m: Arithmetic<V, B>, x: V): V {
  const { expm1Lowest, highest, mostPower, tiny } = RANGE[m.precision];
  const bounded = m.min(m.max(x, m.constant(expm1Lowest)), m.constant(highest));
  const { power, tail } = reduceExp(m, bounded);
  const within = m.min(power, m.constant(mostPower));
  const scale = m.powerOfTwo(within);
  const scaled = m.add(m.mul(tail, scale), m.sub(scale, m.constant(1)));
  const value = m.select(m.less(within, power), m.add(scaled, scaled), scaled);
  return m.select(m.less(m.abs(x), m.constant(tiny)), x, value);
}

/**
 * eˣ − 1 − x, accurate near 0, where it is x²/2. Relative error below 8 units in the last place.
 * Infinity at −∞ and where it overflows, NaN for NaN.
 */
export function expm1mx<V, B>(m: Arithmetic<V, B>, x: V): V {
  const near = m.mul(m.mul(x, x), horner(m, x, WIDE_TAIL));
  // Bounded, so that what is subtracted from an infinity is none.
  const far = m.sub(expm1(m, x), m.min(x, m.constant(RANGE[m.precision].highest)));
  return m.select(m.less(m.abs(x), m.constant(1)), near, far);
}

/** tanh x. Relative error below 3 units in the last place. ±1 at ±∞, NaN for NaN; keeps the sign of 0. */
export function tanh<V, B>(m: Arithmetic<V, B>, x: V): V {
  const { expm1Lowest, tiny } = RANGE[m.precision];
  const twice = m.mul(m.abs(x), m.constant(-2));
  const { power, tail } = reduceExp(m, m.max(twice, m.constant(expm1Lowest)));
  const scale = m.powerOfTwo(power);
  const e = m.add(m.mul(tail, scale), m.sub(scale, m.constant(1)));
  const ratio = m.div(e, m.add(e, m.constant(2)));
  const value = m.select(m.less(x, m.constant(0)), ratio, m.neg(ratio));
  return m.select(m.less(m.abs(x), m.constant(tiny)), x, value);
}
