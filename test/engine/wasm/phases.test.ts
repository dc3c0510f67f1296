import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Computed, type Item, isEffect, recordBody, type Value } from "../../../src/engine/wasm/body.ts";
import { simd } from "../../../src/engine/wasm/encoder.ts";
import { cut, type Kept, type Phase } from "../../../src/engine/wasm/phases.ts";
import { planFor, schedule } from "../../../src/engine/wasm/schedule.ts";
import { input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";

const x = input("x", { dtype: "float", shape: [5] });

/** A body in which item i adds two of the values before it; every third is stored, and so is the last. */
function body(choices: readonly (readonly [number, number])[]): Item[] {
  const values: Value[] = [{ kind: "load", node: x }];
  const items: Item[] = [];
  for (const [i, [a, b]] of choices.entries()) {
    const inputs = [values[a % values.length]!, values[b % values.length]!];
    const made: Computed = { kind: "instruction", op: simd.f32x4Add, inputs, shift: undefined };
    values.push(made);
    items.push(made);
    if (i % 3 === 2 || i === choices.length - 1) {
      items.push({ kind: "store", node: input(`y${i}`, { dtype: "float", shape: [5] }), value: made });
    }
  }
  return items;
}

const bodies = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1, maxLength: 60 }).map(body);

function usesOf(item: Item): readonly Value[] {
  if (isEffect(item)) return [item.value];
  return item.kind === "instruction" ? item.inputs : [];
}

const computed = (value: Value): value is Computed => value.kind === "instruction" || value.kind === "gather";

/** Follows the phases as the generated code would: what is needed must lie in the phase, or where it was left. */
function follow(phases: readonly Phase[]): void {
  const slots = new Map<number, Computed>();
  const stored = new Map<unknown, Computed>();
  const left = new Map<Computed, Kept>();
  for (const { items, kept } of phases) {
    const here = new Set<Value>();
    for (const item of items) {
      for (const value of usesOf(item)
        .filter(computed)
        .filter((each) => !here.has(each))) {
        const place = left.get(value)!;
        expect("slot" in place ? slots.get(place.slot) : stored.get(place.node)).toBe(value);
      }
      if (item.kind === "store") stored.set(item.node, item.value as Computed);
      if (isEffect(item)) continue;
      here.add(item);
      const place = kept.get(item);
      if (place === undefined) continue;
      left.set(item, place);
      if ("slot" in place) slots.set(place.slot, item);
    }
  }
}

describe("phases", () => {
  it("are the body, in order, in pieces that are not too long", () => {
    fc.assert(
      fc.property(bodies, fc.integer({ min: 1, max: 20 }), (items, longest) => {
        const phases = cut(items, longest);
        expect(phases.flatMap((phase) => phase.items)).toEqual(items);
        for (const phase of phases) expect(phase.items.length).toBeLessThanOrEqual(longest);
      }),
    );
  });

  it("find what they need where an earlier one left it", () => {
    fc.assert(fc.property(bodies, fc.integer({ min: 1, max: 20 }), (items, longest) => follow(cut(items, longest))));
  });

  it("leave nothing where one is enough", () => {
    const items = body([
      [0, 0],
      [1, 0],
      [2, 1],
    ]);
    expect(cut(items)).toEqual([{ items, kept: new Map() }]);
  });

  it("are cut where the fewest values cross", () => {
    // Two chains of five that use their beginning to their end; the second begins with the first one's end.
    const chain = (from: number): [number, number][] =>
      Array.from({ length: 5 }, (_, i) => [from + i, from + Math.min(i, 1)]);
    const phases = cut(
      body([...chain(0), ...chain(5)]).filter((item) => !isEffect(item)),
      6,
    );
    expect(phases.map((phase) => phase.items.length)).toEqual([5, 5]);
    expect([...phases[0]!.kept.values()]).toEqual([{ slot: 0 }]);
  });

  it("hold a function's instructions, and a store where the value is needed later", () => {
    const source = program("p", { y: x.sigmoid(), s: x.sigmoid().sum() });
    const plan = planFor(new Set());
    schedule(source.nodes, Object.values(source.outputs), plan);
    const nodes = source.nodes.filter((node) => node.op !== "input");
    const items = recordBody(nodes, plan, "float32");
    expect(items.filter(isEffect).map(({ kind }) => kind)).toEqual(["store", "accumulate"]);
    expect(cut(items).length).toBeGreaterThan(2);
  });
});
