import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { toArray } from "rxjs";
import { expect, test } from "vitest";
import type { Config } from "../../src/config/types.ts";
import { essBulk, essTail, rhat } from "../../src/diagnostics/index.ts";
import type { CheckEvent, RunEvent } from "../../src/run/events.ts";
import { type RunOptions, type RunResult, run } from "../../src/run/run.ts";
import { createJudge, nextCheck } from "../../src/run/stopRule.ts";
import type { DrawsSource } from "../../src/run/summary.ts";
import { withFiles } from "./folder.ts";

const config: Config = {
  model: "eight-schools",
  data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] },
  chains: 18,
  batches: 4,
  warmup: 60,
  draws: { until: { rhat: 1.05, ess: 600 }, check: 30, max: 400 },
  block: 20,
  seed: 11,
  gates: false,
};

interface Ended {
  readonly result: RunResult;
  readonly checks: readonly CheckEvent[];
}

async function ended(changes: Partial<Config> = {}, options: RunOptions = { store: false }): Promise<Ended> {
  const running = run({ ...config, ...changes }, options);
  const events = new Promise<RunEvent[]>((resolve, reject) => {
    running.events.pipe(toArray()).subscribe({ next: resolve, error: reject });
  });
  const result = await running.result;
  return { result, checks: (await events).filter((event) => event.kind === "check") };
}

test("the run ends at the first check where the rule is met, with the draws of a run of that length", async () => {
  const { result, checks } = await ended({ workers: 2 });
  const { draws } = result.summary.run;
  expect(result.status).toBe("complete");
  expect(draws % 30).toBe(0);
  expect(draws).toBeGreaterThan(30);
  expect(draws).toBeLessThan(400);
  expect(checks.map((check) => check.draws)).toEqual(Array.from({ length: draws / 30 }, (_, i) => 30 * (i + 1)));
  expect(checks.map(({ met }) => met)).toEqual([...checks.slice(1).map(() => false), true]);
  // The rule, computed from all draws, at the last check and at the one before.
  const isMet = async (count: number): Promise<boolean> => {
    const all = await Promise.all(result.quantities.map((name) => result.draws(name)));
    const cut = all.map((chains) => chains.map((chain) => chain.slice(0, count)));
    return cut.every((chains) => rhat(chains) < 1.05 && Math.min(essBulk(chains), essTail(chains)) > 600);
  };
  expect(await isMet(draws)).toBe(true);
  expect(await isMet(draws - 30)).toBe(false);
  const plain = await ended({ draws });
  expect(plain.result.digests).toEqual(result.digests);
  expect(plain.result.summary.run.gradients).toEqual(result.summary.run.gradients);
});

test("neither workers nor the block size change where it ends, nor the draws", async () => {
  const expected = await ended({ workers: 1 });
  for (const changes of [{ workers: 4 }, { workers: 3, block: 7 }, { workers: 2, block: 100 }]) {
    const other = await ended(changes);
    expect(other.result.digests).toEqual(expected.result.digests);
    expect(other.checks).toEqual(expected.checks);
  }
});

test("any: one of the two is enough; what is never met ends at max", async () => {
  const any = await ended({ draws: { until: { rhat: 1.5, ess: 1e6, rule: "any" }, check: 30, max: 100 } });
  expect(any.result.summary.run.draws).toBe(30);
  expect(any.checks[0]).toMatchObject({ met: true, rhat: { met: true }, ess: { met: false } });
  const never = await ended({ draws: { until: { ess: 1e6 }, check: 30, max: 100 } });
  expect(never.result.status).toBe("complete");
  expect(never.checks.map(({ draws, met }) => [draws, met])).toEqual([
    [30, false],
    [60, false],
    [90, false],
    [100, false],
  ]);
});

test("a run with a rule that is interrupted and goes on ends as one that was left alone", async () => {
  await withFiles({}, async (out) => {
    const whole = await ended({ workers: 2 }, { out, runId: "whole", report: false });
    const stopping = run({ ...config, workers: 2 }, { out, runId: "cut", report: false });
    stopping.events.subscribe({
      next: (event) => {
        if (event.kind === "check" && event.draws === 60) stopping.stop();
      },
      error: () => undefined,
    });
    const cut = await stopping.result;
    expect(cut.status).toBe("interrupted");
    const rest = await ended({ workers: 3 }, { resume: cut.directory!, report: false });
    expect(rest.result.status).toBe("complete");
    expect(rest.result.digests).toEqual(whole.result.digests);
    expect(rest.result.summary.run.gradients).toEqual(whole.result.summary.run.gradients);
    // Every check is in events.ndjson.
    const lines = (await readFile(join(cut.directory!, "events.ndjson"), "utf8")).trimEnd().split("\n");
    const told = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === "check");
    expect(new Set(told.map(({ draws }) => draws))).toEqual(new Set(whole.checks.map(({ draws }) => draws)));
  });
});

test("the next check: after the draws that are there, and again where all batches stand at one", () => {
  const rule = { check: 100, max: 250 } as Parameters<typeof nextCheck>[0];
  expect(nextCheck(rule, [0, 0])).toBe(100);
  expect(nextCheck(rule, [100, 40])).toBe(100);
  expect(nextCheck(rule, [100, 100])).toBe(100);
  expect(nextCheck(rule, [101, 0])).toBe(200);
  expect(nextCheck(rule, [250, 240])).toBe(250);
});

test("constant quantities are passed over; where nothing varies nothing is met", async () => {
  const chain = (scale: number): Float64Array => Float64Array.from({ length: 200 }, (_, t) => scale * Math.sin(t * t));
  const judged = async (values: Readonly<Record<string, readonly Float64Array[]>>): Promise<boolean> => {
    const names = Object.keys(values);
    const variables = names.map((name) => ({ name, dtype: "float64" as const, dims: [], shape: [] }));
    const source = {
      layout: { variables, coordinates: {}, batches: [{ firstChain: 0, chains: 2 }] },
      draws: async (name: string) => [{ name, draws: values[name]! }],
    } as unknown as DrawsSource;
    const until = { rhat: 1.1, rule: "all", quantities: "all" } as const;
    return (await createJudge({ until })(source)).met;
  };
  const constant = [new Float64Array(200).fill(3), new Float64Array(200).fill(3)];
  expect(await judged({ a: [chain(1), chain(1.01)], b: constant })).toBe(true);
  expect(await judged({ b: constant })).toBe(false);
  expect(await judged({ a: [chain(1), chain(1).map((x) => x + 9)], b: constant })).toBe(false);
  expect(await judged({ a: [chain(1), chain(1).fill(Number.NaN)] })).toBe(false);
});
