import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/draws.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { referenceEngine } from "../../src/engine/reference/engine.ts";
import { gradient } from "../../src/graph/autodiff.ts";
import { concat, constant, input, loop, make, type Node } from "../../src/graph/node.ts";
import { type Program, program } from "../../src/graph/program.ts";
import type { OpName } from "../../src/graph/types.ts";
import { close, outputsOf } from "./engine-compare.ts";

/** Ends of domains, zeros of both signs, the huge and the tiny, and what is no number. */
const grid: readonly number[] = [
  ...[0, 1e-30, 1e-8, 0.5, 1, 2, 2.5, 17, 88, 100, 800, 1e30, Number.POSITIVE_INFINITY].flatMap((x) => [x, -x]),
  Number.NaN,
];

/** An op of x and y, both float[2], as floats of any shape; or why it has no law. */
type Law = ((x: Node, y: Node) => Node) | "has no slope" | "has no derivative" | "is no function of floats";

const float =
  (op: "add" | "sub" | "mul" | "div" | "min" | "max"): Law =>
  (x, y) =>
    x[op](y);
const unary =
  (op: OpName): Law =>
  (x) =>
    make(op, [x], {});
const indices = constant([1, 0, 1], [3], "int32");

/** One row an op: a new op without one is a type error. */
const laws: { readonly [O in OpName]: Law } = {
  input: (x) => x,
  constant: "has no slope",
  parameter: (x, y) => loop(constant(2, [], "int32"), { x }, (c) => ({ x: c.x.log().mul(y) })).x,
  epsilon: "has no slope",
  ...{ exp: unary("exp"), log: unary("log"), log1p: unary("log1p"), log1pmx: unary("log1pmx"), expm1: unary("expm1") },
  ...{ log1mExp: unary("log1mExp"), expm1mx: unary("expm1mx"), softplus: unary("softplus"), sigmoid: unary("sigmoid") },
  ...{ logSigmoid: unary("logSigmoid"), tanh: unary("tanh"), sqrt: unary("sqrt"), lgamma: unary("lgamma") },
  ...{ digamma: unary("digamma"), stirlingRest: unary("stirlingRest"), stirlingRestSlope: unary("stirlingRestSlope") },
  trigamma: "has no derivative",
  ...{ erf: unary("erf"), erfc: unary("erfc"), erfinv: unary("erfinv"), normalCdf: unary("normalCdf") },
  ...{ normalLogCdf: unary("normalLogCdf"), inverseMills: unary("inverseMills") },
  ...{ floor: unary("floor"), sign: unary("sign"), neg: unary("neg"), abs: unary("abs") },
  pow: (x, y) => x.pow(y),
  ...{
    div: float("div"),
    add: float("add"),
    sub: float("sub"),
    mul: float("mul"),
    min: float("min"),
    max: float("max"),
  },
  ...{ less: "has no slope", lessOrEqual: "has no slope", equal: "has no slope" },
  ...{ and: "is no function of floats", or: "is no function of floats", xor: "is no function of floats" },
  ...{ not: "is no function of floats", shiftLeft: "is no function of floats", shiftRight: "is no function of floats" },
  unitInterval: "is no function of floats",
  select: (x, y) => x.lt(y).select(x.log(), y.sqrt()),
  convert: (x) => make("convert", [x], { to: "float" }),
  perChain: (x) => x.perChain(),
  broadcast: (x) => x.log().broadcastTo([3, 2]),
  reshape: (x) => x.log().reshape([2, 1]),
  transpose: (x) => x.log().reshape([2, 1]).transpose(),
  slice: (x, y) => x.log().slice(1, 2).mul(y.sqrt().slice(0, 1)),
  concat: (x, y) => concat([x.log(), y.sqrt()]),
  gather: (x, y) => x.log().gather(indices).mul(y.gather(indices)),
  scatterAdd: (x) => x.log().scatterAdd(constant([2, 0], [2], "int32"), 4),
  sum: (x) => x.log().sum(),
  reduceMax: (x) => x.log().reduceMax(),
  logProduct: (x) => make("logProduct", [x.sigmoid().add(0.5)], {}),
  matvec: (x) => make("matvec", [constant([1, -2, 3, 0, 0, 1], [3, 2]), x.log()], { transposed: false }),
  loop: (x, y) => loop(constant(2, [], "int32"), { x, y }, (c) => ({ x: c.y.sqrt(), y: c.x.log() })).x,
  carried: (x) => loop(constant(0, [], "int32"), { x }, (c) => ({ x: c.x.log() })).x,
};

/** What is said of one op: its sum, its gradient, and that of a branch which is not taken. */
function programOf(name: string, law: Exclude<Law, string>): Program {
  const [x, y] = ["x", "y"].map((each) => input(each, { dtype: "float", shape: [2] })) as [Node, Node];
  const never = input("never", { dtype: "bool", shape: [] });
  const value = law(x, y);
  const untaken = never.select(value, 0).sum();
  const [dx, dy] = gradient(value.sum(), [x, y]);
  const [ux, uy] = gradient(untaken, [x, y]);
  return program(name, { finite: value.isFinite().select(0, 1).sum(), dx: dx!, dy: dy!, untaken, ux: ux!, uy: uy! }, [
    x,
    y,
    never,
  ]);
}

/** Every pair of the grid, one a chain, beside an everyday number. */
const pairs = grid.flatMap((x) => grid.map((y) => [x, y] as const));
const values = (precision: Precision) => {
  const all = (k: 0 | 1): number[] => pairs.flatMap((pair) => [pair[k], 0.75]);
  const rounded = (list: number[]): number[] => (precision === "float32" ? list.map(Math.fround) : list);
  return { x: rounded(all(0)), y: rounded(all(1)), never: pairs.map(() => 0) };
};

/** At the ends of its domain every op has a gradient that is a number, and none where it is not asked for. */
export function edgeLaws(name: string, makeEngine: () => Engine, precision: Precision, sameBits: boolean): void {
  const own = Object.entries(laws).filter((row): row is [OpName, Exclude<Law, string>] => typeof row[1] !== "string");
  describe(`${name}, ${precision}: at the ends of its domain`, () => {
    it.each(own)("%s", async (op, law) => {
      const source = programOf(op, law);
      const found = await outputsOf(makeEngine(), source, values(precision), precision, pairs.length);
      pairs.forEach(([x, y], chain) => {
        const label = `${op}, x = ${x}, y = ${y}`;
        const slopes = (which: "dx" | "dy" | "ux" | "uy"): number[] =>
          Array.from(found[which]!.slice(2 * chain, 2 * chain + 2));
        // What is no number may become one (1 to its power, on some engines): nothing is said of its slope.
        const isNumber = !Number.isNaN(x) && !Number.isNaN(y);
        if (isNumber && found["finite"]![chain] === 0)
          expect([...slopes("dx"), ...slopes("dy")].filter(Number.isNaN), `gradient of ${label}`).toEqual([]);
        expect(found["untaken"]![chain], `a branch not taken, ${label}`).toBe(0);
        for (const slope of [...slopes("ux"), ...slopes("uy")])
          expect(slope === 0, `gradient of a branch not taken, ${label}: ${slope}`).toBe(true);
      });
      if (!sameBits || precision === "float32") return;
      const expected = await outputsOf(referenceEngine(), source, values(precision), precision, pairs.length);
      const tolerance = ordered.has(op) ? undefined : { relative: 1e-12, absolute: 1e-12 };
      for (const output of Object.keys(source.outputs))
        close(found[output]!, expected[output]!, tolerance, precision, `${op}, ${output}`);
    });
  });
}

/** Ops whose programs here add up nothing whose order an engine may choose. */
const ordered: ReadonlySet<OpName> = new Set<OpName>([
  "exp",
  "log",
  "sqrt",
  "lgamma",
  "erf",
  "normalCdf",
  "tanh",
  "sigmoid",
]);
