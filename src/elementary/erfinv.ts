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
  centre: { float32: 2.5, float64: 1.5000972747802734 },
  value: { float32: 1.5014094114303589, float64: 1.2520881945436242 },
  slope: {
    float32: [
      0.24664029479026794, -0.004177496302872896, -0.0012527616927400231, 0.00021840677072759718, -4.951485152560053e-6,
      -3.475877520031645e-6, 4.635757022697362e-7, 2.4162313039255423e-8, -8.60320081841337e-9,
    ],
    float64: [
      0.2503626164408965, 0.000879154130530764, -0.0020922587972091104, 0.0001776806411291348, 2.3285032113467228e-5,
      -5.37281824901982e-6, -6.498386162077334e-8, 1.1769724718407698e-7, -7.234255570868078e-9, -2.0194243782500507e-9,
      3.0274361202404513e-10, 2.2780082489582093e-11, -8.321378374048306e-12, 8.273584037458745e-14,
      1.8079102526706318e-13, -1.454097990715858e-14, -3.219768360731021e-15, 6.052528159792945e-16,
      3.604739523846557e-17, -2.475841502704196e-17, 3.945499260000493e-18, -3.3598006157226947e-19,
      1.572784554814716e-20, -3.211776821430502e-22,
    ],
  },
};

/** In √w, to the end (float32) or for √w < 4 (float64). */
const SHOULDER: Piece = {
  centre: { float32: 3.125, float64: 3.2500762939453125 },
  value: { float32: 2.958320140838623, float64: 3.083962305696188 },
  slope: {
    float32: [
      1.003718614578247, 0.0070490422658622265, -0.005299534648656845, 0.003781100269407034, -0.0025281114503741264,
      0.001312602311372757, -0.0003105112991761416, -0.00017540232511237264, 0.00012173470167908818,
    ],
    float64: [
      1.0052597871651876, 0.005370056057070207, -0.003750448278699743, 0.002490798155153346, -0.0016878391975607375,
      0.0009530997354113822, -0.0003550231327078234, 2.407838295008433e-5, 6.825102623350099e-5, -4.731017448500148e-5,
      1.2467673383160362e-5, 2.9284469626560877e-6, -3.984011261559076e-6, 1.48201714110358e-6, -2.8112659377752156e-8,
      -2.460132718747993e-7, 1.3174382125423107e-7, -2.0360125804483973e-8, -1.5367556729759902e-8,
      7.474300334429253e-9,
    ],
  },
};

/** In √w, float64 only, up to u = 1 − 2⁻⁵³. */
const TAIL: Piece = {
  centre: { float32: 0, float64: 5.000253677368164 },
  value: { float32: 0, float64: 4.850162691762636 },
  slope: {
    float32: [],
    float64: [
      1.0103003944431337, -0.00013888293386479984, -0.00021495301933475354, 7.597031835386148e-5,
      -1.9674883596309752e-5, 4.524289723594897e-6, -9.925607974571882e-7, 2.2889775009146162e-7, -6.749921383642387e-8,
      2.897937568860398e-8, -1.5189808718549465e-8, 7.802835443410602e-9, -3.5295159007404147e-9, 1.3241671393507537e-9,
      -3.8050046783866686e-10, 6.150169524518384e-11, 1.466057743182598e-11, -1.6531964709312105e-11,
      5.872814329595912e-12, -7.707713000830057e-13,
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
