/** Point estimates over all draws of a variable. */
import type { Draws } from "./draws.ts";
import { meanOf, varianceOf } from "./moments.ts";
import { Variable } from "./variable.ts";

function total(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

export function meanOfVariable(variable: Variable): number {
  const { all } = variable;
  if (!variable.isFinite) return total(all.values) / all.values.length;
  const { chains, center, scale } = variable.centred;
  return center + total(chains.values) / chains.values.length / scale;
}

export function sdOfVariable(variable: Variable): number {
  if (!variable.isFinite) return Number.NaN;
  const { chains, scale } = variable.centred;
  return Math.sqrt(Math.max(0, varianceOf(chains.values, meanOf(chains.values)))) / scale;
}

/**
 * The mean of all draws, by plain arithmetic: NaN with a NaN among the draws, infinite with an infinity.
 * @param draws `[chain][draw]`
 */
export function mean(draws: Draws): number {
  return meanOfVariable(new Variable(draws));
}

/**
 * The standard deviation of all draws together, divisor S − 1; NaN for one draw, or with a draw that is not finite.
 * @param draws `[chain][draw]`
 */
export function sd(draws: Draws): number {
  return sdOfVariable(new Variable(draws));
}
