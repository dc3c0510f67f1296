import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { bind } from "../../src/model/bind.ts";
import { resolveModel } from "../../src/model/resolve.ts";
import { shippedModel, shippedModels } from "../../src/models/registry.ts";
import { evaluateAt, logDensityAt } from "../laws/numeric.ts";
import { columns, matrix, standardised } from "./breastCancer.ts";
import { isMissing, referenceFolder } from "./reference.ts";

const data = {
  "sparse-logistic-regression": { x: { data: [1, 2, 3, 4], shape: [2, 2] }, y: { data: [0, 1], shape: [2] } },
  "logistic-regression": { x: { data: [1, 2, 3, 4], shape: [2, 2] }, y: { data: [0, 1], shape: [2] } },
  "linear-regression": { x: { data: [1, 2, 3, 4], shape: [2, 2] }, y: { data: [0.5, 1], shape: [2] } },
  "eight-schools": { y: { data: [3, 4], shape: [2] }, sigma: { data: [1, 2], shape: [2] } },
  funnel: {},
};

describe.each(Object.values(shippedModels))("$name", (shipped) => {
  it("binds, and says what its data and variables are", () => {
    const model = shipped.create();
    expect(model.name).toBe(shipped.name);
    const bound = bind(model, { data: data[shipped.name as keyof typeof data] });
    expect(Object.keys(model.data)).toEqual(Object.keys(shipped.data));
    expect(bound.variables.map(({ name }) => name).toSorted()).toEqual(Object.keys(shipped.parameters).toSorted());
    expect(Number.isFinite(logDensityAt(bound, new Float64Array(bound.dimension)).logDensity)).toBe(true);
  });

  it("refuses unknown options, and values outside of their range", () => {
    expect(() => shipped.create({ nonsense: 1 })).toThrow(`Model ${shipped.name} has no option nonsense`);
    for (const name of Object.keys(shipped.options))
      expect(() => shipped.create({ [name]: "no such value" })).toThrow(`option ${name} must be`);
  });
});

describe("shippedModel", () => {
  it("finds a model by name, and suggests one", () => {
    expect(shippedModel("funnel").name).toBe("funnel");
    expect(() => shippedModel("eight-school")).toThrow("no model eight-school; did you mean eight-schools?");
    expect(() => shippedModel("toString")).toThrow("There is no model toString.");
  });
});

describe("logistic regression", () => {
  it("has the density of its definition, with and without an intercept", () => {
    const given = { data: data["logistic-regression"] };
    const shipped = shippedModels["logistic-regression"]!;
    const normal = (x: number, sd: number): number => -0.5 * (x / sd) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI);
    const bernoulli = (y: number, l: number): number => y * l - Math.log1p(Math.exp(l));
    const [a, b, c] = [0.3, -0.7, 0.2];
    const likelihood = (shift: number) => bernoulli(0, shift + b + 2 * c) + bernoulli(1, shift + 3 * b + 4 * c);
    const full = logDensityAt(bind(shipped.create(), given), [a, b, c]).logDensity;
    expect(full).toBeCloseTo(likelihood(a) + normal(a, 2.5) + normal(b, 2.5) + normal(c, 2.5), 13);
    const bare = bind(shipped.create({ intercept: false, coefficientScale: 1 }), given);
    expect(logDensityAt(bare, [b, c]).logDensity).toBeCloseTo(likelihood(0) + normal(b, 1) + normal(c, 1), 13);
  });
});

describe("sparse logistic regression on the German credit data", () => {
  const folder = "german_credit";
  it.skipIf(isMissing(`${folder}/golden.json`))("has the density and gradient of the golden file", () => {
    const read = (name: string): string => readFileSync(resolve(referenceFolder, folder, name), "utf8");
    const golden = JSON.parse(read("golden.json")) as Readonly<Record<string, number & readonly number[]>>;
    const { class: outcome, ...features } = columns(read("german_credit_numeric.csv"));
    const ones = outcome!.map(() => 1);
    const bound = bind(shippedModels["sparse-logistic-regression"]!.create(), {
      data: {
        x: matrix([...Object.values(features).map(standardised), ones]),
        y: { data: outcome!.map((x) => x - 1), shape: [outcome!.length] },
      },
    });
    for (const [z, lp, gradient] of [
      [new Float64Array(51), golden["lp_z0"]!, golden["grad_z0"]!],
      [golden["test_point_z"]!, golden["lp_test_point"]!, golden["grad_test_point"]!],
    ] as const) {
      const at = logDensityAt(bound, z);
      expect(Math.abs(at.logDensity / lp - 1)).toBeLessThan(1e-11);
      const size = Math.hypot(...gradient);
      gradient.forEach((slope, i) => {
        expect(Math.abs(at.gradient[i]! - slope)).toBeLessThan(1e-11 * size);
      });
    }
  });
});

describe("resolveModel", () => {
  const funnel = shippedModels["funnel"]!;

  it("takes a model, or a function of options", () => {
    const model = funnel.create();
    expect(resolveModel(model, {}, "a.ts")).toBe(model);
    const made = resolveModel((options: object) => funnel.create({ ...options }), { dimension: 3 }, "a.ts");
    expect(bind(made).dimension).toBe(3);
  });

  it("says what a file must export", () => {
    expect(() => resolveModel(undefined, {}, "a.ts")).toThrow("a.ts must export a model as its default");
    expect(() => resolveModel(funnel.create(), { dimension: 3 }, "a.ts")).toThrow(
      "a.ts takes no options, but dimension",
    );
  });
});

describe("bernoulli at logits 0", () => {
  it("has slope y − ½", () => {
    const bound = bind(shippedModels["logistic-regression"]!.create({ coefficientScale: null, intercept: false }), {
      data: { x: { data: [1, 1], shape: [2, 1] }, y: { data: [1, 1], shape: [2] } },
    });
    expect(evaluateAt({ z: [0] }, ({ z }) => bound.logDensity(z!)).gradient["z"]![0]).toBe(1);
  });
});
