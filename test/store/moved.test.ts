/** Chunks with right checksums in wrong places, or from another time: a run that goes on does not believe them. */
import { copyFile, cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createResults, openResults, reopenResults, type StoreLayout } from "../../src/store/index.ts";
import { block, layout, manifest, withFolder } from "./example.ts";

const noData = { observed: [], constant: [] };
const DRAWS = 50;

/** Writes batches up to a draw, ten draws a block, with a checkpoint after each; `between` is called before each block. */
async function write(
  root: string,
  of: StoreLayout,
  draws: number,
  between: (directory: string, draws: number) => Promise<void> = async () => undefined,
): Promise<string> {
  const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout: of, data: noData });
  for (const batch of of.batches.keys()) {
    if (of.warmup > 0) await writer.appendBlock(block(batch, 0, of.warmup, "warmup", of));
  }
  for (let first = 0; first < draws; first += 10) {
    await between(writer.directory, first);
    for (const batch of of.batches.keys()) {
      await writer.appendBlock(block(batch, first, 10, "sampling", of));
      await writer.writeCheckpoint(batch, Uint8Array.of(first + 10), {});
    }
  }
  return writer.directory;
}

/** Goes on to the end; what was found, and what lies there then. */
async function goOn(directory: string, of: StoreLayout): Promise<{ problems: string; end: unknown }> {
  const reopened = await reopenResults(directory, { data: noData });
  for (const { batch, stored } of reopened.batches) {
    if (stored.warmup < of.warmup) await reopened.appendBlock(block(batch, 0, of.warmup, "warmup", of));
    await reopened.appendBlock(block(batch, stored.sampling, DRAWS - stored.sampling, "sampling", of));
  }
  await reopened.finish({ status: "complete" });
  return { problems: reopened.batches.flatMap(({ problems }) => problems).join("\n"), end: await contents(directory) };
}

async function contents(directory: string): Promise<unknown> {
  const reader = await openResults(directory);
  const values: Record<string, unknown> = {};
  for (const group of ["posterior", "sample_stats", "warmup_posterior", "unconstrained_posterior"] as const) {
    for (const { name } of reader.variables(group)) {
      values[`${group}/${name}`] = (await reader.draws(name, { group })).map(({ draws }) => draws.map((d) => [...d]));
    }
  }
  return { digests: reader.run.digests, damaged: reader.layout.keep ? [] : await reader.damagedChains(), values };
}

const zarr = (directory: string, ...path: string[]): string => join(directory, "draws.zarr", ...path);

/** Two files change places. */
const swap =
  (a: string, b: string) =>
  async (directory: string): Promise<void> => {
    await rename(zarr(directory, a), join(directory, "aside"));
    await rename(zarr(directory, b), zarr(directory, a));
    await rename(join(directory, "aside"), zarr(directory, b));
  };

const put =
  (from: string, to: string) =>
  async (directory: string): Promise<void> =>
    await copyFile(zarr(directory, from), zarr(directory, to));

/** Changes bytes so that the chunk's CRC-32 stays as it is: what is added is the code's own polynomial. */
async function forge(directory: string): Promise<void> {
  const path = zarr(directory, "posterior/tau/0.0");
  const bytes = await readFile(path);
  const pattern = (0xedb88320n << 1n) | 1n;
  for (let byte = 0; byte < 5; byte++) bytes[20 + byte]! ^= Number((pattern >> BigInt(8 * byte)) & 255n);
  await writeFile(path, bytes);
}

const MOVED = /are not those that the run wrote there: a chunk lies in another's place, or is an older one/;

describe("a run goes on to the draws of an undisturbed one after chunks", () => {
  const cases: [string, (directory: string) => Promise<void>][] = [
    ["of two parts of the draws changed places", swap("posterior/tau/0.0", "posterior/tau/0.1")],
    ["of two batches changed places", swap("posterior/coefficient/0.1.0", "posterior/coefficient/1.1.0")],
    ["of a variable and a statistic changed places", swap("posterior/tau/0.1", "sample_stats/lp/0.1")],
    ["of warm-up and sampling changed places", swap("warmup_posterior/tau/1.0", "posterior/tau/1.0")],
    ["of two statistics' parts changed places", swap("sample_stats/n_steps/1.0", "sample_stats/n_steps/1.1")],
    [
      "of unconstrained draws changed places",
      swap("unconstrained_posterior/z/0.0.0", "unconstrained_posterior/z/0.1.0"),
    ],
    ["lie in the place of the chunk before", put("posterior/tau/0.1", "posterior/tau/0.0")],
    ["of warm-up lie in another batch's place", put("warmup_sample_stats/lp/0.0", "warmup_sample_stats/lp/1.0")],
    ["that are begun lie in the place of whole ones", put("posterior/tau/0.2", "posterior/tau/0.0")],
    ["that are whole lie in the place of begun ones", put("posterior/tau/0.0", "posterior/tau/0.2")],
  ];
  let base: string;
  let alone: Awaited<ReturnType<typeof goOn>>;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), "manychain-moved-"));
    const directory = await write(base, layout, 40);
    await cp(directory, join(base, "alone"), { recursive: true });
    alone = await goOn(join(base, "alone"), layout);
    expect(alone.problems).toBe("");
  });
  afterAll(async () => {
    await rm(base, { recursive: true });
  });

  test.each(cases)("%s", async (_, disturb) => {
    await withFolder(async (root) => {
      const directory = join(root, "r");
      await cp(join(base, "c/r"), directory, { recursive: true });
      await disturb(directory);
      const { problems, end } = await goOn(directory, layout);
      expect(problems).toMatch(MOVED);
      expect(end).toEqual(alone.end);
    });
  });

  test("are those of another run of the same shape", async () => {
    await withFolder(async (root) => {
      const directory = await write(join(root, "a"), layout, 40);
      const other = await createResults({
        root: join(root, "b"),
        configName: "c",
        runId: "r",
        manifest,
        layout,
        data: noData,
      });
      const later = block(0, 0, 30, "sampling", layout);
      const posterior = { ...later.posterior, tau: later.posterior["tau"]!.map((value) => value + 1) as Float64Array };
      await other.appendBlock({ ...later, posterior });
      await other.writeCheckpoint(0, Uint8Array.of(30), {});
      await copyFile(zarr(other.directory, "posterior/tau/0.0"), zarr(directory, "posterior/tau/0.0"));
      const { problems, end } = await goOn(directory, layout);
      expect(problems).toMatch(MOVED);
      expect(end).toEqual(alone.end);
    });
  });

  test.each([undefined, { kind: "thinned", every: 3 } as const])("are older ones, kept: %j", async (keep) => {
    await withFolder(async (root) => {
      const of = { ...layout, ...(keep === undefined ? {} : { keep }) };
      const chunk = "posterior/tau/0.0";
      let older: Uint8Array = new Uint8Array();
      const directory = await write(root, of, 40, async (folder, draws) => {
        if (draws === 10) older = await readFile(zarr(folder, chunk));
      });
      expect(older.length).toBe((await readFile(zarr(directory, chunk))).length);
      await cp(directory, join(root, "left-alone"), { recursive: true });
      await writeFile(zarr(directory, chunk), older);
      const { problems, end } = await goOn(directory, of);
      expect(problems).toMatch(MOVED);
      expect(end).toEqual((await goOn(join(root, "left-alone"), of)).end);
    });
  });
});

test("a newer version of the chunk that a checkpoint stands in is as good: what came later is dropped", async () => {
  await withFolder(async (root) => {
    const directory = await write(root, layout, 20);
    const reopened = await reopenResults(directory, { data: noData });
    await reopened.appendBlock(block(0, 20, 5, "sampling", layout));
    await reopened.commit();
    // Killed here, twice.
    for (let time = 0; time < 2; time++) {
      const { batches } = await reopenResults(directory, { data: noData });
      expect(batches.map(({ stored, problems }) => [stored.sampling, problems])).toEqual([
        [20, []],
        [20, []],
        [20, []],
      ]);
    }
    const alone = await write(join(root, "alone"), layout, 10);
    expect((await goOn(directory, layout)).end).toEqual((await goOn(alone, layout)).end);
  });
});

test("a checkpoint of another run of the same shape is passed over", async () => {
  await withFolder(async (root) => {
    const directory = await write(join(root, "a"), layout, 20);
    const other = await createResults({
      root: join(root, "b"),
      configName: "c",
      runId: "other",
      manifest,
      layout,
      data: noData,
    });
    await other.appendBlock(block(0, 0, 8, "warmup", layout));
    await other.appendBlock(block(0, 0, 10, "sampling", layout));
    for (let count = 0; count < 3; count++) await other.writeCheckpoint(0, Uint8Array.of(99), {});
    const name = "checkpoints/batch-0000-000002.checkpoint";
    await copyFile(join(other.directory, name), join(directory, name));
    const { batches } = await reopenResults(directory, { data: noData });
    expect(batches[0]?.problems).toEqual([
      expect.stringMatching(/checkpoint 2 of batch 0 is another run's\. It was passed over\./),
    ]);
    expect([...batches[0]!.checkpoint!.bytes]).toEqual([20]);
  });
});

test("draws that were changed under their checksum are refused", async () => {
  await withFolder(async (root) => {
    const directory = await write(root, layout, 40);
    await forge(directory);
    await expect(reopenResults(directory, { data: noData })).rejects.toThrow(
      /the draws of batch 0 are not those that the run wrote: they were changed\. Restore draws\.zarr from a copy/,
    );
  });
});
