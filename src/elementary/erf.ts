import type { Arithmetic } from "./arithmetic.ts";
import { type Double, exactSquare } from "./double.ts";
import { expWithLow } from "./exp.ts";
import { log1p, logOfNormal } from "./log.ts";
import { type Coefficients, horner } from "./polynomial.ts";

/**
 * (1 + 2x)·exp(x²)·erfc(x) for all x ≥ 0 as one polynomial in (x − 3.75)/(x + 3.75) [Shepherd & Laframboise 1981];
 * own minimax fit (`fit.py erfc32 erfc64`).
 */
const SCALED: Coefficients = {
  float32: [
    1.2375125885009766, -0.14024069905281067, 0.0035868354607373476, 0.08227922767400742, -0.10881723463535309,
    0.09228622168302536, -0.05864042416214943, 0.028419718146324158, -0.009850664995610714, 0.0016653831116855145,
    0.00039847465814091265, -0.00022026854276191443,
  ],
  float64: [
    1.2375126308378275, -0.14024059858554697, 0.003585415485464774, 0.08227673849014676, -0.10880393014176583,
    0.09230432116033632, -0.05869339858931077, 0.02836227741945817, -0.00974657956125124, 0.0017556258495033288,
    0.00029371368431967663, -0.0002901540665555182, 5.164903006196486e-5, 2.2384202175658018e-5, -1.1443980076477015e-5,
    -9.734958781222486e-7, 1.7513705524896166e-6, -5.729041763670484e-8, -2.5838536157652983e-7, 2.331457537952656e-8,
    3.8485234607212296e-8, -3.764787179578484e-9, -5.100754250815792e-9, 3.147461041050304e-10, 4.128153421250642e-10,
  ],
};

/** erf(x)/x in x² − ½ for |x| ≤ 1: own minimax fit (`fit.py erf32 erf64`). */
const CENTRE: Coefficients = {
  float32: [
    0.9654687643051147, -0.281072199344635, 0.0794091746211052, -0.018283294513821602, 0.0034867001231759787,
    -0.0005655876593664289, 6.398291588993743e-5,
  ],
  float64: [
    0.9654687386698673, -0.2810721780454342, 0.07940998675593687, -0.018283884489153128, 0.0034802744965701485,
    -0.0005611894221110007, 7.82964968839067e-5, -9.614808732482177e-6, 1.0536323835422578e-6, -1.0420351187851151e-7,
    9.432321093195739e-9, -7.801196917551076e-10,
  ],
};

/** erfc(x) is 0 in the precision beyond this; larger arguments are bounded to it before they are squared. */
const ZERO_FROM = { float32: 16, float64: 40 } as const;

/** exp(x²)·erfc(x) for x ≥ 0. */
function scaledComplement<V, B>(m: Arithmetic<V, B>, x: V): V {
  const bounded = m.min(x, m.constant(2 ** 60));
  const centre = m.constant(3.75);
  const t = m.div(m.sub(bounded, centre), m.add(bounded, centre));
  return m.div(horner(m, t, SCALED), m.add(m.add(bounded, bounded), m.constant(1)));
}

/** e^−square for the exact square of a bounded number. */
function expOfSquare<V, B>(m: Arithmetic<V, B>, square: Double<V>, factor: number): V {
  const by = m.constant(-factor);
  return expWithLow(m, m.mul(square.high, by), m.mul(square.low, by));
}

function bound<V, B>(m: Arithmetic<V, B>, size: V): V {
  return m.min(size, m.constant(ZERO_FROM[m.precision]));
}

/** erfc(size) for size ≥ 0. */
function complement<V, B>(m: Arithmetic<V, B>, size: V): V {
  return m.mul(expOfSquare(m, exactSquare(m, bound(m, size)), 1), scaledComplement(m, size));
}

/** erf(x) for |x| ≤ 1. */
function centre<V, B>(m: Arithmetic<V, B>, x: V): V {
  return m.mul(x, horner(m, m.sub(m.mul(x, x), m.constant(0.5)), CENTRE));
}

/** The error function. Relative error below 3 units in the last place. ±1 at ±∞, NaN for NaN; keeps the sign of 0. */
export function erf<V, B>(m: Arithmetic<V, B>, x: V): V {
  const size = m.abs(x);
  const outer = m.sub(m.constant(1), complement(m, size));
  const signed = m.select(m.less(x, m.constant(0)), m.neg(outer), outer);
  return m.select(m.less(size, m.constant(0.9)), centre(m, x), signed);
}

/**
 * 1 − erf(x), accurate in the upper tail. Relative error below 5 units in the last place.
 * 0 where it would be subnormal (beyond 26.5 in float64, 9.1 in float32, nearly), 2 at −∞, NaN for NaN.
 */
export function erfc<V, B>(m: Arithmetic<V, B>, x: V): V {
  const size = m.abs(x);
  const tail = complement(m, size);
  const outer = m.select(m.less(x, m.constant(0)), m.sub(m.constant(2), tail), tail);
  return m.select(m.less(size, m.constant(0.5)), m.sub(m.constant(1), centre(m, x)), outer);
}

/** Φ(−size) for size ≥ 0: ½·erfc(size/√2), with the exponent taken from size itself. */
function normalTail<V, B>(m: Arithmetic<V, B>, size: V): V {
  const scaled = scaledComplement(m, m.mul(size, m.constant(Math.SQRT1_2)));
  return m.mul(expOfSquare(m, exactSquare(m, bound(m, size)), 0.5), m.mul(scaled, m.constant(0.5)));
}

/** Φ(x) for |x| < 1. */
function normalCentre<V, B>(m: Arithmetic<V, B>, x: V): V {
  const half = m.constant(0.5);
  return m.add(half, m.mul(half, centre(m, m.mul(x, m.constant(Math.SQRT1_2)))));
}

/**
 * The standard normal distribution function Φ(x), accurate in the lower tail. Relative error below 5 units in the last place.
 * 0 where it would be subnormal (below −37.5 in float64, −13 in float32, nearly), 1 at ∞, NaN for NaN.
 */
export function normalCdf<V, B>(m: Arithmetic<V, B>, x: V): V {
  const half = m.constant(0.5);
  const size = m.abs(x);
  const tail = normalTail(m, size);
  const outer = m.select(m.less(x, m.constant(0)), tail, m.sub(m.constant(1), tail));
  return m.select(m.less(size, half), normalCentre(m, x), outer);
}

/**
 * log Φ(x), accurate in both tails. Relative error below 6 units in the last place.
 * −Infinity at −∞, 0 at ∞ and where Φ(−x) would be subnormal, NaN for NaN.
 */
export function normalLogCdf<V, B>(m: Arithmetic<V, B>, x: V): V {
  const half = m.constant(0.5);
  const size = m.abs(x);
  const upper = log1p(m, m.neg(normalTail(m, size)));
  // near 0 the logarithm of Φ itself; below, that of Φ·exp(x²/2)
  const near = m.less(size, half);
  const scaled = m.mul(scaledComplement(m, m.mul(size, m.constant(Math.SQRT1_2))), half);
  const logarithm = logOfNormal(m, m.select(near, normalCentre(m, x), scaled));
  const square = exactSquare(m, size);
  // far out the square's lower part is nothing, or not a number where the square overflows
  const squareLow = m.select(m.less(size, m.constant(2 ** 30)), square.low, m.constant(0));
  const lower = m.sub(m.sub(logarithm, m.mul(half, squareLow)), m.mul(half, square.high));
  return m.select(near, logarithm, m.select(m.less(m.constant(0), x), upper, lower));
}

/** √(2/π). */
const TWICE_DENSITY_AT_0 = 0.7978845608028654;

/**
 * φ(x)/Φ(x) of the standard normal distribution (the inverse Mills ratio), which is the slope of log Φ(x). Relative error below
 * 7 units in the last place. Infinity at −∞, 0 at ∞ and where φ(x) would be subnormal, NaN for NaN.
 */
export function inverseMills<V, B>(m: Arithmetic<V, B>, x: V): V {
  const half = m.constant(0.5);
  const size = m.abs(x);
  const e = expOfSquare(m, exactSquare(m, bound(m, size)), 0.5);
  const scaled = scaledComplement(m, m.mul(size, m.constant(Math.SQRT1_2)));
  const tail = m.mul(e, m.mul(scaled, half));
  const cdf = m.select(m.less(size, half), normalCentre(m, x), m.sub(m.constant(1), tail));
  // in the lower tail e is a factor of both
  const isLower = m.lessOrEqual(x, m.neg(half));
  const over = m.select(isLower, m.constant(TWICE_DENSITY_AT_0), m.mul(e, m.constant(TWICE_DENSITY_AT_0 / 2)));
  const ratio = m.div(over, m.select(isLower, scaled, cdf));
  // far down it is −x
  return m.select(m.less(x, m.constant(-(2 ** 40))), size, ratio);
}
