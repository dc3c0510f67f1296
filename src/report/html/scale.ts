/** How the values of one quantity lie on an axis. */

import type { Density } from "./numbers.ts";
import { density, quantileOf } from "./numbers.ts";

export interface Axis {
  readonly type: "linear" | "log";
  readonly domain: [number, number];
  /** Said beside the quantity's name: ` (log scale)` or nothing. */
  readonly note: string;
}

/**
 * A log axis for positive quantities that span orders of magnitude. The outermost 0.2 % on each side may lie outside, and
 * of long tails more, so that the middle can be seen.
 * @param sorted ascending
 */
export function axisOf(sorted: Float64Array): Axis {
  const [q5, q95] = [quantileOf(sorted, 0.05), quantileOf(sorted, 0.95)];
  const isLog = (sorted[0] ?? 0) > 0 && q95 > 30 * q5;
  const reach = isLog ? Number.POSITIVE_INFINITY : 1.5 * (q95 - q5 || Number.POSITIVE_INFINITY);
  const low = Math.max(quantileOf(sorted, 0.002), q5 - reach);
  const high = Math.min(quantileOf(sorted, 0.998), q95 + reach);
  if (isLog) return { type: "log", domain: [low, high], note: " (log scale)" };
  const margin = high > low ? 0.02 * (high - low) : Math.max(Math.abs(low), 1) * 0.1;
  return { type: "linear", domain: [low - margin, high + margin], note: "" };
}

/** The options of a Plot scale with few, short ticks. */
export function positionScale(axis: Axis, label: string): Record<string, unknown> {
  return { type: axis.type, domain: axis.domain, label, nice: false };
}

/** The density of the draws as they lie on the axis: on a log axis, of their logarithms. */
export function densityOn(axis: Axis, sorted: Float64Array): Density {
  if (axis.type === "linear") return density(sorted, axis.domain[0], axis.domain[1]);
  const logs = sorted.map(Math.log);
  const { x, y } = density(logs, Math.log(axis.domain[0]), Math.log(axis.domain[1]));
  return { x: x.map(Math.exp), y };
}
