import { describe, expect, it } from "vitest";
import type { Numbers, Precision } from "../../src/draws.ts";
import type { Engine, Recorded, Roles } from "../../src/engine/engine.ts";
import { referenceEngine } from "../../src/engine/reference/engine.ts";
import { loop } from "../../src/graph/node.ts";
import type { Program } from "../../src/graph/program.ts";
import { close, type OpCase, programOf, runWith, type Values, valuesOf } from "./engine-compare.ts";
import { ordinary, positive, smallUint32 } from "./engine-draws.ts";

/** A transition in small: state carried, a step size and a number of steps scheduled, two outputs recorded. */
const transition: OpCase = {
  title: "transition",
  operands: {
    x: { shape: [3], draw: ordinary },
    total: { shape: [], draw: ordinary },
    count: { shape: [2], dtype: "uint32", draw: smallUint32 },
    decay: { shape: [], draw: positive, shared: true },
    bias: { shape: [3], draw: ordinary, shared: true },
    rate: { shape: [], draw: ordinary, shared: true },
    steps: { shape: [], dtype: "int32", draw: ordinary, shared: true },
  },
  build: ({ x, total, count, decay, bias, rate, steps }) => {
    const moved = loop(steps!, { x: x! }, (c) => ({ x: c.x.add(bias!.sub(c.x).mul(rate!)) })).x;
    const nextTotal = total!.add(moved.at(0)).mul(0.5);
    return {
      nextX: moved,
      nextTotal,
      nextCount: count!.add(moved.slice(0, 2).gt(0).convert("uint32")),
      nextDecay: decay!.mul(0.5),
      energy: moved.square().sum().mul(decay!),
      positive: moved.gt(0),
    };
  },
};

const roles: Roles = {
  carried: { nextX: "x", nextTotal: "total", nextCount: "count", nextDecay: "decay" },
  scheduled: ["rate", "steps"],
  recorded: ["nextX", "energy", "positive", "nextCount"],
};
const schedule = {
  rate: [0.5, 0.25, 0.125, 0.5, 0.75, 0.25, 0.5, 0.0625],
  steps: [1, 3, 0, 2, 5, 1, 4, 2],
} as const;

const tolerances = {
  float32: { relative: 1e-5, absolute: 1e-5 },
  float64: { relative: 1e-13, absolute: 1e-13 },
} as const;

/** Join blocks along the iteration axis. */
function joined(parts: readonly Recorded[], name: string, blocks: readonly number[], chains: number): number[] {
  return Array.from({ length: chains }, (_, chain) =>
    parts.flatMap((part, b) => {
      const size = part[name]!.length / chains / blocks[b]!;
      return Array.from(part[name]!.subarray(chain * blocks[b]! * size, (chain + 1) * blocks[b]! * size));
    }),
  ).flat();
}

export function roleLaws(name: string, makeEngine: () => Engine, precision: Precision): void {
  const source = programOf(transition);
  const { rate: _rate, steps: _steps, ...operands } = transition.operands;
  describe(`${name}, ${precision}: carried, scheduled and recorded`, () => {
    it.each([1, 5, 9])("agree with the reference over 8 iterations of %i chains", async (chains) => {
      const values = valuesOf(operands, chains, precision);
      const actual = await runWith(makeEngine(), source, values, { ...roles, precision, chains }, [8], schedule);
      const options = { ...roles, precision: "float64", chains } as const;
      const expected = await runWith(referenceEngine(), source, values, options, [8], schedule);
      const compare = (a: Readonly<Record<string, Numbers>>, e: Readonly<Record<string, Numbers>>): void => {
        expect(Object.keys(a).sort()).toEqual(Object.keys(e).sort());
        for (const [output, data] of Object.entries(e))
          close(a[output]!, data, tolerances[precision], precision, output);
      };
      compare(actual.recorded[0]!, expected.recorded[0]!);
      compare(actual.last, expected.last);
    });
    it.each([["5 3"], ["1 7"], ["3 0 5"], ["1 1 1 1 1 1 1 1"]])("bit for bit in blocks of %s", async (text) => {
      const blocks = text.split(" ").map(Number);
      const values = valuesOf(operands, 5, precision);
      const options = { ...roles, precision, chains: 5 };
      const whole = await runWith(makeEngine(), source, values, options, [8], schedule);
      const split = await runWith(makeEngine(), source, values, options, blocks, schedule);
      for (const output of roles.recorded!)
        expect(
          joined(
            split.recorded.filter((_, b) => blocks[b]! > 0),
            output,
            blocks.filter((n) => n > 0),
            5,
          ),
        ).toEqual(Array.from(whole.recorded[0]![output]!));
      expect(split.last).toEqual(whole.last);
    });
    kernelLaws(makeEngine, source, valuesOf(operands, 2, precision), precision);
  });
}

/** Writing, reading, refusing and freeing. */
function kernelLaws(makeEngine: () => Engine, source: Program, values: Values, precision: Precision): void {
  const chains = 2;
  const started = async () => {
    const kernel = await makeEngine().compile(source, { ...roles, precision, chains });
    for (const [input, data] of Object.entries(values)) kernel.write(input, data);
    return kernel;
  };
  const one = { rate: [0.5], steps: [2] };
  it("reads a carried value as written, then as carried, and writes over it", async () => {
    const kernel = await started();
    expect(Array.from(await kernel.read("x"))).toEqual(values["x"]);
    expect(Array.from(await kernel.read("decay"))).toEqual(values["decay"]);
    await kernel.run(1, one);
    expect(await kernel.read("x")).toEqual(await kernel.read("nextX"));
    const first = await kernel.read("x");
    kernel.write("x", values["x"]!);
    kernel.write("decay", values["decay"]!);
    await kernel.run(1, one);
    expect(await kernel.read("x")).toEqual(first);
    kernel.dispose();
  });
  it("reads copies, and gives recorded arrays that a later run leaves alone", async () => {
    const kernel = await started();
    const before = await kernel.read("x");
    const { nextX } = await kernel.run(1, one);
    const kept = Array.from(nextX!);
    await kernel.run(1, one);
    expect(Array.from(before)).toEqual(values["x"]);
    expect(Array.from(nextX!)).toEqual(kept);
    kernel.dispose();
  });
  it("gives what is asked of the records, as it gives it among all, and goes on as after all", async () => {
    const [all, some] = [await started(), await started()];
    for (let turn = 0; turn < 2; turn++) {
      const { energy, positive } = await all.run(1, one);
      expect(await some.run(1, one, ["positive", "energy"])).toMatchObject({ energy, positive });
    }
    expect(await some.read("x")).toEqual(await all.read("x"));
    for (const kernel of [all, some]) kernel.dispose();
  });
  it("keeps two kernels apart", async () => {
    const [a, b] = [await started(), await started()];
    await a.run(3, { rate: [0.5, 0.5, 0.5], steps: [1, 1, 1] });
    expect(Array.from(await b.read("x"))).toEqual(values["x"]);
    a.dispose();
    await b.run(1, one);
    b.dispose();
  });
  it("refuses wrong names and lengths", async () => {
    const kernel = await started();
    expect(() => kernel.write("x", [1, 2, 3])).toThrow(RangeError);
    expect(() => kernel.write("decay", [1, 2])).toThrow(RangeError);
    expect(() => kernel.write("nonesuch", [1])).toThrow(/nonesuch/);
    await expect((async () => kernel.read("nonesuch"))()).rejects.toThrow(/nonesuch/);
    await expect((async () => kernel.run(2, one))()).rejects.toThrow(/rate/);
    await expect((async () => kernel.run(1, { rate: [1] }))()).rejects.toThrow(/steps/);
    kernel.dispose();
  });
  it("refuses roles that do not fit the program", async () => {
    const compile = async (bad: Roles, n = chains) => makeEngine().compile(source, { ...bad, precision, chains: n });
    await expect(compile({ carried: { nonesuch: "x" } })).rejects.toThrow(/nonesuch/);
    await expect(compile({ carried: { nextX: "nonesuch" } })).rejects.toThrow(/nonesuch/);
    await expect(compile({ carried: { nextX: "total" } })).rejects.toThrow(/nextX/);
    await expect(compile({ carried: { nextTotal: "decay" } })).rejects.toThrow(/decay/);
    await expect(compile({ scheduled: ["bias"] })).rejects.toThrow(/bias/);
    await expect(compile({ recorded: ["nextDecay"] })).rejects.toThrow(/nextDecay/);
    await expect(compile({}, 0)).rejects.toThrow(/chains/);
    await expect(compile({}, 1.5)).rejects.toThrow(/chains/);
  });
  it("frees twice, and does nothing afterwards", async () => {
    const kernel = await started();
    kernel.dispose();
    kernel.dispose();
    await expect((async () => kernel.run(1, one))()).rejects.toThrow();
    expect(() => kernel.write("x", values["x"]!)).toThrow();
  });
}
