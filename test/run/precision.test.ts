import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { resolveConfig } from "../../src/config/load.ts";
import { type Node, stack } from "../../src/graph/node.ts";
import { bind } from "../../src/model/bind.ts";
import { count, real } from "../../src/model/data.ts";
import { density } from "../../src/model/density.ts";
import { flat } from "../../src/model/distributions/flat.ts";
import { gamma } from "../../src/model/distributions/gamma.ts";
import { halfNormal } from "../../src/model/distributions/halfNormal.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { poisson } from "../../src/model/distributions/poisson.ts";
import { uniform } from "../../src/model/distributions/uniform.ts";
import { model } from "../../src/model/model.ts";
import { misfitOf } from "../../src/run/firstStates.ts";
import type { AnyModel } from "../../src/run/loadModel.ts";
import { planBatches } from "../../src/run/plan.ts";
import { type ProgramConfig, prepare } from "../../src/run/prepare.ts";
import { run } from "../../src/run/run.ts";
import type { Json } from "../models/posteriordb/posterior.ts";
import { processes } from "../models/posteriordb/processes.ts";
import { regressions, shipped } from "../models/posteriordb/regressions.ts";
import { isMissing, referenceFolder } from "../models/reference.ts";
import { withFiles } from "./folder.ts";

const observed = model({
  data: { t: real("observation") },
  parameters: { mu: flat() },
  likelihood: ({ t, mu }) => normal(mu, 1).observe(t),
});

const of = (parameters: Parameters<typeof model>[0]["parameters"]): AnyModel => model({ parameters }) as AnyModel;

/** Log densities of about −10⁶: sums of 20,000 terms. */
const large = density({
  dimension: 1,
  data: { y: real("observation") },
  logDensity: (z, { y }) => y.sub(z.at(0)).square().sum().mul(-0.5),
});
const spread = Array.from({ length: 20_000 }, (_, i) => 17 * Math.sin(i));

interface Case extends Omit<Partial<ProgramConfig>, "model"> {
  readonly model: AnyModel;
}

const table: Readonly<Record<string, Case & { readonly takes: "float32" | "float64"; readonly why: string }>> = {
  "what fits": { model: of({ x: normal(0, 1) }), takes: "float32", why: "fit it" },
  "bounds that are one number": {
    model: of({ when: uniform(1_700_000_000, 1_700_000_060) }),
    takes: "float64",
    why: "when, which lies between 1700000000 and 1700000060",
  },
  "bounds with five numbers between them": {
    model: of({ near: uniform(20_000_000, 20_000_010) }),
    takes: "float64",
    why: "neighbouring numbers there are 2 apart",
  },
  "bounds of within": {
    model: of({ x: flat().within(1e6, 1e6 + 1) }),
    takes: "float64",
    why: "model: float32 is too coarse for the parameter x",
  },
  "bounds that are wide": { model: of({ x: uniform(1000, 1010) }), takes: "float32", why: "fit it" },
  "data that are times": {
    model: observed,
    data: { t: [1_700_000_001, 1_700_000_020, 1_700_000_033] },
    takes: "float64",
    why: "data.t: float32 is too coarse for data t",
  },
  "data beyond float32": { model: observed, data: { t: [1, 2, 1e39] }, takes: "float64", why: "1e+39 is Infinity" },
  "data that are spread": {
    model: observed,
    data: { t: [100.1, 200.2, 400.3] },
    takes: "float32",
    why: "fit it",
  },
  "starting values": {
    model: model({ dimensions: { k: 2 }, parameters: { x: normal(1e9, 1e9).over("k") } }) as AnyModel,
    init: { values: { x: [1e9, 1e9 + 10] } },
    takes: "float64",
    why: "init.values.x: float32",
  },
  "a number in the model": { model: of({ x: normal(1.7e9, 17) }), takes: "float64", why: "near the posterior's top" },
  "a scale whose square float32 does not have": {
    model: of({ x: normal(0, 1e-30) }),
    takes: "float64",
    why: "and not finite in float32",
  },
  "a constant that hides the rest": {
    model: density({ dimension: 1, logDensity: (z) => z.at(0).square().mul(-0.5).add(123456789) }) as AnyModel,
    takes: "float64",
    why: "is 123456788, and 123456792 in float32",
  },
  "a starting value whose neighbours are the same": {
    model: of({ x: normal(1_700_000_000, 5) }),
    init: { values: { x: 1_700_000_000 } },
    takes: "float64",
    why: "at a starting point the log density is -53.9, and -2.53 in float32",
  },
  "one starting point": {
    model: of({ x: normal(3, 1), y: halfNormal(2) }),
    init: { values: { x: 20, y: 1e-3 } },
    takes: "float32",
    why: "fit it",
  },
  "a large log density": { model: large, data: { y: spread }, takes: "float64", why: "differences of log densities" },
  "an engine without float32": {
    model: of({ x: normal(0, 1) }),
    engine: "reference",
    takes: "float64",
    why: "engine reference has no other",
  },
};

describe("precision: auto", () => {
  test.each(Object.entries(table))("%s", async (_, { takes, why, ...config }) => {
    const { config: settled, why: told, batches, engineDetails } = await prepare(config);
    expect(told).toContain(why);
    expect(told).toContain(`precision: auto took ${takes}: `);
    expect([settled.precision, batches[0]!.precision]).toEqual([takes, takes]);
    expect(engineDetails).toContain(told);
  });

  test.each(["breast-cancer", "eight-schools", "funnel", "linear-regression", "seed"])(
    "keeps float32 for %s",
    async (name) => {
      expect((await prepare(`config/${name}.yaml`)).config.precision).toBe("float32");
    },
  );

  test("a start that float32 alone has not is told of, with what to do", async () => {
    const config: ProgramConfig = { model: of({ x: normal(0, 1e-30) }), precision: "float32", chains: 4, draws: 10 };
    await expect(run(config, { store: false }).result).rejects.toThrow(
      "the prior of x is -Infinity. In float64 both are finite there: set precision: float64.",
    );
  });

  const settings = planBatches({ ...resolveConfig({ model: "funnel" }).config, precision: "float32" })[0]!;

  test.each([...shipped, ...regressions, ...processes])(
    "keeps float32 for posteriordb's $name",
    async ({ name, model: given, data }) => {
      const path = `posteriordb/${name}/data.json`;
      if (isMissing(path)) return;
      const bound = bind(given, {
        data: data(JSON.parse(readFileSync(resolve(referenceFolder, path), "utf8")) as Json),
      });
      expect(await misfitOf(bound, settings).catch((error: Error) => error.name)).toBeOneOf([
        undefined,
        "CompileError",
      ]);
    },
  );

  test("takes float64 for a Gaussian process whose jitter float32 loses: posteriordb's gp_pois_regr", async () => {
    expect(await misfitOf(gaussianProcess(), settings)).toContain("near the posterior's top");
  });
});

/** Its R-hat in float32 is 757. */
function gaussianProcess() {
  const x = [-10, -8, -6, -4, -2, 0, 2, 4, 6, 8, 10];
  const k = [40, 37, 29, 12, 4, 3, 9, 19, 77, 82, 33];
  const process = model({
    data: { x: real("point"), k: count("point") },
    parameters: { rho: gamma(25, 4), alpha: halfNormal(2), f: normal(0, 1).over("point") },
    likelihood: ({ x: at, k: counts, rho, alpha, f }) => {
      const factor: Node[][] = [];
      for (let i = 0; i < x.length; i++) {
        const row: Node[] = [];
        for (let j = 0; j <= i; j++) {
          const smooth = at.at(i).sub(at.at(j)).div(rho).square().mul(-0.5).exp().mul(alpha.square());
          let rest = i === j ? smooth.add(1e-10) : smooth;
          for (let q = 0; q < j; q++) rest = rest.sub(row[q]!.mul((j === i ? row : factor[j]!)[q]!));
          row.push(i === j ? rest.sqrt() : rest.div(factor[j]![j]!));
        }
        factor.push(row);
      }
      const logRate = stack(factor.map((row) => row.map((l, j) => l.mul(f.at(j))).reduce((a, b) => a.add(b))));
      return poisson({ logRate }).observe(counts);
    },
  });
  return bind(process, { data: { x: { data: x, shape: [x.length] }, k: { data: k, shape: [k.length] } } });
}

const MODEL = `import { model, uniform } from "manychain";
export default model({ parameters: { near: uniform(20000000, 20000010) } });
`;

test("where float32 is asked for, what it is too coarse for is a warning with its place", async () => {
  const files = {
    "near.ts": MODEL,
    "run.yaml": "model: ./near.ts\nprecision: float32\n",
  };
  await withFiles(files, async (folder) => {
    const { warnings, config, why } = await prepare(resolve(folder, "run.yaml"));
    expect(config.precision).toBe("float32");
    expect(why).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /run\.yaml:1:8: model: float32 is too coarse for the parameter near.*Set precision: float64\./,
    );
    const float64 = await prepare({ model: of({ near: uniform(2e7, 2e7 + 10) }), precision: "float64" });
    expect(float64.warnings).toEqual([]);
  });
});

test("draws between large bounds are right by default; float32 fails its gate by name, and the advice begins with it", async () => {
  const near: ProgramConfig = { model: of({ near: uniform(20_000_000, 20_000_010) }), chains: 16, draws: 500 };
  const right = await run(near, { store: false }).result;
  const [row] = right.summary.quantities;
  expect(right.summary.run.precision).toBe("float64");
  // A run in float64 is not asked.
  expect(right.summary.gates.map(({ name }) => name)).not.toContain("precision");
  expect(Math.abs(row!.mean - 20_000_005)).toBeLessThan(0.2);
  expect(row!.sd).toBeCloseTo(10 / Math.sqrt(12), 1);
  const wrong = await run({ ...near, precision: "float32" }, { store: false }).result;
  expect(wrong.converged).toBe(false);
  expect(wrong.summary.gates.find(({ name }) => name === "precision")).toMatchObject({ pass: false, worst: "near" });
});

test("a log density of a million in float32 fails the gate, and what it costs is in run.json", async () => {
  await withFiles({}, async (folder) => {
    const config: ProgramConfig = {
      ...{ model: large, data: { y: spread }, init: { value: 0 }, precision: "float32", name: "large" },
      ...{ chains: 8, warmup: 100, draws: 40, block: 10 },
    };
    const { summary, directory } = await run(config, { out: folder, runId: "x" }).result;
    const gate = summary.gates.find(({ name }) => name === "precision")!;
    expect(gate).toMatchObject({ pass: false, limit: 0.1, worst: "log density" });
    const { precision } = JSON.parse(readFileSync(resolve(directory!, "run.json"), "utf8")) as { precision: object };
    expect(precision).toMatchObject({ states: 32, log_density: gate.value, limit: 0.1, pass: false });
    const page = readFileSync(resolve(directory!, "report.html"), "utf8");
    expect(page).toContain("error of float32");
    expect(page).toMatch(/What to do<\/h3><ul class="advice"><li>float32 is not enough/);
  });
});
