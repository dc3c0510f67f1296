import { expect, test } from "vitest";
import { loadConfig, resolveConfig } from "../../src/config/load.ts";
import { batchSizes } from "../../src/config/rules.ts";
import { didYouMean, editDistance } from "../../src/config/suggest.ts";
import type { Config, ResolvedConfig } from "../../src/config/types.ts";
import { folder, messageOf } from "./folder.ts";

const DEFAULTS: Omit<ResolvedConfig, "name" | "model"> = {
  options: {},
  data: {},
  coordinates: {},
  chains: 64,
  batches: 1,
  warmup: 200,
  draws: 1000,
  seed: "0",
  sampler: { name: "chees", target_acceptance: 0.75, metric: "diagonal", max_steps: 1000 },
  init: { uniform: 2 },
  engine: "wasm",
  fast: false,
  wide: true,
  precision: "auto",
  workers: "auto",
  block: 100,
  keep: "draws",
  thin: 10,
  warmup_draws: false,
  unconstrained: false,
  gates: {
    rhat: 1.01,
    ess_bulk: 400,
    ess_tail: 400,
    divergences: 0.01,
    nested_rhat: 1.01,
    precision: 0.1,
    quantities: "all",
  },
  output: "results",
};

test("all defaults are filled in, and the result resolves to itself", () => {
  const { path, remove } = folder({ "my run (1).yaml": "model: m\n" });
  const { config, baseDir, files, warnings } = loadConfig(`${path}/my run (1).yaml`);
  remove();
  expect(config).toEqual({ ...DEFAULTS, name: "my run -1-", model: "m" });
  expect([baseDir, files, warnings]).toEqual([path, [`${path}/my run (1).yaml`], []]);
  expect(resolveConfig(config).config).toEqual(config);
});

test("YAML, JSON and a TypeScript object give the same config", () => {
  const object: Config = {
    name: "a",
    model: "m",
    seed: 2n ** 64n - 1n,
    sampler: "hmc",
    coordinates: { year: [2001, 2002] },
  };
  const { path, remove } = folder({
    "a.yaml": "name: a\nmodel: m\nseed: 18446744073709551615\nsampler: hmc\ncoordinates: { year: [2001, 2002] }\n",
    "a.json":
      '{"name":"a","model":"m","seed":18446744073709551615,"sampler":{"name":"hmc"},"coordinates":{"year":[2001,2002]}}',
  });
  const yaml = loadConfig(`${path}/a.yaml`).config;
  const json = loadConfig(`${path}/a.json`).config;
  remove();
  expect(yaml).toEqual(resolveConfig(object).config);
  expect(json).toEqual(yaml);
  expect(yaml.seed).toBe("18446744073709551615");
  expect(yaml.coordinates).toEqual({ year: [2001, 2002] });
  // Where some are texts, all are; what is written as a text stays one.
  const mixed = resolveConfig({ model: "m", coordinates: { a: [1, "b"], c: ["1", "2"] } }).config;
  expect(mixed.coordinates).toEqual({ a: ["1", "b"], c: ["1", "2"] });
});

test("seeds keep all 64 bits, in any spelling", () => {
  const seedOf = (seed: string | number | bigint): string => resolveConfig({ model: "m", seed }).config.seed;
  expect([seedOf(7), seedOf("007"), seedOf(2n ** 63n + 1n), seedOf("9007199254740993")]).toEqual([
    "7",
    "7",
    "9223372036854775809",
    "9007199254740993",
  ]);
  expect(messageOf(() => seedOf(2n ** 64n))).toContain("found 18446744073709551616");
  expect(messageOf(() => seedOf(2 ** 60))).toContain("seed: expected an integer");
});

test("extends merges mappings, replaces the rest, and keeps paths relative to their own file", () => {
  const { path, remove } = folder({
    "base/base.yaml": `model: ./my-model.ts#tall
data:
  x: { csv: d/x.csv, standardize: true }
  y: [1, 2, 3]
gates: { rhat: 1.05, ess_bulk: 100 }
sampler: { name: chees, max_steps: 50 }
`,
    "runs/a.yaml": `extends: ../base/base.yaml
data: { y: [4], z: { json: z.json } }
gates: { rhat: 1.02 }
sampler: { target_acceptance: 0.7 }
`,
    "runs/b.yaml":
      "extends: a.yaml\nsampler: { name: hmc, steps: 5 }\ndata: { x: { json: x.json } }\ninit: { value: 0 }\n",
  });
  const a = loadConfig(`${path}/runs/a.yaml`).config;
  const b = loadConfig(`${path}/runs/b.yaml`, { set: ["init.uniform=1"] });
  remove();
  expect(a.model).toBe("../base/my-model.ts#tall");
  expect(a.data).toEqual({
    x: { csv: "../base/d/x.csv", columns: "all", except: [], standardize: true, intercept: false },
    y: [4],
    z: { json: "z.json" },
  });
  expect(a.gates).toMatchObject({ rhat: 1.02, ess_bulk: 100 });
  expect(a.sampler).toEqual({ name: "chees", target_acceptance: 0.7, metric: "diagonal", max_steps: 50 });
  expect(b.config.sampler).toMatchObject({ name: "hmc", steps: 5, step_size: "auto" });
  expect(b.config.data["x"]).toEqual({ json: "x.json" });
  expect(b.config.init).toEqual({ uniform: 1 });
  expect(b.files).toEqual(["runs/b.yaml", "runs/a.yaml", "base/base.yaml"].map((file) => `${path}/${file}`));
});

test("settings go on top in order, overrides last; their paths are relative to the current directory", () => {
  const { config, baseDir } = loadConfig("config/linear-regression.yaml", {
    set: ["chains=8", "chains=12", "sampler=hmc", "sampler.steps=7", "data.x.csv=other.csv", "gates=false"],
    overrides: { seed: "5", workers: 2, engine: undefined },
  });
  expect(config).toMatchObject({ chains: 12, seed: "5", workers: 2, engine: "wasm", gates: false });
  expect(config.sampler).toMatchObject({ name: "hmc", steps: 7 });
  expect(config.data["x"]).toMatchObject({ csv: "../other.csv", columns: ["x1", "x2", "x3"] });
  expect(baseDir.endsWith("config")).toBe(true);
});

test("batches are as even as they go and come from the config alone", () => {
  const sizes = (chains: number, batches?: number): number[] => {
    return batchSizes(resolveConfig({ model: "m", chains, sampler: "hmc", ...(batches ? { batches } : {}) }).config);
  };
  expect(sizes(64)).toEqual([64]);
  expect(sizes(65)).toEqual([33, 32]);
  expect(sizes(100, 3)).toEqual([34, 33, 33]);
  expect(sizes(3, 3)).toEqual([1, 1, 1]);
  expect(sizes(4096)).toEqual(Array.from({ length: 64 }, () => 64));
  expect(() => batchSizes({ chains: 2, batches: 3 })).toThrow(RangeError);
});

test("what is allowed but not meant is a warning with its place", () => {
  const { path, remove } = folder({ "w.yaml": "model: m\nwarmup: 10\ndraws: 2\n" });
  const { warnings } = loadConfig(`${path}/w.yaml`);
  remove();
  expect(warnings.map((warning) => warning.replace(`${path}/`, "").split("\n")[0])).toEqual([
    "w.yaml:2:9: warmup: below 20 iterations the metric stays at one, found 10",
    "w.yaml:3:8: draws: R-hat and effective sample sizes need at least 4 draws a chain, found 2",
  ]);
});

test("typed arrays are lists", () => {
  expect(resolveConfig({ model: "m", data: { y: Float64Array.of(1, 2) as unknown as number[] } }).config.data).toEqual({
    y: [1, 2],
  });
});

test("did you mean", () => {
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(editDistance("warmpu", "warmup")).toBe(1);
  expect(editDistance("", "abc")).toBe(3);
  expect(didYouMean("warmpu", ["draws", "warmup"])).toBe("warmup");
  expect(didYouMean("Warm-Up_Draws", ["warmup_draws"])).toBe("warmup_draws");
  expect(didYouMean("mean radus", ["mean_radius", "mean_area"])).toBe("mean_radius");
  expect(didYouMean("zzz", ["draws", "warmup"])).toBeUndefined();
  expect(didYouMean("x", ["y"])).toBeUndefined();
});
