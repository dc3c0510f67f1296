/** The autocovariance of centred chains, averaged over them: all that effective sample sizes need. */
import type { Chains } from "./draws.ts";
import { type FourierPlan, fourier, planFor } from "./fft.ts";

let re = new Float64Array(0);
let im = new Float64Array(0);

/** Puts chain number `chain` at the front of `target` and zeros behind it; zeros alone when there is no such chain. */
function load({ chains, draws, values }: Chains, chain: number, target: Float64Array): void {
  if (chain >= chains) {
    target.fill(0);
    return;
  }
  target.set(values.subarray(chain * draws, (chain + 1) * draws));
  target.fill(0, draws);
}

/**
 * Σ_chains Σ_i y_i y_{i+t} for every t. A transform carries two chains, as real and imaginary part: the power spectrum
 * of y + iy′ has the sum of both autocovariances as the real part of its transform. The powers add over chains, so one
 * transform back serves them all.
 */
function sumsByFourier(centred: Chains, plan: FourierPlan): Float64Array {
  const { size, place } = plan;
  if (re.length !== size) {
    re = new Float64Array(size);
    im = new Float64Array(size);
  }
  const power = new Float64Array(size);
  for (let chain = 0; chain < centred.chains; chain += 2) {
    load(centred, chain, re);
    load(centred, chain + 1, im);
    fourier(plan, re, im);
    for (let k = 0; k < size; k++) power[k]! += re[k]! * re[k]! + im[k]! * im[k]!;
  }
  for (let k = 0; k < size; k++) re[k] = power[place[k]!]!;
  im.fill(0);
  fourier(plan, re, im);
  const sums = new Float64Array(centred.draws);
  for (let lag = 0; lag < centred.draws; lag++) sums[lag] = re[place[lag]!]! / size;
  return sums;
}

function sumAtLag({ chains, draws, values }: Chains, lag: number): number {
  let total = 0;
  for (let chain = 0; chain < chains; chain++) {
    const end = (chain + 1) * draws - lag;
    let a = 0; // four sums, so that additions do not wait for one another
    let b = 0;
    let c = 0;
    let d = 0;
    let i = chain * draws;
    for (; i + 3 < end; i += 4) {
      a += values[i]! * values[i + lag]!;
      b += values[i + 1]! * values[i + 1 + lag]!;
      c += values[i + 2]! * values[i + 2 + lag]!;
      d += values[i + 3]! * values[i + 3 + lag]!;
    }
    for (; i < end; i++) a += values[i]! * values[i + lag]!;
    total += a + b + (c + d);
  }
  return total;
}

/**
 * A function that gives the mean over chains of the biased autocovariance (1/n) Σ y_i y_{i+t} at lag t < n.
 * Lags are summed directly as they are asked for, until that has cost about as much as a Fourier transform; then one
 * transform gives the rest. Well-mixed chains stop asking after a few lags and never reach it.
 * The chains must be centred already, and must not change while the function is in use.
 */
export function meanAutocovariance(centred: Chains): (lag: number) => number {
  const { chains, draws } = centred;
  const plan = planFor(2 * draws);
  const directLags = 2 * Math.log2(plan.size);
  let sums: Float64Array | undefined;
  return (lag) => {
    if (!sums && lag >= directLags) sums = sumsByFourier(centred, plan);
    return (sums ? sums[lag]! : sumAtLag(centred, lag)) / (chains * draws);
  };
}
