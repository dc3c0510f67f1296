import { describe, expect, it } from "vitest";
import type { Node, Operand } from "../../src/graph/node.ts";
import type { Distribution } from "../../src/model/distribution.ts";
import { evaluateAt } from "./numeric.ts";
import { seeded } from "./random.ts";
import { special } from "./special.ts";

/** What the law needs to know of a distribution. */
export interface DistributionRow {
  readonly name: string;
  /** Its parameters in the order of the table and of `examples`. */
  make(...parameters: readonly Operand[]): Distribution;
  /** The table of exact values in `special.json`, where there is one. */
  readonly table?: string;
  /** Parameters for everything else. */
  readonly examples: readonly (readonly number[])[];
  /** Relative error of the integral: more where the density has a kink. */
  readonly integralError?: number;
  /** Parameters that are whole numbers: no slope is asked for. */
  readonly whole?: readonly number[];
}

/** Every distribution keeps these promises. */
export function distributionLaw(row: DistributionRow): void {
  describe(row.name, () => {
    if (row.table !== undefined) exactValues(row, row.table);
    describe.each(row.examples.map((example) => ({ example })))("with parameters $example", ({ example }) => {
      slopes(row, example);
      if (row.make(...example).transform === undefined) wholeNumbers(row, example);
      else continuous(row, example);
    });
  });
}

function exactValues(row: DistributionRow, table: string): void {
  it.each(special(table))("has the exact density and slopes at $args", ({ args, lp, grad }) => {
    const at = evaluateAt(named(args), (nodes) => densityOf(row, nodes, args.length - 1));
    expect(error(at.value[0]!, lp, 1)).toBeLessThan(1e-13);
    const largest = Math.max(...grad.map(Math.abs));
    grad.forEach((slope, i) => {
      expect(error(at.gradient[`a${i}`]![0]!, slope, 1e-3 * largest), `slope ${i}`).toBeLessThan(1e-12);
    });
  });
}

/** Autodiff against central differences, in the value and in every parameter. */
function slopes(row: DistributionRow, example: readonly number[]): void {
  const discrete = row.make(...example).transform === undefined;
  it("has the slopes of finite differences", () => {
    const random = seeded(1);
    for (let repeat = 0; repeat < 20; repeat++) {
      const args = [row.make(...example).draw(random), ...example];
      const density = (values: readonly number[]) =>
        evaluateAt(named(values), (nodes) => densityOf(row, nodes, example.length));
      const { gradient } = density(args);
      args.forEach((arg, i) => {
        if ((i === 0 && discrete) || row.whole?.includes(i - 1) === true) return;
        const h = 1e-5 * Math.abs(arg) + 1e-9;
        const shifted = (by: number): number => density(args.with(i, arg + by)).value[0]!;
        const difference = (8 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12 * h);
        expect(error(gradient[`a${i}`]![0]!, difference, 1e-2), `slope ${i} at ${args}`).toBeLessThan(1e-5);
      });
    }
  });
}

function continuous(row: DistributionRow, example: readonly number[]): void {
  const distribution = row.make(...example);
  const { points, values, cumulative } = integrate(distribution);

  it("integrates to 1 over unconstrained space, Jacobian included", () => {
    expect(Math.abs(cumulative.at(-1)! - 1)).toBeLessThan(row.integralError ?? 1e-9);
  });

  it("draws from itself", () => {
    const random = seeded(7);
    const draws = Float64Array.from({ length: 20_000 }, () => distribution.draw(random)).sort();
    let distance = 0;
    let k = 0;
    for (let i = 0; i < points.length; i++) {
      while (k < draws.length && draws[k]! <= values[i]!) k++;
      distance = Math.max(distance, Math.abs(k / draws.length - cumulative[i]!));
    }
    // Kolmogorov–Smirnov: 1e-4 of right samplers are further away than 2.2 / √n.
    expect(distance).toBeLessThan(2.2 / Math.sqrt(draws.length));
    expect(draws.every((draw) => Number.isFinite(draw))).toBe(true);
  });

  it("keeps its log density and slope finite far out in unconstrained space", () => {
    const z = [-600, -100, -30, 0, 30];
    const at = evaluateAt({ z }, ({ z }) => onUnconstrained(distribution, z!));
    expect([...at.value].every(Number.isFinite), `log densities ${at.value}`).toBe(true);
    expect([...at.gradient["z"]!].every(Number.isFinite), `slopes ${at.gradient["z"]}`).toBe(true);
  });

  it("does so too where its parameters are nodes", () => {
    const z = [-600, -100, -30, 0, 30];
    const at = evaluateAt({ z, ...named(example) }, (nodes) => {
      const { transform, logDensity } = row.make(...example.map((_, i) => nodes[`a${i}`]!));
      const { value, logDetJacobian } = transform!.constrain(nodes["z"]!);
      return logDensity(value).add(logDetJacobian);
    });
    expect([...at.value].every(Number.isFinite), `log densities ${at.value}`).toBe(true);
    for (const [name, slopes] of Object.entries(at.gradient))
      expect([...slopes].every(Number.isFinite), `slopes in ${name}: ${slopes}`).toBe(true);
  });
}

function wholeNumbers(row: DistributionRow, example: readonly number[]): void {
  const distribution = row.make(...example);
  const values = Array.from({ length: 2000 }, (_, k) => k);
  const chances = [...evaluateAt({ k: values }, ({ k }) => distribution.logDensity(k!)).value].map((lp) =>
    Number.isNaN(lp) ? 0 : Math.exp(lp),
  );
  const support =
    example.length === 2 && row.name === "binomial" ? example[0]! + 1 : row.name === "bernoulli" ? 2 : 2000;

  it("sums to 1", () => {
    const total = chances.slice(0, support).reduce((a, b) => a + b, 0);
    expect(Math.abs(total - 1)).toBeLessThan(1e-10);
  });

  it("draws from itself", () => {
    const random = seeded(11);
    const n = 20_000;
    const counts = new Float64Array(support);
    for (let i = 0; i < n; i++) {
      const draw = distribution.draw(random);
      expect(draw < support && Number.isInteger(draw)).toBe(true);
      counts[draw]! += 1 / n;
    }
    let gap = 0;
    let distance = 0;
    counts.forEach((share, k) => {
      gap += share - chances[k]!;
      distance = Math.max(distance, Math.abs(gap));
    });
    expect(distance).toBeLessThan(2.2 / Math.sqrt(n));
  });
}

/** log p(x(z)) + log |dx/dz|, elementwise. */
function onUnconstrained(distribution: Distribution, z: Node): Node {
  const { value, logDetJacobian } = distribution.transform!.constrain(z);
  return distribution.logDensity(value).add(logDetJacobian);
}

/** The trapezoidal rule in u, z = sinh u: exponentially exact for smooth densities, however heavy their tails. */
function integrate(distribution: Distribution): {
  readonly points: readonly number[];
  readonly values: Float64Array;
  readonly cumulative: readonly number[];
} {
  const step = 0.002;
  const points = Array.from({ length: 20_001 }, (_, i) => (i - 10_000) * step);
  const z = points.map(Math.sinh);
  const { value } = evaluateAt({ z }, ({ z }) => onUnconstrained(distribution, z!));
  const { value: values } = evaluateAt({ z }, ({ z }) => distribution.transform!.constrain(z!).value);
  let total = 0;
  const cumulative = points.map((u, i) => {
    const mass = Math.exp(value[i]!) * Math.cosh(u) * step;
    total += mass;
    return total - mass / 2;
  });
  return { points, values, cumulative };
}

function densityOf(row: DistributionRow, nodes: Readonly<Record<string, Node>>, parameters: number): Node {
  return row.make(...Array.from({ length: parameters }, (_, i) => nodes[`a${i + 1}`]!)).logDensity(nodes["a0"]!);
}

function named(args: readonly number[]): Record<string, number> {
  return Object.fromEntries(args.map((arg, i) => [`a${i}`, arg]));
}

/** Relative, or absolute below `floor`. */
function error(actual: number, expected: number, floor: number): number {
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), floor);
}
