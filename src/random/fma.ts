const float = new Float64Array(1);
const integer = new BigInt64Array(float.buffer);

/** a + b in two parts, exactly [Knuth 1969, §4.2.2]. */
function exactSum(a: number, b: number): readonly [number, number] {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
}

/** a·b in two parts, exactly, for products that neither overflow nor underflow [Dekker 1971]. */
function exactProduct(a: number, b: number): readonly [number, number] {
  const product = a * b;
  const splitter = 2 ** 27 + 1;
  const aHigh = a * splitter - (a * splitter - a);
  const bHigh = b * splitter - (b * splitter - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return [product, aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow];
}

/**
 * a + b rounded to odd: to the neighbour with an odd last digit where it is not exact. A second rounding to fewer digits
 * is then as good as one rounding of the exact sum [Boldo & Melquiond 2008].
 */
function sumToOdd(a: number, b: number): number {
  const [sum, rest] = exactSum(a, b);
  if (rest === 0) return sum;
  float[0] = sum;
  const bits = integer[0]!;
  if ((bits & 1n) === 0n) integer[0] = bits + (rest > 0 === sum > 0 ? 1n : -1n);
  return float[0]!;
}

/** a·b + c with one rounding, for finite arguments [Boldo & Melquiond 2008]. */
function fma64(a: number, b: number, c: number): number {
  const size = Math.max(Math.abs(b), Math.abs(c));
  const scale = size > 2 ** 500 ? 2 ** -600 : size < 2 ** -400 ? 2 ** 600 : 1;
  const [product, productRest] = exactProduct(a, b * scale);
  const [sum, sumRest] = exactSum(c * scale, productRest);
  const [high, highRest] = exactSum(product, sum);
  return (high + sumToOdd(sumRest, highRest)) / scale;
}

/**
 * f·width + low with one rounding: the fused multiply-add that XLA makes of JAX's uniform. Exact in both precisions for
 * 0 ≤ f < 1; float32 arguments must be binary32 numbers.
 */
export function fusedMultiplyAdd(f: number, width: number, low: number, precision: "float32" | "float64"): number {
  // a product of two binary32 numbers is exact in binary64
  return precision === "float32" ? Math.fround(sumToOdd(f * width, low)) : fma64(f, width, low);
}
