import type { Arithmetic } from "./arithmetic.ts";
import { exactProduct, exactSquare, exactSumOrdered } from "./double.ts";
import { logOfNormal } from "./log.ts";
import { type Coefficients, horner } from "./polynomial.ts";

/**
 * erf⁻¹(u)/u as a function of w = −log(1 − u²), the variable of [Giles 2010]: in each piece value + t·slope(t), with t
 * the distance of w, or of √w, from the piece's centre. Own minimax fits (`fit.py erfinv32a erfinv64a …`).
 */
interface Piece {
  readonly centre: { readonly float32: number; readonly float64: number };
  readonly value: { readonly float32: number; readonly float64: number };
  readonly slope: Coefficients;
}

/** In w, for w < 5 (float32) or w < 6.25 (float64). */
const CENTRE: Piece = {
  centre: { float32: 2.5, float64: 3.125 },
  value: { float32: 1.5014094114303589, float64: 1.6536545626831027 },
  slope: {
    float32: [
      0.24664029479026794, -0.004177496302872896, -0.0012527616927400231, 0.00021840677072759718, -4.951485152560053e-6,
      -3.475877520031645e-6, 4.635757022697362e-7, 2.4162313039255423e-8, -8.60320081841337e-9,
    ],
    float64: [
      0.24015818242558834, -0.006033670871426948, -0.0007407025341546147, 0.00018673420802028723,
      -1.3882523394034942e-5, -1.3654691767921146e-6, 4.2347881691952634e-7, -2.9070390369235006e-8,
      -4.112660504835663e-9, 1.0512228467574174e-9, -5.414300414915211e-11, -1.2978608795524374e-11,
      2.6305190357323145e-12, -8.076720582909258e-14, -4.001864497710335e-14, 6.5291319290135335e-15,
      -3.956234473249755e-17, -1.2299388504715408e-16, 1.5522437136925258e-17, 6.645292550518541e-19,
      -3.478295855552592e-19, 1.7762691773646348e-20, 3.202665764291221e-21, -3.211776821430502e-22,
    ],
  },
};

/** In √w, to the end (float32) or for √w < 4 (float64). */
const SHOULDER: Piece = {
  centre: { float32: 3.125, float64: 3.25 },
  value: { float32: 2.958320140838623, float64: 3.0838856104922208 },
  slope: {
    float32: [
      1.003718614578247, 0.0070490422658622265, -0.005299534648656845, 0.003781100269407034, -0.0025281114503741264,
      0.001312602311372757, -0.0003105112991761416, -0.00017540232511237264, 0.00012173470167908818,
    ],
    float64: [
      1.0052589676941655, 0.005370914553555441, -0.0037512085082263154, 0.0024914420979325986, -0.0016882755353925197,
      0.000953289342141466, -0.0003550378146821208, 2.4031506296438314e-5, 6.82871250232912e-5, -4.7320636647376264e-5,
      1.2464990500831945e-5, 2.932399174856068e-6, -3.985594243765809e-6, 1.482049141610966e-6, -2.7812245909011516e-8,
      -2.461841613506476e-7, 1.3177176633217844e-7, -2.033784095919291e-8, -1.5378961606979183e-8, 7.474300334429253e-9,
    ],
  },
};

/** In √w, float64 only, up to u = 1 − 2⁻⁵³. */
const TAIL: Piece = {
  centre: { float32: 0, float64: 5 },
  value: { float32: 0, float64: 4.849906401408584 },
  slope: {
    float32: [],
    float64: [
      1.0103004648645448, -0.00013871931837976272, -0.0002150301197991981, 7.599527808480905e-5, -1.9681771196025263e-5,
      4.526052671665492e-6, -9.93025493961701e-7, 2.2905191282156053e-7, -6.757273479070607e-8, 2.9021907838866888e-8,
      -1.5213700124262318e-8, 7.814214987018943e-9, -3.5340343321919096e-9, 1.326005920900541e-9,
      -3.809208816533612e-10, 6.109731302721278e-11, 1.4821237436642492e-11, -1.639656851253353e-11,
      5.858948963114319e-12, -8.039752671514737e-13,
    ],
  },
};

/** A piece's value at its centre, and the distance from it at x + lost. */
interface Sum<V> {
  readonly value: V;
  readonly rest: V;
}

function evaluate<V, B>(m: Arithmetic<V, B>, piece: Piece, x: V, lost?: V): Sum<V> {
  let t = m.sub(x, m.constant(piece.centre[m.precision]));
  if (lost !== undefined) t = m.add(t, lost);
  return { value: m.constant(piece.value[m.precision]), rest: m.mul(t, horner(m, t, piece.slope)) };
}

function choose<V, B>(m: Arithmetic<V, B>, condition: B, a: Sum<V>, b: Sum<V>): Sum<V> {
  return { value: m.select(condition, a.value, b.value), rest: m.select(condition, a.rest, b.rest) };
}

function float32Ratio<V, B>(m: Arithmetic<V, B>, w: V): V {
  const centre = evaluate(m, CENTRE, w);
  const { value, rest } = choose(m, m.less(w, m.constant(5)), centre, evaluate(m, SHOULDER, m.sqrt(w)));
  return m.add(value, rest);
}

/** √w − root: what rounding took from the root, a third of the whole error unless it is put back. */
function lostByRoot<V, B>(m: Arithmetic<V, B>, w: V, root: V): V {
  const square = exactSquare(m, root);
  return m.div(m.sub(m.sub(w, square.high), square.low), m.add(root, root));
}

/** u·(value + rest) with a single rounding at the end. */
function float64Product<V, B>(m: Arithmetic<V, B>, u: V, w: V): V {
  const root = m.sqrt(w);
  const lost = lostByRoot(m, w, root);
  const shoulder = evaluate(m, SHOULDER, root, lost);
  const outer = choose(m, m.less(root, m.constant(4)), shoulder, evaluate(m, TAIL, root, lost));
  const { value, rest } = choose(m, m.less(w, m.constant(6.25)), evaluate(m, CENTRE, w), outer);
  const ratio = exactSumOrdered(m, value, rest);
  const product = exactProduct(m, u, ratio.high);
  const low = m.add(product.low, m.mul(u, ratio.low));
  return m.select(m.equal(low, m.constant(0)), product.high, m.add(product.high, low));
}

/**
 * The inverse error function. Error below 2 units in the last place in float64 and float32, next to ±1 too.
 * ±Infinity at ±1, NaN beyond and for NaN; keeps the sign of 0.
 */
export function erfinv<V, B>(m: Arithmetic<V, B>, u: V): V {
  const one = m.constant(1);
  const size = m.abs(u);
  // 1 − |u| is exact from ½ on, so w is as accurate as the logarithm
  const w = m.neg(logOfNormal(m, m.mul(m.sub(one, size), m.add(one, size))));
  const value = m.precision === "float32" ? m.mul(u, float32Ratio(m, w)) : float64Product(m, u, w);
  const end = m.select(m.equal(size, one), m.mul(u, m.constant(Infinity)), m.constant(Number.NaN));
  return m.select(m.less(size, one), value, end);
}
