import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/draws.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { constant, loop, type Node, stack } from "../../src/graph/node.ts";
import { agrees, close, type OpCase, outputsOf, programOf, type Values, valuesOf } from "./engine-compare.ts";
import { anyUint32, ordinary, positive, these } from "./engine-draws.ts";

const rotations = [13, 15, 26, 6, 17, 29, 16, 24];

/** Threefry2x32, 20 rounds [Salmon et al. 2011], written out. */
function threefry(key: readonly [Node, Node], counter: readonly [Node, Node]): [Node, Node] {
  const schedule = [key[0], key[1], key[0].xor(key[1]).xor(0x1bd11bda)];
  let [a, b] = [counter[0].add(key[0]), counter[1].add(key[1])];
  for (let round = 0; round < 20; round++) {
    a = a.add(b);
    b = b.rotateLeft(rotations[round % 8]!).xor(a);
    if (round % 4 < 3) continue;
    const injection = (round + 1) / 4;
    a = a.add(schedule[injection % 3]!);
    b = b.add(schedule[(injection + 1) % 3]!.add(injection));
  }
  return [a, b];
}

/** A little of everything, as a model's density would use it; the chain's results must not depend on its neighbours. */
const mixture: OpCase = {
  title: "a mixture of ops",
  operands: {
    z: { shape: [61], draw: ordinary },
    scale: { shape: [], draw: positive, shared: true },
    y: { shape: [70], draw: these([0, 1, 1, 0, 1]), shared: true },
    x: { shape: [70, 30], draw: ordinary, shared: true },
    key: { shape: [2], dtype: "uint32", draw: anyUint32 },
    steps: { shape: [], dtype: "int32", draw: these([3]), shared: true },
  },
  build: ({ z, scale, y, x, key, steps }) => {
    const coefficient = z!.at(0).exp().mul(z!.slice(1, 31).mul(0.25).exp()).mul(z!.slice(31, 61)).mul(scale!);
    const logits = x!.matvec(coefficient.mul(0.01));
    const density = y!.dot(logits).sub(logits.softplus().sum()).sub(z!.square().sum().mul(0.5));
    const pull = x!.transposedMatvec(y!.sub(logits.sigmoid())).mul(0.01);
    const { p } = loop(steps!, { p: pull }, (c) => ({ p: c.p.mul(0.5).add(coefficient.tanh()) }));
    const [hi, lo] = threefry([key!.at(0), key!.at(1)], [constant(0, [], "uint32"), constant(7, [], "uint32")]);
    return { density, pull, p, bits: stack([hi, lo]), word: hi.xor(lo), up: density.gt(0), uniform: hi.toFloat() };
  },
  ordered: false,
  float32: { relative: 1e-5, absolute: 2e-2 },
  float64: { relative: 1e-12, absolute: 1e-11 },
};

const count: OpCase["operands"][string] = { shape: [], dtype: "int32", shared: true, draw: these([3]) };
const loops: readonly OpCase[] = [
  {
    title: "nested loops; the inner one captures the outer's carried values and index",
    operands: { x: { shape: [4], draw: ordinary }, n: count },
    build: ({ x, n }) => {
      const outer = loop(n!, { sum: x!, last: x!.sum() }, (c, i) => {
        const inner = loop(i.add(1), { v: c.sum }, (d, j) => ({ v: d.v.add(c.last).mul(0.5).add(j.add(i).toFloat()) }));
        return { sum: inner.v, last: c.last.add(inner.v.at(1)).tanh() };
      });
      return { sum: outer.sum, last: outer.last };
    },
    ordered: false,
    float32: { relative: 1e-5, absolute: 1e-5 },
  },
  {
    title: "shared and per-chain values carried together",
    operands: { x: { shape: [3], draw: ordinary }, s: { shape: [], draw: positive, shared: true }, n: count },
    build: ({ x, s, n }) => {
      const done = loop(n!, { x: x!, s: s! }, (c) => ({ x: c.x.mul(c.s), s: c.s.mul(0.5) }));
      return { x: done.x, s: done.s, later: done.s.add(x!) };
    },
    float32: { relative: 1e-6, absolute: 0 },
  },
  {
    title: "a loop of shared values alone, and results that are captured or unchanged",
    operands: { x: { shape: [3], draw: ordinary }, s: { shape: [2], draw: positive, shared: true }, n: count },
    build: ({ x, s, n }) => {
      const shared = loop(n!, { s: s! }, (c, i) => ({ s: c.s.add(i.toFloat()) }));
      const kept = loop(n!, { x: x!, y: x!, z: s!.perChain() }, (c) => ({ x: c.x, y: x!.exp(), z: s! }));
      return { s: shared.s, x: kept.x, y: kept.y, z: kept.z };
    },
  },
  {
    title: "no turn keeps the start, also for a negative count",
    operands: { x: { shape: [3], draw: ordinary }, n: { ...count, draw: these([-2]) } },
    build: ({ x, n }) => ({
      ...loop(n!, { a: x! }, (c) => ({ a: c.a.exp() })),
      b: loop(constant(0, [], "int32"), { b: x!.neg() }, (c) => ({ b: c.b.exp() })).b,
    }),
  },
  {
    title: "integers and bools carried",
    operands: { k: { shape: [2], dtype: "uint32", draw: anyUint32 }, n: count },
    build: ({ k, n }) => {
      const done = loop(n!, { k: k!, odd: k!.lt(5) }, (c, i) => ({
        k: c.k.mul(1664525).add(1013904223).xor(i.convert("uint32")),
        odd: c.odd.xor(c.k.shiftRight(31).eq(1)),
      }));
      return { k: done.k, odd: done.odd };
    },
  },
];

const others: readonly OpCase[] = [
  {
    title: "threefry2x32",
    operands: {
      key: { shape: [2], dtype: "uint32", draw: anyUint32 },
      n: { shape: [9], dtype: "uint32", draw: anyUint32 },
    },
    build: ({ key, n }) => {
      const at = (i: number): Node => key!.at(i).broadcastTo([9]);
      const [hi, lo] = threefry([at(0), at(1)], [constant(0, [], "uint32").broadcastTo([9]), n!]);
      return {
        hi,
        lo,
        uniform: hi
          .shiftRight(8)
          .toFloat()
          .mul(2 ** -24),
      };
    },
  },
  {
    title: "select drops NaN and infinity of the branch that is not taken",
    operands: { x: { shape: [8], draw: these([-1, 0, 1, 4, -0, -9, 2, 16]) } },
    build: ({ x }) => ({
      root: x!.lt(0).select(0, x!.sqrt()),
      log: x!.le(0).select(x!, x!.log()),
      ratio: x!.eq(0).select(7, x!.reciprocal()),
      finite: x!.reciprocal().isFinite(),
    }),
  },
  {
    title: "one node as two outputs; bool, int32 and uint32 outputs; shared outputs",
    operands: { x: { shape: [5], draw: ordinary }, s: { shape: [], draw: ordinary, shared: true } },
    build: ({ x, s }) => {
      const twice = x!.exp();
      const shared = s!.mul(2).add(1);
      return {
        ...{ a: twice, b: twice, c: twice.neg(), shared, again: shared, spread: shared.perChain() },
        ...{ bool: x!.lt(s!), int32: x!.convert("int32"), uint32: x!.abs().convert("uint32"), sharedBool: s!.lt(0) },
      };
    },
  },
  {
    title: "a program of shared values alone",
    operands: { s: { shape: [3], draw: ordinary, shared: true } },
    build: ({ s }) => ({ a: s!.exp(), b: s!.sum(), c: constant(3) }),
    ordered: false,
    float32: { relative: 1e-6, absolute: 1e-5 },
  },
];

export function programLaws(name: string, makeEngine: () => Engine, precision: Precision, sameBits: boolean): void {
  const on = (chains: number) => ({ engine: makeEngine(), precision, chains, sameBits });
  describe(`${name}, ${precision}: programs`, () => {
    it.each([...loops, ...others].map((one) => [one.title, one] as const))("%s", async (_title, one) => {
      for (const chains of [1, 5, 9]) await agrees(one, on(chains));
    });
    it.each([1, 2, 3, 4, 5, 8, 9, 64])("a mixture of ops for %i chains", (chains) => agrees(mixture, on(chains)));
  });
  describe(`${name}, ${precision}: a chain does not depend on its batch`, () => {
    independenceLaw(makeEngine, precision);
  });
}

function independenceLaw(makeEngine: () => Engine, precision: Precision): void {
  const source = programOf(mixture);
  const chains = 9;
  const values = valuesOf(mixture.operands, chains, precision);
  const of = (data: ArrayLike<number>, size: number, chain: number): number[] =>
    Array.from({ length: size }, (_, i) => data[chain * size + i]!);
  /** The same values with chain `order[c]` in place c. */
  const arranged = (order: readonly number[]): Values =>
    Object.fromEntries(
      Object.entries(source.inputs).map(([name, node]) => [
        name,
        node.shared ? values[name]! : order.flatMap((chain) => of(values[name]!, node.size, chain)),
      ]),
    );
  const orders: readonly (readonly number[])[] = [[0], [4], [8], [8, 7, 6, 5, 4, 3, 2, 1, 0], [3, 3, 3, 0, 1], [1, 5]];
  it.each(orders.map((order) => [order.join(" ")] as const))("bit for bit: chains %s", async (text) => {
    const order = text.split(" ").map(Number);
    const together = await outputsOf(makeEngine(), source, values, precision, chains);
    const apart = await outputsOf(makeEngine(), source, arranged(order), precision, order.length);
    for (const [output, node] of Object.entries(source.outputs))
      order.forEach((chain, c) => {
        const expected = of(together[output]!, node.size, chain);
        close(of(apart[output]!, node.size, c), expected, undefined, precision, `${output} of chain ${chain}`);
      });
  });
  it("bit for bit: a neighbour of NaN and infinity", async () => {
    const poisoned = { ...arranged([0, 1, 2]), z: Array.from({ length: 183 }, (_, i) => values["z"]![i]!) };
    poisoned.z.fill(Number.NaN, 61, 90).fill(Number.POSITIVE_INFINITY, 90, 122);
    const alone = await outputsOf(makeEngine(), source, arranged([0]), precision, 1);
    const beside = await outputsOf(makeEngine(), source, poisoned, precision, 3);
    expect(beside["density"]![1]).toBeNaN();
    for (const [output, node] of Object.entries(source.outputs))
      close(of(beside[output]!, node.size, 0), alone[output]!, undefined, precision, output);
  });
}
