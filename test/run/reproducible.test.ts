import { join } from "node:path";
import { firstValueFrom } from "rxjs";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/types.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { model } from "../../src/model/model.ts";
import { run } from "../../src/run/run.ts";

/** Eight schools in four batches. */
const config: Config = {
  model: "eight-schools",
  data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] },
  chains: 18,
  batches: 4,
  warmup: 60,
  draws: 45,
  seed: 11,
};

async function digestOf(changes: Partial<Config>): Promise<string> {
  const result = await run({ ...config, ...changes }, { store: false }).result;
  expect(result.status).toBe("complete");
  return result.summary.run.digest;
}

test("the draws do not depend on the number of workers or on the block size", async () => {
  const expected = await digestOf({ workers: 1, block: 45 });
  expect(expected).toMatch(/^[0-9a-f]{64}$/);
  for (const workers of [2, 4]) expect(await digestOf({ workers, block: 45 })).toBe(expected);
  for (const block of [1, 7, 100]) expect(await digestOf({ workers: 2, block })).toBe(expected);
  expect(await digestOf({ workers: 4, block: 10, warmup_draws: true, unconstrained: true })).toBe(expected);
});

test("the digest can differ: another seed, another split into batches, another precision", async () => {
  const digests = await Promise.all([
    digestOf({}),
    digestOf({ seed: 12 }),
    digestOf({ batches: 3 }),
    digestOf({ precision: "float64" }),
  ]);
  expect(new Set(digests).size).toBe(4);
});

test("the draws do not depend on helpers, which a batch of more than a moment has", async () => {
  const path = join(import.meta.dirname, "../../config/breast-cancer.yaml");
  const digest = async (workers: number) => {
    const set = [`workers=${workers}`, "chains=24", "warmup=60", "draws=40", "block=15", "gates=false"];
    const running = run(loadConfig(path, { set }), { store: false });
    const planned = firstValueFrom(running.events);
    const { summary } = await running.result;
    expect(await planned).toMatchObject({ kind: "planned", workers: 1, helpers: workers - 1 });
    return summary.run.digest;
  };
  const expected = await digest(1);
  for (const workers of [2, 4]) expect(await digest(workers)).toBe(expected);
});

test("a model as an object runs in this thread and gives the draws of the same model in workers", async () => {
  const object = model({ name: "two", parameters: { a: normal(0, 1), b: normal(3, 2) } });
  const inThread = await run({ model: object, chains: 4, warmup: 30, draws: 20, seed: 3 }, { store: false }).result;
  const again = await run({ model: object, chains: 4, warmup: 30, draws: 20, seed: 3, block: 6 }, { store: false })
    .result;
  expect(again.summary.run.digest).toBe(inThread.summary.run.digest);
  const { shippedModel } = await import("../../src/models/registry.ts");
  const { model: _, ...rest } = config;
  const schools = await run({ ...rest, model: shippedModel("eight-schools").create() }, { store: false }).result;
  expect(schools.summary.run.digest).toBe(await digestOf({ workers: 2 }));
  // Long enough for helpers.
  const long = { model: object, chains: 64, draws: 4000, block: 500, seed: 4 };
  const [alone, helped] = [
    await run({ ...long, workers: 1 }, { store: false }).result,
    await run({ ...long, workers: 3 }, { store: false }).result,
  ];
  expect(helped.summary.run.digest).toBe(alone.summary.run.digest);
});
