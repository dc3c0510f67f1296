/** A complex Fourier transform in place, for autocovariances. */

/** Tables for one size, kept between calls. */
export interface FourierPlan {
  /** A power of two. */
  readonly size: number;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  /** Where the transform leaves frequency k. */
  readonly place: Uint32Array;
}

const plans = new Map<number, FourierPlan>();

function makePlan(size: number): FourierPlan {
  const cos = new Float64Array(size);
  const sin = new Float64Array(size);
  const place = new Uint32Array(size);
  for (let k = 0; k < size; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / size);
    sin[k] = Math.sin((2 * Math.PI * k) / size);
    place[k] = (place[k >>> 1]! >>> 1) | (k & 1 ? size >>> 1 : 0);
  }
  return { size, cos, sin, place };
}

/** The plan of the smallest power of two that is at least `length`. */
export function planFor(length: number): FourierPlan {
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, length)));
  let plan = plans.get(size);
  if (!plan) {
    plan = makePlan(size);
    plans.set(size, plan);
  }
  return plan;
}

/**
 * One radix-4 stage on blocks of `length`: two radix-2 stages in one sweep, which keeps the bit-reversed order.
 */
function stage4(plan: FourierPlan, re: Float64Array, im: Float64Array, length: number): void {
  const { size, cos, sin } = plan;
  const quarter = length >>> 2;
  const stride = size / length;
  for (let j = 0, k = 0; j < quarter; j++, k += stride) {
    const c1 = cos[k]!;
    const s1 = sin[k]!;
    const c2 = cos[2 * k]!;
    const s2 = sin[2 * k]!;
    const c3 = cos[3 * k]!;
    const s3 = sin[3 * k]!;
    for (let i0 = j; i0 < size; i0 += length) {
      const i1 = i0 + quarter;
      const i2 = i1 + quarter;
      const i3 = i2 + quarter;
      const sumRe = re[i0]! + re[i2]!;
      const sumIm = im[i0]! + im[i2]!;
      const oddRe = re[i1]! + re[i3]!;
      const oddIm = im[i1]! + im[i3]!;
      const aRe = re[i0]! - re[i2]!;
      const aIm = im[i0]! - im[i2]!;
      const bRe = re[i1]! - re[i3]!;
      const bIm = im[i1]! - im[i3]!;
      re[i0] = sumRe + oddRe;
      im[i0] = sumIm + oddIm;
      const y1Re = sumRe - oddRe;
      const y1Im = sumIm - oddIm;
      re[i1] = y1Re * c2 + y1Im * s2;
      im[i1] = y1Im * c2 - y1Re * s2;
      const y2Re = aRe + bIm;
      const y2Im = aIm - bRe;
      re[i2] = y2Re * c1 + y2Im * s1;
      im[i2] = y2Im * c1 - y2Re * s1;
      const y3Re = aRe - bIm;
      const y3Im = aIm + bRe;
      re[i3] = y3Re * c3 + y3Im * s3;
      im[i3] = y3Im * c3 - y3Re * s3;
    }
  }
}

/** Replaces (re, im) by Σ x_t e^{−2πi k t / size}; frequency k lands at `plan.place[k]` (bit-reversed order). */
export function fourier(plan: FourierPlan, re: Float64Array, im: Float64Array): void {
  const { size } = plan;
  let length = size;
  for (; length >= 4; length >>>= 2) stage4(plan, re, im, length);
  if (length !== 2) return;
  for (let i = 0; i < size; i += 2) {
    const aRe = re[i]!;
    const aIm = im[i]!;
    re[i] = aRe + re[i + 1]!;
    im[i] = aIm + im[i + 1]!;
    re[i + 1] = aRe - re[i + 1]!;
    im[i + 1] = aIm - im[i + 1]!;
  }
}
