import { appendFile, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createResults, type Manifest, openResults, reopenResults, type StoreLayout } from "../../src/store/index.ts";
import { block, data, layout, manifest, withFolder } from "./example.ts";

/** Both phases of a batch up to a draw, with a checkpoint after each block of ten. */
async function write(root: string, draws: number, of: StoreLayout = layout): Promise<string> {
  const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout: of, data });
  for (const batch of of.batches.keys()) {
    await writer.appendBlock(block(batch, 0, of.warmup, "warmup", of));
    for (let first = 0; first < draws; first += 10) {
      await writer.appendBlock(block(batch, first, 10, "sampling", of));
      await writer.writeCheckpoint(batch, Uint8Array.of(first + 10), {});
    }
  }
  return writer.directory;
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

/** Goes on to the end and gives the digests. */
async function toTheEnd(directory: string): Promise<unknown> {
  const reopened = await reopenResults(directory, { data });
  for (const { batch, stored } of reopened.batches) {
    if (stored.warmup < layout.warmup) await reopened.appendBlock(block(batch, 0, layout.warmup, "warmup"));
    await reopened.appendBlock(block(batch, stored.sampling, layout.draws - stored.sampling));
  }
  await reopened.finish({ status: "complete" });
  const reader = await openResults(directory);
  expect(await reader.damagedChains()).toEqual([]);
  expect(reader.committed).toEqual({ warmup: layout.warmup, sampling: layout.draws });
  return reader.run.digests;
}

async function undisturbed(root: string): Promise<unknown> {
  return await toTheEnd(await write(join(root, "whole"), 50));
}

describe("a reopened run", () => {
  test("says running, stands where the checkpoints do, and ends with the digests of a whole run", async () => {
    await withFolder(async (root) => {
      const directory = await write(root, 30);
      const reopened = await reopenResults(directory, { manifest, layout, data });
      expect(reopened.batches).toHaveLength(3);
      for (const { stored, dropped, problems, checkpoint } of reopened.batches) {
        expect({ stored, dropped, problems }).toEqual({
          stored: { warmup: 8, sampling: 30 },
          dropped: { warmup: 0, sampling: 0 },
          problems: [],
        });
        expect([...(checkpoint?.bytes ?? [])]).toEqual([30]);
      }
      const reader = await openResults(directory);
      expect(reader.run.status).toBe("running");
      expect(reopened.digests()).toEqual(await reader.digests());
      expect(await toTheEnd(directory)).toEqual(await undisturbed(root));
    });
  });

  test("drops the draws after the last checkpoint and says how many", async () => {
    await withFolder(async (root) => {
      const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout, data });
      await writer.appendBlock(block(1, 0, 8, "warmup"));
      await writer.appendBlock(block(1, 0, 20));
      await writer.writeCheckpoint(1, Uint8Array.of(), {});
      await writer.appendBlock(block(1, 20, 15));
      await writer.appendBlock(block(0, 0, 5));
      await writer.finish({ status: "interrupted" });
      const { batches } = await reopenResults(writer.directory);
      expect(batches.map(({ stored, dropped }) => [stored.sampling, dropped.sampling])).toEqual([
        [0, 5],
        [20, 15],
        [0, 0],
      ]);
      expect((await openResults(writer.directory)).perBatch.sampling).toEqual([0, 20, 0]);
    });
  });

  test("a complete run with a damaged chunk is repaired: the batch begins anew, and that is said", async () => {
    await withFolder(async (root) => {
      const expected = await undisturbed(root);
      const directory = join(root, "whole/c/r");
      const path = join(directory, "draws.zarr/posterior/pair/1.1.0.0");
      await flip(path, 40);
      const { batches } = await reopenResults(directory, { data });
      expect(batches.map(({ stored }) => stored.sampling)).toEqual([50, 0, 50]);
      expect(batches[1]?.problems).toEqual([
        expect.stringMatching(/pair.1\.1\.0\.0: .*checksum.* The draws of batch 1 from 16 on are computed again\./),
        "Batch 1 has no state from before the damage: it begins anew.",
      ]);
      expect(batches[1]?.dropped).toEqual({ warmup: 8, sampling: 50 });
      expect(await toTheEnd(directory)).toEqual(expected);
    });
  });

  test("damage after the older checkpoint costs only what follows it", async () => {
    await withFolder(async (root) => {
      const directory = await write(root, 40);
      await rm(join(directory, "draws.zarr/sample_stats/lp/0.2"));
      const { batches } = await reopenResults(directory, { data });
      expect(batches[0]?.stored.sampling).toBe(30);
      expect(batches[0]?.checkpoint?.number).toBe(2);
      expect(await toTheEnd(directory)).toEqual(await undisturbed(root));
    });
  });

  test("a damaged checkpoint is passed over for the one before", async () => {
    await withFolder(async (root) => {
      const directory = await write(root, 40);
      await flip(join(directory, "checkpoints/batch-0002-000003.checkpoint"), 150);
      const { batches } = await reopenResults(directory, { data });
      expect(batches.map(({ stored }) => stored.sampling)).toEqual([40, 40, 30]);
      expect(batches[2]?.problems).toEqual([expect.stringMatching(/batch-0002-000003\.checkpoint.*passed over/)]);
      expect(await toTheEnd(directory)).toEqual(await undisturbed(root));
    });
  });

  test("missing or damaged metadata are made anew from the data, and refused without", async () => {
    await withFolder(async (root) => {
      const directory = await write(root, 20);
      for (const damage of [
        () => flip(join(directory, "draws.zarr/.zmetadata"), 3),
        () => rm(join(directory, "draws.zarr/.zmetadata")),
        () => rm(join(directory, "draws.zarr/posterior/.zgroup")),
      ]) {
        await damage();
        await reopenResults(directory, { data });
      }
      await rm(join(directory, "draws.zarr/.zmetadata"));
      await expect(reopenResults(directory)).rejects.toThrow(/\.zmetadata is missing/);
      expect(await toTheEnd(directory)).toEqual(await undisturbed(root));
    });
  });

  test("a half-written line of events.ndjson is cut off", async () => {
    await withFolder(async (root) => {
      const directory = await write(root, 10);
      const path = join(directory, "events.ndjson");
      await appendFile(path, '{"kind":"a"}\n{"kind":');
      const reopened = await reopenResults(directory);
      await reopened.recordEvent({ kind: "resumed" });
      const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
      expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(["a", "resumed"]);
    });
  });

  test("events that were changed after an interrupted run ended are put aside, and that is said once", async () => {
    await withFolder(async (root) => {
      const begun = await reopenResults(await write(root, 10));
      const { directory } = begun;
      const path = join(directory, "events.ndjson");
      await begun.recordEvent({ kind: "adapted", batch: 0, stepSize: 0.5 });
      await begun.finish({ status: "interrupted" });
      // A sound one goes on, and is held to all its lines at the next end.
      const sound = await reopenResults(directory);
      expect(sound.batches.flatMap(({ problems }) => problems)).toEqual([]);
      await sound.recordEvent({ kind: "resumed" });
      await sound.finish({ status: "interrupted" });
      expect(await (await openResults(directory)).damage("events.ndjson")).toBeUndefined();
      await writeFile(path, (await readFile(path, "utf8")).replace("0.5", "0.7"));
      expect(await (await openResults(directory)).damage("events.ndjson")).toMatch(/^events\.ndjson is damaged/);
      const reopened = await reopenResults(directory, { data });
      expect(reopened.batches[0]?.problems).toEqual([expect.stringMatching(/kept as events\.damaged\.ndjson\.$/)]);
      await reopened.recordEvent({ kind: "resumed" });
      await reopened.finish({ status: "interrupted" });
      expect(await readFile(path, "utf8")).not.toContain("0.7");
      expect(await readFile(join(directory, "events.damaged.ndjson"), "utf8")).toContain("0.7");
      expect((await reopenResults(directory)).batches[0]?.problems).toEqual([]);
    });
  });

  test("is not reached through a link", async () => {
    await withFolder(async (root) => {
      const directory = await write(root, 10);
      await rm(join(directory, "checkpoints"), { recursive: true });
      await symlink(root, join(directory, "checkpoints"));
      await expect(reopenResults(directory)).rejects.toThrow(/checkpoints is a link/);
    });
  });
});

describe("a foreign run is refused, with what differs", () => {
  const other = (change: Partial<Manifest>): Manifest => ({ ...manifest, ...change });
  const hashes = { ...manifest.hashes };
  const cases: [string, Manifest, RegExp][] = [
    [
      "config",
      other({ config: { ...manifest.config, draws: 60 }, hashes: { ...hashes, config: "f" } }),
      /config: draws: was 50, is 60\n/,
    ],
    ["data", other({ hashes: { ...hashes, data: { x: "01" } } }), /data: x: was 00, is 01\n/],
    ["more data", other({ hashes: { ...hashes, data: { x: "00", y: "1" } } }), /data: y: was nothing, is 1\n/],
    ["model", other({ hashes: { ...hashes, model: "12" } }), /model: was 11, is 12\n/],
    [
      "version",
      other({ versions: { ...manifest.versions, package: "0.2.0" } }),
      /package version: was 0\.1\.0, is 0\.2\.0/,
    ],
    ["engine", other({ engine: { ...manifest.engine, name: "wasm" } }), /engine: was reference, is wasm\n/],
    [
      "precision",
      other({ engine: { ...manifest.engine, precision: "float32" } }),
      /precision: was float64, is float32/,
    ],
    ["seed", other({ seed: "1" }), /seed: was 12345678901234567890, is 1\n/],
    ["only the config's hash", other({ hashes: { ...hashes, config: "f" } }), /config: was 0123456789abcdef, is f/],
  ];
  test.each(cases)("%s", async (_, now, message) => {
    await withFolder(async (root) => {
      const directory = await write(root, 10);
      const before = await readFile(join(directory, "run.json"), "utf8");
      await expect(reopenResults(directory, { manifest: now })).rejects.toThrow(message);
      expect(await readFile(join(directory, "run.json"), "utf8")).toBe(before);
    });
  });

  test("other arrays; but another chunk length, machine and Node are no matter", async () => {
    await withFolder(async (root) => {
      const directory = await write(root, 10);
      const named = { ...layout, variables: layout.variables.slice(1) };
      await expect(reopenResults(directory, { layout: named })).rejects.toThrow(/arrays: variables: was /);
      const versions = { ...manifest.versions, node: "v99" };
      const now = { ...manifest, versions, host: {}, config: { ...manifest.config, workers: 3 } };
      await reopenResults(directory, { manifest: now, layout: { ...layout, chunkDraws: 7 } });
    });
  });
});
