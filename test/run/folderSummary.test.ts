import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reportFromResults } from "../../src/report/index.ts";
import { run } from "../../src/run/run.ts";
import { openResults } from "../../src/store/index.ts";
import { withFiles } from "./folder.ts";

const config = {
  model: "eight-schools",
  data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] },
  chains: 16,
  superchains: 4,
  warmup: 40,
  precision: "float64",
  draws: { until: { rhat: 1.0001 }, check: 20, max: 40 },
  gates: { rhat: 3, ess_bulk: 1, ess_tail: 1, divergences: 1, nested_rhat: 1.00001 },
} as const;

test.each([
  ["that keeps all draws", config, ["nested_rhat", "until"]],
  ["that keeps moments", { ...config, draws: 40, keep: "moments" }, ["nested_rhat"]],
  [
    "in float32",
    { ...config, precision: "float32", draws: 40, gates: { ...config.gates, precision: 1e-12 } },
    ["precision", "nested_rhat"],
  ],
] as const)("a folder %s is judged by all gates of its run also without summary.json", async (_, given, failing) => {
  await withFiles({}, async (out) => {
    const { summary, chains, directory } = await run(given, { out, runId: "x", report: false }).result;
    await rm(join(directory!, "summary.json"));
    const input = await reportFromResults(await openResults(directory!));
    expect(input.summary.gates).toEqual(summary.gates);
    expect(summary.gates.filter(({ pass }) => !pass).map(({ name }) => name)).toEqual(failing);
    expect(input.summary.quantities).toEqual(summary.quantities);
    expect(input.chainNotes).toEqual(chains);
  });
});
