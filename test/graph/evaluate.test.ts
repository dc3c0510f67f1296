import { describe, expect, it } from "vitest";
import { concat, constant, make, type Node } from "../../src/graph/node.ts";
import { evaluated } from "./random-graph.ts";

const numbers = (node: Node): number[] => Array.from(evaluated(node, {}));
const int32 = (...values: number[]): Node => constant(values, [values.length], "int32");
const uint32 = (...values: number[]): Node => constant(values, [values.length], "uint32");
const [nan, infinity] = [Number.NaN, Number.POSITIVE_INFINITY];
const matrix = constant([1, 2, 3, 4, 5, 6], [2, 3]);

describe("values of ops, written out", () => {
  it.each<readonly [string, Node, readonly number[]]>([
    ["floor", constant([-1.5, 2.5, -0]).floor(), [-2, 2, -0]],
    ["sign", constant([-3, -0, 0, 5, nan]).sign(), [-1, -0, 0, 1, nan]],
    ["min keeps its first operand by NaN", constant([nan, 1, 2]).min(constant([1, nan, 1])), [nan, 1, 1]],
    ["max keeps its first operand by NaN", constant([nan, 1, 2]).max(constant([1, nan, 1])), [nan, 1, 2]],
    ["compare", constant([1, 2, nan]).le(constant([2, 2, nan])), [1, 1, 0]],
    ["int32 wraps", int32(2147483647, -2147483648).add(1), [-2147483648, -2147483647]],
    ["−int32", int32(-2147483648, 5).neg(), [-2147483648, -5]],
    ["int32 product", int32(65537, 123456789).mul(int32(65537, 987654321)), [131073, -67153019]],
    ["uint32 wraps", uint32(0, 4294967295).sub(uint32(1, 4294967295)), [4294967295, 0]],
    ["uint32 product", uint32(4294967295).mul(uint32(4294967295)), [1]],
    ["uint32 compare", uint32(1, 4294967295).lt(uint32(4294967295, 1)), [1, 0]],
    ["shift and rotate", uint32(0x80000001).rotateLeft(4), [24]],
    ["shift by 32 gives 0", uint32(5).shiftRight(32), [0]],
    ["not", uint32(0).not(), [4294967295]],
    ["float to int32", constant([-1.9, 1.9, 3e9, -3e9, nan]).convert("int32"), [-1, 1, 2147483647, -2147483648, 0]],
    [
      "float to uint32",
      constant([-1.9, 1.9, 3e9, 5e9, infinity]).convert("uint32"),
      [0, 1, 3e9, 4294967295, 4294967295],
    ],
    ["int32 to uint32", int32(-1).convert("uint32"), [4294967295]],
    [
      "unitInterval",
      make("unitInterval", [uint32(0, 0x80000000, 4294967295), uint32(4095, 0, 4294967295)], {}),
      [0, 0.5, 1 - 2 ** -52],
    ],
    ["transpose", matrix.transpose(), [1, 4, 2, 5, 3, 6]],
    ["broadcast", constant([1, 2]).reshape([2, 1]).broadcastTo([2, 2]), [1, 1, 2, 2]],
    ["slice of columns", matrix.slice(1, 3, 1), [2, 3, 5, 6]],
    ["concat of columns", concat([matrix, matrix.slice(0, 1, 1)], 1), [1, 2, 3, 1, 4, 5, 6, 4]],
    ["gather of rows", matrix.gather(int32(1, 1, 0)), [4, 5, 6, 4, 5, 6, 1, 2, 3]],
    ["scatterAdd", constant([1, 2, 4]).scatterAdd(int32(2, 0, 2), 4), [2, 0, 5, 0]],
    ["sum over axes", matrix.sum(0), [5, 7, 9]],
    ["the largest over axes", matrix.reduceMax(1), [3, 6]],
    ["the largest of nothing", constant([1]).slice(0, 0).reduceMax(), [-infinity]],
    ["log Σ exp of nothing likely", constant([-infinity, -infinity]).logSumExp(), [-infinity]],
    ["log Σ exp of the certain", constant([infinity, 0]).logSumExp(), [infinity]],
    ["matvec", matrix.matvec(constant([1, 0, -1])), [-2, -2]],
    ["transposed matvec", matrix.transposedMatvec(constant([1, -1])), [-3, -3, -3]],
  ])("%s", (_title, node, expected) => expect(numbers(node)).toEqual(expected));
  it("refuses an index that lies outside", () => {
    const index = int32(0).add(7);
    expect(() => numbers(matrix.gather(index))).toThrow("gather was given index 7; expected 0 to 1.");
  });
});
