/** ArviZ and xarray open what the store writes, and see the same draws, names and numbers as our reader. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { summarize } from "../../src/diagnostics/index.ts";
import { createResults, openResults, type ResultsWriter, type StoreLayout } from "../../src/store/index.ts";
import { block, data, layout, manifest, values, withFolder } from "./example.ts";
import { python, pythonRequired, runPython } from "./python.ts";

interface Seen {
  readonly groups: Record<string, Group>;
  readonly xarray: { readonly sizes: Record<string, number>; readonly variables: string[] };
  readonly digests: string[];
  readonly summary: Record<string, Record<string, number>> | null;
}

interface Group {
  readonly variables: Record<string, { dims: string[]; shape: number[]; dtype: string; values: (number | boolean)[] }>;
  readonly coordinates: Record<string, (string | number)[]>;
  readonly attributes: Record<string, string>;
}

async function write(root: string): Promise<ResultsWriter> {
  const writer = await createResults({ root, configName: "example", runId: "run", manifest, layout, data });
  for (const batch of [1, 0, 2]) {
    await writer.appendBlock(block(batch, 0, 8, "warmup"));
    await writer.appendBlock(block(batch, 0, 16));
  }
  await writer.commit();
  return writer;
}

describe.skipIf(python === undefined && !pythonRequired)("ArviZ and xarray", () => {
  test("see groups, dimensions, coordinates, types and data", async () => {
    await withFolder(async (root) => {
      const writer = await write(root);
      for (const batch of [0, 1, 2]) await writer.appendBlock(block(batch, 16, 34));
      await writer.finish({ status: "complete" });
      const { groups, xarray } = (await runPython("open_results.py", writer.directory)) as Seen;
      expect(Object.keys(groups).sort()).toEqual([
        "constant_data",
        "observed_data",
        "posterior",
        "sample_stats",
        "unconstrained_posterior",
        "warmup_posterior",
        "warmup_sample_stats",
      ]);
      expect(groups["posterior"]?.variables["pair"]).toMatchObject({
        dims: ["chain", "draw", "feature", "side"],
        shape: [5, 50, 3, 2],
        dtype: "float64",
      });
      expect(groups["posterior"]?.variables["coefficient"]).toMatchObject({ dtype: "float32" });
      expect(groups["posterior"]?.coordinates).toEqual({
        chain: [0, 1, 2, 3, 4],
        draw: Array.from({ length: 50 }, (_, draw) => draw),
        ...layout.coordinates,
      });
      expect(groups["posterior"]?.attributes["inference_library"]).toBe("manychain");
      const types = Object.entries(groups["sample_stats"]?.variables ?? {}).map(([name, { dtype }]) => [name, dtype]);
      expect(Object.fromEntries(types)).toEqual({ lp: "float64", n_steps: "int32", diverging: "bool" });
      expect(groups["unconstrained_posterior"]?.coordinates["unconstrained"]).toEqual(["tau", "beta[mean radius]"]);
      const tau = groups["warmup_posterior"]?.variables["tau"]?.values;
      expect(tau).toEqual(
        Array.from(values(layout.variables[0] ?? { name: "", dtype: "bool", dims: [], shape: [] }, 0, 5, 0, 8)),
      );
      expect(groups["observed_data"]?.variables["y"]).toEqual({
        dims: ["observation"],
        shape: [4],
        dtype: "bool",
        values: [true, false, false, true],
      });
      expect(groups["constant_data"]?.variables["n"]).toEqual({
        dims: [],
        shape: [],
        dtype: "uint32",
        values: [4_000_000_000],
      });
      expect(groups["constant_data"]?.variables["x"]?.values).toEqual(Array.from(data.constant[0]?.values ?? []));
      expect(xarray.sizes).toEqual({ chain: 5, draw: 50, feature: 3, side: 2 });
    });
  });

  test("give az.summary's numbers and the digests from the draws that our reader returns", async () => {
    await withFolder(async (root) => {
      // Long chains: where Geyer's sum reaches the end of a chain, ArviZ and `posterior` stop it at different lags.
      const long: StoreLayout = { ...layout, draws: 400, chunkDraws: 100 };
      const writer = await createResults({ root, configName: "example", runId: "long", manifest, layout: long });
      for (const first of [0, 130]) {
        for (const batch of [2, 1, 0]) {
          await writer.appendBlock(block(batch, first, first === 0 ? 130 : 270, "sampling", long));
        }
      }
      await writer.finish({ status: "complete" });
      const reader = await openResults(writer.directory);
      const seen = (await runPython("open_results.py", writer.directory)) as Seen;
      expect(seen.digests).toEqual(reader.run.digests?.chains);
      const names: string[] = [];
      for (const variable of reader.variables()) {
        for (const { name, draws } of await reader.draws(variable.name)) {
          names.push(name);
          const ours = summarize(draws);
          const theirs = seen.summary?.[name];
          const pairs = {
            mean: ours.mean,
            sd: ours.sd,
            mcse_mean: ours.mcse_mean,
            ess_bulk: ours.ess_bulk,
            ess_tail: ours.ess_tail,
            r_hat: ours.rhat,
          };
          // ArviZ sums float32 draws in float32.
          const tolerance = variable.dtype === "float32" ? 1e-5 : 1e-9;
          for (const [key, value] of Object.entries(pairs)) {
            const error = Math.abs(value - (theirs?.[key] ?? Number.NaN)) / Math.max(Math.abs(value), 0.01);
            expect(error, `${key} of ${name}: ${value}, ArviZ ${theirs?.[key]}`).toBeLessThan(tolerance);
          }
        }
      }
      expect(Object.keys(seen.summary ?? {}).sort()).toEqual(names.sort());
    });
  });

  test("open a run that is still going: the committed draws, and nothing of a later block", async () => {
    await withFolder(async (root) => {
      const writer = await write(root);
      await writer.appendBlock(block(0, 16, 34));
      const { groups, xarray } = (await runPython("open_results.py", writer.directory)) as Seen;
      expect(xarray.sizes["draw"]).toBe(16);
      expect(groups["sample_stats"]?.coordinates["draw"]).toHaveLength(16);
      await writer.commit();
      expect(((await runPython("open_results.py", writer.directory)) as Seen).xarray.sizes["draw"]).toBe(16);
    });
  });

  test("open a run before its first draw", async () => {
    await withFolder(async (root) => {
      const writer = await createResults({ root, configName: "example", runId: "run", manifest, layout, data });
      const seen = (await runPython("open_results.py", writer.directory)) as Seen;
      expect(seen.xarray.sizes).toMatchObject({ chain: 5, draw: 0 });
    });
  });

  test("refuse a chunk with a flipped bit", async () => {
    await withFolder(async (root) => {
      const writer = await write(root);
      const path = join(writer.directory, "draws.zarr", "posterior", "tau", "0.0");
      const bytes = await readFile(path);
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      await writeFile(path, bytes);
      await expect(runPython("open_results.py", writer.directory)).rejects.toThrow(/crc32 checksum/);
    });
  });
});
