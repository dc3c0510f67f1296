import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BatchTransition,
  bounded,
  cheesGradient,
  init,
  trajectoryLength,
} from "../../../src/sampler/warmup/chees.ts";

/** Chains that move along straight lines for a time: z′ = z + τv, so that everything is known in closed form. */
function straight(positions: readonly number[], velocities: readonly number[], time: number): BatchTransition {
  const starts = Float64Array.from(positions);
  const endMomenta = Float64Array.from(velocities);
  return {
    starts,
    proposals: starts.map((z, i) => z + time * endMomenta[i]!),
    endMomenta,
    acceptance: new Float64Array(starts.length).fill(1),
    isDiverging: new Uint8Array(starts.length),
    inverseMass: Float64Array.of(1),
    jitter: 1,
    length: time,
  };
}

/** Σ ¼ Δ² / n: the criterion of one-dimensional chains, with means over the chains. */
function criterion(transition: BatchTransition): number {
  const mean = (xs: ArrayLike<number>): number => Array.from(xs).reduce((a, b) => a + b, 0) / xs.length;
  const [m, mPrime] = [mean(transition.starts), mean(transition.proposals)];
  const changes = Array.from(transition.starts, (z, c) => (transition.proposals[c]! - mPrime) ** 2 - (z - m) ** 2);
  return changes.reduce((sum, change) => sum + change ** 2 / 4, 0) / changes.length;
}

describe("the criterion for its cost, C / T^γ", () => {
  const chains = fc.array(
    fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true })),
    { minLength: 4, maxLength: 12 },
  );

  it("has T^γ times the derivative of C / T^γ in log T as its gradient (m′ held still)", () => {
    fc.assert(
      fc.property(chains, fc.constantFrom(0, 0.5, 1), (pairs, cost) => {
        // Velocities that add up to 0 keep m′ still, as the gradient supposes.
        const meanVelocity = pairs.reduce((sum, [, v]) => sum + v, 0) / pairs.length;
        const positions = pairs.map(([z]) => z);
        const velocities = pairs.map(([, v]) => v - meanVelocity);
        const at = (time: number): number => criterion(straight(positions, velocities, time)) / time ** cost;
        const [T, h] = [0.8, 1e-5];
        const numeric = ((at(T * (1 + h)) - at(T * (1 - h))) / (2 * h)) * T ** cost;
        const { gradient } = cheesGradient(straight(positions, velocities, T), 1e-4, cost);
        expect(gradient).toBeCloseTo(numeric, 4);
      }),
    );
  });

  it("is not moved by a chain that is stuck", () => {
    const moving = straight([1, -1, 0.5, -0.5], [1, -1, -1, 1], 0.1);
    const with5: BatchTransition = {
      ...straight([1, -1, 0.5, -0.5, 100], [1, -1, -1, 1, 0], 0.1),
      acceptance: Float64Array.of(1, 1, 1, 1, 0),
    };
    expect(cheesGradient(with5, 1e-4, 0.5).gradient).toBeCloseTo(cheesGradient(moving, 1e-4, 0.5).gradient, 12);
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
