import { describe, expect, it } from "vitest";
import { referenceEngine } from "../../../src/engine/reference/engine.ts";
import { input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { engineLaws } from "../../laws/engine.ts";

engineLaws("reference", referenceEngine, { precisions: ["float64"], sameBits: true });

describe("reference engine", () => {
  const source = program("small", { y: input("x", { dtype: "float", shape: [2] }).exp() });

  it("refuses float32 and says what to do", async () => {
    const compiled = referenceEngine().compile(source, { precision: "float32", chains: 1 });
    await expect(compiled).rejects.toThrow("The reference engine computes in float64 only, not float32.");
  });

  it("names what has not been written", async () => {
    const kernel = await referenceEngine().compile(source, { precision: "float64", chains: 1 });
    await expect(kernel.run(1)).rejects.toThrow("Program small cannot run: write its inputs x first.");
    await expect(kernel.read("y")).rejects.toThrow('"y" has no value yet: run an iteration first.');
  });

  it("says which names and shapes there are", async () => {
    const kernel = await referenceEngine().compile(source, { precision: "float64", chains: 3 });
    expect(() => kernel.write("z", [1])).toThrow('There is no input named "z"; there are: x.');
    expect(() => kernel.write("x", [1])).toThrow(
      'Input "x" takes 6 values, shape [chain, ...shape] = [3,2]; it was given 1.',
    );
  });
});
