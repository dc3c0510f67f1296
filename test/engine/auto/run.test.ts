import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveConfig } from "../../../src/config/load.ts";
import { ConfigError, StoreError } from "../../../src/errors.ts";
import type { RunEvent } from "../../../src/run/events.ts";
import { workerCount } from "../../../src/run/plan.ts";
import { configOfResults } from "../../../src/run/resume.ts";
import { run } from "../../../src/run/run.ts";
import { openResults } from "../../../src/store/index.ts";

const small = { model: "funnel", chains: 8, batches: 2, warmup: 30, draws: 20, workers: 1, gates: false } as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "manychain-auto-run-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

// A processor is all that the machines which run these tests have: auto comes to wasm.
describe("a run with engine: auto", () => {
  it("is the run of the engine that it came to, and says why", async () => {
    const running = run({ ...small, engine: "auto" }, { out: folder, runId: "auto", report: false });
    const planned = new Promise<RunEvent>((resolve) => running.events.subscribe({ next: resolve, error: () => {} }));
    const [event, auto] = [await planned, await running.result];
    expect(event).toMatchObject({ kind: "planned", engine: { name: "wasm", precision: "float32" } });
    const details = event.kind === "planned" ? event.engine.details : [];
    expect(details[0]).toBe("engine: auto took wasm: no engine sees a GPU");
    const named = await run({ ...small, engine: "wasm" }, { out: folder, runId: "named", report: false }).result;
    expect(auto.digests).toEqual(named.digests);
    const [a, b] = [await openResults(auto.directory!), await openResults(named.directory!)];
    expect(a.run.manifest.hashes["config"]).toBe(b.run.manifest.hashes["config"]);
    expect(a.run.manifest.config).toMatchObject({ engine: "wasm" });
    expect(a.run.manifest.engine).toMatchObject({ name: "wasm", details });
    expect(auto.summary.run.engine).toBe("wasm");
  });

  it("goes on with the engine that it began with, or not at all", async () => {
    const { directory } = await run(
      { ...small, engine: "reference", precision: "float64", draws: 5 },
      { out: folder, runId: "began", report: false },
    ).result;
    expect((await configOfResults(directory!)).loaded.config.engine).toBe("reference");
    const again = run(
      { ...small, engine: "auto", precision: "float64", draws: 5 },
      { out: folder, resume: directory! },
    ).result;
    await expect(again).rejects.toThrow(StoreError);
    await expect(again).rejects.toThrow(/cannot be resumed: .*\n {2}config: engine: was reference, is wasm/);
  });
});

describe("threads", () => {
  it("are one for each GPU unless they are told", () => {
    expect(workerCount("auto", 64, 1)).toBe(1);
    expect(workerCount("auto", 64, 4)).toBe(4);
    expect(workerCount("auto", 2, 4)).toBe(2);
    expect(workerCount(3, 64, 1)).toBe(3);
  });
});

describe("the option device", () => {
  it("belongs to xla", () => {
    const of = (config: object) => () => resolveConfig({ ...small, ...config });
    expect(of({ engine: "xla", device: 3 })().config.device).toBe(3);
    expect(of({ engine: "auto", device: "all" })().config.device).toBe("all");
    expect(of({ device: 0 })).toThrow(ConfigError);
    expect(of({ device: 0 })).toThrow(/device: engine wasm has no numbered devices; leave it out/);
    expect(of({ engine: "tensorflow", device: 1 })).toThrow(/CUDA_VISIBLE_DEVICES/);
    expect(of({ engine: "xla", device: -1 })).toThrow(/device: expected all, or an integer from 0 to 1023, found -1/);
  });
});
