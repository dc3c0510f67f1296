import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gradient } from "../../src/graph/autodiff.ts";
import { concat, constant, input, loop, make, type Node, stack } from "../../src/graph/node.ts";
import { print } from "../../src/graph/print.ts";
import { inEvaluationOrder, program, regionNodes } from "../../src/graph/program.ts";
import { simplify } from "../../src/graph/simplify.ts";
import type { Shape } from "../../src/graph/types.ts";
import { evaluated, follow, point, recipe } from "./random-graph.ts";

const x = input("x", { dtype: "float", shape: [6] });
const y = input("y", { dtype: "float", shape: [6] });
const s = input("s", { dtype: "float", shape: [] });
const c = input("c", { dtype: "bool", shape: [6] });
const u = input("u", { dtype: "uint32", shape: [6] });
const ramp = constant([1, 2, 3, 4, 5, 6]);
const matrix = constant([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 6]);

/** The one output after simplification. */
function simplified(node: Node): Node {
  return simplify(program("test", { out: node })).outputs["out"]!;
}

/** The ops that a value needs, leaves left out, in evaluation order. */
function opsOf(node: Node): string {
  const leaves = ["input", "constant"];
  return inEvaluationOrder([simplified(node)])
    .flatMap(({ op }) => (leaves.includes(op) ? [] : [op]))
    .join(" ");
}

describe("becomes the node itself", () => {
  const same: Readonly<Record<string, Node>> = {
    ...{
      "x + 0": x.add(0),
      "0 + x": constant(0).add(x),
      "x − 0": x.sub(0),
      "x · 1": x.mul(1),
      "1 · x": constant(1).mul(x),
    },
    ...{ "x ÷ 1": x.div(1), "−−x": x.neg().neg(), "log exp x": x.exp().log(), "x¹": x.pow(1), "min(x, x)": x.min(x) },
    ...{
      "select(true, x, y)": constant(1, [], "bool").broadcastTo([6]).select(x, y),
      "select(c, x, x)": c.select(x, x),
    },
    ...{
      "x[0:6]": x.slice(0, 6),
      "reshape twice": x.reshape([2, 3]).reshape([6]),
      "transposed twice": x.reshape([2, 3]).transpose().transpose().reshape([6]),
    },
    ...{
      "slices that meet": concat([x.slice(0, 2), x.slice(2, 5), x.slice(5, 6)]),
      "its part of a concat": concat([y, x, y]).slice(6, 12),
    },
    ...{ "a gather of all": x.gather(constant([0, 1, 2, 3, 4, 5], [6], "int32")), "(x · 2) ÷ 2": x.mul(2).div(2) },
    "stacked elements": stack([0, 1, 2, 3, 4, 5].map((i) => x.at(i))),
    "carried unchanged": loop(constant(3, [], "int32"), { a: x, b: y }, (v) => ({ a: v.a, b: v.b.exp() })).a,
    "no turn": loop(constant(0, [], "int32"), { a: x }, (v) => ({ a: v.a.exp() })).a,
  };
  it.each(Object.entries(same))("%s", (_title, node) => expect(simplified(node)).toBe(x));
  it("not not c, c and c, u xor 0, u << 0", () => {
    expect(simplified(c.not().not().and(c))).toBe(c);
    expect(simplified(u.xor(0).shiftLeft(0).or(0))).toBe(u);
  });
});

describe("needs fewer ops", () => {
  const cases: Readonly<Record<string, readonly [Node, string]>> = {
    "−(x − y)": [x.sub(y).neg(), "sub"],
    "x + −y": [x.add(y.neg()), "sub"],
    "−x · −y": [x.neg().mul(y.neg()), "mul"],
    "constant factors": [x.mul(3).mul(5).mul(7).neg(), "broadcast mul"],
    "x ÷ 4": [x.div(4), "broadcast mul"],
    "x²": [x.pow(2), "mul"],
    "log(1 + eˣ)": [x.exp().log1p(), "softplus"],
    "x + x": [x.add(x).mul(0.25), "broadcast mul"],
    "slice of slice": [x.slice(1, 5).slice(1, 3), "slice"],
    "slice of concat": [concat([x, y]).slice(4, 8), "slice slice concat"],
    "concat in concat": [concat([concat([x, y]), x.exp()]), "exp concat"],
    "repeats twice": [s.broadcastTo([3]).reshape([3, 1]).broadcastTo([3, 2]), "broadcast"],
    "work on what repeats": [
      s
        .broadcastTo([6])
        .exp()
        .add(s.broadcastTo([6]))
        .mul(2),
      "exp add mul broadcast",
    ],
    "sum of what repeats": [s.broadcastTo([6]).sum(), "mul"],
    "sum with a scalar factor": [x.mul(s).sum(), "sum mul"],
    "sum of a negative": [x.neg().sum(), "sum neg"],
    "sum of sums": [x.mul(y).reshape([2, 3]).sum(0).sum(), "mul sum"],
    "sum over an axis of 1": [
      x
        .reshape([6, 1])
        .mul(y.reshape([6, 1]))
        .sum(1),
      "reshape reshape mul reshape",
    ],
    "the largest of what repeats": [s.broadcastTo([6]).reduceMax().exp(), "exp"],
    "equal parts": [x.exp().add(y).mul(y.add(x.exp())), "exp add mul"],
    "data times Xz": [constant([2, 3]).dot(matrix.matvec(x)), "mul sum"],
    "a transposed matrix": [
      input("m", { dtype: "float", shape: [6, 2], shared: true })
        .transpose()
        .matvec(x),
      "matvec",
    ],
    "(X s·1)": [matrix.matvec(s.broadcastTo([6])), "broadcast mul"],
    "select of not": [c.not().select(x, y), "select"],
    "select in select": [c.select(c.select(x, y), y.exp()), "exp select"],
  };
  it.each(Object.entries(cases))("%s", (_title, [node, ops]) => expect(opsOf(node)).toBe(ops));
});

describe("constants", () => {
  it("fold, also through products with data", () => {
    const folded = simplified(matrix.matvec(ramp.mul(2).add(1)).exp().log().sum());
    expect(folded.op).toBe("constant");
    expect(simplified(x.add(ramp.add(ramp))).inputs[1]!.op).toBe("constant");
  });
  it("that repeat stay small", () => {
    const large = simplified(constant(2).broadcastTo([100000]).mul(3).exp());
    expect(large.op).toBe("broadcast");
    expect(large.inputs[0]!.op).toBe("constant");
    const outer = constant(Array.from({ length: 3000 }, (_, i) => i))
      .reshape([3000, 1])
      .mul(ramp);
    expect(inEvaluationOrder([simplified(outer)]).every(({ op, size }) => op !== "constant" || size <= 3000)).toBe(
      true,
    );
  });
  it("of a precision's own bits do not fold", () => {
    const zero = constant(0, [], "uint32");
    expect(opsOf(make("unitInterval", [zero, zero], {}))).toBe("unitInterval");
  });
  it("Xᵀy of a linear term is computed once, and the gradient needs one product more than the density", () => {
    const observed = constant([1, 0]);
    const logits = matrix.matvec(x);
    const density = observed.dot(logits).sub(logits.softplus().sum());
    const both = simplify(program("logistic", { density, gradient: gradient(density, [x])[0]! }));
    expect(both.nodes.filter(({ op }) => op === "matvec")).toHaveLength(2);
  });
});

describe("keeps", () => {
  it("what could turn a NaN or an infinity into a number", () => {
    expect(opsOf(x.mul(0))).toBe("broadcast mul");
    expect(opsOf(x.sub(x))).toBe("sub");
    expect(opsOf(x.div(x))).toBe("div");
    expect(Array.from(evaluated(simplified(x.log().exp()), { x: [-1, 0, 1, 2, 1e300, Number.NaN] }))).toEqual([
      Number.NaN,
      0,
      1,
      2,
      1e300,
      Number.NaN,
    ]);
    expect(opsOf(x.mul(1e-200).mul(1e200))).toBe("broadcast mul broadcast mul");
  });
  it("min and max of operands that changed places apart", () =>
    expect(opsOf(x.min(y).add(y.min(x)))).toBe("min min add"));
  it("an output that is one per chain so, though its value is shared", () => {
    const out = simplified(constant(1, [], "bool").select(constant(3), s));
    expect([out.op, out.shared]).toEqual(["perChain", false]);
  });
  it("inputs that nobody needs", () => {
    const kept = simplify(program("test", { out: x.exp() }, [s, x, u]));
    expect(Object.keys(kept.inputs)).toEqual(["s", "x", "u"]);
  });
});

describe("loops", () => {
  it("are simplified inside, and what depends on nothing inside leaves", () => {
    const n = input("n", { dtype: "int32", shape: [], shared: true });
    const turned = loop(n, { a: x }, (v, i) => ({
      a: v.a.add(0).mul(1).add(x.exp()).add(x.exp().mul(i.toFloat()).mul(2).mul(4)),
    })).a;
    const looped = simplified(turned).inputs[0]!;
    if (!looped.is("loop")) throw new Error("no loop");
    const { body, captured } = regionNodes(looped.attributes.region);
    expect(body.map(({ op }) => op)).toEqual(["add", "convert", "broadcast", "mul", "mul", "add"]);
    expect(captured.map(({ op }) => op).sort()).toEqual(["broadcast", "exp"]);
  });
});

describe("on random graphs and their gradients", () => {
  const inputs = (): readonly [Node, Node] => {
    const shape: Shape = [3];
    return [input("x", { dtype: "float", shape }), input("y", { dtype: "float", shape })];
  };
  const built = (choices: Parameters<typeof follow>[0]) => {
    const [a, b] = inputs();
    const lp = follow(choices, a, b);
    const [dx, dy] = gradient(lp, [a, b]);
    return program("random", { lp, dx: dx!, dy: dy! }, [a, b]);
  };
  it("keeps the values", () => {
    fc.assert(
      fc.property(recipe, point, point, (choices, a, b) => {
        const before = built(choices);
        const after = simplify(before);
        for (const [name, node] of Object.entries(before.outputs)) {
          const [expected, actual] = [node, after.outputs[name]!].map((each) => evaluated(each, { x: a, y: b }));
          expected!.forEach((e, i) => {
            expect(Math.abs(actual![i]! - e), name).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(e)));
          });
        }
      }),
      { numRuns: 300 },
    );
  });
  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(recipe, (choices) => {
        const once = simplify(built(choices));
        const twice = simplify(once);
        for (const name of Object.keys(once.outputs)) expect(twice.outputs[name]).toBe(once.outputs[name]);
      }),
      { numRuns: 200 },
    );
  });
  it("gives equal listings for equal programs", () => {
    fc.assert(
      fc.property(recipe, (choices) => {
        expect(print(simplify(built(choices)))).toBe(print(simplify(built(choices))));
      }),
      { numRuns: 50 },
    );
  });
});
