/** What must hold for any draws. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countNonFinite,
  type Draws,
  rhat,
  rhatBasic,
  rhatNested,
  stuckChains,
  summarize,
  summarizeBlock,
} from "../../src/diagnostics/index.ts";
import { agrees, metrics } from "./reference.ts";

const pointEstimates = ["mean", "sd", "median", "q5", "q95"];
const diagnosticNames = Object.keys(metrics).filter((name) => !pointEstimates.includes(name));
const hasUnit = (name: string): boolean => pointEstimates.includes(name) || name.startsWith("mcse");

/** Random-looking draws: an autoregression driven by a small generator. */
function makeDraws(chains: number, draws: number, seed: number, rho: number = 0.5): number[][] {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return Array.from({ length: chains }, () => {
    let x = normal();
    return Array.from({ length: draws }, () => {
      x = rho * x + normal();
      return x;
    });
  });
}

const anyDraws = fc
  .record({
    chains: fc.integer({ min: 1, max: 6 }),
    draws: fc.integer({ min: 4, max: 60 }),
    seed: fc.integer({ min: 0, max: 1e9 }),
    rho: fc.double({ min: -0.9, max: 0.95, noNaN: true }),
    isInteger: fc.boolean(),
  })
  .map(({ chains, draws, seed, rho, isInteger }) =>
    makeDraws(chains, draws, seed, rho).map((row) => (isInteger ? row.map((v) => Math.round(2 * v)) : row)),
  );

const expectSame = (a: Draws, b: Draws, tolerance: number, scale: number = 1): void => {
  for (const name of diagnosticNames) {
    const want = metrics[name]!(a) * (hasUnit(name) ? scale : 1);
    const got = metrics[name]!(b);
    expect(agrees(got, want, tolerance) || Math.abs(got - want) < 1e-12 * scale, `${name}: ${got} for ${want}`).toBe(
      true,
    );
  }
};

describe("any draws", () => {
  it("do not depend on the order of chains", () => {
    fc.assert(
      fc.property(anyDraws, (draws) => expectSame(draws, [...draws].reverse(), 1e-9)),
      { numRuns: 50 },
    );
  });

  it("do not depend on the unit (exactly, for a power of two), also where squares leave the exponent range", () => {
    fc.assert(
      fc.property(anyDraws, fc.constantFrom(2 ** 10, 2 ** -10, 2 ** 600, 2 ** -600), (draws, scale) => {
        const scaled = draws.map((row) => row.map((v) => v * scale));
        for (const [name, metric] of Object.entries(metrics)) {
          const want = metric(draws) * (hasUnit(name) ? scale : 1);
          expect(agrees(metric(scaled), want, 1e-12), `${name}: ${metric(scaled)} for ${want}`).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("do not depend on the origin, 1e8 away to 1e-7", () => {
    const draws = makeDraws(4, 100, 3).map((row) => row.map((v) => Math.round(v * 2 ** 20) / 2 ** 20));
    expectSame(
      draws,
      draws.map((row) => row.map((v) => v + 2 ** 27)),
      1e-7,
    );
  });

  it("are read from any array type, and left as they were", () => {
    const draws = makeDraws(3, 51, 5).map((row) => Float32Array.from(row));
    const before = draws.map((row) => row.slice());
    expectSame(
      draws,
      draws.map((row) => [...row]),
      0,
    );
    expect(draws).toEqual(before);
  });

  it("give in a summary exactly what the single functions give", () => {
    fc.assert(
      fc.property(anyDraws, (draws) => {
        const summary = summarize(draws);
        const pairs = Object.entries(metrics).filter(([name]) => name in summary);
        expect(pairs.length).toBe(11);
        for (const [name, metric] of pairs) {
          expect(Object.is(summary[name as keyof typeof summary], metric(draws)), name).toBe(true);
        }
        expect(summary.q50).toBe(metrics["median"]!(draws));
        expect(Object.is(summary.mcse_q50, metrics["mcse_median"]!(draws))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("keep bulk ESS between 0 and S log10 S, and R-hat above √((n − 1)/n)", () => {
    fc.assert(
      fc.property(anyDraws, (draws) => {
        const { ess_bulk, rhat: value } = summarize(draws);
        const half = Math.floor(draws[0]!.length / 2);
        const size = 2 * half * draws.length;
        if (!Number.isNaN(ess_bulk)) {
          expect(ess_bulk).toBeGreaterThan(0);
          expect(ess_bulk).toBeLessThanOrEqual(size * Math.log10(size) * (1 + 1e-12));
        }
        if (!Number.isNaN(value)) expect(value).toBeGreaterThanOrEqual(Math.sqrt((half - 1) / half) - 1e-12);
      }),
    );
  });
});

describe("draws that say nothing", () => {
  const allNaN = (draws: Draws): void => {
    for (const name of diagnosticNames) expect(metrics[name]!(draws), name).toBeNaN();
  };

  it("constant, also only to rounding: every diagnostic is NaN, the estimates stand", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e300, max: 1e300, noNaN: true }).map((x) => x + 0),
        (value) => {
          const draws = [Array(10).fill(value), Array(10).fill(value)] as number[][];
          allNaN(draws);
          expect(summarize(draws)).toMatchObject({ mean: value, sd: 0, q5: value, q95: value });
        },
      ),
    );
    allNaN([[1, 1, 1, 1, 1, 1 - 2 ** -53, 1, 1]]);
  });

  it("one value that is not finite: every diagnostic is NaN", () => {
    fc.assert(
      fc.property(
        anyDraws,
        fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
        (d, bad) => {
          const draws = d.map((row) => [...row]);
          draws[draws.length - 1]![2] = bad;
          allNaN(draws);
          expect(rhatNested(draws, draws.length)).toBeNaN();
          expect(countNonFinite(draws)).toBe(1);
          expect(metrics["sd"]!(draws)).toBeNaN();
        },
      ),
      { numRuns: 50 },
    );
  });

  it("none, one, two or three draws: NaN, and no crash", () => {
    for (const n of [0, 1, 2, 3]) allNaN(makeDraws(3, n, 1));
    expect(summarize([[], []]).mean).toBeNaN();
    expect(summarize([[2.5]])).toMatchObject({ mean: 2.5, q50: 2.5, sd: Number.NaN });
  });

  it("a single chain: split metrics only", () => {
    const draws = makeDraws(1, 100, 2);
    expect(rhat(draws)).toBeGreaterThan(0.9);
    expect(rhatBasic(draws, { split: false })).toBeNaN();
    expect(rhatNested(draws, 1)).toBeNaN();
  });
});

describe("arguments", () => {
  it("unequal or no chains are an error that says which", () => {
    expect(() =>
      rhat([
        [1, 2, 3, 4],
        [1, 2, 3],
      ]),
    ).toThrow(/chain 0 has 4, chain 1 has 3/);
    expect(() => rhat([])).toThrow(RangeError);
  });

  it("superchains must be equal and fit", () => {
    const draws = makeDraws(6, 5, 1);
    expect(() => rhatNested(draws, 4)).toThrow(RangeError);
    expect(() => rhatNested(draws, [1, 1, 2])).toThrow(RangeError);
    expect(() => rhatNested(draws, [1, 1, 2, 2, 3, 2])).toThrow(RangeError);
    expect(rhatNested(draws, ["b", "a", "b", "a", "b", "a"])).toBe(
      rhatNested([draws[0]!, draws[2]!, draws[4]!, draws[1]!, draws[3]!, draws[5]!], 2),
    );
  });

  it("stuck chains are named", () => {
    expect(
      stuckChains([
        [1, 1, 1],
        [1, 2, 1],
        [3, 3, 3],
      ]),
    ).toEqual([0, 2]);
    expect(stuckChains([[1], [2]])).toEqual([]);
  });

  it("a block of quantities gives each quantity's summary", () => {
    const a = makeDraws(2, 20, 1);
    const b = makeDraws(2, 20, 2);
    const block = a.flatMap((row, chain) => row.flatMap((value, draw) => [value, b[chain]![draw]!]));
    const shape = { chains: 2, draws: 20, quantities: 2 };
    expect(summarizeBlock(block, shape)).toEqual([summarize(a), summarize(b)]);
    expect(() => summarizeBlock([1], shape)).toThrow(RangeError);
  });
});
