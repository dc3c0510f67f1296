import { describe, expect, it } from "vitest";
import { bind } from "../../src/model/bind.ts";
import { positive, real } from "../../src/model/data.ts";
import { density } from "../../src/model/density.ts";
import { beta } from "../../src/model/distributions/beta.ts";
import { flat } from "../../src/model/distributions/flat.ts";
import { gamma } from "../../src/model/distributions/gamma.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { uniform } from "../../src/model/distributions/uniform.ts";
import { model } from "../../src/model/model.ts";
import { seeded } from "../laws/random.ts";

const hierarchy = bind(
  model({
    data: { sd: positive("school"), shift: real() },
    dimensions: { rank: 3 },
    parameters: {
      tau: gamma(4, 2),
      mu: ({ tau, shift }) => normal(shift, tau),
      theta: ({ mu, sd }) => normal(mu, sd).over("school"),
      width: ({ tau }) => uniform(0, tau),
      part: beta(2, 5),
      order: normal(0, 1).over("rank").ordered(),
      low: normal(0, 1).within(-1, 2),
    },
  }),
  { data: { sd: { data: [1, 3], shape: [2] }, shift: { data: [10], shape: [] } } },
);

describe("a draw from the prior", () => {
  it("has the moments of the hierarchy", () => {
    const random = seeded(3);
    const draws = Array.from({ length: 4000 }, () => hierarchy.constrain(hierarchy.drawPrior(random)));
    const column = (name: string, i = 0): number[] => draws.map((draw) => draw[name]![i]!);
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const variance = (values: readonly number[]): number => mean(values.map((x) => (x - mean(values)) ** 2));
    const near = (values: readonly number[], expected: number): void => {
      const error = Math.sqrt(variance(values) / values.length);
      expect(Math.abs(mean(values) - expected)).toBeLessThan(4 * error);
    };
    near(column("tau"), 2);
    near(column("mu"), 10);
    // E τ² = 4/4 + 4 = 5; school 1 adds its own 9.
    near(
      column("mu").map((x) => (x - 10) ** 2),
      5,
    );
    near(
      column("theta", 1).map((x) => (x - 10) ** 2),
      14,
    );
    near(column("width"), 1);
    near(column("part"), 2 / 7);
    near(column("order", 2), 0.8462843753216345);
    near(column("order", 1), 0);
    expect(Math.min(...column("low"))).toBeGreaterThan(-1);
    expect(Math.max(...column("low"))).toBeLessThan(2);
  });

  it("is the same for the same random numbers, and needs a proper prior", () => {
    expect(hierarchy.drawPrior(seeded(5))).toEqual(hierarchy.drawPrior(seeded(5)));
    expect(() => bind(model({ parameters: { x: flat() } })).drawPrior(seeded(1))).toThrow("flat prior cannot be drawn");
    expect(() => bind(density({ dimension: 1, logDensity: (z) => z.sum() })).drawPrior(seeded(1))).toThrow("by hand");
  });
});
