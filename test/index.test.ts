import { expect, test } from "vitest";
import * as manychain from "../src/index.ts";

test("the public API is this list and nothing else", () => {
  expect(Object.keys(manychain).sort()).toMatchInlineSnapshot(`
    [
      "ConfigError",
      "EngineError",
      "InitializationError",
      "ManychainError",
      "ModelError",
      "Node",
      "ReproductionError",
      "StoreError",
      "WorkerError",
      "along",
      "bernoulli",
      "beta",
      "binary",
      "bind",
      "binomial",
      "cauchy",
      "concat",
      "configOfResults",
      "constant",
      "count",
      "createEngine",
      "density",
      "diagnostics",
      "engineNames",
      "exponential",
      "flat",
      "gamma",
      "halfCauchy",
      "halfNormal",
      "halfStudentT",
      "hmcStep",
      "hmcStepper",
      "index",
      "integer",
      "inverseGamma",
      "laplace",
      "loadConfig",
      "logDensityAndGradient",
      "logNormal",
      "logistic",
      "loop",
      "model",
      "negativeBinomial",
      "normal",
      "openResults",
      "poisson",
      "positive",
      "probeEngines",
      "random",
      "real",
      "renderReport",
      "renderSummary",
      "reportFromResults",
      "resolveConfig",
      "run",
      "shippedModel",
      "shippedModels",
      "stack",
      "studentT",
      "uniform",
      "verify",
      "weibull",
    ]
  `);
});

test("a model as in README: declare, bind, evaluate", async () => {
  const { bind, halfNormal, logDensityAndGradient, model, normal, real } = manychain;
  const line = model({
    data: { x: real("row"), y: real("row") },
    parameters: { slope: normal(0, 10), sigma: halfNormal(5) },
    likelihood: ({ x, y, slope, sigma }) => normal(x.mul(slope), sigma).observe(y),
  });
  const bound = bind(line, { data: { x: { data: [1, 2], shape: [2] }, y: { data: [2, 5], shape: [2] } } });
  const z = [1.5, Math.log(0.7)];
  const at = async (point: readonly number[]): Promise<number> =>
    (await logDensityAndGradient(bound, point)).logDensity;
  const normalLog = (x: number, mean: number, sd: number): number =>
    -0.5 * ((x - mean) / sd) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI);
  const expected =
    normalLog(1.5, 0, 10) +
    Math.log(2) +
    normalLog(0.7, 0, 5) +
    Math.log(0.7) +
    normalLog(2, 1.5, 0.7) +
    normalLog(5, 3, 0.7);
  expect(await at(z)).toBeCloseTo(expected, 10);
  const { gradient } = await logDensityAndGradient(bound, z);
  const h = 1e-5;
  for (const i of [0, 1]) {
    const moved = (by: number): number[] => z.map((value, j) => (i === j ? value + by : value));
    expect(gradient[i]).toBeCloseTo(((await at(moved(h))) - (await at(moved(-h)))) / (2 * h), 5);
  }
  const single = await logDensityAndGradient(bound, z, { precision: "float32" });
  expect(single.logDensity).toBeCloseTo(expected, 3);
  const reference = await logDensityAndGradient(bound, z, { engine: await manychain.createEngine("reference") });
  expect(reference.logDensity).toBeCloseTo(expected, 10);
});

test("a point of the wrong length, an engine that is none", async () => {
  const bound = manychain.bind(manychain.shippedModel("funnel").create({ dimension: 2 }));
  await expect(manychain.logDensityAndGradient(bound, [1])).rejects.toThrow(
    "z must have 2 numbers, one a dimension of the model; it has 1.",
  );
  await expect(manychain.logDensityAndGradient(bound, [1, 2], { engine: "gpu" })).rejects.toThrow(
    'engine "gpu" is not part of this version of manychain: expected one of wasm, reference, ',
  );
});

test("random and diagnostics are groups of functions", () => {
  const { random, diagnostics } = manychain;
  expect(random.key(5n)).toHaveLength(2);
  expect(diagnostics.rhat([Float64Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(2, 1, 4, 3, 6, 5)])).toBeGreaterThan(1);
});

test("every error of ours has an exit code", () => {
  const codes = Object.entries(manychain).flatMap(([name, value]) =>
    name.endsWith("Error") ? [[name, new (value as new (m: string) => manychain.ManychainError)("").exitCode]] : [],
  );
  expect(Object.fromEntries(codes)).toEqual({
    ConfigError: 2,
    EngineError: 5,
    InitializationError: 2,
    ManychainError: 1,
    ModelError: 2,
    ReproductionError: 4,
    StoreError: 2,
    WorkerError: 1,
  });
});
