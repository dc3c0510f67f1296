import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differentiate, gradient, valueAndGradient } from "../../src/graph/autodiff.ts";
import { concat, constant, input, loop, make, type Node } from "../../src/graph/node.ts";
import { inEvaluationOrder, program } from "../../src/graph/program.ts";
import type { Shape } from "../../src/graph/types.ts";
import { evaluated, follow, point, recipe } from "./random-graph.ts";

const float = (name: string, shape: Shape): Node => input(name, { dtype: "float", shape });

/** Every partial derivative of `build`'s sum agrees with a central difference. */
function check(
  build: (inputs: Readonly<Record<string, Node>>) => Node,
  at: Readonly<Record<string, readonly number[]>>,
  shapes: Readonly<Record<string, Shape>> = {},
  tolerance = 1e-6,
): void {
  const inputs = Object.fromEntries(
    Object.keys(at).map((name) => [name, float(name, shapes[name] ?? [at[name]!.length])]),
  );
  const output = build(inputs).sum();
  const value = (values: typeof at): number => evaluated(output, values)[0]!;
  gradient(output, Object.values(inputs)).forEach((node, k) => {
    const name = Object.keys(at)[k]!;
    expect(node.shape).toEqual(inputs[name]!.shape);
    evaluated(node, at).forEach((slope, i) => {
      const moved = (by: number): number => value({ ...at, [name]: at[name]!.map((v, j) => (j === i ? v + by : v)) });
      const step = 1e-5 * Math.max(1, Math.abs(at[name]![i]!));
      const difference = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(slope - difference), `d/d${name}[${i}]: ${slope}, difference ${difference}`).toBeLessThan(
        tolerance * Math.max(1, Math.abs(difference)),
      );
    });
  });
}

/** Gradient of a scalar function of one vector at a point. */
function slopes(build: (x: Node) => Node, at: readonly number[]): number[] {
  const x = float("x", [at.length]);
  return Array.from(evaluated(gradient(build(x).sum(), [x])[0]!, { x: at }));
}

describe("rules agree with finite differences", () => {
  const x = [0.3, -1.2, 2.5, 0.01];
  const p = [0.3, 1.2, 2.5, 0.7];
  const one: Readonly<Record<string, (x: Node) => Node>> = {
    ...{ exp: (a) => a.exp(), expm1: (a) => a.expm1(), softplus: (a) => a.softplus(), sigmoid: (a) => a.sigmoid() },
    ...{ logSigmoid: (a) => a.logSigmoid(), tanh: (a) => a.tanh(), erf: (a) => a.erf(), erfc: (a) => a.erfc() },
    ...{ normalCdf: (a) => a.normalCdf(), neg: (a) => a.neg(), abs: (a) => a.abs(), square: (a) => a.square() },
    ...{ expm1mx: (a) => a.expm1mx(), normalLogCdf: (a) => a.normalLogCdf(), inverseMills: (a) => a.inverseMills() },
    log1mExp: (a) => a.sub(3).log1mExp(),
    ...{ floor: (a) => a.floor(), sign: (a) => a.sign(), convert: (a) => make("convert", [a], { to: "float" }) },
  };
  it.each(Object.entries(one))("%s", (_name, f) => check(({ x: a }) => f(a!).mul(a!.add(3)), { x }));
  const positive: Readonly<Record<string, (x: Node) => Node>> = {
    ...{ log: (a) => a.log(), log1p: (a) => a.log1p(), sqrt: (a) => a.sqrt(), lgamma: (a) => a.lgamma() },
    ...{ log1pmx: (a) => a.log1pmx(), stirlingRest: (a) => a.stirlingRest(), rest: (a) => a.stirlingRestSlope() },
    ...{ digamma: (a) => a.digamma(), reciprocal: (a) => a.reciprocal(), erfinv: (a) => a.mul(0.3).erfinv() },
  };
  it.each(Object.entries(positive))("%s", (_name, f) => check(({ p: a }) => f(a!).mul(a!), { p }));
  const two: Readonly<Record<string, (a: Node, b: Node) => Node>> = {
    ...{ add: (a, b) => a.add(b), sub: (a, b) => a.sub(b), mul: (a, b) => a.mul(b), div: (a, b) => a.div(b) },
    ...{ pow: (a, b) => a.pow(b), min: (a, b) => a.min(b), max: (a, b) => a.max(b), dot: (a, b) => a.dot(b) },
    select: (a, b) => a.lt(1).select(a.mul(b), b.exp()),
  };
  it.each(Object.entries(two))("%s", (_name, f) =>
    check(({ p: a, q: b }) => f(a!, b!).exp(), { p, q: [1.1, 0.4, 0.2, 2] }),
  );

  it("broadcasting and sums over axes", () =>
    check(
      ({ m, v, s }) => m!.mul(v!).add(s!).sum(0).mul(m!.sum(1).sum()).add(m!.mul(m!).sum(1, 0)),
      { m: [1, 2, 3, 4, 5, 6], v: [0.5, -1, 2], s: [0.3] },
      { m: [2, 3], s: [] },
    ));
  it("reshape, transpose, slice and concat", () =>
    check(
      ({ m, v }) =>
        concat([m!.transpose().slice(1, 3), m!.reshape([3, 2]).mul(2)])
          .exp()
          .mul(v!.at(1))
          .sum(1),
      { m: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], v: [0.5, -1, 2] },
      { m: [2, 3] },
    ));
  it("gather and scatterAdd with repeats", () => {
    const indices = constant([2, 0, 2, 2], [4], "int32");
    check(({ v }) => v!.gather(indices).exp(), { v: [0.5, 5, 1] });
    check(({ w }) => w!.scatterAdd(indices, 5).exp(), { w: [0.5, 0.25, 1, -1] });
  });
  it("the largest element", () => {
    check(({ m }) => m!.reduceMax(1).exp(), { m: [1, 3, 2, 6, 5, 4] }, { m: [2, 3] });
    expect(slopes((a) => a.reduceMax(), [3, 1, 3])).toEqual([0.5, 0, 0.5]);
    check(({ v }) => v!.logSumExp(), { v: [0.5, 5, 1] });
  });
  it.each([false, true])("matrix times vector, both ways (transposed: %s)", (transposed) => {
    const matrix = input("m", { dtype: "float", shape: [3, 2], shared: true });
    const vector = float("v", [transposed ? 3 : 2]);
    const output = make("matvec", [matrix, vector], { transposed }).square().sum();
    const at = { m: [1, 2, 3, 4, 5, 6], v: transposed ? [0.5, -1, 2] : [0.5, -1] };
    const value = (values: typeof at): number => evaluated(output, values)[0]!;
    const [byMatrix, byVector] = gradient(output, [matrix, vector]).map((node) => evaluated(node, at));
    at.m.forEach((_, i) => {
      const moved = (by: number): number => value({ ...at, m: at.m.map((v, j) => (j === i ? v + by : v)) });
      expect(byMatrix![i]).toBeCloseTo((moved(1e-4) - moved(-1e-4)) / 2e-4, 5);
    });
    at.v.forEach((_, i) => {
      const moved = (by: number): number => value({ ...at, v: at.v.map((v, j) => (j === i ? v + by : v)) });
      expect(byVector![i]).toBeCloseTo((moved(1e-4) - moved(-1e-4)) / 2e-4, 5);
    });
  });
  it("random graphs", () => {
    fc.assert(
      fc.property(recipe, point, point, (choices, a, b) => {
        check(({ x: u, y: v }) => follow(choices, u!, v!), { x: a, y: b }, {}, 1e-4);
      }),
      { numRuns: 300 },
    );
  });
  it("a step has no slope that a difference over it would agree with", () => {
    expect(() => check(({ x: a }) => a!.mul(1e4).floor(), { x })).toThrow();
  });
});

describe("where a derivative needs care", () => {
  it("a Bernoulli's gradient at logits of 0 is y − ½", () => {
    const y = constant([0, 1, 1]);
    expect(slopes((logits) => y.mul(logits).sub(logits.softplus()), [0, 0, 0])).toEqual([-0.5, 0.5, 0.5]);
    expect(slopes((logits) => y.sub(0.5).mul(2).mul(logits).logSigmoid(), [0, 0, 0])).toEqual([-0.5, 0.5, 0.5]);
  });
  it("|x| and sign are flat at 0", () => {
    expect(slopes((x) => x.abs().add(x.sign()), [0, 2, -3])).toEqual([0, 1, -1]);
  });
  it("√x is infinitely steep at 0", () =>
    expect(slopes((x) => x.sqrt(), [0, 4])).toEqual([Number.POSITIVE_INFINITY, 0.25]));
  it("powers at 0", () => {
    const [x, y] = [float("x", [3]), float("y", [3])];
    const [dx, dy] = gradient(x.pow(y).sum(), [x, y]);
    const at = { x: [0, 0, 0], y: [0, 1, 2] };
    expect(Array.from(evaluated(dx!, at))).toEqual([0, 1, 0]);
    expect(Array.from(evaluated(dy!, at))).toEqual([0, 0, 0]);
  });
  it("the branch that is not taken receives nothing", () => {
    const safe = (x: Node): Node => x.le(0).select(x, x.le(0).select(1, x).log());
    expect(slopes(safe, [-2, 0, 4])).toEqual([1, 1, 0.25]);
    expect(slopes((x) => x.lt(1).select(x, x.mul(x).exp()), [0.5, 2000])).toEqual([1, Number.POSITIVE_INFINITY]);
  });
  it("ties of min and max go to the first operand", () => {
    const [a, b] = [float("a", []), float("b", [])];
    const at = { a: [1], b: [1] };
    expect(gradient(a.max(b), [a, b]).map((node) => evaluated(node, at)[0])).toEqual([1, 0]);
    expect(gradient(a.min(b), [a, b]).map((node) => evaluated(node, at)[0])).toEqual([1, 0]);
  });
  it("no gradient flows through integers and comparisons", () => {
    const at = [1.5, 2.5];
    expect(slopes((x) => x.convert("int32").toFloat().mul(x), at)).toEqual([1, 2]);
    expect(slopes((x) => x.lt(2).toFloat(), at)).toEqual([0, 0]);
  });
});

describe("gradient", () => {
  const z = float("z", [6]);

  it("is zero, per chain, where nothing depends on the variable", () => {
    const [g] = gradient(float("other", []).exp(), [z]);
    expect(g!.shared).toBe(false);
    expect(Array.from(evaluated(g!, { z: [] }))).toEqual([0, 0, 0, 0, 0, 0]);
  });
  it("is per chain for a per-chain variable even where its value is the same for all", () => {
    expect(gradient(z.sum(), [z])[0]!.shared).toBe(false);
  });
  it("of slices of one vector is one concat of parts", () => {
    const density = z.at(0).exp().mul(z.slice(1, 3).square().sum()).add(z.slice(3, 6).exp().sum());
    const [g] = gradient(density, [z]);
    expect(g!.op).toBe("concat");
    expect(inEvaluationOrder([g!]).filter((node) => node.op === "concat")).toHaveLength(1);
    check(({ v }) => v!.at(0).exp().mul(v!.slice(1, 3).square().sum()).add(v!.slice(2, 5).exp().sum()), {
      v: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    });
  });
  it("of an intermediate value, and of a value itself", () => {
    const scaled = z.mul(2);
    const [g, h] = gradient(scaled.square().sum(), [scaled, z]);
    expect(Array.from(evaluated(g!, { z: [1, 2, 3, 4, 5, 6] }))).toEqual([4, 8, 12, 16, 20, 24]);
    expect(Array.from(evaluated(h!, { z: [1, 2, 3, 4, 5, 6] }))).toEqual([8, 16, 24, 32, 40, 48]);
    const s = float("s", []);
    expect(Array.from(evaluated(gradient(s, [s])[0]!, { s: [3] }))).toEqual([1]);
  });
  it("of a gradient: second derivatives", () => {
    const x = float("x", []);
    const [first] = gradient(x.mul(x).mul(x).add(x.exp()), [x]);
    expect(evaluated(gradient(first!, [x])[0]!, { x: [2] })[0]).toBeCloseTo(12 + Math.exp(2), 12);
  });
  it("unrolls loops of a constant count", () => {
    const turns = constant(3, [], "int32");
    check(
      ({ v }) =>
        loop(turns, { a: v!, s: v!.sum() }, (c, i) => ({ a: c.a.mul(0.5).add(c.s.tanh()), s: c.s.add(i.toFloat()) })).a,
      { v: [0.1, 0.2] },
    );
    check(
      ({ v }) =>
        loop(turns, { a: v! }, (c) => ({ a: loop(turns, { b: c.a }, (d) => ({ b: d.b.tanh().add(c.a) })).b })).a,
      { v: [0.1, 0.2] },
    );
  });
  it("valueAndGradient and differentiate", () => {
    const { value, gradient: parts } = valueAndGradient(z.square().sum(), [z]);
    expect(evaluated(value, { z: [1, 1, 1, 1, 1, 2] })[0]).toBe(9);
    expect(parts[0]!.shape).toEqual([6]);
    const both = differentiate(program("square", { lp: z.square().sum() }), "lp", { z: "slope" });
    expect(Object.keys(both.outputs)).toEqual(["lp", "slope"]);
    expect(() => differentiate(both, "lp", { y: "slope" })).toThrow("Program square has no input named y.");
    expect(() => differentiate(both, "lq", { z: "slope" })).toThrow("Program square has no output named lq.");
  });
  it("says what it cannot do", () => {
    const n = input("n", { dtype: "int32", shape: [], shared: true });
    const turned = loop(n, { a: z }, (c) => ({ a: c.a.exp() })).a;
    expect(() => gradient(turned.sum(), [z])).toThrow("Give the loop a constant count, so that it can be unrolled");
    expect(() => gradient(z.trigamma().sum(), [z])).toThrow("A trigamma is not differentiable here.");
    expect(() => gradient(z, [z])).toThrow("A gradient is taken of a float scalar, not of float[6]; sum it first.");
    expect(() => gradient(z.sum(), [n])).toThrow("with respect to floats, not shared int32[]");
  });
});
