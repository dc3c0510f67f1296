import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BatchTransition, bounded, init, trajectoryLength } from "../../../src/sampler/warmup/chees.ts";
import * as snaper from "../../../src/sampler/warmup/snaper.ts";

const D = 2;
const INVERSE_MASS = Float64Array.of(4, 0.25);

/** Chains that move along straight lines for a time, z′ = z + τ M⁻¹p: everything is known in closed form. */
function straight(chains: readonly (readonly number[])[], time: number, scale: number = 1): BatchTransition {
  const starts = Float64Array.from(chains.flatMap(([a, b]) => [a! * scale, b! * scale]));
  const endMomenta = Float64Array.from(chains.flatMap(([, , p, q]) => [p! * scale, q! * scale]));
  return {
    starts,
    proposals: starts.map((z, i) => z + time * INVERSE_MASS[i % D]! * endMomenta[i]!),
    endMomenta,
    acceptance: new Float64Array(chains.length).fill(1),
    isDiverging: new Uint8Array(chains.length),
    inverseMass: INVERSE_MASS,
    jitter: 1,
    length: time,
  };
}

/** C, its means over the chains. */
function criterion({ starts, proposals }: BatchTransition, direction: Float64Array): number {
  const along = (z: ArrayLike<number>): number[] =>
    Array.from({ length: z.length / D }, (_, c) =>
      direction.reduce((sum, p, i) => sum + (p * z[c * D + i]!) / Math.sqrt(INVERSE_MASS[i]!), 0),
    );
  const mean = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
  const [before, after] = [along(starts), along(proposals)];
  const [m, mPrime] = [mean(before), mean(after)];
  return mean(before.map((x, c) => ((after[c]! - mPrime) ** 2 - (x - m) ** 2) ** 2 / 4));
}

const DIRECTION = Float64Array.of(0.6, 0.8);
const number = fc.double({ min: -3, max: 3, noNaN: true });
const chains = fc.array(fc.tuple(number, number, number, number), { minLength: 4, maxLength: 12 });
/** Momenta that add up to 0 keep m′ still, as the slope supposes. */
const still = (given: readonly (readonly number[])[]): number[][] => {
  const mean = (i: number): number => given.reduce((sum, chain) => sum + chain[i]!, 0) / given.length;
  return given.map(([a, b, p, q]) => [a!, b!, p! - mean(2), q! - mean(3)]);
};

describe("the slope of the criterion along a direction", () => {
  it("is the derivative of log C in log T, cut to ±4", () => {
    fc.assert(
      fc.property(chains.map(still), (given) => {
        const [T, h] = [0.3, 1e-5];
        const at = (time: number): number => criterion(straight(given, time), DIRECTION);
        fc.pre(at(T) > 1e-4);
        const numeric = (Math.log(at(T * (1 + h))) - Math.log(at(T * (1 - h)))) / (2 * h);
        const slope = snaper.logSlope(straight(given, T), DIRECTION, T);
        expect(Math.abs(slope - Math.min(Math.max(numeric, -4), 4))).toBeLessThan(1e-3 * (1 + Math.abs(numeric)));
      }),
    );
  });

  it("does not depend on the scale of the posterior", () => {
    fc.assert(
      fc.property(chains, (given) => {
        const slope = snaper.logSlope(straight(given, 0.3), DIRECTION, 0.3);
        fc.pre(Number.isFinite(slope));
        expect(snaper.logSlope(straight(given, 0.3, 2 ** 20), DIRECTION, 0.3)).toBeCloseTo(slope, 9);
      }),
    );
  });

  const moving = [
    [1, 0, 1, 0],
    [-1, 0.5, -1, 1],
    [0.5, 1, -1, -2],
    [-0.5, -1, 1, 1],
  ];

  it("is not moved by a chain that is stuck or diverges, whose values may be no numbers", () => {
    const alone = snaper.logSlope(straight(moving, 0.1), DIRECTION, 0.1);
    const more = straight([...moving, [100, 100, 0, 0], [0, 0, Number.NaN, Number.NaN]], 0.1);
    const acceptance = Float64Array.of(1, 1, 1, 1, 0, 0.5);
    const isDiverging = Uint8Array.of(0, 0, 0, 0, 0, 1);
    expect(snaper.logSlope({ ...more, acceptance, isDiverging }, DIRECTION, 0.1)).toBeCloseTo(alone, 12);
  });

  it("is no number where no chain counts", () => {
    const transition = { ...straight(moving, 0.1), acceptance: new Float64Array(4) };
    expect(snaper.logSlope(transition, DIRECTION, 0.1)).toBeNaN();
  });
});

describe("the principal component", () => {
  it("is found in the metric's scale, up to its sign", () => {
    // x = z/√M⁻¹ spreads along (1, 1) three times as far as along (1, −1).
    let state = snaper.init(D);
    for (let t = 0; t < 100; t++) {
      const angle = (k: number): number => 0.7 * t + (Math.PI * k) / 4;
      const positions = Array.from({ length: 8 }, (_, k) => {
        const [u, v] = [3 * Math.cos(angle(k)), Math.sin(angle(k))];
        return [2 * (u + v), 0.5 * (u - v)];
      }).flat();
      state = snaper.update(state, positions, INVERSE_MASS, t);
    }
    expect(Math.abs(state.direction[0]! + state.direction[1]!)).toBeCloseTo(Math.SQRT2, 3);
  });

  it("stays where all chains are at one point", () => {
    const state = snaper.init(D);
    expect(snaper.update(state, [1, 2, 1, 2, 1, 2], INVERSE_MASS, 5)).toBe(state);
  });
});

describe("bounded", () => {
  it("brings T between two lengths, and leaves one that is there", () => {
    expect(trajectoryLength(bounded(init(50), 0.1, 10))).toBeCloseTo(10, 12);
    expect(trajectoryLength(bounded(init(0.01), 0.1, 10))).toBeCloseTo(0.1, 12);
    const inside = init(1);
    expect(bounded(inside, 0.1, 10)).toBe(inside);
  });
});
