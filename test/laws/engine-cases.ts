import { constant, loop, make, type Node } from "../../src/graph/node.ts";
import type { Attributes, DType, OpName, Shape } from "../../src/graph/types.ts";
import type { Draw, OpCase, Operand, Tolerance } from "./engine-compare.ts";
import * as draws from "./engine-draws.ts";
import { indexCases, matvecCases, reductionCases, shapeCases } from "./engine-shape-cases.ts";

const { anyBool, anyInt32, anyUint32, ordinary, positive, these, wide, withinOne } = draws;
const shapes: readonly Shape[] = [[], [1], [5], [30], [569], [3, 4]];

interface Elementwise<O extends OpName> {
  readonly attributes?: Attributes[O];
  /** One an operand: dtype and how ordinary values are drawn. */
  readonly operands: readonly { readonly dtype?: DType; readonly draw: Draw; readonly edges: readonly number[] }[];
  readonly float32?: Tolerance;
  readonly expectedInFloat32?: (operands: readonly ArrayLike<number>[]) => readonly number[];
}

/** Each shape, each choice of shared operands, and every combination of edge values. */
function elementwise<O extends OpName>(op: O, spec: Elementwise<O>): OpCase[] {
  const count = spec.operands.length;
  const cases = Array.from({ length: 2 ** count }, (_, mask): OpCase => {
    const title = `${op}(${spec.operands.map((_, k) => ((mask >> k) & 1 ? "shared" : "per chain"))})`;
    return caseOf(op, spec, title, shapes, (k) => ({ draw: spec.operands[k]!.draw, shared: ((mask >> k) & 1) === 1 }));
  });
  const edgeCount = spec.operands.reduce((n, { edges }) => n * edges.length, 1);
  const stride = (k: number): number => spec.operands.slice(0, k).reduce((n, { edges }) => n * edges.length, 1);
  const edges = caseOf(op, spec, `${op} of edge values`, [[edgeCount]], (k) => {
    const list = spec.operands[k]!.edges;
    return { draw: (_random, i) => list[Math.floor((i % edgeCount) / stride(k)) % list.length]! };
  });
  return [...cases, edges];
}

function caseOf<O extends OpName>(
  op: O,
  spec: Elementwise<O>,
  title: string,
  over: readonly Shape[],
  operand: (k: number) => Omit<Operand, "shape" | "dtype">,
): OpCase {
  const names = spec.operands.map((_, k) => "abc"[k]!);
  const { expectedInFloat32, float32 } = spec;
  const operands = over.flatMap((shape, s) =>
    names.map(
      (name, k) => [`${name}${s}`, { shape, dtype: spec.operands[k]!.dtype ?? "float", ...operand(k) }] as const,
    ),
  );
  return {
    title,
    operands: Object.fromEntries(operands),
    build: (inputs) =>
      Object.fromEntries(
        over.map((_, s) => [
          `y${s}`,
          make(
            op,
            names.map((name) => inputs[`${name}${s}`]!),
            spec.attributes ?? ({} as Attributes[O]),
          ),
        ]),
      ),
    ...(float32 && { float32 }),
    ...(expectedInFloat32 && {
      expectedInFloat32: (values) =>
        Object.fromEntries(
          over.map((_, s) => [`y${s}`, expectedInFloat32(names.map((name) => values[`${name}${s}`]!))]),
        ),
    }),
  };
}

const float = { draw: ordinary, edges: draws.floatEdges };
const wideFloat = { draw: wide, edges: draws.floatEdges };
const positiveFloat = { draw: positive, edges: draws.positiveEdges };
const unit = { draw: withinOne, edges: [0, -0, 1, -1, 2, -2, 0.5, 1e-8, -1e-8, 0.999999, -0.999999, Number.NaN] };
const int32 = { dtype: "int32", draw: anyInt32, edges: draws.int32Edges } as const;
const uint32 = { dtype: "uint32", draw: anyUint32, edges: draws.uint32Edges } as const;
const bool = { dtype: "bool", draw: anyBool, edges: [0, 1] } as const;

const loose = (relative: number, absolute = 0): { readonly float32: Tolerance } => ({
  float32: { relative, absolute },
});
const numbers = (op: "add" | "sub" | "mul" | "min" | "max"): OpCase[] => [
  ...elementwise(op, { operands: [wideFloat, wideFloat] }),
  ...elementwise(op, { operands: [int32, int32] }),
  ...elementwise(op, { operands: [uint32, uint32] }),
];
/** Small values too, so that some are equal. */
const compare = (op: "less" | "lessOrEqual" | "equal"): OpCase[] => [
  ...elementwise(op, { operands: [float, float] }),
  ...elementwise(op, { operands: [int32, int32] }),
  ...elementwise(op, { operands: [uint32, uint32] }),
  ...elementwise(op, { operands: [1, 2].map(() => ({ ...int32, draw: draws.smallInt32 })) }),
];
const bits = (op: "and" | "or" | "xor"): OpCase[] => [
  ...elementwise(op, { operands: [uint32, uint32] }),
  ...elementwise(op, { operands: [bool, bool] }),
];
const shift = (op: "shiftLeft" | "shiftRight"): OpCase[] =>
  [0, 1, 13, 31, 32].flatMap((n) => elementwise(op, { operands: [uint32], attributes: { bits: n } }));
const anyOf: readonly Elementwise<OpName>["operands"][number][] = [float, int32, uint32, bool];
/** Sums of float32 products: the error is relative to the terms. */
const around = (scale: number): { readonly float32: Tolerance } => loose(1e-6, scale * 1e-6);

function unitIntervalInFloat32([hi, lo]: readonly ArrayLike<number>[]): number[] {
  const bitsOf = new DataView(new ArrayBuffer(4));
  const chains = Math.max(hi!.length, lo!.length);
  return Array.from({ length: chains }, (_, i) => {
    bitsOf.setUint32(0, 0x3f800000 | ((hi![i % hi!.length]! ^ lo![i % lo!.length]!) >>> 9));
    return bitsOf.getFloat32(0) - 1;
  });
}

/** What is tried of each op. A new op without a row is a type error. */
export const opCases: { readonly [O in OpName]: readonly OpCase[] } = {
  input: [
    {
      title: "inputs that are outputs",
      operands: { a: { shape: [3], draw: ordinary }, b: { shape: [2, 2], draw: ordinary, shared: true } },
      build: ({ a, b }) => ({ a: a!, again: a!, b: b! }),
    },
    {
      title: "inputs of every type that are outputs, and one that nobody needs",
      operands: Object.fromEntries(
        anyOf.map(({ dtype, draw }, i) => [`x${i}`, { shape: [7], dtype: dtype ?? "float", draw }]),
      ),
      build: (inputs) => ({ x1: inputs["x1"]!, x2: inputs["x2"]!, x3: inputs["x3"]! }),
    },
  ],
  constant: [
    {
      title: "constants that are outputs or operands",
      operands: { a: { shape: [4], draw: ordinary } },
      build: ({ a }) => ({
        float: constant([0.5, -0, Number.POSITIVE_INFINITY, 3]),
        int32: constant([1, -2, 3], [3], "int32"),
        uint32: constant(4294967295, [], "uint32"),
        bool: constant([1, 0], [1, 2], "bool"),
        sum: a!.add(constant([1, 2, 3, 4])).mul(0.25),
      }),
    },
  ],
  parameter: [
    {
      title: "a loop's index",
      operands: { n: { shape: [], dtype: "int32", shared: true, draw: these([5]) } },
      build: ({ n }) => loop(n!, { i: constant(-1, [], "int32") }, (_c, index) => ({ i: index })),
    },
  ],
  epsilon: [
    {
      title: "the precision's own",
      operands: { x: { shape: [2], draw: ordinary } },
      build: ({ x }) => ({ one: make("epsilon", [], {}), each: x!.mul(0).add(make("epsilon", [], {})) }),
      expectedInFloat32: (values) => ({ one: [2 ** -23], each: Array.from(values["x"]!, () => 2 ** -23) }),
    },
  ],
  exp: elementwise("exp", { operands: [float] }),
  log: elementwise("log", { operands: [positiveFloat] }).concat(elementwise("log", { operands: [wideFloat] })),
  log1p: elementwise("log1p", { operands: [positiveFloat] }).concat(elementwise("log1p", { operands: [unit] })),
  log1pmx: [positiveFloat, unit].flatMap((x) => elementwise("log1pmx", { operands: [x], ...loose(2e-6) })),
  log1mExp: elementwise("log1mExp", { operands: [float], ...loose(1e-6) }),
  expm1: elementwise("expm1", { operands: [float] }).concat(elementwise("expm1", { operands: [unit] })),
  expm1mx: [float, unit].flatMap((x) => elementwise("expm1mx", { operands: [x], ...loose(2e-6) })),
  softplus: elementwise("softplus", { operands: [float] }),
  sigmoid: elementwise("sigmoid", { operands: [float] }),
  logSigmoid: elementwise("logSigmoid", { operands: [float] }),
  tanh: elementwise("tanh", { operands: [float] }),
  sqrt: elementwise("sqrt", { operands: [wideFloat] }),
  lgamma: elementwise("lgamma", { operands: [positiveFloat], ...loose(2e-6, 2e-6) }),
  digamma: elementwise("digamma", { operands: [positiveFloat], ...loose(2e-6, 2e-6) }),
  trigamma: elementwise("trigamma", { operands: [positiveFloat], ...loose(2e-6) }),
  stirlingRest: elementwise("stirlingRest", { operands: [positiveFloat], ...loose(2e-6, 1e-6) }),
  stirlingRestSlope: elementwise("stirlingRestSlope", { operands: [positiveFloat], ...loose(2e-6, 1e-6) }),
  erf: elementwise("erf", { operands: [float], ...loose(1e-6) }),
  erfc: elementwise("erfc", { operands: [float], ...loose(5e-6) }),
  erfinv: elementwise("erfinv", { operands: [unit], ...loose(2e-6) }),
  normalCdf: elementwise("normalCdf", { operands: [float], ...loose(5e-6) }),
  normalLogCdf: elementwise("normalLogCdf", { operands: [float], ...loose(2e-6, 1e-37) }),
  inverseMills: elementwise("inverseMills", { operands: [float], ...loose(5e-6) }),
  floor: elementwise("floor", { operands: [wideFloat] }),
  sign: elementwise("sign", { operands: [wideFloat] }),
  pow: elementwise("pow", {
    operands: [positiveFloat, { ...float, edges: draws.floatEdges.filter((x) => !Number.isNaN(x)) }],
    ...loose(1e-5),
  }),
  div: elementwise("div", { operands: [wideFloat, wideFloat] }),
  neg: elementwise("neg", { operands: [wideFloat] }).concat(elementwise("neg", { operands: [int32] })),
  abs: elementwise("abs", { operands: [wideFloat] }).concat(elementwise("abs", { operands: [int32] })),
  add: numbers("add"),
  sub: numbers("sub"),
  mul: numbers("mul"),
  min: numbers("min"),
  max: numbers("max"),
  less: compare("less"),
  lessOrEqual: compare("lessOrEqual"),
  equal: compare("equal"),
  and: bits("and"),
  or: bits("or"),
  xor: bits("xor"),
  not: elementwise("not", { operands: [uint32] }).concat(elementwise("not", { operands: [bool] })),
  shiftLeft: shift("shiftLeft"),
  shiftRight: shift("shiftRight"),
  unitInterval: elementwise("unitInterval", { operands: [uint32, uint32], expectedInFloat32: unitIntervalInFloat32 }),
  select: anyOf.flatMap((x) => elementwise("select", { operands: [bool, x, x] })),
  convert: [
    ...elementwise("convert", { operands: [wideFloat], attributes: { to: "int32" } }),
    ...elementwise("convert", { operands: [wideFloat], attributes: { to: "uint32" } }),
    ...[int32, uint32, bool].flatMap((x) => elementwise("convert", { operands: [x], attributes: { to: "float" } })),
    ...[uint32, bool].flatMap((x) => elementwise("convert", { operands: [x], attributes: { to: "int32" } })),
    ...[int32, bool].flatMap((x) => elementwise("convert", { operands: [x], attributes: { to: "uint32" } })),
  ],
  perChain: anyOf.flatMap((x) => elementwise("perChain", { operands: [x] })),
  ...shapeCases,
  ...indexCases,
  ...reductionCases(around),
  matvec: matvecCases(around),
  loop: [
    {
      title: "no turn, one turn, and a turn per chain value",
      operands: {
        x: { shape: [3], draw: ordinary },
        n: { shape: [], dtype: "int32", shared: true, draw: these([4]) },
      },
      build: ({ x, n }) => {
        const turn = (count: Node): Node => loop(count, { x: x! }, (c) => ({ x: c.x.mul(0.5).add(1) })).x;
        return { none: turn(constant(0, [], "int32")), one: turn(constant(1, [], "int32")), four: turn(n!) };
      },
    },
  ],
  carried: [
    {
      title: "carried values that swap, and one that nobody reads",
      operands: { a: { shape: [2], draw: ordinary }, b: { shape: [2], draw: ordinary } },
      build: ({ a, b }) => {
        const turned = loop(constant(3, [], "int32"), { a: a!, b: b!, c: a! }, (c) => ({
          a: c.b,
          b: c.a,
          c: c.c.exp(),
        }));
        return { a: turned.a, b: turned.b };
      },
    },
    {
      title: "one that takes another's old value, beside that one's new value",
      operands: { a: { shape: [2], draw: ordinary }, b: { shape: [2], draw: ordinary } },
      build: ({ a, b }) => {
        const turned = loop(constant(3, [], "int32"), { a: a!, b: b! }, (c) => ({ a: c.a.mul(0.5).add(c.b), b: c.a }));
        return { a: turned.a, b: turned.b };
      },
    },
  ],
};
