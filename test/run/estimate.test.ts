import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Config } from "../../src/config/types.ts";
import { ConfigError } from "../../src/errors.ts";
import { bytesText, estimateOf, judge } from "../../src/run/estimate.ts";
import { prepare } from "../../src/run/prepare.ts";
import { run } from "../../src/run/run.ts";
import { withFiles } from "./folder.ts";

const config: Config = {
  model: "funnel",
  chains: 8,
  warmup: 20,
  draws: 500,
  sampler: "hmc",
  gates: false,
  precision: "float32",
};

/** Bytes of all files in a folder. */
async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)));
  return (await Promise.all(files)).reduce((sum, { size }) => sum + size, 0);
}

describe("the disk that a run needs", () => {
  test.each<[string, Partial<Config>]>([
    ["all draws", {}],
    ["warm-up and unconstrained draws too", { warmup: 300, warmup_draws: true, unconstrained: true }],
    ["every tenth", { keep: "thinned", draws: 20_000, block: 1000 }],
    ["nuts, in float64", { sampler: "nuts", precision: "float64" }],
  ])("%s: of draws.zarr, within a quarter", async (_, change) => {
    await withFiles({}, async (folder) => {
      const given = { ...config, ...change };
      const { disk } = estimateOf(await prepare(given), true);
      const { directory } = await run(given, { out: folder, report: false }).result;
      // Metadata and labels are left out of the estimate: some kilobytes an array.
      const found = await bytesIn(join(directory!, "draws.zarr"));
      expect(disk).toBeLessThan(found * 1.25);
      expect(disk).toBeGreaterThan((found - 100_000) * 0.75);
      expect(disk).toBeGreaterThan(40_000);
    });
  });

  test("grows with the draws that are kept, and is next to nothing for moments or without a folder", async () => {
    const of = async (change: Partial<Config>, isStored = true): Promise<number> =>
      estimateOf(await prepare({ ...config, ...change }, { engine: false }), isStored).disk;
    const once = await of({ draws: 1_000_000 });
    expect((await of({ draws: 2_000_000 })) / once).toBeCloseTo(2, 2);
    expect((await of({ draws: 1_000_000, keep: "thinned", thin: 100 })) / once).toBeCloseTo(0.01, 3);
    expect(await of({ draws: 1_000_000, keep: "moments" })).toBeLessThan(1e5);
    expect(await of({ draws: 1_000_000 }, false)).toBe(0);
  });
});

describe("what does not fit", () => {
  const need = { disk: 10e9, summary: 4e9, running: 1e9 };
  test("is an error; what takes most of it, and what a rule may end before, is a warning", () => {
    const fits = { disk: 100e9, memory: 100e9 };
    expect(judge(need, fits, false)).toEqual({ warnings: [] });
    expect(judge(need, { ...fits, disk: undefined }, false)).toEqual({ warnings: [] });
    expect(judge(need, { ...fits, disk: 9e9 }, false).problem).toMatch(
      /^the run needs about 10 GB of disk, and 9\.0 GB are free there\. Ask for fewer `draws`.* --out\.$/,
    );
    expect(judge(need, { ...fits, memory: 3e9 }, false).problem).toMatch(
      /about 4\.0 GB of memory, and 3\.0 GB are there/,
    );
    expect(judge(need, { ...fits, disk: 11e9 }, false).warnings).toEqual([
      expect.stringMatching(/^the run needs about 10 GB/),
    ]);
    const { problem, warnings } = judge(need, { ...fits, disk: 9e9 }, true);
    expect(problem).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/^at its most draws, the run needs/)]);
  });

  test("is told before anything is made", async () => {
    await withFiles({}, async (folder) => {
      const huge: Config = { ...config, chains: 100_000, draws: 10_000_000 };
      const failed = run(huge, { out: join(folder, "new"), report: false }).result;
      await expect(failed).rejects.toThrow(ConfigError);
      await expect(failed).rejects.toThrow(/the run needs about [\d.]+ TB of (?:disk|memory), and .* GB are/);
      expect(await readdir(folder)).toEqual([]);
      const inMemory = run({ ...huge, keep: "draws" }, { store: false }).result;
      await expect(inMemory).rejects.toThrow(/the run needs about [\d.]+ TB of memory/);
    });
  });
});

test("bytes in words", () => {
  expect([0, 999, 12_345, 999_700, 3.21e9, 5e16].map(bytesText)).toEqual([
    "0 kB",
    "1.0 kB",
    "12 kB",
    "1.0 MB",
    "3.2 GB",
    "50 PB",
  ]);
});
