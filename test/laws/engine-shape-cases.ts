import { concat, constant, loop, make, type Node, stack } from "../../src/graph/node.ts";
import type { DType, OpName } from "../../src/graph/types.ts";
import type { OpCase, Operand, Tolerance } from "./engine-compare.ts";
import { anyBool, anyInt32, anyUint32, halfToTwo, indexBelow, ordinary, these } from "./engine-draws.ts";

type Scale = (scale: number) => { readonly float32: Tolerance };
type Cases<O extends OpName> = { readonly [K in O]: readonly OpCase[] };

const x = (shape: readonly number[], shared = false): Operand => ({ shape, shared, draw: ordinary });
const typed: readonly Operand[] = [
  { shape: [3, 4], draw: ordinary },
  { shape: [3, 4], draw: ordinary, shared: true },
  { shape: [3, 4], dtype: "int32", draw: anyInt32 },
  { shape: [3, 4], dtype: "uint32", draw: anyUint32 },
  { shape: [3, 4], dtype: "bool", draw: anyBool },
];
const describeOperand = ({ dtype = "float", shared }: Operand): string => `${shared ? "shared " : ""}${dtype as DType}`;
/** One case a dtype, of values `[3, 4]`. */
const everyType = (title: string, build: (a: Node) => Readonly<Record<string, Node>>): OpCase[] =>
  typed.map((operand) => ({
    title: `${title}, ${describeOperand(operand)}`,
    operands: { a: operand },
    build: ({ a }) => build(a!),
  }));

export const shapeCases: Cases<"broadcast" | "reshape" | "transpose" | "slice" | "concat"> = {
  broadcast: [
    ...everyType("broadcast to new axes", (a) => ({
      front: make("broadcast", [a], { shape: [2, 3, 4], axes: [1, 2] }),
      middle: make("broadcast", [a], { shape: [3, 5, 4], axes: [0, 2] }),
      back: make("broadcast", [a], { shape: [3, 4, 3], axes: [0, 1] }),
      both: make("broadcast", [a.slice(0, 1).reshape([4])], { shape: [2, 4, 7], axes: [1] }),
    })),
    {
      title: "operands that broadcast together",
      operands: { s: x([]), v: x([4]), m: x([3, 4]), column: x([3, 1]), shared: x([4], true), one: x([], true) },
      build: ({ s, v, m, column, shared, one }) => ({
        scalarVector: s!.add(v!),
        vectorScalar: v!.sub(s!),
        sharedScalar: one!.mul(v!),
        sharedVector: shared!.mul(s!),
        rows: m!.mul(v!),
        outer: column!.mul(v!),
        outerShared: column!.add(shared!),
        all: m!.add(column!).mul(s!).sub(shared!).max(one!),
      }),
    },
    {
      title: "broadcast to a long vector",
      operands: { s: x([]), one: x([], true), v: x([1]) },
      build: ({ s, one, v }) => ({
        a: s!.broadcastTo([569]),
        b: one!.broadcastTo([569]),
        c: v!.broadcastTo([30]),
        d: constant(2.5).broadcastTo([7]),
      }),
    },
  ],
  reshape: everyType("reshape", (a) => ({
    flat: a.reshape([12]),
    other: a.reshape([2, 2, 3]),
    there: a.reshape([12]).reshape([4, 3]),
    element: a.at(1).at(2),
  })),
  transpose: [
    ...everyType("transpose", (a) => ({
      t: a.transpose(),
      same: a.transpose([0, 1]),
      again: a.transpose().transpose(),
    })),
    {
      title: "transpose of three axes",
      operands: { a: x([2, 3, 4]), b: x([2, 3, 4], true) },
      build: ({ a, b }) => ({ a: a!.transpose([1, 2, 0]), b: b!.transpose([2, 0, 1]), c: a!.transpose([0, 2, 1]) }),
    },
  ],
  slice: [
    ...everyType("slice", (a) => ({
      rows: a.slice(1, 3),
      columns: a.slice(1, 3, 1),
      one: a.slice(2, 3),
      all: a.slice(0, 4, 1),
      twice: a.slice(1, 3).slice(1, 4, 1),
    })),
    {
      title: "slices of a long vector",
      operands: { z: x([61]) },
      build: ({ z }) => ({ a: z!.at(0), b: z!.slice(1, 31), c: z!.slice(31, 61), none: z!.slice(5, 5).sum() }),
    },
  ],
  concat: [
    ...everyType("concat", (a) => ({
      rows: concat([a, a.slice(0, 1), a.slice(1, 2)]),
      columns: concat([a.slice(3, 4, 1), a, a.slice(0, 2, 1)], 1),
      stacked: stack([a, a]),
    })),
    {
      title: "concat of shared and per-chain parts",
      operands: { s: x([]), v: x([5]), shared: x([3], true) },
      build: ({ s, v, shared }) => ({
        a: concat([s!.reshape([1]), v!, shared!, constant([1, 2])]),
        b: concat([shared!, s!.reshape([1]), shared!.exp()]),
        c: concat([shared!, constant([1, 2])]),
      }),
    },
  ],
};

const indices = (k: number, n: number): Operand => ({ shape: [k], dtype: "int32", shared: true, draw: indexBelow(n) });

export const indexCases: Cases<"gather" | "scatterAdd"> = {
  gather: [
    ...typed.map(
      (operand): OpCase => ({
        title: `gather rows, ${describeOperand(operand)}`,
        operands: { a: operand, i: indices(10, 3) },
        build: ({ a, i }) => ({ rows: a!.gather(i!), column: a!.slice(1, 2, 1).reshape([3]).gather(i!) }),
      }),
    ),
    {
      title: "gather by a constant, with repeats",
      operands: { v: x([8]), shared: x([8], true) },
      build: ({ v, shared }) => {
        const at = constant([0, 7, 3, 3, 3, 1, 0, 5, 6, 7], [10], "int32");
        return { v: v!.gather(at), shared: shared!.gather(at) };
      },
    },
  ],
  scatterAdd: [
    {
      title: "scatterAdd with repeats and gaps",
      operands: {
        v: x([10]),
        shared: x([10], true),
        m: x([10, 3]),
        i: { ...indices(10, 6), draw: these([5, 0, 5, 2]) },
      },
      build: ({ v, shared, m, i }) => ({
        v: v!.scatterAdd(i!, 6),
        shared: shared!.scatterAdd(i!, 9),
        m: m!.scatterAdd(i!, 6),
        constant: v!.scatterAdd(constant([0, 1, 2, 3, 4, 4, 3, 2, 1, 0], [10], "int32"), 5),
      }),
      ordered: false,
      float32: { relative: 1e-6, absolute: 1e-5 },
    },
    {
      title: "scatterAdd where indices are computed, once and turn by turn",
      operands: { v: x([3]), i: indices(3, 3) },
      build: ({ v, i }) => {
        const start = { x: v!.sum().mul(0).broadcastTo([4]) };
        const turned = loop(constant(3, [], "int32"), start, (c, turn) => ({
          x: c.x.add(v!.scatterAdd(i!.mul(0).add(turn).add(1), 4)),
        }));
        return { once: v!.scatterAdd(i!.add(1), 4), turned: turned.x };
      },
      ordered: false,
      float32: { relative: 1e-6, absolute: 1e-5 },
    },
  ],
};

export function reductionCases(around: Scale): Cases<"sum" | "reduceMax" | "logProduct"> {
  const long: OpCase["operands"] = {
    one: x([1]),
    five: x([5]),
    long: x([569]),
    m: x([3, 4]),
    cube: x([2, 3, 5]),
    shared: x([569], true),
    int: { shape: [3, 4], dtype: "int32", draw: anyInt32 },
  };
  const build =
    (op: "sum" | "reduceMax"): OpCase["build"] =>
    ({ one, five, long, m, cube, shared, int }) => ({
      one: one![op](),
      five: five![op](),
      long: long![op](),
      all: m![op](),
      rows: m![op](0),
      columns: m![op](1),
      first: cube![op](0),
      middle: cube![op](1),
      outer: cube![op](0, 2),
      last: cube![op](2),
      shared: shared![op](),
      int: int![op](1),
      intAll: int![op](),
    });
  return {
    sum: [
      { title: "sum over axes", operands: long, build: build("sum"), ordered: false, ...around(569) },
      {
        title: "sums of expressions",
        operands: { a: x([569]), b: x([569]), s: x([]) },
        build: ({ a, b, s }) => ({ dot: a!.dot(b!), expression: a!.mul(s!).sub(b!.exp()).sum(), mean: a!.mean() }),
        ordered: false,
        ...around(2000),
      },
    ],
    reduceMax: [
      { title: "largest over axes", operands: long, build: build("reduceMax") },
      {
        title: "over nothing, beside what is something",
        operands: { a: x([3]), b: x([3]) },
        build: ({ a, b }) => ({ a: a!.slice(1, 1).sum(), most: b!.slice(0, 0).reduceMax(), rest: a!.add(b!) }),
      },
      {
        title: "log Σ exp",
        operands: { a: x([30]), big: { shape: [5], draw: (random) => 1000 * random() } },
        build: ({ a, big }) => ({ a: a!.logSumExp(), big: big!.logSumExp() }),
        ordered: false,
        ...around(10),
      },
    ],
    logProduct: [
      {
        title: "log Π over all elements, in blocks of 64",
        operands: Object.fromEntries(
          [[], [1], [5], [64], [65], [569], [3, 4]].map((shape, i) => [`v${i}`, { shape, draw: halfToTwo }]),
        ),
        build: (inputs) =>
          Object.fromEntries(Object.entries(inputs).map(([name, v]) => [name, make("logProduct", [v], {})])),
        ...around(10),
      },
      {
        title: "Σ of softplus and log sigmoid among other terms",
        operands: { a: x([569]), b: x([569]), s: x([]) },
        build: ({ a, b, s }) => ({
          one: a!.softplus().sum(),
          terms: b!.mul(a!).sub(a!.softplus()).sum(),
          two: a!.mul(5).logSigmoid().add(b!.softplus()).neg().sum(),
          both: a!.softplus().sum().add(a!.sigmoid().dot(b!)).mul(s!),
        }),
        ordered: false,
        ...around(2000),
      },
    ],
  };
}

export function matvecCases(around: Scale): readonly OpCase[] {
  const sizes = [
    ...([
      [1, 1],
      [3, 7],
      [7, 3],
      [70, 1],
      [1, 70],
      [65, 9],
      [569, 30],
    ] as const),
  ] satisfies readonly (readonly [number, number])[];
  return sizes.flatMap(([n, d]): OpCase[] => [
    {
      title: `matvec ${n} × ${d}, matrix as an input`,
      operands: { m: x([n, d], true), v: x([d]), w: x([n]), sv: x([d], true), sw: x([n], true) },
      build: ({ m, v, w, sv, sw }) => ({
        forward: m!.matvec(v!),
        backward: m!.transposedMatvec(w!),
        sharedForward: m!.matvec(sv!),
        sharedBackward: m!.transposedMatvec(sw!),
      }),
      ordered: false,
      ...around(8 * Math.max(n, d)),
    },
    {
      title: `matvec ${n} × ${d}, a constant matrix, there and back`,
      operands: { v: x([d]) },
      build: ({ v }) => {
        const matrix = constant(
          Array.from({ length: n * d }, (_, i) => Math.fround(Math.sin(i + 1))),
          [n, d],
        );
        const logits = matrix.matvec(v!);
        return { forward: logits, gradient: matrix.transposedMatvec(logits.sigmoid().sub(0.5)) };
      },
      ordered: false,
      ...around(4 * Math.max(n, d)),
    },
  ]);
}
