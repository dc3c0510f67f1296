import { describe, expect, it } from "vitest";
import loadWabt from "wabt";
import { generate } from "../../../src/engine/wasm/generate.ts";
import { MemoryLayout } from "../../../src/engine/wasm/memory.ts";
import { simplify } from "../../../src/graph/simplify.ts";
import { bind } from "../../../src/model/bind.ts";
import { shippedModel } from "../../../src/models/registry.ts";
import { hmcProgram } from "../../../src/sampler/transition.ts";
import { breastCancer } from "../../models/breastCancer.ts";

describe("the emitted module", () => {
  it.each(["float32", "float64"] as const)("is valid with SIMD and no other extension, %s", async (precision) => {
    const model = bind(shippedModel("sparse-logistic-regression").create(), { data: breastCancer().data });
    const { program, roles } = hmcProgram(model, { recordPosition: false });
    const { module } = generate(simplify(program), roles, new MemoryLayout(precision), 2);
    const wabt = await loadWabt();
    // Relaxed SIMD above all: its results depend on the processor.
    const extensions = {
      simd: true,
      relaxed_simd: false,
      threads: false,
      memory64: false,
      multi_memory: false,
      gc: false,
    };
    const parsed = wabt.readWasm(module, { readDebugNames: false, ...extensions });
    expect(() => parsed.validate()).not.toThrow();
    parsed.destroy();
    // Small enough to be compiled in milliseconds.
    expect(module.length).toBeLessThan(120_000);
  });
});
