/** summary.json and events.ndjson with each byte flipped and each length cut: an error in words, or a report. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { summarize } from "../../src/diagnostics/index.ts";
import { StoreError } from "../../src/errors.ts";
import { evaluateGates, renderReport, renderSummary, reportFromResults } from "../../src/report/index.ts";
import { createResults, openResults, type RunFacts, type StoreLayout } from "../../src/store/index.ts";
import { block, layout, manifest, withFolder } from "../store/example.ts";

const small: StoreLayout = {
  variables: layout.variables.slice(0, 1),
  statistics: layout.statistics,
  coordinates: {},
  batches: [{ firstChain: 0, chains: 2 }],
  draws: 12,
  warmup: 0,
  chunkDraws: 12,
};
const finding = { met: false, quantity: "tau", value: 1.02 };
const check = { draws: 12, met: false, rhat: finding, ess: { met: true, quantity: "tau", value: 900 } };
const facts = {
  chains: 2,
  draws: 12,
  warmup: 5,
  divergences: 1,
  gradients: { warmup: 10, sampling: 20 },
  seconds: { compile: 0.1, warmup: 1, sampling: 2, total: 3.5 },
  engine: "wasm",
  precision: "float32",
  seed: "7",
  digest: "",
  ebfmi_low_chains: 1,
  until: { rhat: 1.01, ess: 400, rule: "all", check: 12, max: 12, met: false, checks: [check] },
} as RunFacts;

/** Every how many bytes are tried; MANYCHAIN_FUZZ=1 tries all of them. */
const STEP = process.env["MANYCHAIN_FUZZ"] === "1" ? 1 : 3;

async function withRun(use: (directory: string) => Promise<void>): Promise<void> {
  await withFolder(async (root) => {
    const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout: small });
    const trace = { iteration: 5, stepSize: 0.5, steps: 3, trajectoryLength: 1.5, acceptance: 0.8, divergences: 0 };
    await writer.recordEvent({ kind: "adapting", batch: 0, ...trace });
    await writer.recordEvent({ kind: "adapted", batch: 0, ...trace, inverseMass: [1] });
    await writer.appendBlock(block(0, 0, 12, "sampling", small));
    await writer.recordEvent({ kind: "check", ...check });
    await writer.recordEvent({
      kind: "done",
      batch: 0,
      divergences: { warmup: 0, sampling: 1 },
      seconds: { warmup: 1 },
    });
    await writer.commit();
    const [tau] = await (await openResults(writer.directory)).draws("tau");
    const quantities = [{ name: "tau", ...summarize(tau!.draws) }];
    const gates = evaluateGates({ rhat: 1.01, ess_bulk: 400, divergences: 0 }, quantities, facts);
    const until = { name: "until", limit: 12, value: 12, pass: false, worst: "tau", note: "a note" };
    await writer.finish({ status: "complete", summary: { run: facts, gates: [...gates, until], quantities } });
    await use(writer.directory);
  });
}

/** What a reader of the folder is shown: the terminal's report, and with `isWhole` the HTML one too. */
async function shown(directory: string, isWhole: boolean): Promise<string> {
  try {
    const input = await reportFromResults(await openResults(directory));
    const { quantities, gates, run } = input.summary;
    return `${renderSummary({ quantities, gates, run })}${isWhole ? await renderReport(input) : ""}`;
  } catch (error) {
    if (error instanceof StoreError && error.message.length > 20) return "refused";
    throw error;
  }
}

test.each(["summary.json", "events.ndjson"])("%s", { timeout: 60_000 }, async (name) => {
  await withRun(async (directory) => {
    const path = join(directory, name);
    const whole = await readFile(path);
    expect(await shown(directory, true)).toContain("E-BFMI");
    const tried = async (bytes: Uint8Array, index: number, what: string): Promise<string> => {
      await writeFile(path, bytes);
      return await shown(directory, index % 99 === 0).catch((error: unknown) => {
        throw new Error(`${name}, ${what} at ${index}`, { cause: error });
      });
    };
    let refused = 0;
    for (let index = 0; index < whole.length; index += STEP) {
      const damaged = Buffer.from(whole);
      damaged[index] = (damaged[index] ?? 0) ^ (1 << (index % 8));
      if ((await tried(damaged, index, "flipped")) === "refused") refused++;
      if ((await tried(whole.subarray(0, index), index, "cut")) === "refused") refused++;
    }
    // A summary that is cut is no JSON; of events, lines that cannot be read are passed over.
    if (name === "summary.json") expect(refused).toBeGreaterThan(whole.length / STEP);
    else expect(refused).toBe(0);
  });
});
