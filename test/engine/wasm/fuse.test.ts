import { expect, test } from "vitest";
import type { Instruction, Item, Value } from "../../../src/engine/wasm/body.ts";
import { simd } from "../../../src/engine/wasm/encoder.ts";
import { fuse } from "../../../src/engine/wasm/fuse.ts";

const constant = (pattern: bigint): Value => ({ kind: "constant", pattern });
const [a, b, c] = [constant(1n), constant(2n), constant(3n)];
const { f32x4Mul: mul, f32x4Add: add, f32x4Sub: sub, f32x4RelaxedMadd: madd, f32x4RelaxedNmadd: nmadd } = simd;
const make = (op: Instruction["op"], ...inputs: Value[]): Instruction => ({
  kind: "instruction",
  op,
  inputs,
  shift: undefined,
});
/** Each item as its opcode and inputs: an earlier item by its place, a constant by its pattern. */
const told = (items: readonly Item[]) =>
  items.map((item) => {
    if (item.kind !== "instruction") return item.kind;
    return [item.op, ...item.inputs.map((v) => (v.kind === "constant" ? v.pattern : items.indexOf(v as Item)))];
  });
const after = (...items: Instruction[]) => told(fuse(items, "float32"));

test("a product and the addition after it become one instruction, whichever side it is on", () => {
  const product = make(mul, a, b);
  expect(after(product, make(add, product, c))).toEqual([[madd, 1n, 2n, 3n]]);
  expect(after(product, make(add, c, product))).toEqual([[madd, 1n, 2n, 3n]]);
});

test("a subtraction takes a product away; a product minus something stays", () => {
  const product = make(mul, a, b);
  expect(after(product, make(sub, c, product))).toEqual([[nmadd, 1n, 2n, 3n]]);
  expect(after(product, make(sub, product, c))).toEqual([
    [mul, 1n, 2n],
    [sub, 0, 3n],
  ]);
});

test("a product that is needed besides stays; one that is only added is fused everywhere", () => {
  const product = make(mul, a, b);
  const root = make(simd.f32x4Sqrt, product);
  expect(after(product, make(add, product, c), root)).toEqual([
    [mul, 1n, 2n],
    [add, 0, 3n],
    [simd.f32x4Sqrt, 0],
  ]);
  expect(after(product, make(add, product, c), make(sub, a, product))).toEqual([
    [madd, 1n, 2n, 3n],
    [nmadd, 1n, 2n, 1n],
  ]);
  expect(after(product, make(add, product, product))).toEqual([
    [mul, 1n, 2n],
    [add, 0, 0],
  ]);
});

test("of two products the one with fewer uses is fused, and chains stay chains", () => {
  const [one, two] = [make(mul, a, b), make(mul, b, c)];
  const sum = make(add, one, two);
  expect(after(one, two, sum, make(simd.f32x4Sqrt, two))).toEqual([
    [mul, 2n, 3n],
    [madd, 1n, 2n, 0],
    [simd.f32x4Sqrt, 0],
  ]);
  // Horner: (a·b + c)·a + b.
  const inner = make(add, one, c);
  const outer = make(mul, inner, a);
  expect(after(one, inner, outer, make(add, outer, b))).toEqual([
    [madd, 1n, 2n, 3n],
    [madd, 0, 1n, 2n],
  ]);
});

test("float64 has instructions of its own, and integers none", () => {
  const product = make(simd.f64x2Mul, a, b);
  expect(told(fuse([product, make(simd.f64x2Add, product, c)], "float64"))).toEqual([
    [simd.f64x2RelaxedMadd, 1n, 2n, 3n],
  ]);
  const integers = make(simd.i32x4Mul, a, b);
  const items = [integers, make(simd.i32x4Add, integers, c)];
  expect(told(fuse(items, "float32"))).toEqual(told(items));
});
