import { describe, expect, it } from "vitest";
import { constant, type Node } from "../../src/graph/node.ts";
import type { Transform } from "../../src/model/transform.ts";
import { between, lowerBound, upperBound } from "../../src/model/transforms/bounds.ts";
import { interval } from "../../src/model/transforms/interval.ts";
import { ordered, positiveOrdered } from "../../src/model/transforms/ordered.ts";
import { positiveReals } from "../../src/model/transforms/positive.ts";
import { realLine } from "../../src/model/transforms/real.ts";
import { evaluateAt } from "../laws/numeric.ts";

/** Points of three coordinates. */
const points = [
  [0, 0, 0],
  [0.3, -1.2, 2.1],
  [-4, 3.5, 0.01],
];

const transforms: readonly {
  readonly name: string;
  readonly transform: Transform;
  readonly inside: (x: number) => boolean;
}[] = [
  { name: "real", transform: realLine, inside: Number.isFinite },
  { name: "positive", transform: positiveReals, inside: (x) => x >= 0 },
  { name: "lower bound", transform: lowerBound(-2.5), inside: (x) => x >= -2.5 },
  { name: "upper bound", transform: upperBound(7), inside: (x) => x <= 7 },
  { name: "unit interval", transform: interval(0, 1), inside: (x) => x >= 0 && x <= 1 },
  { name: "interval", transform: interval(-3, 5), inside: (x) => x >= -3 && x <= 5 },
  { name: "interval with a node as bound", transform: interval(-3, constant(5)), inside: (x) => x >= -3 && x <= 5 },
  { name: "ordered", transform: ordered, inside: Number.isFinite },
  { name: "positive ordered", transform: positiveOrdered, inside: (x) => x >= 0 },
];

describe.each(transforms)("$name", ({ transform, inside }) => {
  const value = (z: readonly number[]): number[] => [
    ...evaluateAt({ z }, ({ z }) => transform.constrain(z!).value).value,
  ];
  const logJacobian = (z: readonly number[]) =>
    evaluateAt({ z }, ({ z }) => constant(new Float64Array(3)).add(transform.constrain(z!).logDetJacobian).sum());

  it.each(points)("gives back z at %d, %d, %d", (...z) => {
    const back = evaluateAt({ x: value(z) }, ({ x }) => transform.unconstrain(x!)).value;
    z.forEach((coordinate, i) => {
      expect(Math.abs(back[i]! - coordinate)).toBeLessThan(1e-12 * Math.max(1, Math.abs(coordinate)));
    });
    expect(value(z).every((x) => inside(x) && transform.contains(x))).toBe(true);
  });

  it.each(points)("has the Jacobian of finite differences at %d, %d, %d", (...z) => {
    const h = 1e-4;
    const columns = z.map((_, k) => {
      const at = (by: number): number[] => value(z.with(k, z[k]! + by));
      const [a, b, c, d] = [at(h), at(-h), at(2 * h), at(-2 * h)];
      return a!.map((x, i) => (8 * (x - b![i]!) - (c![i]! - d![i]!)) / (12 * h));
    });
    expect(Math.log(Math.abs(determinant(columns)))).toBeCloseTo(logJacobian(z).value[0]!, 8);
  });

  it("stays finite, and inside, far out", () => {
    for (const z of [
      [-700, -700, -700],
      [30, 30, 30],
      [-700, 30, -30],
    ]) {
      expect(value(z).every(inside), `values ${value(z)}`).toBe(true);
      const at = logJacobian(z);
      expect(Number.isFinite(at.value[0])).toBe(true);
      expect([...at.gradient["z"]!].every(Number.isFinite)).toBe(true);
    }
  });
});

describe("intervals", () => {
  it("cover their width: the Jacobian integrates to it", () => {
    const z = Array.from({ length: 8001 }, (_, i) => (i - 4000) * 0.01);
    const slopes = evaluateAt({ z }, ({ z }) => interval(-3, 5).constrain(z!).logDetJacobian.exp().mul(0.01)).value;
    expect(slopes.reduce((a, b) => a + b, 0)).toBeCloseTo(8, 10);
  });

  it("are chosen by their bounds", () => {
    expect(between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(realLine);
    expect(between(0, Number.POSITIVE_INFINITY)).toBe(positiveReals);
    expect(between(1, Number.POSITIVE_INFINITY).name).toBe("lowerBound");
    expect(between(Number.NEGATIVE_INFINITY, 1).name).toBe("upperBound");
    expect(between(0, 1).name).toBe("interval");
  });

  it("need lower < upper", () => {
    expect(() => interval(1, 1)).toThrow("An interval needs lower < upper; it was given 1 and 1.");
  });
});

describe("ordered vectors", () => {
  it("increase, and take one dimension", () => {
    const constrained = (z: number[]) => evaluateAt({ z }, ({ z }) => ordered.constrain(z!).value).value;
    expect([...constrained([1, 0, 0])]).toEqual([1, 2, 3]);
    const matrix: Node = constant(new Float64Array(4), [2, 2]);
    expect(() => ordered.constrain(matrix)).toThrow("An ordered parameter is a vector");
  });
});

function determinant(m: readonly (readonly number[])[]): number {
  const [[a, b, c], [d, e, f], [g, h, i]] = m as [
    [number, number, number],
    [number, number, number],
    [number, number, number],
  ];
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}
