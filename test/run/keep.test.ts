import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Config } from "../../src/config/types.ts";
import { rhatBasic, rhatNested, sd } from "../../src/diagnostics/index.ts";
import { type RunResult, run } from "../../src/run/run.ts";
import { withFiles } from "./folder.ts";

const config: Config = {
  model: "eight-schools",
  data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] },
  chains: 16,
  batches: 2,
  warmup: 60,
  draws: 50,
  block: 20,
  seed: 5,
  superchains: 4,
  gates: { rhat: 3, ess_bulk: 1e6, ess_tail: 0, divergences: 1, nested_rhat: 2 },
};

async function runs(keeps: readonly Config["keep"][], use: (results: RunResult[]) => Promise<void>): Promise<void> {
  await withFiles({}, async (out) => {
    const results: RunResult[] = [];
    for (const keep of keeps)
      results.push(await run({ ...config, keep: keep!, thin: 5 }, { out, runId: keep! }).result);
    await use(results);
  });
}

test("keep never changes the draws: the digests, means and divergences of a run that keeps all", async () => {
  await runs(["draws", "thinned", "moments"], async (results) => {
    const [all, thinned, moments] = results as [RunResult, RunResult, RunResult];
    for (const other of [thinned, moments]) {
      expect(other.digests).toEqual(all.digests);
      expect(other.summary.run.divergences).toBe(all.summary.run.divergences);
      expect(other.chains.divergences).toEqual(all.chains.divergences);
      expect(other.summary.run.draws).toBe(50);
      for (const [index, row] of other.summary.quantities.entries()) {
        const draws = await all.draws(row.name);
        expect(row.mean).toBeCloseTo(all.summary.quantities[index]!.mean, 10);
        expect(row.sd).toBeCloseTo(sd(draws), 10);
        if (other === moments) expect(row.rhat).toBeCloseTo(rhatBasic(draws, { split: false }), 10);
      }
      const { nested_rhat_max: value } = other.summary.run as { nested_rhat_max?: number };
      expect(value).toBeCloseTo((all.summary.run as { nested_rhat_max?: number }).nested_rhat_max!, 10);
    }
    const kept = await thinned.draws("mu");
    expect(kept.map((chain) => Array.from(chain))).toEqual(
      (await all.draws("mu")).map((chain) => Array.from(chain).filter((_, draw) => draw % 5 === 0)),
    );
    await expect(moments.draws("mu")).rejects.toThrow("keeps moments and no draws");
    // What needs draws is not asked of a run that keeps none.
    expect(all.summary.gates.map(({ name }) => name)).toContain("ess_bulk");
    expect(moments.summary.gates.map(({ name }) => name)).toEqual(["rhat", "divergences", "precision", "nested_rhat"]);
    const html = await readFile(join(moments.directory!, "report.html"), "utf8");
    expect(html).toContain("keeps moments and no draws");
  });
});

test("nested R-hat is that of the worst quantity, and a gate", async () => {
  await runs(["draws"], async ([result]) => {
    const { quantities, summary, draws } = result!;
    const values = await Promise.all(quantities.map(async (name) => rhatNested(await draws(name), 4)));
    const worst = Math.max(...values);
    expect(summary.run).toMatchObject({
      superchains: 4,
      nested_rhat_max: worst,
      nested_rhat_worst: quantities[values.indexOf(worst)],
    });
    expect(summary.gates.at(-1)).toMatchObject({ name: "nested_rhat", limit: 2, value: worst, pass: worst < 2 });
  });
});
