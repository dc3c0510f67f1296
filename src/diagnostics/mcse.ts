/** Monte Carlo standard errors, in the draws' unit. */
import { betaQuantile } from "./beta.ts";
import type { Draws } from "./draws.ts";
import { essMeanOf, essQuantileOf, essSdOf } from "./ess.ts";
import { meanOf } from "./moments.ts";
import { sdOfVariable } from "./point.ts";
import { Variable } from "./variable.ts";

/** Φ(−1) and Φ(1), to the digits that posterior uses. */
const LOWER = 0.1586553;
const UPPER = 0.8413447;

export const mcseMeanOf = (variable: Variable): number => sdOfVariable(variable) / Math.sqrt(essMeanOf(variable));

export function mcseSdOf(variable: Variable): number {
  const ess = essSdOf(variable);
  if (Number.isNaN(ess)) return Number.NaN;
  const { chains, scale } = variable.centred;
  const { values } = chains;
  const center = meanOf(values);
  let second = 0;
  let fourth = 0;
  for (let i = 0; i < values.length; i++) {
    const square = (values[i]! - center) ** 2;
    second += square;
    fourth += square * square;
  }
  second /= values.length;
  fourth /= values.length;
  return Math.sqrt(Math.max(0, fourth - second * second) / ess / second / 4) / scale;
}

export function mcseQuantileOf(variable: Variable, p: number, ess: number = essQuantileOf(variable, p)): number {
  if (Number.isNaN(ess)) return Number.NaN;
  const { values } = variable.sorted;
  const place = (level: number): number => betaQuantile(level, ess * p + 1, ess * (1 - p) + 1) * values.length;
  const low = values[Math.max(Math.floor(place(LOWER)), 1) - 1]!;
  const high = values[Math.min(Math.ceil(place(UPPER)), values.length) - 1]!;
  return high / 2 - low / 2;
}

/**
 * MCSE of the mean: sd / √essMean. NaN where essMean is.
 * @param draws `[chain][draw]`
 */
export function mcseMean(draws: Draws): number {
  return mcseMeanOf(new Variable(draws));
}

/**
 * MCSE of the standard deviation, by the delta method from the variance of (x − mean)² and its ESS [Kenney and Keeping
 * 1951, p. 141; posterior from 1.4 on]; no normality assumed.
 */
export function mcseSd(draws: Draws): number {
  return mcseSdOf(new Variable(draws));
}

/**
 * MCSE of the p-quantile: half the width between the draws at the 16 % and 84 % points of the quantile's
 * Beta(ess p + 1, ess (1 − p) + 1) rank distribution [Vehtari et al. 2021]. NaN where essQuantile is.
 * @throws RangeError for a p outside [0, 1].
 */
export function mcseQuantile(draws: Draws, p: number): number {
  return mcseQuantileOf(new Variable(draws), p);
}

/** MCSE of the median. */
export function mcseMedian(draws: Draws): number {
  return mcseQuantile(draws, 0.5);
}
