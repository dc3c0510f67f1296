import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/draws.ts";
import type { Engine, Kernel } from "../../src/engine/engine.ts";
import { constant, input, type Node } from "../../src/graph/node.ts";
import { type Program, program } from "../../src/graph/program.ts";
import { sizeOf } from "../../src/graph/shape.ts";
import { halfCauchy } from "../../src/model/distributions/halfCauchy.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { evaluate } from "../../src/sampler/leapfrog.ts";
import { grow, mapTree, plant, treeInputs, treeTypes } from "../../src/sampler/nuts/tree.ts";
import type { Target } from "../../src/sampler/target.ts";

type Scalar = number | string;

interface Doubling {
  readonly direction: 1 | -1;
  readonly leapfrogs_total: number;
  readonly subtree_turning: boolean | null;
  readonly subtree_diverging: boolean;
  readonly tree_turning: boolean | null;
  readonly z_left: readonly number[];
  readonly r_left: readonly number[];
  readonly z_right: readonly number[];
  readonly r_right: readonly number[];
  readonly r_sum: readonly number[];
  readonly log_sum_weight: number;
  readonly sum_accept_prob: number;
}

interface Case {
  readonly target: string;
  readonly z: readonly number[];
  readonly momentum: readonly number[];
  readonly step_size: number;
  readonly inverse_mass: readonly number[];
  readonly max_depth: number;
  readonly directions: readonly (1 | -1)[];
  readonly log_prob: number;
  readonly energy: number;
  readonly depth: number;
  readonly leapfrogs: number;
  readonly turning: boolean | null;
  readonly diverging: boolean;
  readonly doublings: readonly Doubling[];
  readonly leaf_energy_error_in_order: readonly Scalar[];
}

const { cases } = JSON.parse(readFileSync(new URL("../reference/nuts/trees.json", import.meta.url), "utf8")) as {
  readonly cases: readonly Case[];
};

const y = constant([28, 8, -3, 7, -1, 1, 18, 12]);
const sigma = constant([15, 10, 16, 11, 9, 11, 10, 18]);

function eightSchools(isCentred: boolean): (z: Node) => Node {
  return (z) => {
    const [mu, logTau, rest] = [z.at(0), z.at(1), z.slice(2, 10)];
    const tau = logTau.exp();
    const priors = normal(0, 5).logDensity(mu).add(halfCauchy(5).logDensity(tau)).add(logTau);
    const prior = isCentred ? normal(mu, tau) : normal(0, 1);
    const theta = isCentred ? rest : mu.add(tau.mul(rest));
    return priors.add(prior.logDensity(rest).sum()).add(normal(theta, sigma).logDensity(y).sum());
  };
}

/** The inverse of [[1, 0.6], [0.6, 2]]. */
const precision = constant(
  [2, -0.6, -0.6, 1].map((x) => x / 1.64),
  [2, 2],
);

const densities: Readonly<Record<string, (z: Node) => Node>> = {
  gauss2d: (z) => precision.matvec(z).dot(z).mul(-0.5),
  standard2d: (z) => z.dot(z).mul(-0.5),
  eight_schools_noncentered: eightSchools(false),
  eight_schools_centered: eightSchools(true),
};

/** One leaf an iteration, in directions that are given: `is_first` starts the tree. */
function treeProgram(target: Target, maxDepth: number): Program {
  const D = target.dimension;
  const vector = { dtype: "float", shape: [D] } as const;
  const z = input("z", vector);
  const momentum = input("momentum", vector);
  const stepSize = input("step_size", { dtype: "float", shape: [], shared: true });
  const inverseMass = input("inverse_mass", { ...vector, shared: true });
  const directions = input("directions", { dtype: "uint32", shape: [maxDepth + 1] });
  const isFirst = input("is_first", { dtype: "uint32", shape: [], shared: true }).eq(1);
  const carried = treeInputs("", D, maxDepth);
  const forwardAt = (depth: Node | number): Node => {
    const all = Array.from({ length: maxDepth + 1 }, (_, i) => i);
    const at = constant(all, [maxDepth + 1], "uint32").eq(depth);
    return at.and(directions.eq(1)).select(1, constant(0)).sum().gt(0);
  };
  const { logDensity, gradient: g } = evaluate(target, z);
  const planted = plant(carried, isFirst, { z, momentum, logDensity, g, isForward: forwardAt(0) }, inverseMass);
  const settings = { stepSize, inverseMass, maxDepth };
  const half = constant(0.5).perChain();
  const choices = { leaf: half, doubling: half, isNextForward: forwardAt(planted.depth.add(1)) };
  return program("tree", { ...grow(target, planted, choices, settings) });
}

const batch = 3;

async function treeKernel(engine: Engine, one: Case, floats: Precision): Promise<Kernel> {
  const D = one.z.length;
  const name = one.target;
  const target: Target = { name, dimension: D, logDensity: densities[name]!, values: (z) => ({ z }) };
  const types = treeTypes(D, one.max_depth);
  const kernel = await engine.compile(treeProgram(target, one.max_depth), {
    precision: floats,
    chains: batch,
    carried: mapTree(types, (_, field) => field),
    scheduled: ["is_first"],
  });
  mapTree(types, ({ shape }, field) => kernel.write(field, new Float64Array(batch * sizeOf(shape))));
  // The case is one chain of three; the others start elsewhere.
  const beside = (values: readonly number[], shift: number): number[] => [
    ...values.map((x) => x + shift),
    ...values,
    ...values.map((x) => x - shift),
  ];
  kernel.write("z", beside(one.z, 0.1));
  kernel.write("momentum", beside(one.momentum, 0.3));
  kernel.write("step_size", [one.step_size]);
  kernel.write("inverse_mass", one.inverse_mass);
  const directions = [...one.directions, 1].slice(0, one.max_depth + 1);
  kernel.write("directions", new Array(batch).fill(directions.map((direction) => (direction === 1 ? 1 : 0))).flat());
  return kernel;
}

/** The fields of the tree that stands in the middle, by name. */
async function middle(kernel: Kernel, one: Case): Promise<Readonly<Record<string, readonly number[]>>> {
  const found: Record<string, readonly number[]> = {};
  for (const name of Object.keys(treeTypes(one.z.length, one.max_depth))) {
    const all = [...(await kernel.read(name))];
    found[name] = all.slice(all.length / batch, (2 * all.length) / batch);
  }
  return found;
}

async function follow(engine: Engine, one: Case, floats: Precision, tolerance: number): Promise<void> {
  const kernel = await treeKernel(engine, one, floats);
  let steps = 0;
  for (const [d, doubling] of one.doublings.entries()) {
    for (; steps < doubling.leapfrogs_total; steps++) await kernel.run(1, { is_first: [steps === 0 ? 1 : 0] });
    const tree = await middle(kernel, one);
    const isLast = d + 1 === one.doublings.length;
    expect(tree["steps"]).toEqual([doubling.leapfrogs_total]);
    expect(tree["depth"]).toEqual([d + 1]);
    expect(tree["is_finished"]).toEqual([isLast ? 1 : 0]);
    expect(tree["is_diverging"]).toEqual([doubling.subtree_diverging ? 1 : 0]);
    if (doubling.tree_turning !== null) expect(tree["is_turning"]).toEqual([doubling.tree_turning ? 1 : 0]);
    checkNumbers(tree, one, doubling, tolerance);
  }
  // What a finished tree tells stays as it is.
  const finished = await middle(kernel, one);
  await kernel.run(5, { is_first: [0, 0, 0, 0, 0] });
  const later = await middle(kernel, one);
  for (const name of ["proposal_z", "proposal_g", "proposal_energy", "steps", "depth", "is_turning", "sum_acceptance"])
    expect(later[name], name).toEqual(finished[name]);
  kernel.dispose();
}

function checkNumbers(
  tree: Readonly<Record<string, readonly number[]>>,
  one: Case,
  doubling: Doubling,
  tolerance: number,
): void {
  // The ends as the next doubling takes them: the moving one lies where that goes.
  const isForward = tree["is_forward"]![0] === 1;
  const [right, left] = isForward ? ["moving", "other"] : ["other", "moving"];
  close(tree[`${left}_z`]!, doubling.z_left, tolerance);
  close(tree[`${right}_z`]!, doubling.z_right, tolerance);
  close(tree[`${left}_m`]!, doubling.r_left, tolerance);
  close(tree[`${right}_m`]!, doubling.r_right, tolerance);
  close(tree["rho"]!, doubling.r_sum, tolerance);
  close(tree["weight"]!, [doubling.log_sum_weight], tolerance);
  close(tree["sum_acceptance"]!, [doubling.sum_accept_prob], tolerance);
  close(tree["start_energy"]!, [one.energy], tolerance);
}

function close(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expected.forEach((value, i) => {
    const error = Math.abs(found[i]! - value) / Math.max(1, Math.abs(value));
    expect(error, `${found[i]} against ${value}`).toBeLessThan(tolerance);
  });
}

/** Trees with given directions on an engine, against NumPyro's: flags, counts, ends, momenta and weights at each doubling. */
export function nutsTreeLaws(name: string, makeEngine: () => Engine, floats: Precision): void {
  const tolerance = floats === "float64" ? 1e-9 : 2e-3;
  describe(`${name}: trees with given directions, in ${floats}`, () => {
    it.each(cases.map((one, i) => [i, one.target, one] as const))("case %i, %s", async (_i, _target, one) => {
      await follow(makeEngine(), one, floats, tolerance);
    });
  });
}
