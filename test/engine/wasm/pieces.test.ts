import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Precision } from "../../../src/draws.ts";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { hasFusedMultiplyAdd } from "../../../src/engine/wasm/fusedArithmetic.ts";
import { lower } from "../../../src/engine/wasm/lower.ts";
import type { Longest } from "../../../src/engine/wasm/pieces.ts";
import { gradient } from "../../../src/graph/autodiff.ts";
import { concat, constant, input, type Node, stack } from "../../../src/graph/node.ts";
import { type Program, program } from "../../../src/graph/program.ts";
import { engineLaws } from "../../laws/engine.ts";
import { hmcStepLaws } from "../../laws/hmcStep.ts";
import { computed } from "./parts.ts";

const uncut: Longest = { items: Number.POSITIVE_INFINITY, parts: Number.POSITIVE_INFINITY };

/** Every function holds a few instructions and calls two others. */
const short = () => wasmEngine({ longest: { items: 7, parts: 2 } });
engineLaws("wasm", short, { precisions: ["float32", "float64"] });
hmcStepLaws("wasm", short, ["float64", "float32"]);

const matrix = constant([0.5, -1, 2, 0.25, 1, 1, -0.5, 3, 0], [3, 3]);
const indices = constant([2, 0, 1], [3], "int32");

/** What a turn of a recursion may do with the last value and an earlier one: of one element, or of several. */
const turns: readonly ((x: Node, y: Node) => Node)[] = [
  (x, y) => x.mul(y).add(0.5).tanh(),
  (x, y) => x.sub(y.mul(0.3)),
  (x, y) => x.div(y.square().add(1)).sigmoid(),
  (x) => x.exp().add(1).log(),
  (x, y) => x.lt(y).select(y, x.mul(0.5)),
  (x, y) => (x.size > 1 ? x.mul(y.sum()).tanh() : x.add(y)),
  (x) => (x.size > 1 ? matrix.matvec(x).tanh() : x.neg()),
  (x) => (x.size > 1 ? x.gather(indices).mul(0.5) : x.abs()),
  (x, y) => (x.size > 1 ? concat([y.slice(1, 3), x.slice(0, 1)]) : x.max(y)),
  (x) => (x.size > 1 ? x.scatterAdd(indices, 3).tanh() : x.erf()),
  (x) => (x.size > 1 ? x.mul(x.reduceMax()).tanh() : x.sqrt().isFinite().select(x.sqrt(), 0)),
];

const recursion = fc.array(fc.tuple(fc.nat(turns.length - 1), fc.nat(1000)), { minLength: 20, maxLength: 60 });

/** Scalars and vectors in turn, their gradient, and sums on the way that are outputs too. */
function programOf(choices: readonly (readonly [number, number])[]): Program {
  const inputs = [input("x", { dtype: "float", shape: [] }), input("v", { dtype: "float", shape: [3] })];
  const scalars = [inputs[0]!];
  const vectors = [inputs[1]!];
  for (const [i, [turn, earlier]] of choices.entries()) {
    const values = i % 2 === 0 ? scalars : vectors;
    values.push(turns[turn]!(values.at(-1)!, values[earlier % values.length]!));
  }
  const sums = vectors.map((vector) => vector.sum());
  const total = stack([...scalars, ...sums]).sum();
  const [dx, dv] = gradient(total, inputs);
  return program("recursion", { total, dx: dx!, dv: dv!, sums: stack(sums), last: vectors.at(-1)! }, inputs);
}

describe("code in pieces", () => {
  it("has the bits of code that is not cut, for random recursions and any length of a piece", () => {
    const longest = fc.record({ items: fc.integer({ min: 1, max: 60 }), parts: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(recursion, longest, fc.constantFrom<Precision>("float32", "float64"), (choices, cut, precision) => {
        const source = lower(programOf(choices));
        for (const fused of hasFusedMultiplyAdd() ? [false, true] : [false])
          for (const vectors of [1, 2, 4]) {
            const how = (each: Longest) => ({ precision, vectors, chains: 3, options: { fused, longest: each } });
            expect(computed(source, how(cut))).toEqual(computed(source, how(uncut)));
          }
      }),
      { numRuns: 40, seed: 1 },
    );
  });
});
