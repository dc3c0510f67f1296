import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { evaluated, follow, point, recipe } from "../../graph/random-graph.ts";

const engine = wasmEngine();
const [x, y] = ["x", "y"].map((name) => input(name, { dtype: "float", shape: [3] }));

describe("random programs", () => {
  it("have the reference's values, alone and among others", async () => {
    const property = fc.asyncProperty(recipe, point, point, async (choices, a, b) => {
      const sum = follow(choices, x!, y!);
      const expected = Number(evaluated(sum, { x: a, y: b })[0]);
      for (const chains of [1, 5]) {
        const source = program("random", { sum }, [x!, y!]);
        const kernel = await engine.compile(source, { precision: "float64", chains });
        for (const [name, values] of [
          ["x", a],
          ["y", b],
        ] as const)
          kernel.write(name, Array.from({ length: chains }, (_, c) => values.map((v) => v + c / 8)).flat());
        await kernel.run(1);
        const found = Number((await kernel.read("sum"))[0]);
        kernel.dispose();
        if (!Number.isNaN(expected) || !Number.isNaN(found))
          expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
      }
    });
    await fc.assert(property, { numRuns: 150, seed: 1 });
  });
});
