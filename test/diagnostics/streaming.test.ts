import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mean, rhatBasic, rhatNested, StreamingMoments, sd } from "../../src/diagnostics/index.ts";

const CHAINS = 6;
const QUANTITIES = 2;

/** `[chain, draw, quantity]`, the second quantity far from 0. */
const block = (draws: number, shift: number = 0): Float64Array =>
  Float64Array.from({ length: CHAINS * draws * QUANTITIES }, (_, i) => {
    const noise = Math.sin(12.9898 * (i + shift) ** 2) + Math.floor(i / (draws * QUANTITIES)) * 0.1;
    return i % QUANTITIES === 0 ? noise : 1e4 + noise;
  });

const rowsOf = (values: Float64Array, draws: number, quantity: number): number[][] =>
  Array.from({ length: CHAINS }, (_, chain) =>
    Array.from({ length: draws }, (_, draw) => values[(chain * draws + draw) * QUANTITIES + quantity]!),
  );

const filled = (values: Float64Array, draws: number): StreamingMoments => {
  const moments = new StreamingMoments(CHAINS, QUANTITIES);
  moments.addBlock(0, CHAINS, draws, values);
  return moments;
};

const close = (found: number, want: number): void => expect(Math.abs(found / want - 1)).toBeLessThan(1e-10);

describe("streaming moments", () => {
  it("agree with the same draws kept", () => {
    for (const draws of [4, 5, 200]) {
      const values = block(draws);
      const moments = filled(values, draws);
      for (let q = 0; q < QUANTITIES; q++) {
        const rows = rowsOf(values, draws, q);
        close(moments.mean(q), mean(rows));
        close(moments.sd(q), sd(rows));
        close(moments.rhat(q), rhatBasic(rows, { split: false }));
        close(moments.rhatNested(q, 3), rhatNested(rows, 3));
        close(moments.chainMean(1, q), mean([rows[1]!]));
        close(moments.chainVariance(1, q), sd([rows[1]!]) ** 2);
      }
    }
  });

  it("do not depend on how the draws are cut into blocks, merged and restored", () => {
    const draws = 40;
    const values = block(draws);
    const rows = [rowsOf(values, draws, 0), rowsOf(values, draws, 1)];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: draws }), fc.boolean(), (cut, oneByOne) => {
        const before = new StreamingMoments(CHAINS, QUANTITIES);
        const after = new StreamingMoments(CHAINS, QUANTITIES);
        for (let chain = 0; chain < CHAINS; chain++) {
          const row = values.subarray(chain * draws * QUANTITIES, (chain + 1) * draws * QUANTITIES);
          before.addBlock(chain, 1, cut, row.subarray(0, cut * QUANTITIES));
          if (!oneByOne) after.addBlock(chain, 1, draws - cut, row.subarray(cut * QUANTITIES));
          for (let d = cut; oneByOne && d < draws; d++) {
            after.add(chain, row.subarray(d * QUANTITIES, (d + 1) * QUANTITIES));
          }
        }
        const restored = StreamingMoments.from(structuredClone(before.state()));
        restored.merge(after);
        expect(restored.count(0)).toBe(draws);
        rows.forEach((chains, q) => {
          close(restored.mean(q), mean(chains));
          close(restored.sd(q), sd(chains));
          close(restored.rhat(q), rhatBasic(chains, { split: false }));
        });
      }),
      { numRuns: 30 },
    );
  });

  it("merge a batch's chains into their place in the run", () => {
    const all = filled(block(10), 10);
    const run = new StreamingMoments(2 * CHAINS, QUANTITIES);
    run.merge(all, CHAINS);
    expect(run.count(0)).toBe(0);
    expect(run.chainMean(0, 0)).toBeNaN();
    expect(run.chainMean(CHAINS + 2, 1)).toBe(all.chainMean(2, 1));
    expect(run.rhat(0)).toBe(all.rhat(0)); // chains without draws are left out
    expect(run.rhatNested(0, 2)).toBeNaN();
  });

  it("are NaN before there is anything to say, for constants, and after a draw that is not finite", () => {
    const moments = new StreamingMoments(2, 1);
    for (const value of [moments.mean(0), moments.sd(0), moments.rhat(0), moments.rhatNested(0, 2)]) {
      expect(value).toBeNaN();
    }
    moments.addBlock(0, 2, 2, [1, 1, 1, 1]);
    expect(moments.rhat(0)).toBeNaN();
    expect(moments.sd(0)).toBe(0);
    moments.addBlock(0, 2, 1, [1, 2]);
    expect(moments.rhat(0)).toBeGreaterThan(0);
    moments.add(1, [Number.NaN]);
    for (const value of [moments.mean(0), moments.sd(0), moments.rhat(0)]) expect(value).toBeNaN();
  });

  it("refuse what does not fit", () => {
    const moments = new StreamingMoments(2, 3);
    expect(() => moments.add(2, [1, 2, 3])).toThrow(/chains among 0 to 1/);
    expect(() => moments.add(0, [1, 2])).toThrow(RangeError);
    expect(() => moments.addBlock(0, 2, 2, [1, 2, 3])).toThrow(RangeError);
    expect(() => moments.merge(new StreamingMoments(2, 2))).toThrow(RangeError);
    expect(() => moments.merge(new StreamingMoments(2, 3), 1)).toThrow(RangeError);
    expect(() => moments.chainMean(0, 3)).toThrow(/quantity from 0 to 2/);
    expect(() => StreamingMoments.from({ ...moments.state(), chains: 1 })).toThrow(RangeError);
  });
});
