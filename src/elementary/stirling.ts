/** What Stirling's leading terms leave of log Γ, and its derivative: log densities with large shapes are made of these. */
import type { Arithmetic } from "./arithmetic.ts";
import { BETWEEN_1_AND_2, digammaBetween1And2, inverseSquare } from "./gamma.ts";
import { log } from "./log.ts";
import { type Coefficients, horner } from "./polynomial.ts";

/** x·stirlingRest(x) in 1/x² from 2 on: own minimax fit (`fit.py rest32 rest64`), error 1.3e-8 and 3.3e-17. */
const REST: Coefficients = {
  float32: [0.083333320915699, -0.0027763149701058865, 0.0007621062686666846, -0.00035144956200383604],
  float64: [
    0.0833333333333333, -0.0027777777777260215, 0.0007936507765372598, -0.0005952358442030543, 0.0008415935387161228,
    -0.0019107514403852667, 0.006212679097927001, -0.02536440097857065, 0.11084131100102101, -0.44746673863081377,
    1.4945499874850683, -3.794612872044927, 6.7252025333165095, -7.333412080447089, 3.681858076317663,
  ],
};

/** −x²·stirlingRestSlope(x) in 1/x² from 2 on: own minimax fit (`fit.py restSlope32 restSlope64`), error 7.4e-9 and 4.8e-16. */
const SLOPE: Coefficients = {
  float32: [
    0.0833333283662796, -0.008331877179443836, 0.003913006279617548, -0.0034043588675558567, 0.0024730206932872534,
  ],
  float64: [
    0.08333333333333287, -0.00833333333240046, 0.003968253658155883, -0.004166625633655902, 0.007572869564058708,
    -0.020967258345553793, 0.07962693060363209, -0.36332674543502286, 1.7052334069778317, -7.189335675362982,
    24.6593307707758, -63.68119139455066, 114.15833194130309, -125.49063872117337, 63.380452661855074,
  ],
};

/** From here on the polynomials in 1/x² hold. */
const LARGE = 2;

/**
 * log Γ(x) − (x − ½) log x + x − ½ log 2π for x > 0 [Binet's function, DLMF 5.11.1], which goes to 1/(12x).
 * Absolute error below 3 units of the distance from 1 to the next number, relative where it is greater than 1.
 * Infinity at 0, 0 at ∞; NaN below 0 and for NaN.
 */
export function stirlingRest<V, B>(m: Arithmetic<V, B>, x: V): V {
  const one = m.constant(1);
  const half = m.constant(0.5);
  const below1 = m.less(x, one);
  // log Γ(x) = y(y − 1)·T(y − ½), less log x below 1
  const y = m.select(below1, x, m.sub(x, one));
  const polynomial = m.mul(m.mul(y, m.sub(y, one)), horner(m, m.sub(y, half), BETWEEN_1_AND_2));
  const factor = m.select(below1, m.add(x, half), m.sub(x, half));
  const rest = m.sub(m.sub(x, m.constant(0.9189385332046727)), m.mul(factor, log(m, x)));
  const large = m.div(horner(m, inverseSquare(m, x), REST), x);
  return m.select(m.less(x, m.constant(LARGE)), m.add(polynomial, rest), large);
}

/**
 * The derivative of `stirlingRest`: digamma(x) − log x + 1/(2x) for x > 0, which goes to −1/(12x²).
 * Absolute error below 4 units of the distance from 1 to the next number, relative where it is greater than 1.
 * −Infinity at 0, 0 at ∞; NaN below 0 and for NaN.
 */
export function stirlingRestSlope<V, B>(m: Arithmetic<V, B>, x: V): V {
  const one = m.constant(1);
  const below1 = m.less(x, one);
  const digamma = digammaBetween1And2(m, m.select(below1, m.add(x, one), x));
  // below 1, digamma(x) = digamma(x + 1) − 1/x
  const inverse = m.div(m.select(below1, m.constant(-0.5), m.constant(0.5)), x);
  const small = m.add(m.sub(digamma, log(m, x)), inverse);
  const reciprocal = m.div(one, x);
  const large = m.mul(m.neg(reciprocal), m.mul(reciprocal, horner(m, inverseSquare(m, x), SLOPE)));
  const value = m.select(m.less(x, m.constant(LARGE)), small, large);
  return m.select(m.equal(x, m.constant(0)), m.constant(-Infinity), value);
}
