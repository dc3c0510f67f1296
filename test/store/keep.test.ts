/** Runs that keep every k-th draw, or moments alone. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mean, rhatBasic, rhatNested, sd } from "../../src/diagnostics/index.ts";
import {
  createResults,
  type Keep,
  momentsRows,
  openResults,
  type ResultsReader,
  reopenResults,
  type StoreLayout,
} from "../../src/store/index.ts";
import { block, data, layout, manifest, withFolder } from "./example.ts";
import { python, pythonRequired, runPython } from "./python.ts";

const MOMENTS: Keep = { kind: "moments" };

async function run(root: string, keep: Keep | undefined, length: number, draws = 50): Promise<ResultsReader> {
  const of: StoreLayout = { ...layout, ...(keep === undefined ? {} : { keep }) };
  const runId = `${keep?.kind ?? "all"}-${length}-${draws}`;
  const writer = await createResults({ root, configName: "c", runId, manifest, layout: of, data });
  for (const batch of [1, 2, 0]) {
    await writer.appendBlock(block(batch, 0, 8, "warmup", of));
    for (let first = 0; first < draws; first += length) {
      await writer.appendBlock(block(batch, first, Math.min(length, draws - first), "sampling", of));
    }
  }
  await writer.finish({ status: "complete" });
  return await openResults(writer.directory);
}

async function draws(reader: ResultsReader): Promise<Map<string, Float64Array[]>> {
  const all = new Map<string, Float64Array[]>();
  for (const variable of reader.variables()) {
    for (const quantity of await reader.draws(variable.name)) all.set(quantity.name, quantity.draws);
  }
  return all;
}

test("every third draw is kept in each group, whatever the block, with the digests of all draws", async () => {
  await withFolder(async (root) => {
    const whole = await run(root, undefined, 16);
    const expected = await draws(whole);
    for (const length of [1, 2, 7, 16, 50]) {
      const reader = await run(root, { kind: "thinned", every: 3 }, length);
      expect(reader.committed).toEqual({ warmup: 8, sampling: 50 });
      expect(reader.run.digests).toEqual(whole.run.digests);
      const kept = await draws(reader);
      for (const [name, chains] of expected) {
        expect(kept.get(name)).toEqual(chains.map((chain) => chain.filter((_, draw) => draw % 3 === 0)));
      }
      expect(await reader.statistic("diverging")).toEqual(
        (await whole.statistic("diverging")).map((chain) => chain.filter((_, draw) => draw % 3 === 0)),
      );
      const warm = await reader.draws("tau", { group: "warmup_posterior" });
      expect(warm[0]?.draws.map((chain) => chain.length)).toEqual([3, 3, 3, 3, 3]);
      const z = await reader.draws("z", { group: "unconstrained_posterior" });
      expect(z[0]?.draws[0]).toHaveLength(17);
      await expect(reader.digests()).rejects.toThrow(/does not keep all draws/);
    }
  });
});

test.each([["moments", MOMENTS] as const, ["thinned", { kind: "thinned", every: 4 }] as const])(
  "moments are exact over all draws: %s",
  async (_, keep) => {
    await withFolder(async (root) => {
      const whole = await run(root, undefined, 16);
      const reader = await run(root, keep, 7);
      expect(reader.run.digests).toEqual(whole.run.digests);
      const stored = await reader.moments();
      const expected = await draws(whole);
      expect(stored?.names).toEqual([...expected.keys()]);
      const rows = momentsRows(stored!);
      const nested = momentsRows(stored!, 5);
      [...expected.values()].forEach((chains, quantity) => {
        expect(rows[quantity]?.mean).toBeCloseTo(mean(chains), 12);
        expect(rows[quantity]?.sd).toBeCloseTo(sd(chains), 12);
        expect(rows[quantity]?.rhat).toBeCloseTo(rhatBasic(chains, { split: false }), 12);
        expect(nested[quantity]?.rhat).toBeCloseTo(rhatNested(chains, 5), 12);
        expect(rows[quantity]?.ess_bulk).toBeNaN();
      });
      const statistics = await reader.moments("sample_stats");
      const diverging = statistics!.names.indexOf("diverging");
      const counts = (await whole.statistic("diverging")).map((chain) => chain.reduce((a, b) => a + b, 0));
      counts.forEach((count, chain) => {
        expect(statistics!.moments.chainMean(chain, diverging) * 50).toBeCloseTo(count, 10);
      });
    });
  },
);

describe("a run that keeps moments alone", () => {
  test("has no arrays of draws, and says so", async () => {
    await withFolder(async (root) => {
      const reader = await run(root, MOMENTS, 10);
      expect((await readdir(join(reader.directory, "draws.zarr"))).filter((name) => !name.startsWith("."))).toEqual([
        "constant_data",
        "moments",
        "observed_data",
      ]);
      expect(reader.variables()).toEqual([]);
      await expect(reader.draws("tau")).rejects.toThrow(/keeps moments and no draws/);
    });
  });

  test("shows the moments of the last commit while it runs, batch by batch", async () => {
    await withFolder(async (root) => {
      const of = { ...layout, keep: MOMENTS };
      const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout: of, data });
      await writer.appendBlock(block(1, 0, 20, "sampling", of));
      await writer.commit();
      const { moments } = (await (await openResults(writer.directory)).moments())!;
      expect([0, 1, 2, 3, 4].map((chain) => moments.count(chain))).toEqual([0, 0, 20, 20, 0]);
    });
  });

  test("keeps the same moments and digests when it is resumed", async () => {
    await withFolder(async (root) => {
      const whole = await run(root, MOMENTS, 10);
      const of = { ...layout, keep: MOMENTS };
      const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout: of, data });
      for (const batch of [0, 1, 2]) {
        await writer.appendBlock(block(batch, 0, 20, "sampling", of));
        await writer.writeCheckpoint(batch, Uint8Array.of(), {});
        await writer.appendBlock(block(batch, 20, 10, "sampling", of));
      }
      await writer.finish({ status: "interrupted" });
      const reopened = await reopenResults(writer.directory, { layout: of, data });
      for (const { batch, stored } of reopened.batches) {
        expect(stored.sampling).toBe(20);
        await reopened.appendBlock(block(batch, 20, 30, "sampling", of));
      }
      await reopened.finish({ status: "complete" });
      const reader = await openResults(writer.directory);
      expect(reader.run.digests).toEqual(whole.run.digests);
      const [ours, theirs] = [await reader.moments(), await whole.moments()];
      expect(ours?.moments.state()).toEqual(theirs?.moments.state());
    });
  });
});

test("4096 chains of 31 quantities and 1000 draws take little memory and disk", async () => {
  await withFolder(async (root) => {
    const of: StoreLayout = {
      variables: [{ name: "beta", dtype: "float32", dims: ["feature"], shape: [31] }],
      statistics: layout.statistics,
      coordinates: {},
      batches: Array.from({ length: 64 }, (_, batch) => ({ firstChain: 64 * batch, chains: 64 })),
      draws: 1000,
      warmup: 0,
      chunkDraws: 100,
      keep: MOMENTS,
    };
    const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout: of });
    const beta = Float32Array.from({ length: 64 * 500 * 31 }, (_, i) => Math.sin(i));
    const lp = new Float64Array(64 * 500);
    const statistics = { lp, n_steps: new Int32Array(64 * 500), diverging: new Uint8Array(64 * 500) };
    const before = process.memoryUsage.rss();
    let peak = before;
    for (const firstDraw of [0, 500]) {
      for (const [batch, span] of of.batches.entries()) {
        await writer.appendBlock({
          batch,
          ...span,
          phase: "sampling",
          firstDraw,
          draws: 500,
          posterior: { beta },
          statistics,
        });
        if (firstDraw === 0) await writer.writeCheckpoint(batch, new Uint8Array(1000), {});
        peak = Math.max(peak, process.memoryUsage.rss());
      }
    }
    await writer.finish({ status: "complete" });
    expect((peak - before) / 2 ** 20).toBeLessThan(400);
    const { moments } = (await (await openResults(writer.directory)).moments())!;
    expect(moments.count(4095)).toBe(1000);
  });
}, 120_000);

describe.skipIf(python === undefined && !pythonRequired)("ArviZ and xarray", () => {
  interface Seen {
    readonly groups: Record<
      string,
      { variables: Record<string, { dims: string[]; shape: number[] }>; coordinates: Record<string, unknown[]> }
    >;
  }

  test("open thinned draws, with the iterations they come from, and moments", async () => {
    await withFolder(async (root) => {
      const thin = await run(root, { kind: "thinned", every: 20 }, 16);
      const { groups } = (await runPython("open_results.py", thin.directory)) as Seen;
      expect(groups["posterior"]?.coordinates["draw"]).toEqual([0, 20, 40]);
      expect(groups["moments"]?.variables["posterior"]).toMatchObject({
        dims: ["chain", "quantity", "moment"],
        shape: [5, 10, 3],
      });
      expect(groups["moments"]?.coordinates["moment"]).toEqual(["count", "mean", "squared_deviations"]);
    });
  });
});
