import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { loadAddon, runsStableHlo } from "../../../src/engine/tensorflow/addon.ts";
import { tensorflowEngine } from "../../../src/engine/tensorflow/engine.ts";
import { addonOf, findInstallations } from "../../../src/engine/tensorflow/installed.ts";
import { EngineError } from "../../../src/errors.ts";
import { input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "manychain-installed-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** An installation as `setup:tensorflow` leaves it, with addons (of no content) for these versions of N-API. */
function install(name: string, kind: "cpu" | "gpu", versions: readonly number[]): string {
  const folder = join(home, name, kind, "node_modules/@tensorflow", kind === "gpu" ? "tfjs-node-gpu" : "tfjs-node");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  for (const version of versions) {
    mkdirSync(join(folder, `lib/napi-v${version}`), { recursive: true });
    writeFileSync(join(folder, `lib/napi-v${version}/tfjs_binding.node`), "no library");
  }
  return folder;
}

const found = (name: string): readonly string[] =>
  findInstallations({ MANYCHAIN_TENSORFLOW_HOME: join(home, name) })
    .map(({ folder }) => folder)
    .filter((folder) => folder.startsWith(home));

describe("tensorflow: installations", () => {
  it("are looked for where MANYCHAIN_TENSORFLOW_HOME says, those for GPUs first", () => {
    expect(found("none")).toEqual([]);
    const cpu = install("both", "cpu", [8]);
    const gpu = install("both", "gpu", [8]);
    expect(found("both")).toEqual([gpu, cpu]);
  });

  it("have the addon of the newest N-API, or none", () => {
    const folder = install("versions", "cpu", [8, 10, 9]);
    expect(addonOf({ folder })).toBe(join(folder, "lib/napi-v10/tfjs_binding.node"));
    expect(addonOf({ folder: install("bare", "cpu", []) })).toBeUndefined();
  });

  it("without an addon, or with one that is none, are named with what to run", () => {
    const as = (folder: string) => ({ name: "@tensorflow/tfjs-node", folder, from: "a test", gpu: false }) as const;
    const bare = install("bare", "cpu", []);
    expect(() => loadAddon(as(bare))).toThrow(EngineError);
    expect(() => loadAddon(as(bare))).toThrow(/has no addon.*npm run setup:tensorflow/s);
    expect(() => loadAddon(as(install("broken", "cpu", [8])))).toThrow(/cannot be loaded.*npm run setup:tensorflow/s);
  });

  it("compile from TensorFlow 2.21 on", () => {
    expect(["2.9.1", "2.20.0", "1.99.0"].map((TF_Version) => runsStableHlo({ TF_Version }))).not.toContain(true);
    expect(["2.21.0", "2.22.0-rc1", "3.0.0"].map((TF_Version) => runsStableHlo({ TF_Version }))).not.toContain(false);
  });
});

describe("tensorflow: where it cannot run", () => {
  const refusal = async (name: string): Promise<string> => {
    vi.stubEnv("MANYCHAIN_TENSORFLOW_HOME", join(home, name));
    const probe = await tensorflowEngine().probe();
    return probe.available ? "available" : `${probe.reason}\n${probe.remedy}`;
  };

  it("says why, and what to do", async () => {
    install("broken", "cpu", [8]);
    expect(await refusal("broken")).toMatch(/cannot be loaded.*\n.*npm run setup:tensorflow/s);
  });

  it("refuses to compile with an error of exit code 5", async () => {
    install("broken", "cpu", [8]);
    vi.stubEnv("MANYCHAIN_TENSORFLOW_HOME", join(home, "broken"));
    const source = program("p", { y: input("x", { dtype: "float", shape: [] }).exp() });
    const error = await tensorflowEngine()
      .compile(source, { precision: "float32", chains: 1 })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).exitCode).toBe(5);
  });

  it.each([
    ["MANYCHAIN_TENSORFLOW_ROUTE", "fast", /expected one of compiled, eager/],
    ["MANYCHAIN_TENSORFLOW_BACKEND", "webgl", /expected one of tensorflow, wasm, cpu/],
    ["MANYCHAIN_TENSORFLOW_DEVICE", "tpu", /expected one of cpu, gpu/],
  ])("names what %s may be", async (name, value, message) => {
    vi.stubEnv(name, value);
    expect(await refusal("none")).toMatch(message);
  });

  it("refuses to compile for tfjs's own backends, and float64 where it is eager", async () => {
    const probe = await tensorflowEngine({ route: "compiled", backend: "cpu" }).probe();
    expect(!probe.available && probe.reason).toMatch(/"cpu" has no compiled route/);
    const source = program("p", { y: input("x", { dtype: "float", shape: [] }).exp() });
    await expect(
      tensorflowEngine({ backend: "cpu" }).compile(source, { precision: "float64", chains: 1 }),
    ).rejects.toThrow(/eager route.*has float32 only/s);
  });
});
