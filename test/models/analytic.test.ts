import { describe, expect, it } from "vitest";
import type { BoundModel } from "../../src/model/boundModel.ts";
import { evaluateAt, logDensityAt } from "../laws/numeric.ts";
import { analytic, problem } from "./analytic.ts";

/** The log density of `problems.json` at a point that a field of it names: constrained values, no Jacobian. */
const points: readonly { readonly name: string; readonly field: string; readonly x: number | readonly number[] }[] = [
  { name: "diag_gaussian_cond_1e6", field: "lp_at_ones", x: new Array<number>(13).fill(1) },
  { name: "correlated_normal_2d_rho_0.999", field: "lp_at_1_0", x: [1, 0] },
  { name: "ar1_gaussian_50_rho_0.9", field: "lp_at_zeros", x: new Array<number>(50).fill(0) },
  { name: "neals_funnel_10", field: "lp_at_v1_x1", x: new Array<number>(10).fill(1) },
  { name: "banana_haario_2", field: "lp_at_10_5", x: [10, 5] },
  { name: "rosenbrock_hybrid_2d", field: "lp_at_0_0", x: [0, 0] },
  ...[1, 2, 3, 5, 30].map((nu) => ({ name: `student_t_${nu}`, field: "lp_at_2", x: [2] })),
];

describe("analytic targets", () => {
  it.each(points)("$name has its density", ({ name, field, x }) => {
    const expected = problem(name)[field] as number;
    const bound = analytic[name]!();
    expect(error(logDensityAt(bound, x as readonly number[]).logDensity, expected)).toBeLessThan(1e-11);
  });

  it.each([
    ["gamma_0.5_0.5", 1, "lp_at_x1"],
    ["gamma_25_4", 1, "lp_at_x1"],
    ["half_cauchy_2.5", 1, "lp_at_x1"],
    ["inv_gamma_3_2", 1, "lp_at_x1"],
    ["exponential_2", 1, "lp_at_x1"],
    ["beta_2_5", 0.3, "lp_at_0p3"],
  ])("%s at %d has its density, less the Jacobian", (name, x, field) => {
    const bound = analytic[name]!();
    const z = bound.unconstrain({ x });
    const logJacobian = name === "beta_2_5" ? Math.log(x * (1 - x)) : Math.log(x);
    const { logDensity } = logDensityAt(bound, z);
    expect(error(logDensity - logJacobian, problem(name)[field] as number)).toBeLessThan(1e-13);
  });

  it("have their gradients", () => {
    const { grad_at_1_0 } = problem("correlated_normal_2d_rho_0.999") as unknown as { grad_at_1_0: readonly number[] };
    const at = logDensityAt(analytic["correlated_normal_2d_rho_0.999"]!(), [1, 0]);
    grad_at_1_0.forEach((slope, i) => {
      expect(error(at.gradient[i]!, slope)).toBeLessThan(1e-11);
    });
    expect(logDensityAt(analytic["student_t_3"]!(), [2]).gradient[0]).toBeCloseTo(-8 / 7, 14);
  });

  it.each([
    ["normal_normal_known_sd", "mu", 8],
    ["beta_binomial", "p", 30],
    ["gamma_poisson", "lambda", 30],
    ["gamma_25_4", "x", 30],
    ["uniform_-1_2", "x", 40],
    ["beta_2_5", "x", 40],
    ["two_mode_mixture", "x", 20],
  ])("%s has its mean, by quadrature over z", (name, variable, reach) => {
    const { mean } = moments(analytic[name]!(), variable, reach);
    expect(error(mean, problem(name)["mean"] as number)).toBeLessThan(1e-9);
  });

  it("has its evidence, which needs every constant", () => {
    const { mass } = moments(analytic["normal_normal_known_sd"]!(), "mu", 8);
    expect(Math.log(mass)).toBeCloseTo(problem("normal_normal_known_sd")["log_evidence"] as number, 11);
  });

  it("has the order statistics of two normals, by quadrature over the plane", () => {
    const bound = analytic["ordered_normal_2"]!();
    let [mass, mean] = [0, 0];
    for (let a = -7; a <= 7; a += 0.25)
      for (let b = -12; b <= 3; b += 0.25) {
        const weight = Math.exp(logDensityAt(bound, [a, b]).logDensity) * 0.0625;
        mass += weight;
        mean += weight * a;
      }
    expect(mass).toBeCloseTo(1, 4);
    expect(mean).toBeCloseTo((problem("ordered_normal_2")["mean"] as readonly number[])[0]!, 4);
  });
});

/** Mass and mean of a model with one coordinate, by the trapezoidal rule. */
function moments(bound: BoundModel, variable: string, reach: number): { readonly mass: number; readonly mean: number } {
  const step = reach / 1000;
  let [mass, total] = [0, 0];
  for (let i = -1000; i <= 1000; i++) {
    const z = [i * step];
    const weight = Math.exp(evaluateAt({ z }, ({ z }) => bound.logDensity(z!)).value[0]!) * step;
    mass += weight;
    total += weight * bound.constrain(z)[variable]![0]!;
  }
  return { mass, mean: total / mass };
}

function error(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
}
