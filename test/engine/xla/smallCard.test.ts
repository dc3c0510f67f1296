import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { findPlugins } from "../../../src/engine/xla/plugins.ts";
import { openResults } from "../../../src/store/index.ts";
import { inFolder, manychain } from "../../cli/process.ts";
import { describeWithPlugin } from "./plugin.ts";

const SCHOOLS = `model: eight-schools
data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] }
chains: 256
batches: 2
warmup: 60
draws: 400
block: 8
seed: 3
workers: 2
engine: xla
gates: false
`;

const source = fileURLToPath(new URL("smallCard.c", import.meta.url));
const hasCompiler = process.platform === "linux" && spawnSync("cc", ["--version"]).status === 0;

describeWithPlugin("xla: two workers on one small card", () => {
  it.skipIf(!hasCompiler)(
    "one runs out of memory: says what would fit, keeps what was stored, and goes on",
    async () => {
      await inFolder({ "schools.yaml": SCHOOLS }, async (cwd) => {
        const card = join(cwd, "card.so");
        const built = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", card, source], { encoding: "utf8" });
        expect(built.status, built.stderr).toBe(0);
        const env = { MANYCHAIN_CACHE: join(cwd, "cache") };
        const small = {
          MANYCHAIN_PJRT_PLUGIN: card,
          SMALL_CARD_PLUGIN: findPlugins()[0]!.path,
          SMALL_CARD_CALLS: "220",
        };
        const failed = await manychain(["run", "schools.yaml", "--run-id", "small"], {
          cwd,
          env: { ...env, ...small },
        });
        expect(failed.code, failed.stderr).toBe(5);
        expect(failed.stderr.replaceAll(/\s+/g, " ")).toMatch(
          /batch [01] \(chains .*\): Program \S+.* cannot run for 128 chains\. XLA: RESOURCE_EXHAUSTED.*holds 128 chains, but not beside what else is on it: use fewer workers, or batches of about 64 chains/,
        );
        const folder = join(cwd, "results/schools/small");
        const { run, perBatch } = await openResults(folder);
        expect(run.status).toBe("failed");
        expect(Math.max(...perBatch.sampling)).toBeGreaterThan(0);
        const resumed = await manychain(["resume", folder], { cwd, env });
        expect(resumed.code, resumed.stderr).toBe(0);
        expect(resumed.stderr).toMatch(/goes on after/);
        const whole = await manychain(["run", "schools.yaml", "--run-id", "whole"], { cwd, env });
        expect(whole.code, whole.stderr).toBe(0);
        const digests = async (id: string) => (await openResults(join(cwd, "results/schools", id))).run.digests;
        expect(await digests("small")).toEqual(await digests("whole"));
      });
    },
  );
});
