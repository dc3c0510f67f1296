import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fusedMultiplyAdd } from "../../src/random/fma.ts";

const words = new DataView(new ArrayBuffer(8));

/** x·2¹²⁰⁰, an integer for every finite x. */
function scaled(x: number): bigint {
  words.setFloat64(0, x);
  const bits = words.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const significand = (bits & 0xfffffffffffffn) | (exponent === 0n ? 0n : 1n << 52n);
  const size = significand << (1200n - 1074n + (exponent === 0n ? 0n : exponent - 1n));
  return bits >> 63n === 1n ? -size : size;
}

function neighbour(x: number, step: bigint): number {
  words.setFloat64(0, x);
  words.setBigUint64(0, words.getBigUint64(0) + step);
  return words.getFloat64(0);
}

function neighbour32(x: number, step: number): number {
  words.setFloat32(0, x);
  words.setUint32(0, words.getUint32(0) + step);
  return words.getFloat32(0);
}

function distance(f: number, width: number, low: number, result: number): bigint {
  const exact = scaled(f) * scaled(width) + (scaled(low) << 1200n);
  const difference = exact - (scaled(result) << 1200n);
  return difference < 0n ? -difference : difference;
}

describe("fusedMultiplyAdd", () => {
  const power = fc.integer({ min: -60, max: 60 }).map((e) => 2 ** e);
  const sign = fc.constantFrom(-1, 0, 1);
  const real = fc.tuple(fc.double({ min: 1, max: 2, noNaN: true }), power, sign).map(([a, b, c]) => a * b * c);
  const fraction64 = fc.bigInt({ min: 0n, max: 2n ** 52n - 1n }).map((n) => Number(n) * 2 ** -52);
  const fraction32 = fc.integer({ min: 0, max: 2 ** 23 - 1 }).map((n) => n * 2 ** -23);

  it("gives the float64 nearest to the exact value", () => {
    fc.assert(
      fc.property(fraction64, real, real, (f, width, low) => {
        const result = fusedMultiplyAdd(f, width, low, "float64");
        const error = distance(f, width, low, result);
        if (result === 0) return error === 0n;
        return [-1n, 1n].every((step) => error <= distance(f, width, low, neighbour(result, step)));
      }),
      { numRuns: 2000 },
    );
  });

  it("gives the float32 nearest to the exact value", () => {
    fc.assert(
      fc.property(fraction32, real, real, (f, w, l) => {
        const width = Math.fround(w);
        const low = Math.fround(l);
        const result = fusedMultiplyAdd(f, width, low, "float32");
        const error = distance(f, width, low, result);
        if (result === 0) return error === 0n;
        return [-1, 1].every((step) => error <= distance(f, width, low, neighbour32(result, step)));
      }),
      { numRuns: 2000 },
    );
  });

  it("differs from two roundings where it must", () => {
    const f = 1 - 2 ** -52;
    const width = 1 + 2 ** -52;
    expect(f * width - 1).toBe(0);
    expect(fusedMultiplyAdd(f, width, -1, "float64")).toBe(-(2 ** -104));
  });

  it("holds at widths that would overflow or underflow in parts", () => {
    expect(fusedMultiplyAdd(0.5, 2 ** 1023, 2 ** 1022, "float64")).toBe(2 ** 1023);
    expect(fusedMultiplyAdd(0.5, 2 ** -1000, 2 ** -1000, "float64")).toBe(1.5 * 2 ** -1000);
  });
});
