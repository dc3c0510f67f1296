import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderReport, reportFromResults } from "../../../src/report/index.ts";
import { createResults, type Ending, openResults, type ResultsReader } from "../../../src/store/index.ts";
import { block, data, layout, manifest, withFolder } from "../../store/example.ts";
import { textOf } from "./example.ts";

const trace = { stepSize: 0.1, steps: 3, trajectoryLength: 0.3, acceptance: 0.7, divergences: 2 };
const config = {
  model: "example",
  warmup: 8,
  sampler: { name: "chees", target_acceptance: 0.651, max_steps: 7 },
  gates: { rhat: 1.01, ess_bulk: 400, ess_tail: 400, divergences: 0.01, quantities: ["tau", "coefficient"] },
};

/** A results folder whose batches have so many draws; finished, or left as a killed process leaves it. */
async function results(root: string, draws: readonly number[], ending?: Ending): Promise<ResultsReader> {
  const writer = await createResults({
    root,
    configName: "example",
    runId: "run",
    manifest: { ...manifest, config },
    layout,
    data,
  });
  for (const [batch, count] of draws.entries()) {
    await writer.recordEvent({ kind: "adapting", batch, iteration: 8, ...trace });
    if (count > 0) await writer.appendBlock(block(batch, 0, count));
  }
  await writer.commit();
  if (ending !== undefined) await writer.finish(ending);
  return await openResults(writer.directory);
}

describe("a results folder", () => {
  test("that is complete has draws, facts, config and warm-up", async () => {
    await withFolder(async (root) => {
      const reader = await results(root, [50, 50, 50], { status: "complete" });
      const input = await reportFromResults(reader);
      expect(input.title).toBe("example / run");
      expect(input.status).toBe("complete");
      expect(input.missing).toEqual([]);
      expect(input.gatedQuantities).toEqual(["tau", "coefficient"]);
      expect(input.sampler).toEqual({ name: "chees", targetAcceptance: 0.651, isHarmonic: true, maxSteps: 7 });
      expect(input.draws?.chains).toEqual([0, 1, 2, 3, 4]);
      expect(input.warmup).toHaveLength(3);
      expect(input.digests).toHaveLength(5);
      expect(input.summary.quantities).toHaveLength(10);
      expect(input.summary.run.digest).toBe(reader.run.digests?.run);
      const read = await input.draws?.quantities(["coefficient[=1+1]", "no such"]);
      expect([...(read?.keys() ?? [])]).toEqual(["coefficient[=1+1]"]);
      const text = textOf(await renderReport(input));
      expect(text).toContain("coefficient[größe 😀]");
      expect(text).toContain("&quot;target_acceptance&quot;: 0.651");
      expect(text).toMatch(/version of package 0\.1\.0/);
      expect(text).toContain("6 divergent transitions in warm-up");
    });
  });

  test("uses the summary that it is given", async () => {
    await withFolder(async (root) => {
      const reader = await results(root, [50, 50, 50], { status: "complete" });
      const { summary } = await reportFromResults(reader);
      const given = { ...summary, gates: [] };
      const input = await reportFromResults(reader, {
        summary: given,
        missing: ["so"],
        chosen: ["pair"],
        chainNotes: {},
      });
      expect(input.summary).toBe(given);
      expect(input.missing).toEqual(["so"]);
      expect(input.chosen).toEqual(["pair"]);
    });
  });

  test("of a killed run shows the batches that have draws, and says what is missing", async () => {
    await withFolder(async (root) => {
      const input = await reportFromResults(await results(root, [0, 20, 50]));
      expect(input.draws?.chains).toEqual([2, 3, 4]);
      expect(input.summary.run).toMatchObject({ chains: 3, draws: 20 });
      const text = textOf(await renderReport(input));
      expect(text).toContain("This run has not ended: it is still going on, or its process died.");
      expect(text).toContain("Of 50 draws of each chain, batch 0 has 0, batch 1 has 20.");
      expect(text).toContain("Batches without draws are left out");
      expect(text).toContain("3 × 20");
    });
  });

  test("of a run that failed before its first draw says why", async () => {
    await withFolder(async (root) => {
      const input = await reportFromResults(
        await results(root, [0, 0, 0], { status: "failed", error: "no <finite> density" }),
      );
      expect(input.draws).toBeUndefined();
      const page = await renderReport(input);
      expect(textOf(page)).toContain("There are no draws to judge.");
      expect(page).toContain("This run failed: no &lt;finite&gt; density");
    });
  });

  test("without events, or with damaged ones, has a report", async () => {
    await withFolder(async (root) => {
      const reader = await results(root, [50, 50, 50], { status: "complete" });
      const events = join(reader.directory, "events.ndjson");
      await writeFile(events, '{"kind":"adapting","batch":{},"iteration":1e999}\nnull\n[1]\n"x"\n{');
      expect((await reportFromResults(reader)).warmup).toEqual([]);
      await rm(events);
      const input = await reportFromResults(reader);
      expect(input.missing).toEqual(["events.ndjson is missing or too large: how warm-up went is not known."]);
      expect(textOf(await renderReport(input))).toContain("How the step size was adapted is not known.");
    });
  });
});
