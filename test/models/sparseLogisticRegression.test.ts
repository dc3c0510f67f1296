import { describe, expect, it } from "vitest";
import { bind } from "../../src/model/bind.ts";
import { sparseLogisticRegression } from "../../src/models/sparseLogisticRegression.ts";
import { logDensityAt } from "../laws/numeric.ts";
import { breastCancer, golden } from "./breastCancer.ts";

const { data, names } = breastCancer();
const bound = bind(sparseLogisticRegression.create(), { data, coordinates: { feature: names } });
const expected = golden.values.X_float64;

describe("sparse logistic regression on the breast-cancer data", () => {
  it("has z = [log tau, log lambda, beta]", () => {
    expect(bound.dimension).toBe(61);
    expect(bound.parameters.map(({ name, offset, size, transform }) => [name, offset, size, transform])).toEqual([
      ["tau", 0, 1, "positive"],
      ["lambda", 1, 30, "positive"],
      ["beta", 31, 30, "real"],
    ]);
    expect(bound.coordinateNames.slice(0, 2)).toEqual(["log tau", "log lambda[mean_radius]"]);
    expect(bound.coordinateNames[31]).toBe("beta[mean_radius]");
  });

  it("names its variables and their dimensions", () => {
    expect(bound.variables.map(({ name, dims, shape }) => [name, dims, shape])).toEqual([
      ["tau", [], []],
      ["lambda", ["feature"], [30]],
      ["beta", ["feature"], [30]],
      ["coefficient", ["feature"], [30]],
    ]);
    expect(bound.coordinates["feature"]).toEqual(names);
    expect(Object.keys(bound.observed)).toEqual(["y"]);
    expect(Object.keys(bound.constants)).toEqual(["x"]);
  });

  it("has the density and gradient of the golden file", () => {
    for (const [z, lp, gradient] of [
      [new Float64Array(61), expected.lp_z0, expected.grad_z0],
      [expected.test_point_z, expected.lp_test_point, expected.grad_test_point],
    ] as const) {
      const at = logDensityAt(bound, z);
      expect(Math.abs(at.logDensity / lp - 1)).toBeLessThan(1e-12);
      const size = Math.hypot(...gradient);
      gradient.forEach((g, i) => {
        expect(Math.abs(at.gradient[i]! - g)).toBeLessThan(1e-12 * size);
      });
    }
  });
});
