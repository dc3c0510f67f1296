import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/draws.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { gradient } from "../../src/graph/autodiff.ts";
import { concat, constant, type Node } from "../../src/graph/node.ts";
import { program } from "../../src/graph/program.ts";
import { simplify } from "../../src/graph/simplify.ts";
import { agrees, close, type OpCase, outputsOf, programOf, valuesOf } from "./engine-compare.ts";
import { ordinary, positive, these } from "./engine-draws.ts";

const withSlopes = (density: Node, wrt: Readonly<Record<string, Node>>): Readonly<Record<string, Node>> => {
  const parts = gradient(density, Object.values(wrt));
  return { density, ...Object.fromEntries(Object.keys(wrt).map((name, i) => [`d${name}`, parts[i]!])) };
};

const tolerances = {
  ordered: false,
  float32: { relative: 2e-5, absolute: 2e-3 },
  float64: { relative: 1e-12, absolute: 1e-11 },
} as const;

const cases: readonly OpCase[] = [
  {
    ...tolerances,
    title: "a sparse logistic regression",
    operands: {
      z: { shape: [61], draw: (random) => random() - 0.5 },
      x: { shape: [569, 30], draw: (random) => random() - 0.5, shared: true },
      y: { shape: [569], draw: these([0, 1, 1, 0, 1]), shared: true },
    },
    build: ({ z, x, y }) => {
      const [tau, lambda, beta] = [z!.at(0).exp(), z!.slice(1, 31).exp(), z!.slice(31, 61)];
      const logits = x!.matvec(tau.mul(lambda).mul(beta));
      const prior = z!.slice(0, 31).mul(0.5).sub(z!.slice(0, 31).exp().mul(0.5)).sum();
      const likelihood = y!.mul(logits).sub(logits.softplus()).sum();
      return withSlopes(likelihood.add(prior).sub(beta.square().sum().mul(0.5)), { z: z! });
    },
  },
  {
    ...tolerances,
    title: "special functions of per-chain parameters",
    operands: {
      a: { shape: [], draw: positive },
      b: { shape: [5], draw: positive },
      c: { shape: [5], draw: ordinary },
    },
    build: ({ a, b, c }) => {
      const gamma = b!.log().mul(a!.sub(1)).sub(b!.mul(0.1)).sub(a!.lgamma()).sum();
      const normal = c!.div(b!).mul(0.25).normalCdf().log1p().add(c!.mul(0.2).tanh().erf()).sum();
      return withSlopes(gamma.add(normal).add(b!.sqrt().dot(c!.sigmoid())), { a: a!, b: b!, c: c! });
    },
  },
  {
    ...tolerances,
    title: "gather, scatterAdd, select, pow, the largest element",
    operands: { v: { shape: [4], draw: ordinary }, w: { shape: [6], draw: positive } },
    build: ({ v, w }) => {
      const group = constant([0, 3, 3, 1, 0, 0], [6], "int32");
      const fit = v!.gather(group).sub(w!.log());
      const tail = fit.lt(0).select(fit.square(), fit.exp().log1p()).sum();
      const spread = w!.pow(constant(0.3)).scatterAdd(group, 4).dot(v!.tanh());
      return withSlopes(tail.add(spread).add(concat([v!, fit]).logSumExp()), { v: v!, w: w! });
    },
  },
];

/** Densities with their gradients: as built against the reference, and simplified against themselves. */
export function gradientLaws(name: string, makeEngine: () => Engine, precision: Precision, sameBits: boolean): void {
  describe(`${name}, ${precision}: gradients`, () => {
    it.each(cases.map((one) => [one.title, one] as const))("of %s", async (_title, one) => {
      for (const chains of [1, 6]) await agrees(one, { engine: makeEngine(), precision, chains, sameBits });
    });
    it.each(cases.map((one) => [one.title, one] as const))("of %s, simplified", async (_title, one) => {
      const source = programOf(one);
      const values = valuesOf(one.operands, 4, precision);
      const simple = simplify(program(source.name, source.outputs, Object.values(source.inputs)));
      const [actual, expected] = [
        await outputsOf(makeEngine(), simple, values, precision, 4),
        await outputsOf(makeEngine(), source, values, precision, 4),
      ];
      for (const output of Object.keys(source.outputs))
        close(actual[output]!, expected[output]!, one[precision]!, precision, output);
    });
    it.each(cases.map((one) => [one.title, one] as const))("of %s, against differences", async (_title, one) => {
      const source = programOf(one);
      const values = valuesOf(one.operands, 1, precision);
      const at = await outputsOf(makeEngine(), source, values, precision, 1);
      const step = precision === "float32" ? 2 ** -7 : 2 ** -17;
      for (const output of Object.keys(at).filter((key) => key !== "density")) {
        const variable = output.slice(1);
        const direction = Array.from(at[output]!);
        const length = Math.hypot(...direction);
        const density = async (by: number): Promise<number> => {
          const moved = direction.map((slope, i) => values[variable]![i]! + (by * slope) / length);
          return (await outputsOf(makeEngine(), source, { ...values, [variable]: moved }, precision, 1))[
            "density"
          ]![0]!;
        };
        const difference = ((await density(step)) - (await density(-step))) / (2 * step);
        expect(Math.abs(difference / length - 1), output).toBeLessThan(precision === "float32" ? 2e-2 : 1e-6);
      }
    });
  });
}
