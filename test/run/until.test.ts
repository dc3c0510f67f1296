import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { toArray } from "rxjs";
import { expect, test } from "vitest";
import type { Config } from "../../src/config/types.ts";
import { essBulk, essTail, rhat } from "../../src/diagnostics/index.ts";
import type { VariableRole } from "../../src/draws.ts";
import { renderSummary, reportFromResults } from "../../src/report/index.ts";
import type { CheckEvent, RunEvent } from "../../src/run/events.ts";
import { type RunOptions, type RunResult, run } from "../../src/run/run.ts";
import { openResults, untilOf } from "../../src/store/index.ts";
import { createJudge, nextCheck } from "../../src/summary/stopRule.ts";
import type { DrawsSource } from "../../src/summary/summarize.ts";
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
  const [result, told] = await Promise.all([running.result, events]);
  return { result, checks: told.filter((event) => event.kind === "check") };
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
  expect(plain.result.summary.quantities).toEqual(result.summary.quantities);
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

test.each([{ name: "nuts" }, { name: "hmc", steps: 3 }] as const)(
  "$name, cut at its checks, draws what it draws in one go",
  async (sampler) => {
    const small = { ...config, sampler, chains: 6, batches: 2, warmup: 30, block: 7, workers: 2 };
    const plain = await ended({ ...small, draws: 50 });
    const cut = await ended({ ...small, draws: { until: { ess: 1e6 }, check: 20, max: 50 } });
    expect(cut.checks.map(({ draws }) => draws)).toEqual([20, 40, 50]);
    expect(cut.result.digests).toEqual(plain.result.digests);
    expect(cut.result.summary.run.gradients).toEqual(plain.result.summary.run.gradients);
  },
);

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
    // The trail is that of a run left alone, also in its examples of what was not met.
    expect(untilOf(cut.summary.run)?.checks.map(({ draws }) => draws)).toEqual([30, 60]);
    expect(untilOf(cut.summary.run)?.met).toBe(false);
    expect(untilOf(rest.result.summary.run)).toEqual(untilOf(whole.result.summary.run));
    // Every check is in events.ndjson.
    const lines = (await readFile(join(cut.directory!, "events.ndjson"), "utf8")).trimEnd().split("\n");
    const told = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === "check");
    expect(new Set(told.map(({ draws }) => draws))).toEqual(new Set(whole.checks.map(({ draws }) => draws)));
  });
});

test("the trail is in the summary, and a rule that is not met fails as a gate does", async () => {
  const gates = { rhat: 9, ess_bulk: 0, ess_tail: 0, divergences: 1 };
  await withFiles({}, async (out) => {
    const draws = { until: { rhat: 1.001, ess: 90 }, check: 25, max: 60 };
    const { result, checks } = await ended({ draws, gates }, { out, runId: "x" });
    const until = untilOf(result.summary.run);
    expect(until).toEqual({
      rhat: 1.001,
      ess: 90,
      rule: "all",
      check: 25,
      max: 60,
      met: false,
      checks: checks.map(({ kind: _, ...check }) => check),
    });
    expect(until?.checks.map((check) => check.draws)).toEqual([25, 50, 60]);
    const { quantity } = until!.checks.at(-1)!.rhat!;
    const gate = { name: "until", limit: 60, value: 60, pass: false, worst: quantity };
    expect(result.summary.gates.at(-1)).toEqual(gate);
    expect(result.converged).toBe(false);
    const { quantities, run: facts } = result.summary;
    const text = renderSummary({ quantities, gates: result.summary.gates, run: facts, width: 120 });
    expect(text).toContain(
      "Draws until R-hat < 1.001 and ESS > 90, looked at every 25 draws, at most 60:\n  25  not yet: ",
    );
    expect(text).toContain(`FAIL  draws.until: not met after 60 draws, the most (${quantity})`);
    expect(text).toContain("more draws (`draws.max`)");
    const html = await readFile(result.report!, "utf8");
    expect(html).toContain("The run goes on until R-hat &lt; 1.001 and ESS &gt; 90, at most 60 draws of each chain.");
    expect(html.match(/✗ not yet/g)).toHaveLength(3);
    // The folder of a run that was killed has no summary: then its events tell.
    const { summary: _, ...input } = await reportFromResults(await openResults(result.directory!));
    expect(input.checks).toEqual(until?.checks);
  });
  const met = await ended({ draws: { until: { rhat: 1.3, ess: 60 }, check: 60, max: 120 }, gates });
  expect(met.result.summary.gates.at(-1)).toEqual({ name: "until", limit: 120, value: 60, pass: true });
  expect(met.result.converged).toBe(true);
  // `gates: false` asks for no verdict.
  const never = await ended({ draws: { until: { ess: 1e6 }, check: 30, max: 60 } });
  expect(never.result).toMatchObject({ converged: true, summary: { gates: [] } });
});

test("a rule that asks of a quantity that there is not is refused before anything is run", async () => {
  const draws = { until: { ess: 9, quantities: ["tau", "nope"] }, check: 30, max: 60 };
  await withFiles({}, async (out) => {
    await expect(ended({ draws }, { out })).rejects.toThrow(
      'draws.until.quantities.1: expected names of the model\'s quantities (mu, tau, eta, theta), found "nope"',
    );
    expect(await readdir(out)).toEqual([]);
  });
  // A name stands for its elements, and an element for itself.
  const some = { until: { ess: 9, quantities: ["theta", "eta[1]"] }, check: 30, max: 60 };
  const { checks } = await ended({ draws: some });
  expect(checks[0]?.ess?.quantity).toMatch(/^theta\[|^eta\[1\]$/);
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
  const judged = async (
    values: Readonly<Record<string, readonly Float64Array[]>>,
    role?: VariableRole,
  ): Promise<boolean> => {
    const names = Object.keys(values);
    const scalar = { dtype: "float64", dims: [], shape: [], ...(role !== undefined && { role }) } as const;
    const variables = names.map((name) => ({ name, ...scalar }));
    const source = {
      layout: { variables, coordinates: {}, batches: [{ firstChain: 0, chains: 2 }] },
      summaries: new Map(),
      draws: async (name: string) => [{ name, draws: values[name]! }],
    } as unknown as DrawsSource;
    const until = { rhat: 1.1, rule: "all", quantities: "all" } as const;
    return (await createJudge({ until })(source)).met;
  };
  const constant = [new Float64Array(200).fill(3), new Float64Array(200).fill(3)];
  expect(await judged({ a: [chain(1), chain(1.01)], b: constant })).toBe(true);
  expect(await judged({ a: [chain(1), chain(1.01)], b: constant }, "derived")).toBe(true);
  expect(await judged({ a: [chain(1), chain(1.01)], b: constant }, "parameter")).toBe(false);
  expect(await judged({ a: [chain(1), chain(1.01)], b: [chain(1), constant[0]!] }, "parameter")).toBe(false);
  expect(await judged({ b: constant })).toBe(false);
  expect(await judged({ a: [chain(1), chain(1).map((x) => x + 9)], b: constant })).toBe(false);
  expect(await judged({ a: [chain(1), chain(1).fill(Number.NaN)] })).toBe(false);
});
