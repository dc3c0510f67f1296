import { constant, input, loop, make, type Node } from "../graph/node.ts";
import { program } from "../graph/program.ts";
import { foldIn, type KeyNodes, keyOf, normal, split, threefry } from "../random/program.ts";
import { grow, mapTree, plant, type Tree, type TreeChoices, treeInputs, treeTypes } from "./nuts/tree.ts";
import type { Target } from "./target.ts";
import { POSTERIOR, STATISTICS, type TransitionProgram } from "./transition.ts";

export interface NutsOptions {
  /** A tree has at most 2^maxDepth points: 10 is usual. */
  readonly maxDepth: number;
}

/** Prefix of the inputs and outputs that carry the trees. */
export const TREE = "tree.";

/** Whether a chain finished a transition in this iteration of the kernel: then what is recorded of it is a draw. */
export const IS_COMPLETE = "is_complete";

/** Statistics that the program records, under ArviZ's names. */
export const NUTS_STATISTICS = [
  "lp",
  "acceptance_rate",
  "diverging",
  "energy",
  "energy_error",
  "tree_depth",
  "n_steps",
  "reached_max_treedepth",
] as const;

/**
 * Transitions of the No-U-Turn sampler [Hoffman and Gelman 2014] with multinomial selection and biased progression
 * [Betancourt 2017], as a state machine for each chain [Dance et al. 2025]. One iteration of the kernel is no transition
 * but `turns` turns: each adds one leaf to every chain's tree. A chain whose tree is finished by then has a draw, and
 * starts its next transition in the next iteration; the others go on with theirs. So draws come from each chain in its
 * own time, and what they are depends neither on `turns` nor on the other chains.
 *
 * Inputs. State: `z`, `log_density`, `gradient`, `iteration` (uint32 per chain, of the transition under way or to come),
 * `is_running`, and the tree under `tree.`. Tuning: `step_size`, `inverse_mass`. Key: `chain_key`. Each iteration of the
 * kernel: `turns`; `limit`: transitions with that iteration or a later one are not started.
 * Outputs. The new state; and, recorded, `is_complete`, `z`, `gradient`, each of the model's values under `posterior.` and
 * each statistic under `statistics.`: of the draw where one was completed, otherwise meaningless.
 *
 * Randomness: split(foldIn(chain key, iteration), 4) gives the keys of momentum, directions, leaves and doublings; the
 * d-th doubling has index d of its streams, the n-th leaf index n.
 */
export function nutsProgram(target: Target, { maxDepth }: NutsOptions): TransitionProgram {
  const D = target.dimension;
  const vector = { dtype: "float", shape: [D] } as const;
  const given = {
    z: input("z", vector),
    log_density: input("log_density", { dtype: "float", shape: [] }),
    gradient: input("gradient", vector),
    iteration: input("iteration", { dtype: "uint32", shape: [] }),
    is_running: input("is_running", { dtype: "bool", shape: [] }),
  };
  const shared = {
    stepSize: input("step_size", { dtype: "float", shape: [], shared: true }),
    inverseMass: input("inverse_mass", { ...vector, shared: true }),
    turns: input("turns", { dtype: "int32", shape: [], shared: true }),
    limit: input("limit", { dtype: "uint32", shape: [], shared: true }),
  };
  const chainKey = input("chain_key", { dtype: "uint32", shape: [2] });
  const carriedTree = treeInputs(TREE, D, maxDepth);
  const { stepSize, inverseMass } = shared;
  const keys = split(foldIn(keyOf(chainKey), given.iteration), 4) as [KeyNodes, KeyNodes, KeyNodes, KeyNodes];
  const isStarting = given.is_running.not().and(given.iteration.lt(shared.limit));
  const momentum = normal(keys[0], D).div(inverseMass.sqrt());
  const { z, gradient: g, log_density: logDensity } = given;
  const isForward = isForwardAt(keys[1], constant(0, [], "uint32"));
  const planted = plant(carriedTree, isStarting, { z, g, logDensity, momentum, isForward }, inverseMass);
  const tree = loop(shared.turns, planted, (current) =>
    grow(target, current, choicesOf(current, keys), { stepSize, inverseMass, maxDepth }),
  );
  const isRunning = given.is_running.or(isStarting);
  const isComplete = isRunning.and(tree.is_finished);
  const posterior = prefixed(POSTERIOR, target.values(tree.proposal_z));
  const statistics = prefixed(STATISTICS, statisticsOf(tree, maxDepth));
  const state = {
    z: isRunning.select(tree.proposal_z, z),
    log_density: isRunning.select(tree.proposal_log_density, logDensity),
    gradient: isRunning.select(tree.proposal_g, g),
    iteration: isComplete.select(given.iteration.add(1), given.iteration),
    is_running: isRunning.and(isComplete.not()),
    ...prefixed(TREE, tree),
  };
  const outputs = { ...state, [IS_COMPLETE]: isComplete, ...posterior, ...statistics };
  const declared = [...Object.values(given), ...Object.values(shared), chainKey, ...Object.values(carriedTree)];
  const recorded = [IS_COMPLETE, "z", "gradient", ...Object.keys(posterior), ...Object.keys(statistics)];
  return {
    program: program(`${target.name} nuts`, outputs, declared),
    roles: {
      carried: Object.fromEntries(Object.keys(state).map((name) => [name, name])),
      scheduled: ["turns", "limit"],
      recorded,
    },
  };
}

/** What must be written, besides z, log density, gradient, keys and tuning, before the first transition: all of it zeros. */
export function nutsZeros(dimension: number, maxDepth: number): Readonly<Record<string, number>> {
  const tree = mapTree(treeTypes(dimension, maxDepth), ({ shape }) => shape.reduce((size, n) => size * n, 1));
  const sizes = Object.entries(tree).map(([name, size]) => [TREE + name, size] as const);
  return { iteration: 1, is_running: 1, ...Object.fromEntries(sizes) };
}

function choicesOf(tree: Tree, [, directions, leaves, doublings]: readonly KeyNodes[]): TreeChoices {
  return {
    leaf: uniformAt(leaves!, tree.steps),
    doubling: uniformAt(doublings!, tree.depth),
    isNextForward: isForwardAt(directions!, tree.depth.add(1)),
  };
}

/** Index `index` of a key's uniform numbers. */
function uniformAt(key: KeyNodes, index: Node): Node {
  const { high, low } = threefry(key, { high: constant(0, [], "uint32"), low: index });
  return make("unitInterval", [high, low], {});
}

/** Index `index` of a key's fair coins. */
function isForwardAt(key: KeyNodes, index: Node): Node {
  const { high, low } = threefry(key, { high: constant(0, [], "uint32"), low: index });
  return high.xor(low).shiftRight(31).eq(1);
}

function statisticsOf(tree: Tree, maxDepth: number): Record<(typeof NUTS_STATISTICS)[number], Node> {
  const isCut = tree.is_turning.or(tree.is_diverging);
  return {
    lp: tree.proposal_log_density,
    acceptance_rate: tree.sum_acceptance.div(tree.steps.max(1).toFloat()),
    diverging: tree.is_diverging,
    energy: tree.proposal_energy,
    energy_error: tree.proposal_energy.sub(tree.start_energy),
    tree_depth: tree.depth.convert("int32"),
    n_steps: tree.steps.convert("int32"),
    reached_max_treedepth: tree.depth.eq(maxDepth).and(isCut.not()),
  };
}

function prefixed(prefix: string, nodes: Readonly<Record<string, Node>>): Record<string, Node> {
  return Object.fromEntries(Object.entries(nodes).map(([name, node]) => [prefix + name, node.perChain()]));
}
