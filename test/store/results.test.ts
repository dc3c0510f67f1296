import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DrawBlock } from "../../src/draws.ts";
import { StoreError } from "../../src/errors.ts";
import { createResults, openResults, type ResultsWriter, type StoreLayout } from "../../src/store/index.ts";
import { block, data, layout, manifest, values, withFolder } from "./example.ts";

async function open(root: string, id = "run", of: StoreLayout = layout): Promise<ResultsWriter> {
  return await createResults({ root, configName: "example", runId: id, manifest, layout: of, data });
}

/** Writes all draws in blocks of one length. */
async function fill(
  writer: ResultsWriter,
  length: number,
  batches: readonly number[] = [2, 0, 1],
  of: StoreLayout = layout,
): Promise<void> {
  for (const phase of ["warmup", "sampling"] as const) {
    const total = phase === "warmup" ? of.warmup : of.draws;
    for (const batch of batches) {
      for (let first = 0; first < total; first += length) {
        await writer.appendBlock(block(batch, first, Math.min(length, total - first), phase, of));
      }
    }
  }
}

/** Every file of a folder with its content, but for the time of creation. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(async (path) => {
    const text = (await readFile(path)).toString("latin1").replaceAll(/"created_at": "[^"]*"/g, "");
    return [path.slice(folder.length), text] as const;
  });
  return Object.fromEntries((await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("draws", () => {
  test("come back as they were written, by name, chain and draw", async () => {
    await withFolder(async (root) => {
      const writer = await open(root);
      await fill(writer, 16);
      await writer.finish({ status: "complete" });
      const reader = await openResults(writer.directory);
      expect(reader.committed).toEqual({ warmup: 8, sampling: 50 });
      const groups = ["posterior", "sample_stats", "warmup_posterior", "warmup_sample_stats"] as const;
      for (const group of groups) {
        const draws = group.startsWith("warmup") ? 8 : 50;
        for (const variable of reader.variables(group)) {
          const expected = values(variable, 0, 5, 0, draws);
          expect(await reader.raw(variable.name, { group })).toEqual(expected);
          const width = expected.length / (5 * draws);
          const quantities = await reader.draws(variable.name, { group });
          expect(quantities).toHaveLength(width);
          quantities.forEach((quantity, element) => {
            const rows = [0, 1, 2, 3, 4].map((chain) =>
              Float64Array.from(
                { length: draws },
                (_, draw) => expected[(chain * draws + draw) * width + element] ?? Number.NaN,
              ),
            );
            expect(quantity.draws).toEqual(rows);
          });
        }
      }
      expect((await reader.draws("coefficient")).map((quantity) => quantity.name)).toEqual([
        "coefficient[mean radius]",
        "coefficient[größe 😀]",
        "coefficient[=1+1]",
      ]);
      const z = await reader.draws("z", { group: "unconstrained_posterior" });
      expect(z.map((quantity) => quantity.name)).toEqual(["z[tau]", "z[beta[mean radius]]"]);
      expect(await reader.statistic("diverging")).toHaveLength(5);
    });
  });

  test("the files and the digests do not depend on the block size or the order of the batches", async () => {
    await withFolder(async (root) => {
      const folders: Record<string, string>[] = [];
      const digests = new Set<string>();
      for (const [length, order] of [
        [16, [0, 1, 2]],
        [50, [0, 1, 2]],
        [7, [2, 1, 0]],
        [1, [1, 2, 0]],
      ] as const) {
        const writer = await open(root, `run-${length}`);
        await fill(writer, length, order);
        await writer.finish({ status: "complete" });
        const reader = await openResults(writer.directory);
        digests.add(JSON.stringify([reader.run.digests, await reader.digests()]));
        expect(await reader.damagedChains()).toEqual([]);
        folders.push(await contents(join(writer.directory, "draws.zarr")));
      }
      expect(digests.size).toBe(1);
      for (const folder of folders.slice(1)) expect(folder).toEqual(folders[0]);
    });
  });

  test("chunks do not hold chains of two batches when batches differ in size", async () => {
    await withFolder(async (root) => {
      const uneven: StoreLayout = {
        ...layout,
        batches: [
          { firstChain: 0, chains: 4 },
          { firstChain: 4, chains: 6 },
        ],
        draws: 5,
        chunkDraws: 2,
      };
      const writer = await open(root, "uneven", uneven);
      await fill(writer, 5, [1, 0], uneven);
      await writer.finish({ status: "complete" });
      const reader = await openResults(writer.directory);
      expect(await reader.raw("pair")).toEqual(values(layout.variables[2] ?? fail(), 0, 10, 0, 5));
    });
  });

  test("one draw changed by one bit changes the digest of its chain alone, and of the run", async () => {
    await withFolder(async (root) => {
      const all = [];
      for (const id of ["a", "b"]) {
        const writer = await open(root, id);
        const first = block(0, 0, 16);
        const tau = first.posterior["tau"];
        if (id === "b" && tau !== undefined) tau[16 + 3] = (tau[16 + 3] ?? 0) + 2 ** -52;
        await writer.appendBlock(first);
        all.push(writer.digests());
      }
      const [a, b] = all;
      expect(a?.chains.map((digest, chain) => digest === b?.chains[chain])).toEqual([true, false, true, true, true]);
      expect(a?.run).not.toBe(b?.run);
    });
  });
});

function fail(): never {
  throw new Error("the example has no such variable");
}

describe("an unfinished run", () => {
  test("shows the draws that every batch has committed, and each batch's own", async () => {
    await withFolder(async (root) => {
      const writer = await open(root);
      await writer.appendBlock(block(0, 0, 20));
      await writer.appendBlock(block(1, 0, 10));
      expect((await openResults(writer.directory)).committed.sampling).toBe(0);
      await writer.commit();
      let reader = await openResults(writer.directory);
      expect(reader.run.status).toBe("running");
      expect(reader.committed.sampling).toBe(0);
      expect(reader.perBatch.sampling).toEqual([20, 10, 0]);
      expect((await reader.draws("tau"))[0]?.draws).toHaveLength(5);
      const two = await reader.draws("tau", { batches: [0, 1] });
      expect(two[0]?.draws.map((row) => row.length)).toEqual([10, 10, 10, 10]);
      await writer.appendBlock(block(2, 0, 18));
      await writer.appendBlock(block(0, 20, 30));
      await writer.commit();
      reader = await openResults(writer.directory);
      expect(reader.committed.sampling).toBe(10);
      expect(await reader.raw("tau")).toEqual(values(layout.variables[0] ?? fail(), 0, 5, 0, 10));
      expect(await reader.raw("tau", { batches: [0] })).toEqual(values(layout.variables[0] ?? fail(), 0, 2, 0, 50));
      expect(reader.run.digests).toBeUndefined();
      await expect(reader.damagedChains()).rejects.toThrow(/has not ended/);
    });
  });

  test("ends as failed with what was stored, its digests and the reason", async () => {
    await withFolder(async (root) => {
      const writer = await open(root);
      await writer.appendBlock(block(0, 0, 20));
      await writer.finish({ status: "failed", error: "the worker of batch 1 died" });
      const reader = await openResults(writer.directory);
      expect(reader.run).toMatchObject({ status: "failed", error: "the worker of batch 1 died" });
      expect(reader.run.digests?.draws).toEqual([20, 20, 0, 0, 0]);
      expect(await reader.damagedChains()).toEqual([]);
      expect(await reader.summary()).toBeUndefined();
      await expect(writer.appendBlock(block(0, 20, 1))).rejects.toThrow(/is finished/);
      await expect(writer.finish({ status: "complete" })).rejects.toThrow(/finished already/);
    });
  });

  test("warm-up blocks are passed over when the layout keeps none", async () => {
    await withFolder(async (root) => {
      const writer = await open(root, "cold", { ...layout, warmup: 0 });
      await writer.appendBlock(block(0, 0, 8, "warmup"));
      await writer.commit();
      expect((await openResults(writer.directory)).variables("warmup_posterior")).toEqual([]);
      expect(await readdir(join(writer.directory, "draws.zarr"))).not.toContain("warmup_posterior");
    });
  });
});

describe("a block that does not fit", () => {
  const good = block(0, 0, 4);
  const cases: [string, DrawBlock, RegExp][] = [
    ["a gap", block(0, 4, 4), /expected draws from 0 on, found a block that begins at 4/],
    ["an unknown batch", { ...good, batch: 3 }, /has 3 batches/],
    ["other chains", { ...good, firstChain: 2 }, /expected 2 chains from chain 0, found 2 from chain 2/],
    ["too many draws", block(0, 0, 51), /51 draws are more than the 50/],
    [
      "a missing variable",
      { ...good, posterior: { tau: good.posterior["tau"] ?? fail() } },
      /"coefficient" is missing; found tau/,
    ],
    [
      "another type",
      { ...good, posterior: { ...good.posterior, tau: new Float32Array(8) } },
      /must be 8 numbers of type float64, found 8 in a Float32Array/,
    ],
    [
      "another length",
      { ...good, statistics: { ...good.statistics, lp: new Float64Array(7) } },
      /must be 8 numbers of type float64, found 7/,
    ],
    ["no unconstrained draws", (({ unconstrained: _, ...rest }) => rest)(good), /variable "z" is missing/],
  ];
  test.each(cases)("%s is refused, and nothing more is taken", async (_, wrong, message) => {
    await withFolder(async (root) => {
      const writer = await open(root);
      await expect(writer.appendBlock(wrong)).rejects.toThrow(message);
      await expect(writer.appendBlock(good)).rejects.toThrow(message);
      await expect(writer.finish({ status: "complete" })).rejects.toThrow(message);
      await writer.finish({ status: "failed" });
      expect((await openResults(writer.directory)).run).toMatchObject({ status: "failed" });
    });
  });
});

describe("a layout that cannot be stored", () => {
  const tau = { name: "tau", dtype: "float64", dims: [], shape: [] } as const;
  const cases: [string, Partial<StoreLayout>, RegExp][] = [
    ["a path as a name", { variables: [{ ...tau, name: "../tau" }] }, /path separator/],
    ["a reserved name", { variables: [{ ...tau, name: "draw" }] }, /cannot be named "draw"/],
    ["one name twice", { variables: [tau, tau] }, /two variables are named "tau"/],
    [
      "a variable named as a dimension",
      { variables: [tau, { ...tau, name: "x", dims: ["tau"], shape: [1] }] },
      /both a variable and a dimension/,
    ],
    ["a dimension twice", { variables: [{ ...tau, dims: ["a", "a"], shape: [2, 2] }] }, /dimension "a" twice/],
    [
      "two lengths of a dimension",
      {
        variables: [
          { ...tau, dims: ["a"], shape: [2] },
          { ...tau, name: "x", dims: ["a"], shape: [3] },
        ],
      },
      /"a" is 2 long in one variable and 3/,
    ],
    ["an unnamed axis", { variables: [{ ...tau, shape: [2] }] }, /names 0 dimensions, but its shape has 1/],
    [
      "a gap between batches",
      {
        batches: [
          { firstChain: 0, chains: 2 },
          { firstChain: 3, chains: 1 },
        ],
      },
      /expected at least one, from chain 2/,
    ],
    ["no batch", { batches: [] }, /at least one batch/],
    ["chunks of no draws", { chunkDraws: 0 }, /chunkDraws .* at least 1/],
    ["a huge variable", { variables: [{ ...tau, dims: ["a"], shape: [2 ** 40] }] }, /elements, more than/],
  ];
  test.each(cases)("%s", async (_, change, message) => {
    await withFolder(async (root) => {
      await expect(open(root, "bad", { ...layout, ...change })).rejects.toThrow(message);
      await expect(open(root, "bad", { ...layout, ...change })).rejects.toThrow(StoreError);
      expect(await readdir(root)).toEqual([]);
    });
  });
});

test("events are one line each, in the order of the calls, with the time in front", async () => {
  await withFolder(async (root) => {
    const writer = await open(root);
    await Promise.all([1, 2, 3].map((number) => writer.recordEvent({ type: "block", number, text: "a\nb" })));
    const lines = (await readFile(join(writer.directory, "events.ndjson"), "utf8")).trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line) as { time: string; number: number });
    expect(events.map((event) => event.number)).toEqual([1, 2, 3]);
    expect(Number.isNaN(Date.parse(events[0]?.time ?? ""))).toBe(false);
  });
});
