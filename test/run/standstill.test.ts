import { join } from "node:path";
import { expect, test } from "vitest";
import { summarizeFolder } from "../../src/cli/results.ts";
import type { Config } from "../../src/config/types.ts";
import { type RunOptions, type RunResult, run } from "../../src/run/run.ts";
import { openResults } from "../../src/store/index.ts";
import { withFiles } from "./folder.ts";

/** In float32 the first two elements of `when`, near 1.7e9 and 60 wide, have one value alone; the third is free. */
const files = {
  "when.ts": `import { model, normal, uniform } from "manychain";
export default model({
  name: "when",
  dimensions: { part: 2 },
  parameters: { when: uniform(1700000000, 1700000060).over("part"), x: normal(0, 1) },
  derived: ({ x }) => ({ two: x.mul(0).add(2) }),
});
`,
  "density.ts": `import { density } from "manychain";
export default density({
  dimension: 2,
  logDensity: (z) => z.square().sum().mul(-0.5),
  variables: (z) => ({ far: z.at(0).mul(1e-3).add(1e6), x: z.at(1) }),
});
`,
};

const gates = { rhat: 1.1, ess_bulk: 10, ess_tail: 10, divergences: 0.5 };

async function ran(
  config: Partial<Config>,
  use: (result: RunResult) => Promise<void>,
  options: RunOptions = {},
): Promise<void> {
  await withFiles(files, async (folder) => {
    const model = join(folder, config.model ?? "when.ts");
    const whole: Config = { chains: 8, warmup: 100, draws: 100, seed: 1, gates, ...config, model };
    await use(await run(whole, { out: folder, ...options }).result);
  });
}

/** Float32 is not enough either, which its own gate says. */
const failed = (result: RunResult): string[] =>
  result.summary.gates
    .filter(({ pass, name }) => !pass && name !== "precision")
    .map(({ name, worst, note }) => `${name} ${worst}: ${note}`);

test("elements of a parameter that never move fail the run; a derived constant does not; in float64 all is well", async () => {
  await ran({ precision: "float32" }, async (result) => {
    const note = "never moved: when[0] and when[1]; left out, being constant: two";
    expect(failed(result)).toEqual([`rhat when[0]: ${note}`, `ess_bulk when[0]: ${note}`, `ess_tail when[0]: ${note}`]);
    expect(result.converged).toBe(false);
    const rows = Object.fromEntries(result.summary.quantities.map((row) => [row.name, row]));
    expect(rows["when[1]"]).toMatchObject({ role: "parameter", still: { chains: 8 } });
    expect(rows["two"]).toMatchObject({ role: "derived", sd: 0 });
    // What lies in the folder says the same.
    const reader = await openResults(result.directory!);
    expect((await reader.summary())!.quantities).toEqual(result.summary.quantities);
    expect((await summarizeFolder(result.directory!)).summary.gates).toEqual(result.summary.gates);
  });
  await ran({ precision: "float64" }, async (result) => {
    expect(failed(result)).toEqual([]);
    const row = result.summary.quantities.find(({ name }) => name === "when[0]")!;
    // Uniform over 60: mean 1700000030, sd 60 / √12 = 17.32.
    expect(Math.abs(row.mean - 1700000030)).toBeLessThan(5 * row.mcse_mean);
    expect(Math.abs(row.sd - 17.3205)).toBeLessThan(5 * row.mcse_sd);
  });
});

test("so does a variable of a density; and where moments alone are kept, or every k-th draw", async () => {
  await ran(
    { model: "density.ts", precision: "float32" },
    async (result) => {
      expect(failed(result)).toHaveLength(3);
      expect(result.summary.gates[0]).toMatchObject({ worst: "far", note: "never moved: far" });
    },
    { store: false },
  );
  for (const keep of ["moments", "thinned"] as const) {
    await ran(
      { keep, thin: 2, superchains: 2, gates: { ...gates, nested_rhat: 2 }, precision: "float32" },
      async (result) => {
        const names = result.summary.gates
          .filter(({ pass, name }) => !pass && name !== "precision")
          .map(({ name }) => name);
        expect(names).toEqual(
          keep === "moments" ? ["rhat", "nested_rhat"] : ["rhat", "ess_bulk", "ess_tail", "nested_rhat"],
        );
      },
    );
  }
});

test("a rule of draws.until is not met while a parameter stands still", async () => {
  const draws = { until: { rhat: 1.5 }, check: 50, max: 100 } as const;
  await ran(
    { draws, precision: "float32" },
    async (result) => {
      expect(result.summary.gates.find(({ name }) => name === "until")).toMatchObject({
        pass: false,
        worst: "when[0]",
      });
    },
    { store: false },
  );
});
