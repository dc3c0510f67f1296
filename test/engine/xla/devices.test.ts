import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import { checkAlike } from "../../../src/engine/xla/device.ts";
import { xlaEngine } from "../../../src/engine/xla/engine.ts";
import { compileOptions } from "../../../src/engine/xla/options.ts";
import { input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import type { RunEvent } from "../../../src/run/events.ts";
import { run } from "../../../src/run/run.ts";
import { describeWithPlugin } from "./plugin.ts";

const config: Config = {
  ...({ model: "funnel", chains: 8, batches: 2, warmup: 30, draws: 40, block: 15, seed: 5, gates: false } as const),
  ...({ engine: "xla", precision: "float64" } as const),
};

it("names another device than the first in the compile options", () => {
  expect(Buffer.from(compileOptions({}, 2)).toString("hex")).toBe(`1a0f${"20012801"}4a09${"08011001"}1a03${"0a0102"}`);
});

it("refuses to share a run among devices of several kinds", () => {
  let disposals = 0;
  const dispose = (): void => {
    disposals++;
  };
  checkAlike({ kinds: ["NVIDIA H100", "NVIDIA H100"], dispose });
  expect(disposals).toBe(0);
  expect(() => checkAlike({ kinds: ["NVIDIA H100", "NVIDIA A100"], dispose })).toThrow(
    /device: all needs devices of one kind.*found NVIDIA H100, NVIDIA A100\. Name one/,
  );
  expect(disposals).toBe(1);
});

describeWithPlugin("xla: several devices", () => {
  it("are counted from 0, and compute the same on each", async () => {
    const probe = await xlaEngine({ device: 2, cache: null }).probe();
    expect(probe).toMatchObject({ available: true, device: { kind: "cpu", accelerator: false, count: 3 } });
    const x = input("x", { dtype: "float", shape: [3] });
    const source = program("sines", { y: x.sigmoid().sum() });
    const on = async (device: number | "all", worker?: number) => {
      const engine = xlaEngine({ device, cache: null, ...(worker !== undefined && { worker }) });
      const kernel = await engine.compile(source, { precision: "float64", chains: 2 });
      kernel.write("x", [1, 2, 3, 4, 5, 6]);
      await kernel.run(1);
      const y = await kernel.read("y");
      kernel.dispose();
      return y;
    };
    const first = await on(0);
    expect(await on(2)).toEqual(first);
    expect(await on("all", 1)).toEqual(first);
  });

  it("change no draw: one, another, or one a worker", async () => {
    const planned: RunEvent[] = [];
    const digests = async (options: { readonly device?: number | "all"; readonly workers?: number }) => {
      const running = run({ ...config, ...options }, { store: false });
      running.events.subscribe({ next: (event) => event.kind === "planned" && planned.push(event), error: () => {} });
      return (await running.result).digests;
    };
    const expected = await digests({ workers: 1 });
    expect(await digests({ device: 1, workers: 1 })).toEqual(expected);
    expect(await digests({ device: "all", workers: 2 })).toEqual(expected);
    expect(planned.map((event) => event.kind === "planned" && event.workers)).toEqual([1, 1, 2]);
  });
});

describeWithPlugin("xla: the end of a process", () => {
  it("is none of a fault, also right after a device was opened", () => {
    const index = fileURLToPath(new URL("../../../dist/bundle/index.js", import.meta.url));
    const script = `import { createEngine } from ${JSON.stringify(index)};
      console.log((await (await createEngine("xla")).probe()).available);`;
    const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect(out).toBe("true\n");
  });
});
