/**
 * summary.json and events.ndjson with each byte flipped and each length cut: what the report says is what it said before, or it
 * says that the file is damaged. Of a folder without SHA-256 (of an older version): an error in words, or a report.
 */
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { summarize } from "../../src/diagnostics/index.ts";
import { StoreError } from "../../src/errors.ts";
import { evaluateGates, renderReport, renderSummary, reportFromResults } from "../../src/report/index.ts";
import { createResults, openResults, type RunFacts, type StoreLayout } from "../../src/store/index.ts";
import { block, layout, manifest, withFolder } from "../store/example.ts";
import { falsifyRun } from "../store/falsify.ts";

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
const STEP = process.env["MANYCHAIN_FUZZ"] === "1" ? 1 : 11;

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
    const told = [...(input.missing ?? []), JSON.stringify([input.warmup, input.batches, input.checks])].join("\n");
    return `${told}${renderSummary({ quantities, gates, run })}${isWhole ? await renderReport(input) : ""}`;
  } catch (error) {
    if (error instanceof StoreError && error.message.length > 20) return "refused";
    throw error;
  }
}

const isWhole = (index: number): boolean => index % 99 === 0;

/** Shows the folder with each flip and each cut of a file, and calls `look` with what was shown. */
async function damaged(directory: string, name: string, look: (text: string, index: number) => void): Promise<void> {
  const path = join(directory, name);
  const whole = await readFile(path);
  const tried = async (bytes: Uint8Array, index: number, what: string): Promise<void> => {
    await writeFile(path, bytes);
    try {
      look(await shown(directory, isWhole(index)), index);
    } catch (error) {
      throw new Error(`${name}, ${what} at ${index}`, { cause: error });
    }
  };
  for (let index = 0; index < whole.length; index += STEP) {
    const flipped = Buffer.from(whole);
    flipped[index] = (flipped[index] ?? 0) ^ (1 << (index % 8));
    await tried(flipped, index, "flipped");
    await tried(whole.subarray(0, index), index, "cut");
  }
  await writeFile(path, whole);
}

describe.each(["summary.json", "events.ndjson"] as const)("%s", { timeout: 60_000 }, (name) => {
  test("a change is told", async () => {
    await withRun(async (directory) => {
      expect(await shown(directory, true)).toContain("E-BFMI");
      let count = 0;
      await damaged(directory, name, (text) => {
        count++;
        expect(text).toContain(`${name} is damaged or was edited`);
        // What it told is not shown, and what the draws tell is.
        if (name === "summary.json") expect(text).not.toContain("3.5 s");
        else expect(text.split("\n")[1]).toMatch(/^\[\[\],\[\{.*"stepSize":null/);
        expect(text).toContain("tau");
      });
      expect(count).toBeGreaterThan(100);
      expect(await shown(directory, true)).not.toContain("damaged");
    });
  });

  test("a folder without SHA-256 is read as before", async () => {
    await withRun(async (directory) => {
      await falsifyRun(directory, (document) => delete document["files"]);
      let [count, refused] = [0, 0];
      await damaged(directory, name, (text) => {
        count++;
        if (text === "refused") refused++;
      });
      // A summary that is cut is no JSON; of events, lines that cannot be read are passed over.
      if (name === "summary.json") expect(refused).toBeGreaterThan(count / 2);
      else expect(refused).toBe(0);
    });
  });
});

test("the line that tells the run's end, and a file that is not there, are no damage", async () => {
  await withRun(async (directory) => {
    const before = await shown(directory, true);
    await appendFile(join(directory, "events.ndjson"), '{"kind":"finished","status":"complete"}\n');
    expect(await shown(directory, true)).toBe(before);
    await rm(join(directory, "summary.json"));
    expect((await reportFromResults(await openResults(directory))).missing).toEqual([]);
  });
});

test("checks of damaged events are those of the summary", async () => {
  await withRun(async (directory) => {
    await writeFile(join(directory, "events.ndjson"), "");
    expect((await reportFromResults(await openResults(directory))).checks).toEqual([check]);
  });
});
