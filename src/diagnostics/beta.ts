/** The beta distribution: its distribution function and quantile function. */
import { normalQuantile } from "./normal.ts";

/** ln Γ(z + 1) minus Stirling's (z + ½) ln z − z + ½ ln 2π [Loader 2000]. */
function stirlingError(z: number): number {
  let error = 0;
  let at = z;
  for (; at < 15; at++) error += (at + 0.5) * Math.log1p(1 / at) - 1;
  const s = 1 / (at * at);
  return error + (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / at;
}

/** x ln(x / m) + m − x without cancellation near x = m [Loader 2000]. */
function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let term = 2 * x * v;
  for (let j = 3; ; j += 2) {
    term *= v * v;
    const next = sum + term / j;
    if (next === sum) return sum;
    sum = next;
  }
}

/** x^a (1 − x)^b / B(a, b). */
function betaKernel(x: number, a: number, b: number): number {
  const n = a + b;
  const exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * (1 - x));
  return Math.sqrt(((a / n) * b) / (2 * Math.PI)) * Math.exp(exponent);
}

/** The continued fraction of the incomplete beta function [DLMF 8.17.22], by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 2e-16) break;
  }
  return result;
}

/** The distribution function of Beta(a, b) at x in [0, 1]: the regularised incomplete beta function. */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0)) return Number.NaN;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const kernel = betaKernel(x, a, b);
  if (x <= (a + 1) / (a + b + 2)) return (kernel * betaFraction(x, a, b)) / a;
  return 1 - (kernel * betaFraction(1 - x, b, a)) / b;
}

/**
 * The x with betaCdf(x, a, b) = p: Newton's method kept inside a shrinking bracket. NaN unless a, b > 0 and p in [0, 1].
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(a > 0 && b > 0 && p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p;
  let low = 0;
  let high = 1;
  const mean = a / (a + b);
  let x = mean + normalQuantile(p) * Math.sqrt((mean * (1 - mean)) / (a + b + 1));
  if (!(x > 0 && x < 1)) x = mean;
  for (let turn = 0; turn < 200; turn++) {
    const error = betaCdf(x, a, b) - p;
    if (error === 0) return x;
    if (error < 0) low = x;
    else high = x;
    let next = x - (error * x * (1 - x)) / betaKernel(x, a, b);
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (Math.abs(next - x) <= 2e-16 * x || next === low || next === high) return next;
    x = next;
  }
  return x;
}
