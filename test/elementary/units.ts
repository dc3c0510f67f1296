import type { Precision } from "../../src/draws.ts";

const DIGITS = { float64: 53, float32: 24 } as const;
const LOWEST_EXPONENT = { float64: -1022, float32: -126 } as const;

/** |found − expected| in units in the last place of the expected value; NaN and infinities count as infinitely wrong. */
export function units(found: number, expected: number, precision: Precision): number {
  if (found === expected) return 0;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(expected))), LOWEST_EXPONENT[precision]);
  // two factors: the unit itself may be subnormal
  const error = (Math.abs(found - expected) / 2 ** exponent) * 2 ** (DIGITS[precision] - 1);
  return Number.isFinite(error) ? error : Infinity;
}
