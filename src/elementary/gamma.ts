import type { Arithmetic } from "./arithmetic.ts";
import { log } from "./log.ts";
import { type Coefficients, horner } from "./polynomial.ts";

// All polynomials here are own minimax fits: `fit.py lgammaT64 lgammaS64 stirling64 digamma64 …`.

/** lgamma(1 + y) = y(y − 1)·T(y − ½) on 0 ≤ y ≤ 1: exact zeros at both ends. */
export const BETWEEN_1_AND_2: Coefficients = {
  float32: [
    0.48312896490097046, -0.14595991373062134, 0.06291037797927856, -0.03130747005343437, 0.016817856580018997,
    -0.009443425573408604, 0.005273850634694099, -0.0030806169379502535, 0.0025395560078322887, -0.001587203238159418,
  ],
  float64: [
    0.4831289505409809, -0.14595989591430594, 0.06291140107456389, -0.03130848750105415, 0.016797098631340598,
    -0.009425622444767398, 0.005446457835724206, -0.0032120742226046817, 0.0019229164012455802, -0.001164411342511983,
    0.0007115177464945242, -0.0004380355155041584, 0.0002713257486445987, -0.0001685696105852988, 0.0001052875481065808,
    -6.794533143795706e-5, 4.325745422461993e-5, -2.1471674585462318e-5, 1.2753485138060766e-5, -1.8541320651448445e-5,
    1.2486050555950573e-5,
  ],
};

/** lgamma(2 + y) = y·S(y − ½) on 0 ≤ y ≤ 1. */
const BETWEEN_2_AND_3: Coefficients = {
  float32: [
    0.5693657398223877, 0.2675817906856537, -0.04480592533946037, 0.010877280496060848, -0.0030926638282835484,
    0.0009583494393154979, -0.00033328705467283726, 0.0001176353616756387,
  ],
  float64: [
    0.5693657409458384, 0.2675817993988097, -0.044805842697388076, 0.010877001514200584, -0.0030951822933252527,
    0.0009610979284231007, -0.00031505925970115226, 0.00010710021255851426, -3.7353222495222075e-5,
    1.3275687113994189e-5, -4.787633546167616e-6, 1.7457670325858664e-6, -6.362159629155459e-7, 2.3503704613504296e-7,
    -1.023098395560408e-7, 3.907847846022616e-8,
  ],
};

/** lgamma(x) = (x − ½)(log x − 1) + ½(log 2π − 1) + W(1/x²)/x from 8 on (Stirling's series, economised). */
const STIRLING: Coefficients = {
  float32: [0.08333330601453781, -0.002765219658613205],
  float64: [
    0.0833333333333333, -0.0027777777776099807, 0.0007936506668548976, -0.0005952029357786135, 0.0008373083079899844,
    -0.0016532356571823212,
  ],
};

/** digamma(y) = (y − root)·H(y − 3/2)/y on 1 ≤ y ≤ 2. */
const DIGAMMA: Coefficients = {
  float32: [
    1.4265837669372559, 0.3156147301197052, -0.06281255185604095, 0.017935676500201225, -0.0059252153150737286,
    0.0020987028256058693, -0.0008118130499497056, 0.00032778384047560394,
  ],
  float64: [
    1.4265838140477494, 0.315614744109642, -0.06281369492027966, 0.01793509965993638, -0.005921836374589832,
    0.0021055245439244815, -0.000780882362553567, 0.0002971387137440788, -0.00011492421527311722, 4.492496651671242e-5,
    -1.7687075336653445e-5, 7.000860343256468e-6, -2.7795142404111593e-6, 1.0900237487031613e-6, -4.3261277413560305e-7,
    2.0863920845160237e-7, -8.502246980842031e-8,
  ],
};

/** digamma(x) = log x − 1/(2x) − P(1/x²)/x² from 8 on. */
const DIGAMMA_TAIL: Coefficients = {
  float32: [0.08333321660757065, -0.008272445760667324],
  float64: [
    0.08333333333333333, -0.008333333333280428, 0.0039682539132853195, -0.004166645185441796, 0.007571734231164641,
    -0.02070051982988589, 0.06367543678558381,
  ],
};

/** trigamma(x) = 1/x + 1/(2x²) + Q(1/x²)/x³ from 8 on. */
const TRIGAMMA_TAIL: Coefficients = {
  float32: [0.1666659563779831, -0.032968610525131226],
  float64: [
    0.16666666666666666, -0.03333333333330608, 0.023809523772258395, -0.03333331387283936, 0.07575255811633219,
    -0.2524035875790756, 1.109775755851843, -4.5829329995780475,
  ],
};

/** From here on the asymptotic series hold. */
const LARGE = 8;

/** The positive zero of digamma in two parts. */
const ROOT = {
  float32: { high: 1.4616321325302124, low: 1.243815006546356e-8 },
  float64: { high: 1.4616321449683622, low: 9.549995429965697e-17 },
} as const;

/** Beyond this the correction terms in 1/x² are below the precision; the bound keeps 1/x² from being subnormal. */
const NO_CORRECTION = { float32: 2 ** 20, float64: 2 ** 60 } as const;

/** 1/x². */
export function inverseSquare<V, B>(m: Arithmetic<V, B>, x: V): V {
  const inverse = m.div(m.constant(1), m.min(x, m.constant(NO_CORRECTION[m.precision])));
  return m.mul(inverse, inverse);
}

/** For 3 ≤ x < 8: x − n in [2, 3), and the product (x − 1)(x − 2)…(x − n), with lgamma(x) = lgamma(x − n) + log product. */
function stepDown<V, B>(m: Arithmetic<V, B>, x: V): { readonly rest: V; readonly product: V } {
  let rest = x;
  let product = m.constant(1);
  for (let step = 0; step < LARGE - 3; step++) {
    const above = m.lessOrEqual(m.constant(3), rest);
    const lower = m.sub(rest, m.constant(1));
    rest = m.select(above, lower, rest);
    product = m.select(above, m.mul(product, lower), product);
  }
  return { rest, product };
}

/**
 * log Γ(x) for x > 0. Relative error below 4 units in the last place, next to the zeros at 1 and 2 too.
 * Infinity at 0, ∞ and where it overflows; NaN below 0 (no reflection) and for NaN.
 */
export function lgamma<V, B>(m: Arithmetic<V, B>, x: V): V {
  const one = m.constant(1);
  const half = m.constant(0.5);
  const below1 = m.less(x, one);
  const below2 = m.less(x, m.constant(2));
  const below8 = m.less(x, m.constant(LARGE));
  const { rest, product } = stepDown(m, x);
  const logarithm = log(m, m.select(m.and(below8, m.not(below1)), product, x));

  const y = m.select(below1, x, m.sub(x, one));
  const lower = m.mul(m.mul(y, m.sub(y, one)), horner(m, m.sub(y, half), BETWEEN_1_AND_2));
  const above2 = m.sub(rest, m.constant(2));
  const middle = m.mul(above2, horner(m, m.sub(above2, half), BETWEEN_2_AND_3));
  const signed = m.select(below1, m.neg(logarithm), logarithm);
  const small = m.add(m.select(below2, lower, middle), signed);

  const main = m.mul(m.sub(x, half), m.sub(logarithm, one));
  const correction = m.div(horner(m, inverseSquare(m, x), STIRLING), x);
  const large = m.add(main, m.add(m.constant(0.4189385332046727), correction));
  return m.select(below8, small, large);
}

/** digamma(y) for 1 ≤ y ≤ 2. */
export function digammaBetween1And2<V, B>(m: Arithmetic<V, B>, y: V): V {
  const root = ROOT[m.precision];
  const distance = m.sub(m.sub(y, m.constant(root.high)), m.constant(root.low));
  return m.div(m.mul(distance, horner(m, m.sub(y, m.constant(1.5)), DIGAMMA)), y);
}

/** For x < 8: y in [1, 2) and q with digamma(x) = digamma(y) + q. */
function digammaShift<V, B>(m: Arithmetic<V, B>, x: V): { readonly y: V; readonly sum: V } {
  const one = m.constant(1);
  const below1 = m.less(x, one);
  let y = m.select(below1, m.add(x, one), x);
  // the sum of 1/(x − 1) + 1/(x − 2) + … as one fraction
  let numerator = m.select(below1, m.constant(-1), m.constant(0));
  let denominator = m.select(below1, x, one);
  for (let step = 0; step < LARGE - 2; step++) {
    const above = m.and(m.lessOrEqual(m.constant(2), y), m.not(below1));
    const lower = m.sub(y, one);
    numerator = m.select(above, m.add(m.mul(numerator, lower), denominator), numerator);
    denominator = m.select(above, m.mul(denominator, lower), denominator);
    y = m.select(above, lower, y);
  }
  return { y, sum: m.div(numerator, denominator) };
}

/**
 * The derivative of log Γ for x > 0. Relative error below 6 units in the last place, next to the zero at 1.4616 too.
 * −Infinity at 0, Infinity at ∞; NaN below 0 (no reflection) and for NaN.
 */
export function digamma<V, B>(m: Arithmetic<V, B>, x: V): V {
  const zero = m.constant(0);
  const { y, sum } = digammaShift(m, x);
  const near = digammaBetween1And2(m, y);
  const t = inverseSquare(m, x);
  const half = m.div(m.constant(0.5), x);
  const large = m.sub(log(m, x), m.add(half, m.mul(t, horner(m, t, DIGAMMA_TAIL))));
  const value = m.select(m.less(x, m.constant(LARGE)), m.add(near, sum), large);
  const notPositive = m.select(m.equal(x, zero), m.constant(-Infinity), m.constant(Number.NaN));
  return m.select(m.less(zero, x), value, notPositive);
}

/**
 * The derivative of digamma for x > 0. Relative error below 4 units in the last place.
 * Infinity at 0 and where it overflows, 0 at ∞; NaN below 0 (no reflection) and for NaN.
 */
export function trigamma<V, B>(m: Arithmetic<V, B>, x: V): V {
  const zero = m.constant(0);
  const one = m.constant(1);
  let z = x;
  const terms: V[] = [];
  for (let step = 0; step < LARGE; step++) {
    const below = m.less(z, m.constant(LARGE));
    const inverse = m.div(one, z);
    terms.push(m.select(below, m.mul(inverse, inverse), zero));
    z = m.select(below, m.add(z, one), z);
  }
  const inverse = m.div(one, z);
  const inner = m.mul(inverse, horner(m, inverseSquare(m, z), TRIGAMMA_TAIL));
  let value = m.mul(inverse, m.add(one, m.mul(inverse, m.add(m.constant(0.5), inner))));
  // from the smallest term up
  for (let step = LARGE - 1; step >= 0; step--) value = m.add(value, terms[step]!);
  const notPositive = m.select(m.equal(x, zero), m.constant(Infinity), m.constant(Number.NaN));
  return m.select(m.less(zero, x), value, notPositive);
}
