import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** A frozen reference file, with the strings "NaN", "Infinity", "-Infinity" turned into numbers. */
export function readReference<T>(path: string): T {
  const text = readFileSync(new URL(`../../reference/${path}`, import.meta.url), "utf8");
  return JSON.parse(text, (_key, value: unknown) => {
    if (value === "NaN") return Number.NaN;
    if (value === "Infinity") return Number.POSITIVE_INFINITY;
    return value === "-Infinity" ? Number.NEGATIVE_INFINITY : value;
  }) as T;
}

/** Fails unless |found − expected| ≤ tolerance · max(1, |expected|). */
export function expectClose(found: number, expected: number, tolerance: number, what: string): void {
  const error = Math.abs(found - expected);
  expect(error, `${what}: found ${found}, expected ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.max(1, Math.abs(expected)),
  );
}
