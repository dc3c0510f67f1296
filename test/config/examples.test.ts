import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type DataValue, loadData } from "../../src/config/data.ts";
import { loadConfig } from "../../src/config/load.ts";

const root = new URL("../../", import.meta.url).pathname;
const reference = process.env["MANYCHAIN_REFERENCE"] ?? join(root, "../shared/reference");
const example = (name: string): ReturnType<typeof loadConfig> => loadConfig(join(root, "config", `${name}.yaml`));
const json = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, "utf8"));

interface Golden {
  readonly values: { readonly X_float64: { readonly grad_z0: number[] } };
}

/** Xᵀ(y − ½): the gradient of a logistic likelihood at coefficients of zero. */
function gradientAtZero(x: DataValue, y: DataValue): number[] {
  const [rows, columns] = x.shape as [number, number];
  return Array.from({ length: columns }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += x.data[i * columns + j]! * (y.data[i]! - 0.5);
    return sum;
  });
}

function expectGradient(values: Readonly<Record<string, DataValue>>, gradient: number[]): void {
  const ours = gradientAtZero(values["x"]!, values["y"]!);
  const theirs = gradient.slice(-ours.length);
  for (const [j, value] of ours.entries()) expect(Math.abs(value - theirs[j]!)).toBeLessThan(1e-9);
}

test("every example loads without warnings", () => {
  const files = readdirSync(join(root, "config")).filter((file) => file.endsWith(".yaml"));
  expect(files.sort()).toEqual([
    "breast-cancer.yaml",
    "eight-schools.yaml",
    "funnel.yaml",
    "german-credit.yaml",
    "linear-regression.yaml",
    "seed.yaml",
  ]);
  for (const file of files) expect(loadConfig(join(root, "config", file)).warnings).toEqual([]);
});

test("breast-cancer: the data gives the reference gradient; labels are the columns in words", () => {
  const { config, baseDir } = example("breast-cancer");
  const { values } = loadData(config.data, { baseDir });
  expect([values["x"]!.shape, values["y"]!.shape]).toEqual([[569, 30], [569]]);
  const golden = json(join(root, "test/reference/breast_cancer/golden.json")) as unknown as Golden;
  expectGradient(values, golden.values.X_float64.grad_z0);
  expect(config.coordinates["feature"]).toEqual(
    values["x"]!.coordinates!.map((name) => String(name).replaceAll("_", " ")),
  );
  expect(config.sampler.name).toBe("chees");
});

test("seed: the same data, plain HMC with nothing adapted", () => {
  const { config } = example("seed");
  expect(config).toMatchObject({ name: "seed", chains: 8, warmup: 0, init: { value: 0 } });
  expect(config.sampler).toMatchObject({ name: "hmc", step_size: 0.015, steps: 20, metric: "unit" });
  expect(config.data).toEqual(example("breast-cancer").config.data);
});

const german = join(reference, "german_credit/german_credit_numeric.csv");
const required = process.env["MANYCHAIN_REQUIRE_REFERENCE"] === "1";
test.skipIf(!existsSync(german) && !required)("german-credit: the user's file gives the reference gradient", () => {
  const set = [`data.x.csv=${german}`, `data.y.csv=${german}`];
  const { config, baseDir } = loadConfig(join(root, "config/german-credit.yaml"), { set });
  const { values } = loadData(config.data, { baseDir });
  expect(values["x"]!.shape).toEqual([1000, 25]);
  expect(values["y"]!.data.reduce((sum, y) => sum + y)).toBe(300);
  expectGradient(values, json(join(reference, "german_credit/golden.json"))["grad_z0"] as number[]);
});

test("german-credit: without the file the error names it", () => {
  const { config, baseDir } = example("german-credit");
  expect(() => loadData(config.data, { baseDir })).toThrow(
    /^data\.x: cannot read .*config\/data\/german_credit_numeric\.csv: there is no such file$/,
  );
});

test("linear-regression: the shipped rows are the stated formula", () => {
  const { config, baseDir } = example("linear-regression");
  const { x, y } = loadData(config.data, { baseDir }).values;
  const frac = (a: number): number => a - Math.floor(a);
  const round = (a: number): number => Math.round(a * 1e4) / 1e4;
  for (let i = 1; i <= 100; i++) {
    const row = [2, 3, 5].map((prime) => round(4 * frac(i * Math.sqrt(prime)) - 2));
    const spread = Math.sqrt(-2 * Math.log(frac(i * Math.sqrt(7))));
    const noise = spread * Math.cos(2 * Math.PI * frac(i * Math.sqrt(11)));
    expect([...x!.data.slice(3 * i - 3, 3 * i)]).toEqual(row);
    expect(Math.abs(y!.data[i - 1]! - (1.5 * row[0]! - 2 * row[1]! + 0.5 * row[2]! + 0.7 * noise))).toBeLessThan(
      5.1e-5,
    );
  }
});

test("eight-schools and funnel", () => {
  const { config } = example("eight-schools");
  expect(config.options).toEqual({ parametrization: "noncentred" });
  expect(config.coordinates["school"]).toHaveLength(8);
  expect(Object.keys(config.data)).toEqual(["y", "sigma"]);
  expect(example("funnel").config).toMatchObject({ model: "funnel", data: {} });
});
