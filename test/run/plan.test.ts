import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { resolveConfig } from "../../src/config/load.ts";
import { helperCounts, planBatches, workerCount } from "../../src/run/plan.ts";

test("batches cover the chains in order, from the config alone", () => {
  const { config } = resolveConfig({ model: "funnel", chains: 10, batches: 2, seed: 5, superchains: 5 });
  const plan = planBatches({ ...config, precision: "float32" });
  expect(plan.map(({ batch, firstChain, chains }) => ({ batch, firstChain, chains }))).toEqual([
    { batch: 0, firstChain: 0, chains: 5 },
    { batch: 1, firstChain: 5, chains: 5 },
  ]);
  expect(plan[0]).toMatchObject({ seed: "5", warmup: 200, draws: 1000, block: 100, precision: "float32" });
  expect(plan[0]).toMatchObject({ chainsPerSuperchain: 2, keepWarmup: false, keepUnconstrained: false });
});

test("starting values are flattened row by row", () => {
  const init = { values: { a: 1, b: [2, 3], c: [[4, 5], [6]] } };
  const { config } = resolveConfig({ model: "funnel", init });
  expect(planBatches({ ...config, precision: "float32" })[0]!.init).toEqual({
    values: { a: 1, b: [2, 3], c: [4, 5, 6] },
  });
});

test("no more workers than batches", () => {
  expect(workerCount(8, 3)).toBe(3);
  expect(workerCount(2, 3)).toBe(2);
  expect(workerCount("auto", 1000)).toBe(Math.min(1000, availableParallelism()));
});

test("threads that no batch needs help, on wasm, as evenly as they go and while there are chains for them", () => {
  const counts = (
    workers: number,
    batches: number,
    { processors = 4, ...changes }: { processors?: number; [option: string]: unknown } = {},
  ) => {
    const { config } = resolveConfig({ model: "funnel", chains: 64 * batches, batches, workers, ...changes });
    const precision = config.precision === "auto" ? "float32" : config.precision;
    return helperCounts(
      { ...config, precision },
      planBatches({ ...config, precision }),
      workerCount(workers, batches),
      processors,
    );
  };
  expect(counts(1, 1)).toEqual([0]);
  expect(counts(4, 1)).toEqual([3]);
  expect(counts(7, 3)).toEqual([2, 1, 1]);
  expect(counts(2, 3)).toEqual([0, 0]);
  expect(counts(1000, 1)).toEqual([15]);
  expect(counts(1000, 1, { precision: "float64" })).toEqual([31]);
  expect(counts(4, 1, { engine: "reference" })).toEqual([0]);
  // Chains of one vector, where the coordinator has a processor of its own.
  expect([1, 2, 3, 4, 5, 8].map((processors) => counts(8, 1, { chains: 4, processors })[0])).toEqual([
    0, 0, 1, 2, 3, 3,
  ]);
  expect(counts(2, 1, { chains: 4, processors: 8 })).toEqual([1]);
  expect(counts(8, 2, { chains: 8, processors: 8 })).toEqual([3, 2]);
  expect(counts(1000, 1, { processors: 1000 })).toEqual([63]);
});
