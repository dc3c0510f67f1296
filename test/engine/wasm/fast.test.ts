import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import loadWabt from "wabt";
import { configHash } from "../../../src/config/hash.ts";
import { resolveConfig } from "../../../src/config/load.ts";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { hasFusedMultiplyAdd } from "../../../src/engine/wasm/fusedArithmetic.ts";
import { generate } from "../../../src/engine/wasm/generate.ts";
import { MemoryLayout } from "../../../src/engine/wasm/memory.ts";
import { ConfigError } from "../../../src/errors.ts";
import { input, type Node } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { run } from "../../../src/run/run.ts";
import { verify } from "../../../src/run/verify.ts";
import { engineLaws } from "../../laws/engine.ts";
import { hmcStepLaws } from "../../laws/hmcStep.ts";
import { withFiles } from "../../run/folder.ts";
import { expectPosterior, mainJobOn } from "../mainJobPosterior.ts";

const fast = () => wasmEngine({ fast: true });

// The laws of every engine, and its elementary functions, to the same accuracy; on a processor that cannot fuse they hold too.
engineLaws("wasm", fast, { precisions: ["float32", "float64"] });
hmcStepLaws("wasm", fast, ["float64", "float32"]);

/** a·b + c and c − a·b. */
function multiplyAdd() {
  const given = ["a", "b", "c"].map((name) => input(name, { dtype: "float", shape: [3] }));
  const [a, b, c] = given as [Node, Node, Node];
  return program("multiply-add", { plus: a.mul(b).add(c), minus: c.sub(a.mul(b)) }, given);
}

/** What the system says of the processor; undefined where this test cannot tell. */
function processorFuses(): boolean | undefined {
  if (process.arch === "arm64") return true;
  const flags = process.platform === "linux" ? /^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8")) : null;
  return flags?.[1]?.split(" ").includes("fma");
}

test.skipIf(processorFuses() === undefined)("fused multiply-add is found where the processor has it", () => {
  expect(hasFusedMultiplyAdd()).toBe(processorFuses());
});

describe.runIf(hasFusedMultiplyAdd())("where the processor fuses", () => {
  it.each([
    ["float32", 2 ** -12],
    ["float64", 2 ** -27],
  ] as const)("%s rounds once", async (precision, h) => {
    const run = async (engine: ReturnType<typeof fast>) => {
      const kernel = await engine.compile(multiplyAdd(), { precision, chains: 1 });
      for (const name of ["a", "b"]) kernel.write(name, [1 + h, 3, 1 + h]);
      kernel.write("c", [-(1 + 2 * h), 1, 1 + 2 * h]);
      await kernel.run(1);
      const all = { plus: [...(await kernel.read("plus"))], minus: [...(await kernel.read("minus"))] };
      kernel.dispose();
      return all;
    };
    // (1 + h)² = 1 + 2h + h², of which rounding drops h².
    expect(await run(fast())).toMatchObject({
      plus: [h * h, 10, expect.any(Number)],
      minus: [expect.any(Number), -8, -h * h],
    });
    expect(await run(wasmEngine())).toMatchObject({
      plus: [0, 10, expect.any(Number)],
      minus: [expect.any(Number), -8, 0],
    });
  });

  it("is told as what the bits depend on", async () => {
    expect(await fast().probe()).toMatchObject({ available: true, bits: "fused multiply-add" });
    expect(await wasmEngine().probe()).not.toHaveProperty("bits");
  });

  test("a run is reproduced, in whatever batches' order, and is of a class of its own", async () => {
    const config = "model: funnel\nchains: 8\nbatches: 2\nwarmup: 40\ndraws: 30\nseed: 1\ngates: false\nfast: true\n";
    await withFiles(
      { "funnel.yaml": config, "plain.yaml": config.replace("fast: true", "fast: false") },
      async (folder) => {
        const options = { out: folder, report: false };
        const one = await run(join(folder, "funnel.yaml"), { ...options, runId: "one" }).result;
        const plain = await run(join(folder, "plain.yaml"), { ...options, runId: "plain" }).result;
        expect((await verify(one.directory!)).text).toContain(
          `reproduced: 8 chains × 30 draws, digest ${one.summary.run.digest}`,
        );
        expect(one.summary.run.digest).not.toBe(plain.summary.run.digest);
        const golden = join(folder, "golden.json");
        await verify(join(folder, "funnel.yaml"), { golden, update: true });
        expect((await verify(join(folder, "funnel.yaml"), { golden })).text).toContain("reproduced");
      },
    );
  });
});

test("modules hold relaxed instructions with `fast`, and only then", async () => {
  const wabt = await loadWabt();
  const valid = (fused: boolean, relaxed: boolean): boolean => {
    const { module } = generate(multiplyAdd(), {}, new MemoryLayout("float32"), 2, { fused });
    try {
      const parsed = wabt.readWasm(module, { readDebugNames: false, simd: true, relaxed_simd: relaxed });
      parsed.validate();
      parsed.destroy();
      return true;
    } catch {
      return false;
    }
  };
  expect([valid(false, false), valid(true, false), valid(true, true)]).toEqual([true, false, true]);
});

test("the main job with `fast` has rstan's posterior", async () => {
  await expectPosterior(await mainJobOn("wasm", { fast: true }));
});

describe("in a config", () => {
  const base = { model: "funnel" };

  it("is off unless told, and leaves the hash of other configs as it was", () => {
    const plain = resolveConfig(base).config;
    expect(plain.fast).toBe(false);
    expect(configHash(plain)).toBe(configHash({ ...plain, fast: undefined as unknown as boolean }));
    expect(configHash(resolveConfig({ ...base, fast: true }).config)).not.toBe(configHash(plain));
  });

  it("is refused for an engine that does not know it", () => {
    expect(() => resolveConfig({ ...base, fast: true, engine: "xla" })).toThrow(ConfigError);
    expect(() => resolveConfig({ ...base, fast: true, engine: "xla" })).toThrow(
      /fast: it is for engine wasm, found engine xla; leave it out, or use `engine: wasm`/,
    );
    expect(() => resolveConfig({ ...base, fast: true, engine: "auto" })).not.toThrow();
  });
});
