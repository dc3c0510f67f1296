import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { PluginError } from "../../../src/engine/xla/api.ts";
import { Client } from "../../../src/engine/xla/client.ts";
import { EngineError } from "../../../src/errors.ts";
import { funnel } from "../../../src/models/funnel.ts";
import type { ProgramConfig } from "../../../src/run/prepare.ts";
import { run } from "../../../src/run/run.ts";
import { openResults } from "../../../src/store/index.ts";
import { type Finished, inFolder, manychain } from "../../cli/process.ts";
import { expectPosterior, mainJobOn } from "../mainJobPosterior.ts";
import { describeWithPlugin } from "./plugin.ts";

describeWithPlugin("xla: the main job", () => {
  it("has the reference posterior, from two workers at once", async () => {
    await expectPosterior(await mainJobOn("xla"));
  });
});

const SCHOOLS = `model: eight-schools
data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] }
chains: 8
batches: 2
warmup: 60
draws: 600
block: 8
seed: 3
workers: 1
engine: xla
gates: false
`;

describeWithPlugin("xla: a run that was killed", () => {
  it("goes on to the same draws", async () => {
    await inFolder({ "schools.yaml": SCHOOLS }, async (cwd) => {
      const env = { MANYCHAIN_CACHE: join(cwd, "cache") };
      const start = async (id: string, isTime?: (checkpoints: number) => boolean): Promise<Finished> => {
        let timer: NodeJS.Timeout | undefined;
        const ran = await manychain(["run", "schools.yaml", "--run-id", id], {
          ...{ cwd, env },
          watch: (_text, kill) => {
            if (isTime === undefined || timer !== undefined) return;
            timer = setInterval(() => isTime(checkpoints(join(cwd, "results/schools", id))) && kill("SIGKILL"), 10);
          },
        });
        clearInterval(timer);
        return ran;
      };
      const digests = async (id: string) => (await openResults(join(cwd, "results/schools", id))).run.digests;
      const whole = await start("whole");
      expect(whole.code, whole.stderr).toBe(0);
      expect((await start("killed", (count) => count > 0)).code).toBeNull();
      const resumed = await manychain(["resume", "results/schools/killed"], { cwd, env });
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(resumed.stderr).toMatch(/goes on after/);
      expect(await digests("killed")).toEqual(await digests("whole"));
    });
  });
});

function checkpoints(folder: string): number {
  try {
    return readdirSync(join(folder, "checkpoints")).filter((name) => name.endsWith(".checkpoint")).length;
  } catch {
    return 0;
  }
}

describeWithPlugin("xla: a device that is lost in the middle of a run", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("ends it with exit code 5, keeps what was stored, and it goes on to the same draws", async () => {
    await inFolder({}, async (folder) => {
      // A model that is an object runs in this thread, where the device can be taken away.
      const model = funnel.create({});
      const config: ProgramConfig = {
        ...{ name: "f", model, chains: 4, warmup: 20, draws: 60, block: 10, gates: false, engine: "xla" },
      };
      const whole = await run(config, { out: folder, runId: "whole", report: false }).result;
      const { execute } = Client.prototype;
      const running = run(config, { out: folder, runId: "lost", report: false });
      let blocks = 0;
      running.events.subscribe({ next: (event) => event.kind === "block" && blocks++, error: () => {} });
      vi.spyOn(Client.prototype, "execute").mockImplementation(function (this: Client, ...given) {
        if (blocks < 3) return execute.apply(this, given);
        throw new PluginError("XLA: INTERNAL: the device is gone", 13);
      });
      const error = await running.result.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(EngineError);
      expect((error as EngineError).exitCode).toBe(5);
      expect((error as EngineError).message).toMatch(
        /^batch 0 .*cannot run for 4 chains\. XLA: INTERNAL: the device is gone/,
      );
      vi.restoreAllMocks();
      const lost = join(folder, "f/lost");
      expect((await openResults(lost)).run.status).toBe("failed");
      const again = run(config, { resume: lost, report: false });
      const kept = new Promise((resolve) => {
        again.events.subscribe({ next: (event) => event.kind === "planned" && resolve(event.resumed), error: resolve });
      });
      expect((await again.result).digests).toEqual(whole.digests);
      // The third block was told while the fourth was computed.
      expect(await kept).toMatchObject([{ batch: 0, draws: 40, dropped: 0 }]);
    });
  });
});
