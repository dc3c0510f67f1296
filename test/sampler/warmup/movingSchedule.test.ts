import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { movingSchedule } from "../../../src/sampler/warmup/movingSchedule.ts";

describe("movingSchedule", () => {
  it("has no gaps, ends with a stage whose metric stays, and has both estimators, from 20 iterations on", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 5000 }), (iterations) => {
        const stages = movingSchedule(iterations);
        let at = 0;
        for (const { start, end } of stages) {
          expect(start).toBe(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBe(iterations);
        expect(stages.at(-1)!.kind).toBe("fast");
        const windows = stages.filter(({ kind }) => kind === "window").map(({ estimator }) => estimator);
        expect(windows.join(" ")).toMatch(/^(fisher )+variance( variance)*$/);
      }),
    );
  });

  it("has the windows of 200 iterations", () => {
    expect(movingSchedule(200).map(({ end }) => end)).toEqual([10, 20, 40, 60, 90, 130, 180, 200]);
  });

  it("stretches the last window alone where there are more", () => {
    expect(movingSchedule(500).map(({ end }) => end)).toEqual([10, 20, 40, 60, 90, 130, 450, 500]);
  });

  it("is one fast stage below 20 iterations, and none for none", () => {
    expect(movingSchedule(19)).toEqual([{ kind: "fast", start: 0, end: 19, estimator: "fisher" }]);
    expect(movingSchedule(0)).toEqual([]);
  });

  it("refuses what is no number of iterations", () => {
    expect(() => movingSchedule(-1)).toThrow(ConfigError);
  });
});
