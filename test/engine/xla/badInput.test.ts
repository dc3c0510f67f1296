import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadApi } from "../../../src/engine/xla/api.ts";
import type { Koffi } from "../../../src/engine/xla/koffi.ts";
import { EngineError } from "../../../src/errors.ts";
import { input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { inFolder, manychain } from "../../cli/process.ts";
import { describeWithPlugin, engine } from "./plugin.ts";

/** koffi, with a plugin whose table has an API version and a number of functions. */
function pluginOf(major: number, minor: number, functions: number): Koffi {
  const head = new ArrayBuffer(40);
  const view = new DataView(head);
  view.setBigUint64(0, BigInt(40 + 8 * functions), true);
  view.setInt32(32, major, true);
  view.setInt32(36, minor, true);
  return {
    load: () => ({ func: () => () => 4096n }),
    proto: () => undefined,
    decode: Object.assign(() => undefined, { string: () => "" }),
    address: () => 0n,
    view: () => head,
  };
}

/** The first bytes of a library for ARM processors of 64 bits. */
function armLibrary(): Uint8Array {
  const bytes = new Uint8Array(4096);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.set([3, 0, 183, 0, 1, 0, 0, 0], 16);
  return bytes;
}

describe("xla: a plugin that does not fit", () => {
  it("of an old API, or another major version, is refused with what was expected and found", () => {
    expect(() => loadApi(pluginOf(0, 40, 60), "old.so")).toThrow(EngineError);
    expect(() => loadApi(pluginOf(0, 40, 60), "old.so")).toThrow(
      /old\.so has API version 0\.40 with 60 functions; expected 0\.81 to 0\.116\. Install a newer plugin/,
    );
    expect(() => loadApi(pluginOf(1, 0, 200), "new.so")).toThrow(/new\.so has API version 1\.0 .*expected 0\.81/);
  });

  it("of another processor is an error of exit code 5, and makes no results folder", async () => {
    await inFolder({ "f.yaml": "model: funnel\nchains: 4\nwarmup: 20\ndraws: 8\nengine: xla\n" }, async (cwd) => {
      const plugin = join(cwd, "pjrt_arm.so");
      writeFileSync(plugin, armLibrary());
      const { code, stderr, stdout } = await manychain(["run", "f.yaml"], {
        cwd,
        env: { MANYCHAIN_PJRT_PLUGIN: plugin },
      });
      expect(code).toBe(5);
      expect(stdout).toBe("");
      expect(stderr).toMatch(/pjrt_arm\.so cannot be loaded as a PJRT plugin.*for this operating system, processor/s);
      expect(existsSync(join(cwd, "results"))).toBe(false);
    });
  });

  it("that is none is an error of exit code 5 that says what to install for each maker's devices", async () => {
    await inFolder({ "f.yaml": "model: funnel\nchains: 4\nwarmup: 20\ndraws: 8\nengine: xla\n" }, async (cwd) => {
      const env = { MANYCHAIN_XLA_HOME: join(cwd, "none"), PATH: cwd };
      const { code, stderr } = await manychain(["run", "f.yaml"], { cwd, env });
      expect(code).toBe(5);
      for (const text of ["setup:xla", "jax[cuda13]", "jax-rocm7", "jax-oneapi", "MANYCHAIN_PJRT_PLUGIN"])
        expect(stderr).toContain(text);
      expect(existsSync(join(cwd, "results"))).toBe(false);
    });
  });
});

describeWithPlugin("xla: more than the device's memory holds", () => {
  it("is an error that says to take fewer chains, and the engine goes on", async () => {
    const x = input("x", { dtype: "float", shape: [1] });
    // 64 chains × 10¹⁰ numbers: 5 TB.
    const huge = program("huge", { y: x.broadcastTo([100_000, 1]).broadcastTo([100_000, 100_000]).exp() });
    const tried = async (): Promise<void> => {
      const kernel = await engine.compile(huge, { precision: "float64", chains: 4 });
      kernel.write("x", [1, 2, 3, 4]);
      await kernel.run(1).finally(() => kernel.dispose());
    };
    await expect(tried()).rejects.toThrow(EngineError);
    await expect(tried()).rejects.toThrow(
      /Program huge cannot .* for 4 chains\..*memory.*use fewer chains in a batch/is,
    );
    const small = program("small", { y: x.exp() });
    const kernel = await engine.compile(small, { precision: "float64", chains: 1 });
    kernel.write("x", [0]);
    await kernel.run(1);
    expect(await kernel.read("y")).toEqual(Float64Array.of(1));
    kernel.dispose();
  });
});
