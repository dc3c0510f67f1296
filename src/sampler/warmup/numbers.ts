import { float64, exp as generalExp, log as generalLog } from "../../elementary/index.ts";

/**
 * exp and log of a float64 number. What warm-up computes decides draws, so it is built from + − × ÷ √ alone, like
 * everything on that path: `Math.exp` is not fixed by the standard.
 */
export function exp(x: number): number {
  return generalExp(float64, x);
}

/** The natural logarithm: −∞ at 0, NaN below. */
export function log(x: number): number {
  return generalLog(float64, x);
}

/**
 * t^−κ, the weight of iterate t in an average over iterates. Square roots suffice for the exponents in use
 * (0.5, 0.75, 1); others go through exp and log.
 *
 * @param t counts from 1
 */
export function inversePower(t: number, kappa: number): number {
  const root = Math.sqrt(t);
  if (kappa === 0.75) return 1 / (root * Math.sqrt(root));
  if (kappa === 0.5) return 1 / root;
  if (kappa === 1) return 1 / t;
  return exp(-kappa * log(t));
}
