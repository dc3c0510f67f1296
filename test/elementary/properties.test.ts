import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Arithmetic } from "../../src/elementary/arithmetic.ts";
import {
  type ElementaryName,
  elementary,
  erf,
  erfc,
  erfinv,
  exp,
  expNonPositive,
  float32,
  float64,
  lgamma,
  log,
  log1pOfUnit,
  logOfNormal,
  logSigmoid,
  sigmoid,
  softplus,
} from "../../src/elementary/index.ts";

type Numbers = Arithmetic<number, boolean>;
const EPSILON = { float64: 2 ** -52, float32: 2 ** -23 } as const;

const realIn = (m: Numbers, min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true }).map((x) => m.constant(x));

/** Functions that rise, and where. */
const RISING: readonly (readonly [ElementaryName, number, number])[] = [
  ["exp", -80, 80],
  ["expm1", -80, 80],
  ["expm1mx", 0, 80],
  ["log1pmx", -0.999, 0],
  ["log", 1e-30, 1e30],
  ["log1p", -0.999, 1e30],
  ["sigmoid", -60, 30],
  ["softplus", -60, 100],
  ["logSigmoid", -100, 60],
  ["tanh", -10, 10],
  ["erf", -5, 5],
  ["erfinv", -0.999999, 0.999999],
  ["normalCdf", -12, 6],
  ["normalLogCdf", -100, 6],
  ["digamma", 1e-10, 1e10],
  ["stirlingRestSlope", 1e-10, 1e10],
];

describe.each([float64, float32])("in $precision", (m) => {
  const eps = EPSILON[m.precision];
  const real = (min: number, max: number): fc.Arbitrary<number> => realIn(m, min, max);

  it.each(RISING)("%s rises, within its error", (name, min, max) => {
    const f = elementary[name];
    fc.assert(
      fc.property(real(min, max), real(min, max), (a, b) => {
        const low = f(m, Math.min(a, b));
        const high = f(m, Math.max(a, b));
        return low <= high + 8 * eps * Math.abs(high);
      }),
    );
  });

  it("results are numbers of the precision", () => {
    for (const f of Object.values(elementary)) {
      fc.assert(fc.property(real(-100, 100), (x) => Object.is(m.constant(f(m, x)), f(m, x))));
    }
  });

  it("tanh, erf and erfinv are odd to the last bit", () => {
    for (const f of [elementary.tanh, erf, erfinv]) {
      fc.assert(fc.property(real(-1, 1), (x) => Object.is(f(m, -x), -f(m, x))));
    }
  });

  it("logSigmoid is the mirrored softplus", () => {
    fc.assert(fc.property(real(-200, 200), (x) => logSigmoid(m, x) + softplus(m, -x) === 0));
  });

  it("the short forms agree with the whole functions where they hold", () => {
    const close = (a: number, b: number): boolean => Math.abs(a - b) <= 3 * eps * Math.abs(b);
    fc.assert(fc.property(real(-80, 0), (x) => expNonPositive(m, x, -86) === exp(m, x)));
    fc.assert(fc.property(real(1e-30, 1e30), (x) => logOfNormal(m, x) === log(m, x)));
    // next to the subnormal numbers the short form loses digits
    const unit = real(0, 1).map((x) => (x < 2 ** -120 ? 0 : x));
    fc.assert(fc.property(unit, (x) => close(log1pOfUnit(m, x), elementary.log1p(m, x))));
  });

  it("sigmoid(x) + sigmoid(−x) = 1, softplus(x) − softplus(−x) = x, erf + erfc = 1", () => {
    fc.assert(
      fc.property(real(-60, 60), (x) => {
        expect(Math.abs(sigmoid(m, x) + sigmoid(m, -x) - 1)).toBeLessThan(4 * eps);
        expect(Math.abs(softplus(m, x) - softplus(m, -x) - x)).toBeLessThan(4 * eps * (1 + Math.abs(x)));
        expect(Math.abs(erf(m, x) + erfc(m, x) - 1)).toBeLessThan(4 * eps);
      }),
    );
  });

  it("inverses invert, as far as conditioning lets them", () => {
    fc.assert(
      fc.property(real(-80, 80), (x) => {
        expect(Math.abs(log(m, exp(m, x)) - x)).toBeLessThan(3 * eps * (1 + Math.abs(x)));
      }),
    );
    fc.assert(
      fc.property(real(-1, 1), (u) => {
        const x = erfinv(m, u);
        if (Math.abs(u) < 1) expect(Math.abs(erf(m, x) - u)).toBeLessThan(6 * eps);
      }),
    );
  });

  it("lgamma and its derivatives satisfy their recurrences", () => {
    fc.assert(
      fc.property(real(1, 50), (x) => {
        const next = m.constant(x + 1);
        fc.pre(next - 1 === x);
        const size = 1 + lgamma(m, next);
        expect(Math.abs(lgamma(m, next) - lgamma(m, x) - log(m, x))).toBeLessThan(8 * eps * size);
        const { digamma, trigamma } = elementary;
        expect(Math.abs(digamma(m, next) - digamma(m, x) - 1 / x)).toBeLessThan(20 * eps);
        expect(Math.abs(trigamma(m, next) - trigamma(m, x) + 1 / (x * x))).toBeLessThan(10 * eps);
      }),
    );
  });
});
