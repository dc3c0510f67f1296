import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { float32, float64 } from "../../src/elementary/index.ts";

const limits = {
  float64: { bits: 53, emin: -1022, emax: 1023 },
  float32: { bits: 24, emin: -126, emax: 127 },
} as const;

describe.each([float64, float32])("$precision", (m) => {
  const { emin, emax, bits } = limits[m.precision];
  const normal = fc
    .tuple(fc.double({ min: 1, max: 2, maxExcluded: true, noNaN: true }), fc.integer({ min: emin, max: emax - 1 }))
    .map(([a, e]) => m.constant(a) * 2 ** e);

  it("takes numbers apart exactly", () => {
    fc.assert(
      fc.property(normal, (x) => {
        const significand = m.significand(x);
        expect(significand).toBeGreaterThanOrEqual(1);
        expect(significand).toBeLessThan(2);
        expect(m.mul(significand, m.powerOfTwo(m.exponent(x)))).toBe(x);
      }),
    );
    for (let n = emin; n <= emax; n++) expect(m.powerOfTwo(n)).toBe(2 ** n);
  });

  it("rounds half to even and keeps the sign of zero", () => {
    const cases: readonly (readonly [number, number])[] = [
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
      [-0.5, -0],
      [-1.5, -2],
      [-0, -0],
      [0.49999997, 0],
      [2 ** (bits - 2) + 0.5, 2 ** (bits - 2)],
      [2 ** bits + 2, 2 ** bits + 2],
      [Infinity, Infinity],
      [Number.NaN, Number.NaN],
    ];
    for (const [x, rounded] of cases) expect(m.round(m.constant(x))).toBe(rounded);
  });

  it("min and max keep the first where either is NaN or the zeros differ in sign", () => {
    expect(m.min(1, Number.NaN)).toBe(1);
    expect(m.min(Number.NaN, 1)).toBeNaN();
    expect(m.max(1, Number.NaN)).toBe(1);
    expect(m.max(Number.NaN, 1)).toBeNaN();
    expect(m.max(-0, 0)).toBe(-0);
    expect(m.min(0, -0)).toBe(0);
  });
});

describe("float32", () => {
  it("rounds after every operation as a float32 unit does", () => {
    const single = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(single, single, (a, b) => {
        const store = new Float32Array([a + b, a - b, a * b, a / b]);
        expect([float32.add(a, b), float32.sub(a, b), float32.mul(a, b), float32.div(a, b)]).toEqual(Array.from(store));
      }),
    );
  });
});
