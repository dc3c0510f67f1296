import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { type Stage, schedule } from "../../../src/sampler/warmup/schedule.ts";
import { readReference } from "./reference.ts";

interface WindowCase {
  readonly num_warmup: number;
  readonly windows_inclusive?: readonly [number, number][];
  readonly metric_update_at_0_based?: readonly number[];
  readonly numpyro?: readonly [number, number][];
}

interface Units {
  readonly adaptation_windows: readonly WindowCase[];
  readonly numpyro_test_expected: Readonly<Record<string, readonly [number, number][]>>;
}

const units = readReference<Units>("sampler_units/units.json");
const inclusive = (stages: readonly Stage[]): number[][] => stages.map((stage) => [stage.start, stage.end - 1]);

describe("schedule", () => {
  it.each(units.adaptation_windows)("has Stan's windows for $num_warmup iterations", (reference) => {
    const stages = schedule(reference.num_warmup);
    expect(inclusive(stages)).toEqual(reference.windows_inclusive ?? reference.numpyro);
    const updates = stages.filter((stage) => stage.kind === "window").map((stage) => stage.end - 1);
    expect(updates).toEqual(reference.metric_update_at_0_based ?? []);
  });

  it.each(Object.entries(units.numpyro_test_expected))(
    "has NumPyro's windows for %s iterations",
    (warmup, expected) => {
      expect(inclusive(schedule(Number(warmup)))).toEqual(expected);
    },
  );

  it("is empty without warm-up, and without a window below 20", () => {
    expect(schedule(0)).toEqual([]);
    expect(schedule(1)).toEqual([{ kind: "fast", start: 0, end: 1 }]);
    expect(schedule(19).some((stage) => stage.kind === "window")).toBe(false);
    expect(schedule(20).some((stage) => stage.kind === "window")).toBe(true);
  });

  it("covers [0, W) without gaps, with its windows together between the fast stages", () => {
    const lengths = fc.record({
      initial: fc.integer({ min: 0, max: 200 }),
      window: fc.integer({ min: 1, max: 200 }),
      final: fc.integer({ min: 0, max: 200 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.option(lengths, { nil: undefined }), (warmup, options) => {
        const stages = schedule(warmup, options);
        let end = 0;
        for (const stage of stages) {
          expect(stage.start).toBe(end);
          expect(stage.end).toBeGreaterThan(stage.start);
          end = stage.end;
        }
        expect(end).toBe(warmup);
        const kinds = stages.map((stage) => stage.kind[0]).join("");
        expect(kinds).toMatch(warmup < 20 ? /^f$/ : /^f?w+f?$/);
      }),
    );
  });

  it("doubles every window but the last", () => {
    fc.assert(
      fc.property(fc.integer({ min: 150, max: 20000 }), (warmup) => {
        const sizes = schedule(warmup)
          .filter((stage) => stage.kind === "window")
          .map((stage) => stage.end - stage.start);
        sizes.slice(0, -1).forEach((size, i) => {
          expect(size).toBe(25 * 2 ** i);
        });
      }),
    );
  });

  it("takes its three lengths from options, and scales them where they do not fit", () => {
    expect(inclusive(schedule(60, { initial: 10, window: 10, final: 10 }))).toEqual([
      [0, 9],
      [10, 19],
      [20, 49],
      [50, 59],
    ]);
    expect(inclusive(schedule(100, { initial: 50, window: 25, final: 50 }))).toEqual(inclusive(schedule(100)));
  });

  it("names a length that is no count", () => {
    for (const bad of [-1, 0.5, Number.NaN]) {
      expect(() => schedule(bad)).toThrow(ConfigError);
      expect(() => schedule(bad)).toThrow(/warm-up iterations to be an integer of at least 0, but found/);
    }
    expect(() => schedule(100, { window: 0 })).toThrow(/first window to be an integer of at least 1, but found 0/);
  });
});
