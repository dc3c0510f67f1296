/** Programs of others read what real runs leave: CmdStanPy the CSV of every sampler, ArviZ 1.x store and NetCDF. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { model, normal, openResults, run } from "../../src/index.ts";
import { exportResults } from "../../src/store/index.ts";
import { withFolder } from "../store/example.ts";
import { arviz1, python, pythonRequired, runArviz1, runPython } from "../store/python.ts";

interface CmdStanPy {
  readonly columns: readonly string[];
  readonly shape: readonly number[];
  readonly mu: readonly number[];
  readonly theta: readonly number[];
  readonly step_size: readonly number[];
  readonly inverse_metric: readonly (readonly number[])[];
  readonly divergences: readonly number[];
  readonly max_treedepths: readonly number[];
  readonly seconds: readonly Readonly<Record<string, number>>[];
}

const eightSchools = {
  model: "eight-schools",
  data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] },
  options: { parametrization: "centred" },
  chains: 4,
  warmup: 100,
  draws: 60,
  gates: false,
} as const;

describe.skipIf(python === undefined && !pythonRequired)("CmdStanPy opens the CSV of", () => {
  test.each(["chees", "nuts", "hmc"] as const)("%s: draws, tuning, divergences, time", async (sampler) => {
    await withFolder(async (root) => {
      const { directory, summary } = await run({ ...eightSchools, sampler }, { out: root, runId: "r" }).result;
      const reader = await openResults(directory!);
      const files = await exportResults(reader, "cmdstan", join(root, "d.csv"));
      const seen = (await runPython("read_cmdstan.py", ...files)) as CmdStanPy;
      expect(seen.shape).toEqual([60, 4, seen.columns.length]);
      expect(seen.columns.slice(0, 8)).toEqual([
        ..."lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__".split(","),
        "mu",
      ]);
      expect(seen.mu).toEqual([...(await reader.raw("mu"))]);
      expect(seen.theta).toEqual([240, 8]);
      const events = (await readFile(join(directory!, "events.ndjson"), "utf8")).split("\n");
      const { inverseMass } = JSON.parse(events.find((line) => line.includes('"adapted"'))!) as {
        inverseMass: number[];
      };
      expect(seen.inverse_metric).toEqual(Array(4).fill(inverseMass));
      const steps = await reader.statistic("step_size");
      expect(seen.step_size).toEqual(steps.map((chain) => chain[0]));
      // CmdStanPy 1.3.2 passes over the first draw where it counts divergences.
      const diverging = await reader.statistic("diverging");
      expect(seen.divergences).toEqual(diverging.map((chain) => chain.slice(1).reduce((sum, each) => sum + each, 0)));
      expect(summary.run.divergences).toBeGreaterThanOrEqual(seen.divergences.reduce((sum, each) => sum + each, 0));
      if (sampler !== "nuts") expect(seen.max_treedepths).toEqual([0, 0, 0, 0]);
      expect(Object.keys(seen.seconds[0]!).sort()).toEqual(["sampling", "total", "warmup"]);
    });
  });
});

interface Arviz1 {
  readonly groups: readonly string[];
  readonly types: Readonly<Record<string, string>>;
  readonly warmup: Readonly<Record<string, number>>;
  readonly diverging: string;
  readonly summary: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const withBoolean = model({
  name: "large",
  parameters: { mu: normal(0, 1) },
  derived: ({ mu }) => ({ is_large: mu.gt(0.5) }),
  likelihood: ({ mu }) => mu.mul(0),
});

describe.skipIf(arviz1 === undefined)("ArviZ 1.x (Python 3.12 or later)", () => {
  test("summarises store and NetCDF, also with a boolean, and gives our numbers", async () => {
    await withFolder(async (root) => {
      const config = {
        model: withBoolean,
        chains: 4,
        warmup: 100,
        draws: 200,
        warmup_draws: true,
        gates: false,
      } as const;
      const { directory, summary } = await run(config, { out: root, runId: "r" }).result;
      const reader = await openResults(directory!);
      const [file] = await exportResults(reader, "netcdf", join(root, "d.nc"));
      const seen = (await runArviz1("arviz1.py", join(directory!, "draws.zarr"), file!)) as Record<
        "store" | "netcdf",
        Arviz1
      >;
      for (const from of [seen.store, seen.netcdf]) {
        expect(from.groups).toEqual(["posterior", "sample_stats", "warmup_posterior", "warmup_sample_stats"]);
        expect(from.types).toEqual({ mu: "float32", is_large: "int8" });
        expect(from.diverging).toBe("bool");
        expect(from.warmup).toEqual({ chain: 4, draw: 100 });
        for (const { name, mean, sd, rhat, ess_bulk } of summary.quantities) {
          const theirs = from.summary[name]!;
          expect(theirs["mean"]! / mean, name).toBeCloseTo(1, 4);
          expect(theirs["sd"]! / sd, name).toBeCloseTo(1, 4);
          expect(theirs["r_hat"]! / rhat, name).toBeCloseTo(1, 4);
          expect(theirs["ess_bulk"]! / ess_bulk, name).toBeCloseTo(1, 4);
        }
      }
    });
  });
});
