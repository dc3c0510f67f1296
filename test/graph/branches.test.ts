import { describe, expect, it } from "vitest";
import { gradient } from "../../src/graph/autodiff.ts";
import { concat, constant, input, loop, make, type Node, stack } from "../../src/graph/node.ts";
import { inEvaluationOrder, program } from "../../src/graph/program.ts";
import { simplify } from "../../src/graph/simplify.ts";
import { evaluated } from "./random-graph.ts";

/** The gradient at a point, as built and simplified, which must agree. */
function slopes(build: (x: Node) => Node, at: readonly number[]): number[] {
  const x = input("x", { dtype: "float", shape: [at.length] });
  const [slope] = gradient(build(x).sum(), [x]);
  const simple = simplify(program("slope", { slope: slope! }, [x])).outputs["slope"]!;
  const found = Array.from(evaluated(slope!, { x: at }));
  expect(Array.from(evaluated(simple, { x: at }))).toEqual(found);
  return found;
}

const zeros = (at: readonly number[]): number[] => at.map(() => 0);
const [nan, infinity] = [Number.NaN, Number.POSITIVE_INFINITY];
const edges = [-1, 0, -0, 1, 1e-300, 1e300, -1e300, infinity, -infinity, nan];

/** Each has points of the list where its value or its slope is infinite or NaN. */
const unsafe: Readonly<Record<string, (x: Node) => Node>> = {
  "√x": (x) => x.sqrt(),
  "log x": (x) => x.log(),
  "log(1 + x)": (x) => x.log1p(),
  "1 / x": (x) => x.reciprocal(),
  "x / x": (x) => x.div(x),
  "1 / x²": (x) => x.square().reciprocal(),
  "x^½": (x) => x.pow(0.5),
  "x^−2": (x) => x.pow(-2),
  "x^x": (x) => x.pow(x),
  "log Γ(x)": (x) => x.lgamma(),
  "ψ(x)": (x) => x.digamma(),
  "logit x": (x) => x.log().sub(x.neg().log1p()),
  "erf⁻¹ x": (x) => x.erfinv(),
  eˣ: (x) => x.exp(),
  "exp exp x": (x) => x.exp().exp(),
  "x log x": (x) => x.mul(x.log()),
  "log √x, and more of x": (x) => x.sqrt().log().add(x.log().mul(x.reciprocal())),
  "tanh log x": (x) => x.log().tanh(),
  "x − ∞": (x) => x.mul(infinity),
  "|log x|": (x) => x.log().abs(),
  "a sum": (x) => x.log().sum().broadcastTo(x.shape),
  "log Σ exp": (x) => x.mul(x).logSumExp().broadcastTo(x.shape),
  "the largest": (x) => x.log().reduceMax().mul(x),
  "a product with a matrix": (x) =>
    constant(
      Array.from({ length: x.size ** 2 }, (_, i) => i),
      [x.size, x.size],
    ).matvec(x.log()),
  "a product with a matrix that has no number": (x) =>
    constant(
      Array.from({ length: x.size ** 2 }, (_, i) => (i === 1 ? nan : 1)),
      [x.size, x.size],
    ).matvec(x),
  "elements in another order": (x) => {
    const back = constant(
      Array.from({ length: x.size }, (_, i) => x.size - 1 - i),
      [x.size],
      "int32",
    );
    return x.log().gather(back).sqrt().scatterAdd(back, x.size);
  },
  shapes: (x) => stack([x.log(), x.sqrt()]).transpose().reshape([x.size, 2, 1]).sum(1, 2),
  slices: (x) => concat([x.slice(0, 1).log(), x.slice(1, x.size).sqrt()]),
  "a loop": (x) => loop(constant(3, [], "int32"), { x }, (c, i) => ({ x: c.x.log().add(i.toFloat()) })).x,
  "a loop that chooses": (x) =>
    loop(constant(3, [], "int32"), { x }, (c) => ({ x: c.x.gt(5).select(c.x.sqrt(), c.x.log()) })).x,
};

describe("a branch that is not taken", () => {
  const never = (x: Node): Node => constant(0, [], "bool").broadcastTo(x.shape);
  it.each(Object.entries(unsafe))("%s: passes nothing on", (_title, f) => {
    expect(slopes((x) => never(x).select(f(x), 0), edges)).toEqual(zeros(edges));
    expect(slopes((x) => never(x).not().select(x, f(x)), edges)).toEqual(edges.map(() => 1));
    expect(slopes((x) => never(x).select(f(x).mul(3).sub(1).neg(), x.mul(2)), edges)).toEqual(edges.map(() => 2));
  });
  it.each(Object.entries(unsafe))("%s: on one condition for all elements", (_title, f) => {
    expect(slopes((x) => x.at(0).gt(5).select(f(x).sum(), 0), edges)).toEqual(zeros(edges));
  });
  it.each(Object.entries(unsafe))("%s: inside of another choice, and around one", (_title, f) => {
    const nested = (x: Node): Node => x.le(infinity).select(x, never(x).select(f(x), f(f(x))));
    expect(slopes(nested, edges.slice(0, 7))).toEqual(edges.slice(0, 7).map(() => 1));
    const inner = (x: Node): Node => never(x).select(f(never(x).select(f(x), x)), x.mul(0.5));
    expect(slopes(inner, edges)).toEqual(edges.map(() => 0.5));
  });
});

describe("elements with slopes of their own beside elements without", () => {
  const positive = (f: (x: Node) => Node) => (x: Node) => x.gt(0).select(f(x), 0);
  it.each<readonly [string, (x: Node) => Node, readonly number[]]>([
    ["√x", (x) => x.sqrt(), [0, 0, 0.25]],
    ["log x", (x) => x.log(), [0, 0, 0.25]],
    ["1 / x", (x) => x.reciprocal(), [0, 0, -1 / 16]],
    ["x^1.5", (x) => x.pow(1.5), [0, 0, 3]],
  ])("%s at −1, 0, 4", (_title, f, expected) => expect(slopes(positive(f), [-1, 0, 4])).toEqual(expected));
  it("what both branches use", () => {
    expect(slopes((x) => x.gt(0).select(x.log(), x.square()), [-3, 0, 4])).toEqual([-6, 0, 0.25]);
    expect(slopes((x) => x.gt(0).select(x.log(), x.neg().sqrt()), [-4, 4])).toEqual([-0.25, 0.25]);
  });
  it("a parameter whose terms are all in a branch that nobody takes", () => {
    // gamma(x, 1) at 0, where its log density is ±∞: a hurdle model's zeros
    const y = constant([0, 0]);
    const density = (x: Node): Node => x.at(0).sub(1).mul(y.log()).sub(x.at(0).lgamma());
    expect(slopes((x) => y.gt(0).select(density(x), x.at(1).log()), [2, 0.5])).toEqual([0, 4]);
  });
  it("what min, max and the largest element leave out", () => {
    expect(slopes((x) => x.log().max(-10), [0, 1])).toEqual([0, 1]);
    expect(slopes((x) => x.sqrt().min(-1), [0, 4])).toEqual([0, 0]);
    expect(slopes((x) => x.log().reduceMax(), [0, 4])).toEqual([0, 0.25]);
    expect(slopes((x) => x.log().max(-1).min(1), [0, 1, 100])).toEqual([0, 1, 0]);
  });
  it("elements that nobody uses", () => {
    expect(slopes((x) => x.log().at(1), [0, 4])).toEqual([0, 0.25]);
    expect(slopes((x) => x.sqrt().gather(constant([1, 1], [2], "int32")), [0, 4])).toEqual([0, 0.5]);
    expect(slopes((x) => x.log().slice(0, 1).add(x.log().slice(1, 2)), [4, 0.5, 0])).toEqual([0.25, 2, 0]);
  });
  it("a component of a mixture that has no mass", () => {
    const mixture = (x: Node): Node => stack([x.at(0).log(), x.at(1).log().sub(1)]).logSumExp();
    const [none, some] = slopes(mixture, [0, 0.5]);
    expect(none).toBe(0);
    expect(some).toBeCloseTo(2, 12);
  });
  it("what an infinity saturates", () => {
    expect(slopes((x) => x.log().tanh(), [0])).toEqual([0]);
    expect(slopes((x) => x.exp().neg().exp(), [800])).toEqual([0]);
    expect(slopes((x) => x.reciprocal().neg().add(1).exp(), [0])).toEqual([0]);
    expect(slopes((x) => x.log().sub(1).normalCdf(), [0])).toEqual([0]);
  });
  it("a true infinity stays one", () => {
    expect(slopes((x) => x.ge(0).select(x.sqrt(), 0), [0, -1])).toEqual([infinity, 0]);
  });
});

describe("programs that choose nothing", () => {
  const halves = (x: Node): readonly Node[] => [x.slice(0, 2), x.slice(2, 4)];
  const opsOf = (build: (x: Node) => Node): string[] => {
    const x = input("x", { dtype: "float", shape: [4] });
    return inEvaluationOrder(gradient(build(x).sum(), [x])).map(({ op }) => op);
  };
  it("pay nothing", () => {
    for (const build of [
      (x: Node) => x.log().mul(x.reciprocal()),
      (x: Node) => (([a, b]) => a!.mul(b!.sqrt()))(halves(x.log())),
      (x: Node) => x.log().gather(constant([3, 0, 1, 1, 2], [5], "int32")),
      (x: Node) => make("matvec", [constant([1, 2, 3, 4], [1, 4]), x.log()], { transposed: false }),
    ])
      expect(opsOf(build).filter((op) => op === "select" || op === "equal")).toEqual([]);
  });
  it("and both sides of a bound pay for two selections", () => {
    const clamped = opsOf((x) => x.abs().min(1).div(constant(1).max(x.abs())).log());
    expect(clamped.filter((op) => op === "select" || op === "equal").length).toBeLessThanOrEqual(4);
  });
});
