import type { Precision } from "../../draws.ts";
import { type Instruction, type Item, isEffect, type Value } from "./body.ts";
import { type SimdOp, simd } from "./encoder.ts";

/** What becomes of `add` and `sub` after `mul`: c + a·b and c − a·b, each rounded once. */
const operations = {
  float32: {
    mul: simd.f32x4Mul,
    add: simd.f32x4Add,
    sub: simd.f32x4Sub,
    plus: simd.f32x4RelaxedMadd,
    minus: simd.f32x4RelaxedNmadd,
  },
  float64: {
    mul: simd.f64x2Mul,
    add: simd.f64x2Add,
    sub: simd.f64x2Sub,
    plus: simd.f64x2RelaxedMadd,
    minus: simd.f64x2RelaxedNmadd,
  },
} as const;

/**
 * A product that is used by additions alone, or by subtractions that take it away, is fused with each of them: one
 * instruction instead of two, and one rounding. The rest keeps its order.
 */
export function fuse(items: readonly Item[], precision: Precision): readonly Item[] {
  const uses = countUses(items);
  const candidates = new Map<Item, Fusion>();
  const fusible = new Map<Instruction, number>();
  for (const item of items) {
    const found = item.kind === "instruction" ? candidate(item, precision, uses) : undefined;
    if (found === undefined) continue;
    candidates.set(item, found);
    fusible.set(found.product, (fusible.get(found.product) ?? 0) + 1);
  }
  // Where a product is needed besides, fusing would do its work twice.
  const gone = new Set<Item>(
    [...fusible].filter(([product, n]) => uses.get(product) === n).map(([product]) => product),
  );
  const fusions = new Map([...candidates].filter(([, { product }]) => gone.has(product)));
  return rewrite(
    items.filter((item) => !gone.has(item)),
    fusions,
  );
}

/** An addition or a subtraction after a product. */
interface Fusion {
  readonly product: Instruction;
  /** What the product is added to, or taken from. */
  readonly other: Value;
  readonly op: SimdOp;
}

/** How an instruction could be fused with a product that it uses; of two products, with the one that has fewer uses. */
function candidate(
  { op, inputs: [a, b] }: Instruction,
  precision: Precision,
  uses: ReadonlyMap<Value, number>,
): Fusion | undefined {
  const ops = operations[precision];
  if ((op !== ops.add && op !== ops.sub) || a === b) return undefined;
  const isProduct = (value: Value | undefined): value is Instruction =>
    value?.kind === "instruction" && value.op === ops.mul;
  const second = isProduct(b) ? { product: b, other: a!, op: op === ops.add ? ops.plus : ops.minus } : undefined;
  const first = isProduct(a) && op === ops.add ? { product: a, other: b!, op: ops.plus } : undefined;
  if (first === undefined || second === undefined) return first ?? second;
  return uses.get(first.product)! < uses.get(second.product)! ? first : second;
}

function countUses(items: readonly Item[]): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  for (const item of items)
    for (const value of isEffect(item) ? [item.value] : item.kind === "instruction" ? item.inputs : [])
      uses.set(value, (uses.get(value) ?? 0) + 1);
  return uses;
}

/** The items with their fusions; what they use is what the items before have become. */
function rewrite(items: readonly Item[], fusions: ReadonlyMap<Item, Fusion>): Item[] {
  const made = new Map<Value, Value>();
  const now = (value: Value): Value => made.get(value) ?? value;
  return items.map((item) => {
    if (isEffect(item)) return { ...item, value: now(item.value) };
    if (item.kind !== "instruction") return item;
    const fusion = fusions.get(item);
    const fused: Instruction =
      fusion === undefined
        ? { ...item, inputs: item.inputs.map(now) }
        : { ...item, op: fusion.op, inputs: [...fusion.product.inputs, fusion.other].map(now) };
    made.set(item, fused);
    return fused;
  });
}
