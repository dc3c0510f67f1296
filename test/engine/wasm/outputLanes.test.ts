import { describe, expect, it, test } from "vitest";
import { StepCode } from "../../../src/engine/wasm/code.ts";
import { MemoryLayout } from "../../../src/engine/wasm/memory.ts";
import { suitsOutputLanes } from "../../../src/engine/wasm/outputLanes.ts";
import { planFor } from "../../../src/engine/wasm/schedule.ts";
import { type Group, StorageMap } from "../../../src/engine/wasm/storage.ts";
import { constant, input, type Node } from "../../../src/graph/node.ts";
import { type Program, program } from "../../../src/graph/program.ts";
import { sameBits, wave } from "./parts.ts";

/** Products there and back, of a vector that is made in the same loop, of one that was there before, and neighbours. */
function products(rows: number, columns: number): Program {
  const matrix = constant(wave(rows * columns, 1.7), [rows, columns]);
  const v = input("v", { dtype: "float", shape: [columns] });
  const w = input("w", { dtype: "float", shape: [rows] });
  const fitted = matrix.matvec(v.mul(2));
  const outputs: Record<string, Node> = {
    before: v.add(1),
    fitted,
    residual: fitted.tanh().sub(w),
    gradient: matrix.transposedMatvec(fitted.sigmoid().sub(0.5)),
    back: matrix.transposedMatvec(w),
    after: w.mul(3),
  };
  return program("products", outputs, [v, w]);
}

describe("products with outputs in lanes have the bits of those with chains in lanes", () => {
  for (const precision of ["float32", "float64"] as const)
    for (const [rows, columns] of [
      [4, 9],
      [64, 16],
      [65, 30],
      [128, 64],
      [203, 37],
      [70, 130],
    ] as const)
      it(`${precision}, ${rows} × ${columns}`, () => {
        sameBits(products(rows, columns), precision, precision === "float32" ? 4 : 2);
      });
});

describe("outputs lie in lanes", () => {
  const suits = (group: Group, product: Node, precision: "float32" | "float64" = "float32"): boolean => {
    const plan = planFor(new Set());
    return suitsOutputLanes(new StepCode(new StorageMap(new MemoryLayout(precision), group, plan), plan), product);
  };
  const v = (length: number): Node => input("v", { dtype: "float", shape: [length] });
  const data = (rows: number, columns: number): Node => constant(wave(rows * columns, 1), [rows, columns]);

  test("where chains fill one vector or less of it", () => {
    expect(suits({ vectors: 1, wide: true }, data(569, 30).matvec(v(30)))).toBe(true);
    expect(suits({ vectors: 1, wide: true }, data(569, 30).transposedMatvec(v(569)))).toBe(true);
    expect(suits({ vectors: 1, chains: 1 }, data(569, 3).transposedMatvec(v(569)), "float64")).toBe(true);
    expect(suits({ vectors: 2, wide: true }, data(569, 30).matvec(v(30)))).toBe(false);
  });

  test("but not where most lanes would be empty", () => {
    expect(suits({ vectors: 1, wide: true }, data(569, 2).transposedMatvec(v(569)))).toBe(false);
    expect(suits({ vectors: 1, wide: true }, data(569, 2).matvec(v(2)))).toBe(true);
  });

  test("nor of data of which two copies would be too many", () => {
    const matrix = constant(new Float64Array(5_000_000), [50_000, 100]);
    expect(suits({ vectors: 1, chains: 1 }, matrix.matvec(v(100)))).toBe(true);
    expect(suits({ vectors: 1, chains: 1 }, matrix.matvec(v(100)), "float64")).toBe(false);
  });

  test("and not of a matrix that is no data, or one number", () => {
    const matrix = input("m", { dtype: "float", shape: [569, 30], shared: true });
    expect(suits({ vectors: 1 }, matrix.matvec(v(30)))).toBe(false);
    expect(suits({ vectors: 1 }, constant(2, [569, 30]).matvec(v(30)))).toBe(false);
  });
});
