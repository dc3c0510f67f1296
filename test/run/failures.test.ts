import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InitializationError, type ManychainError, ModelError, WorkerError } from "../../src/errors.ts";
import { type RunOptions, run } from "../../src/run/run.ts";
import { openResults } from "../../src/store/index.ts";
import { errorOf, withFiles } from "./folder.ts";

const HEAD = `
import { isMainThread } from "node:worker_threads";
import { model, normal, density } from "manychain";
`;

/** Runs a model file of which each batch's worker does something bad. */
async function failureOf(
  source: string,
  options: RunOptions = {},
  check?: (out: string) => Promise<void>,
): Promise<ManychainError> {
  return await withFiles({ "bad.ts": HEAD + source }, async (folder) => {
    const config = {
      model: join(folder, "bad.ts"),
      chains: 8,
      batches: 2,
      warmup: 30,
      draws: 60,
      block: 20,
      workers: 2,
    };
    const error = await errorOf(run(config, { out: folder, runId: "x", ...options }).result);
    await check?.(join(folder, "bad", "x"));
    return error as ManychainError;
  });
}

test("a worker that exits ends the run with an error that names the batch; run.json says that it failed", async () => {
  const error = await failureOf(
    `if (!isMainThread) process.exit(7);
     export default model({ parameters: { a: normal(0, 1) } });`,
    {},
    async (folder) => {
      const reader = await openResults(folder);
      expect(reader.run.status).toBe("failed");
      expect(reader.run.error).toContain("process.exit(7)");
    },
  );
  expect(error).toBeInstanceOf(ModelError);
  expect(error.exitCode).toBe(2);
  expect(error.message).toMatch(
    /^batch [01] \(chains (0 to 3|4 to 7)\): the model's code calls process\.exit\(7\), which would end the whole run\./,
  );
});

test("a worker out of memory", async () => {
  const error = await failureOf(
    `if (!isMainThread) { const all = []; while (true) all.push(new Array(10000).fill(all.length)); }
     export default model({ parameters: { a: normal(0, 1) } });`,
    { resourceLimits: { maxOldGenerationSizeMb: 64 } },
  );
  expect(error).toBeInstanceOf(WorkerError);
  expect(error.message).toMatch(/^the worker of batch [01] \(.*\) ran out of memory: lower `block`.*is kept\.$/);
});

test("an unknown error in a worker keeps its name and stack", async () => {
  const error = await failureOf(
    `export default density({ dimension: 1, logDensity: (z) => {
       if (!isMainThread) z.nothing.here;
       return z.square().sum().mul(-0.5);
     } });`,
  );
  expect(error).toBeInstanceOf(ModelError);
  expect(error.message).toMatch(/^batch [01] \(chains .*\): the code of model bad failed: TypeError: Cannot read/);
});

test("a density that is not finite at any start comes back as what it is", async () => {
  const error = await failureOf(
    "export default density({ dimension: 1, logDensity: (z) => z.square().sum().neg().sub(1).sqrt() });",
  );
  expect(error).toBeInstanceOf(InitializationError);
  expect(error.exitCode).toBe(2);
  expect(error.message).toMatch(/^batch [01] \(chains (0 to 3|4 to 7)\): .*chain [04]\b/i);
});

test("events tell the error too, and nobody need listen", async () => {
  await withFiles({ "m.ts": `${HEAD}export const a = 1;` }, async (folder) => {
    const running = run({ model: join(folder, "m.ts") }, { store: false });
    const seen = await new Promise<Error>((resolve) => running.events.subscribe({ error: resolve }));
    expect(seen.message).toContain("does not say which model to use: it exports no model. Add `export default");
    expect(await errorOf(running.result)).toBe(seen);
  });
});

test("stop ends after the current block, and the partial results are those of the undisturbed run", async () => {
  await withFiles({}, async (folder) => {
    const data = { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] };
    const config = { model: "eight-schools", data, chains: 8, warmup: 50, draws: 100_000, block: 50, workers: 1 };
    const running = run(config, { out: folder, runId: "x" });
    running.events.subscribe({
      next: (event) => {
        if (event.kind === "progress" && event.draws[0]! >= 100) running.stop();
      },
    });
    const result = await running.result;
    expect(result.status).toBe("interrupted");
    expect(result.converged).toBe(false);
    const draws = result.summary.run.draws;
    expect(draws % 50).toBe(0);
    expect(draws).toBeGreaterThanOrEqual(100);
    expect(draws).toBeLessThan(100_000);
    const whole = await run({ ...config, draws }, { store: false }).result;
    expect(result.summary.run.digest).toBe(whole.summary.run.digest);
    const stored = JSON.parse(await readFile(join(folder, "eight-schools", "x", "run.json"), "utf8"));
    expect(stored.status).toBe("interrupted");
  });
});

test("stopped before it began: no draws, no gates, not converged", async () => {
  const controller = new AbortController();
  controller.abort();
  const config = { model: "funnel", chains: 4, warmup: 20, draws: 20 };
  const result = await run(config, { store: false, signal: controller.signal }).result;
  expect(result.status).toBe("interrupted");
  expect(result.converged).toBe(false);
  expect(result.summary.run.draws).toBe(0);
  expect(result.summary.quantities).toEqual([]);
});

test("a worker that dies in the middle leaves the blocks that were stored, readable", async () => {
  const source = `${HEAD}
    if (!isMainThread) setTimeout(() => process.exit(3), 400);
    export default model({ parameters: { a: normal(0, 1) } });`;
  await withFiles({ "bad.ts": source }, async (folder) => {
    const config = { model: join(folder, "bad.ts"), chains: 4, warmup: 30, draws: 5_000_000, block: 50 };
    const error = await errorOf(run(config, { out: folder, runId: "x" }).result);
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toContain("was ended by process.exit(3), which only the model's code can have called. What");
    const reader = await openResults(join(folder, "bad", "x"));
    expect(reader.run.status).toBe("failed");
    expect(reader.committed.sampling).toBeGreaterThan(0);
    expect(reader.committed.sampling % 50).toBe(0);
    expect(await reader.damagedChains()).toEqual([]);
  });
});
