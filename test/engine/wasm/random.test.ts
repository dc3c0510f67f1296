import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { gradient } from "../../../src/graph/autodiff.ts";
import { input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { evaluated, follow, point, recipe, withUntaken } from "../../graph/random-graph.ts";

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

  it("have the gradients that they have without the branches which they do not take", async () => {
    const property = fc.asyncProperty(recipe, point, point, async (choices, a, b) => {
      const { safe, branching } = withUntaken(choices, x!, y!);
      const expected = gradient(safe, [x!, y!]).map((node) => Array.from(evaluated(node, { x: a, y: b })));
      const [dx, dy] = gradient(branching, [x!, y!]);
      const own = [dx!, dy!].map((node) => Array.from(evaluated(node, { x: a, y: b })));
      const kernel = await engine.compile(program("branches", { dx: dx!, dy: dy! }, [x!, y!]), {
        precision: "float64",
        chains: 1,
      });
      kernel.write("x", a);
      kernel.write("y", b);
      await kernel.run(1);
      const found = [Array.from(await kernel.read("dx")), Array.from(await kernel.read("dy"))];
      kernel.dispose();
      expected.flat().forEach((slope, i) => {
        if (!Number.isFinite(slope)) return;
        for (const each of [own.flat()[i]!, found.flat()[i]!])
          expect(Math.abs(each - slope)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(slope)));
      });
    });
    await fc.assert(property, { numRuns: 100, seed: 1 });
  });
});
