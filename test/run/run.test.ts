import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rhat } from "../../src/diagnostics/index.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { run } from "../../src/run/run.ts";
import { openResults } from "../../src/store/index.ts";
import { errorOf, withFiles } from "./folder.ts";

const config = {
  name: "schools",
  model: "eight-schools",
  data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] },
  coordinates: { school: ["A", "B", "C", "D", "E", "F", "G", "H"] },
  chains: 12,
  batches: 3,
  warmup: 80,
  draws: 60,
  block: 25,
  workers: 2,
};

test("a results folder and memory hold the same draws and give the same summary", async () => {
  await withFiles({}, async (folder) => {
    const stored = await run(config, { out: folder, runId: "x" }).result;
    const kept = await run(config, { store: false }).result;
    expect(stored.directory).toBe(join(folder, "schools", "x"));
    expect(kept.directory).toBeUndefined();
    expect(stored.digests).toEqual(kept.digests);
    expect(stored.summary.quantities).toEqual(kept.summary.quantities);
    expect(stored.summary.run.divergences).toBe(kept.summary.run.divergences);
    expect(stored.quantities).toContain("theta[C]");
    const theta = await stored.draws("theta[C]");
    expect(theta).toEqual(await kept.draws("theta[C]"));
    expect([theta.length, theta[0]!.length]).toEqual([12, 60]);
    expect(stored.summary.quantities.find(({ name }) => name === "theta[C]")!.rhat).toBe(rhat(theta));
    const reader = await openResults(stored.directory!);
    expect(reader.run.status).toBe("complete");
    expect(reader.run.digests).toEqual(stored.digests);
    expect(await reader.damagedChains()).toEqual([]);
    expect(await reader.summary()).toEqual(stored.summary);
    expect(reader.run.manifest.hashes["model"]).toMatch(/^[0-9a-f]{64}$/);
  });
});

test.each([undefined, 5, null])("what is no config: %s", async (config) => {
  await expect(run(config as never, { store: false }).result).rejects.toThrow(
    `expected the path of a config file, or a config as an object; found ${config}.`,
  );
});

test("a quantity that is not there", async () => {
  const { draws } = await run({ model: "funnel", chains: 4, warmup: 20, draws: 8 }, { store: false }).result;
  expect((await errorOf(draws("z"))).message).toMatch(/^there is no quantity "z"; expected one of v, x\[0\], x\[1\]/);
});

test("events come in order: planned, each batch's own order, progress after its block, finished", async () => {
  await withFiles({}, async (folder) => {
    const running = run({ ...config, warmup_draws: true }, { out: folder, runId: "x" });
    const events: RunEvent[] = [];
    running.events.subscribe((event) => events.push(event));
    const { summary } = await running.result;
    expect(events[0]).toMatchObject({ kind: "planned", name: "schools", dimension: 10, workers: 2, seed: "0" });
    expect(events.at(-1)).toMatchObject({ kind: "finished", status: "complete" });
    for (const batch of [0, 1, 2]) {
      const own = events.filter((event) => "batch" in event && event.batch === batch);
      const kinds = own.map(({ kind }) => kind).filter((kind) => kind !== "adapting");
      const block = ["block", "progress"];
      // 80 warm-up iterations in blocks of 25 are 4 blocks, 60 draws are 3.
      const warm = [...Array.from({ length: 3 }, () => [...block, "checkpoint"]).flat(), ...block];
      const drawn = Array.from({ length: 3 }, () => ["precision", ...block, "checkpoint"]).flat();
      expect(kinds).toEqual(["compiled", "initialized", ...warm, "adapted", "checkpoint", ...drawn, "done"]);
    }
    const last = events.filter((event) => event.kind === "progress").at(-1)!;
    expect(last).toMatchObject({ draws: [60, 60, 60], divergences: summary.run.divergences });
    expect(last).toHaveProperty("worst");
    const lines = (await readFile(join(folder, "schools", "x", "events.ndjson"), "utf8")).trimEnd().split("\n");
    const kinds = lines.map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).toEqual(events.map(({ kind }) => kind).filter((kind) => !["progress", "checkpoint"].includes(kind)));
  });
});

test("gradients and divergences are those of the batches; seconds add up", async () => {
  const running = run(config, { store: false });
  const events: RunEvent[] = [];
  running.events.subscribe((event) => events.push(event));
  const { summary } = await running.result;
  const done = events.filter((event) => event.kind === "done");
  const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
  expect(summary.run.gradients.sampling).toBe(sum(done.map(({ gradients }) => gradients.sampling)));
  expect(summary.run.gradients.warmup).toBe(sum(done.map(({ gradients }) => gradients.warmup)));
  expect(summary.run.divergences).toBe(sum(done.map(({ divergences }) => divergences.sampling)));
  const { compile, warmup, sampling, total, kernel, transfer } = summary.run.seconds;
  expect(sampling).toBeGreaterThan(0);
  expect(Math.max(compile, warmup, sampling, kernel!)).toBeLessThanOrEqual(total);
  expect(kernel).toBeGreaterThan(0);
  // Nothing leaves the host's memory.
  expect(transfer).toBe(0);
});

test("a divergence is counted, and gates fail", async () => {
  const result = await run({ model: "funnel", chains: 8, warmup: 100, draws: 100, seed: 4 }, { store: false }).result;
  expect(result.converged).toBe(false);
  expect(result.summary.gates.some(({ pass }) => !pass)).toBe(true);
  expect(result.chains.divergences!.reduce((a, b) => a + b, 0)).toBe(result.summary.run.divergences);
});

test("an existing run is not overwritten without force", async () => {
  await withFiles({}, async (folder) => {
    const small = { model: "funnel", chains: 4, warmup: 20, draws: 8 };
    await run(small, { out: folder, runId: "x" }).result;
    const error = await errorOf(run(small, { out: folder, runId: "x" }).result);
    expect(error.message).toContain(
      "exists already and is not overwritten. Give another --run-id, or replace it with --force.",
    );
    expect((await run(small, { out: folder, runId: "x", force: true }).result).status).toBe("complete");
  });
});

test("starting values are checked before anything is written", async () => {
  const error = await errorOf(run({ model: "funnel", init: { values: { u: 1 } } }, { store: false }).result);
  expect(error.message).toContain("u");
  expect(error.name).toBe("ModelError");
});
