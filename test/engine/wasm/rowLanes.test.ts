import { describe, expect, it, test } from "vitest";
import { StepCode } from "../../../src/engine/wasm/code.ts";
import { MemoryLayout } from "../../../src/engine/wasm/memory.ts";
import { suitsRowLanes } from "../../../src/engine/wasm/rowLanes.ts";
import { planFor, schedule } from "../../../src/engine/wasm/schedule.ts";
import { StorageMap } from "../../../src/engine/wasm/storage.ts";
import { constant, input, type Node } from "../../../src/graph/node.ts";
import { type Program, program } from "../../../src/graph/program.ts";
import { sameBits, wave } from "./parts.ts";

const vector = (name: string, length: number, shared = false): Node =>
  input(name, { dtype: "float", shape: [length], shared });

/** What a regression does with its predictors: data of all kinds, numbers of a chain, sums, a maximum, a product back. */
function regression(rows: number, columns: number, more: (fitted: Node) => Record<string, Node> = () => ({})): Program {
  const matrix = constant(wave(rows * columns, 1.7), [rows, columns]);
  const weights = constant(wave(rows + 3, 0.9), [rows + 3]);
  const kinds = Array.from({ length: rows }, (_, i) => i % 3);
  const [v, scale, offset] = [vector("v", columns), vector("scale", 1), vector("offset", rows, true)];
  const by = scale.sum();
  const fitted = matrix.matvec(v.mul(by)).add(offset);
  const residual = weights
    .slice(3, rows + 3)
    .sub(fitted.sigmoid())
    .mul(by);
  const outputs = {
    fit: fitted
      .softplus()
      .mul(weights.slice(1, rows + 1))
      .sum(),
    most: constant(kinds, [rows], "int32").lt(1).select(fitted, residual).reduceMax(),
    weight: weights.slice(2, rows + 2).sum(),
    gradient: matrix.transposedMatvec(residual),
    ...more(fitted),
  };
  return program("regression", outputs, [v, scale, offset]);
}

describe("maps with rows in lanes have the bits of those with chains in lanes", () => {
  for (const precision of ["float32", "float64"] as const)
    for (const [rows, columns] of [
      [2, 9],
      [7, 30],
      [16, 16],
      [65, 30],
      [203, 37],
      [569, 30],
    ] as const)
      it(`${precision}, ${rows} × ${columns}`, () => sameBits(regression(rows, columns), precision, 2));
});

describe("rows lie in lanes", () => {
  /** Of each loop with products, whether they do. */
  const suits = (source: Program, chains: number): boolean[] => {
    const plan = planFor(new Set());
    const { steps } = schedule(source.nodes, Object.values(source.outputs), plan);
    const storage = new StorageMap(new MemoryLayout("float32"), { vectors: 1, wide: true, chains }, plan);
    return steps
      .flatMap((step) => (step.kind === "loop" ? [step.stages] : []))
      .filter((stages) => stages.some(({ kind }) => kind !== "map"))
      .map((stages) => suitsRowLanes(new StepCode(storage, plan), stages));
  };

  test("between products of data, of one chain", () => {
    expect(suits(regression(569, 30), 1)).toEqual([true]);
    expect(suits(regression(569, 30), 2)).toEqual([false]);
  });

  test("but not where a chain has numbers of its own for each row, or wants them", () => {
    expect(
      suits(
        regression(569, 30, (fitted) => ({ fitted })),
        1,
      ),
    ).toEqual([false]);
    const own = (fitted: Node): Record<string, Node> => ({ own: fitted.mul(vector("own", 569)).sum() });
    expect(suits(regression(569, 30, own), 1)).toEqual([false]);
  });

  test("nor where an index says which of a chain's numbers a row takes", () => {
    const groups = constant(
      Array.from({ length: 569 }, (_, i) => i % 7),
      [569],
      "int32",
    );
    const grouped = (fitted: Node): Record<string, Node> => ({
      sum: fitted.mul(vector("effects", 7).gather(groups)).sum(),
    });
    expect(suits(regression(569, 30, grouped), 1)).toEqual([false]);
  });
});
