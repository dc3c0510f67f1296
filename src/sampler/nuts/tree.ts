import { input, type Node } from "../../graph/node.ts";
import type { Type } from "../../graph/types.ts";
import { type Integrator, leapfrogStep, type PhasePoint } from "../leapfrog.ts";
import type { Target } from "../target.ts";
import { isTurning, levelsOf, nextCheckpoints } from "./turning.ts";

/**
 * The tree of a No-U-Turn transition [Hoffman and Gelman 2014; Betancourt 2017] as a state machine: `grow` adds one leaf,
 * that is one leapfrog step, to the tree of each chain, whatever doubling the chain is at [Dance et al. 2025]. All chains
 * cost one gradient a turn, and none waits for another's tree.
 *
 * A doubling grows a subtree from the `moving` end of the tree; `other` is the end that stands still.
 */
export type Tree = Readonly<Record<TreeField, Node>>;

/** How the tree goes on: fixed for all turns of a transition. */
export interface TreeSettings extends Integrator {
  /** A tree has at most 2^maxDepth points. */
  readonly maxDepth: number;
}

/** The random choices of a turn. */
export interface TreeChoices {
  /** Uniform on [0, 1): does the leaf become the subtree's draw? */
  readonly leaf: Node;
  /** Uniform on [0, 1): does the subtree's draw become the tree's? Used where the subtree is complete. */
  readonly doubling: Node;
  /** bool: does the next doubling go forward in time? Used where this one is complete. */
  readonly isNextForward: Node;
}

/** H′ − H beyond which a leaf is a divergence (one-sided, as in Stan, NumPyro and BlackJAX). */
const DIVERGENCE_THRESHOLD = 1000;

const floatFields = [
  "proposal_log_density",
  "proposal_energy",
  "sub_log_density",
  "sub_energy",
  /** H at the first point. */
  "start_energy",
  /** log Σ e^{H₀ − H} over the tree's points, and over the subtree's. */
  "weight",
  "sub_weight",
  /** Σ min(1, e^{H₀ − H}) over all leaves. */
  "sum_acceptance",
] as const;

const boolFields = ["is_forward", "is_turning", "is_diverging", "is_finished"] as const;

const countFields = [
  /** Leaves of the subtree so far, and when it is complete. */
  "leaf",
  "size",
  /** Doublings tried, and leapfrog steps made. */
  "depth",
  "steps",
] as const;

const vectorFields = [
  "moving_z",
  "moving_m",
  "moving_g",
  "other_z",
  "other_m",
  "other_g",
  "proposal_z",
  "proposal_g",
  "sub_z",
  "sub_g",
  /** Sums of the momenta of the tree's points, and of the subtree's. */
  "rho",
  "sub_rho",
] as const;

/** Checkpoints of the subtree, see `turning.ts`. */
const levelFields = ["open_m", "open_rho"] as const;

export type TreeField =
  | (typeof floatFields)[number]
  | (typeof boolFields)[number]
  | (typeof countFields)[number]
  | (typeof vectorFields)[number]
  | (typeof levelFields)[number];

/** dtype and shape of each field for D dimensions. */
export function treeTypes(dimension: number, maxDepth: number): Readonly<Record<TreeField, Type>> {
  return {
    ...typed(floatFields, { dtype: "float", shape: [] }),
    ...typed(boolFields, { dtype: "bool", shape: [] }),
    ...typed(countFields, { dtype: "uint32", shape: [] }),
    ...typed(vectorFields, { dtype: "float", shape: [dimension] }),
    ...typed(levelFields, { dtype: "float", shape: [levelsOf(maxDepth) * dimension] }),
  };
}

function typed<N extends string>(names: readonly N[], type: Type): Record<N, Type> {
  return Object.fromEntries(names.map((name) => [name, type])) as Record<N, Type>;
}

/** A tree as inputs of a program, each name with a prefix. */
export function treeInputs(prefix: string, dimension: number, maxDepth: number): Tree {
  return mapTree(treeTypes(dimension, maxDepth), (type, name) => input(prefix + name, type));
}

/** The same for every field. */
export function mapTree<T, R>(
  fields: Readonly<Record<TreeField, T>>,
  make: (value: T, name: TreeField) => R,
): Record<TreeField, R> {
  const entries = Object.entries(fields) as [TreeField, T][];
  return Object.fromEntries(entries.map(([name, value]) => [name, make(value, name)])) as Record<TreeField, R>;
}

/** What a transition starts from. */
export interface TreeStart {
  readonly z: Node;
  readonly g: Node;
  readonly logDensity: Node;
  readonly momentum: Node;
  /** Does the first doubling go forward in time? */
  readonly isForward: Node;
}

/**
 * Where `isStarting`, a tree of one point; elsewhere the tree as it was. What a first leaf overwrites is left as it is.
 */
export function plant(tree: Tree, isStarting: Node, start: TreeStart, inverseMass: Node): Tree {
  const { z, g, logDensity, momentum: m } = start;
  const energy = hamiltonian(logDensity, m, inverseMass);
  const fresh: Partial<Record<TreeField, Node | number>> = {
    moving_z: z,
    moving_m: m,
    moving_g: g,
    other_z: z,
    other_m: m,
    other_g: g,
    proposal_z: z,
    proposal_g: g,
    proposal_log_density: logDensity,
    proposal_energy: energy,
    start_energy: energy,
    rho: m,
    weight: 0,
    sum_acceptance: 0,
    is_forward: start.isForward,
    leaf: 0,
    size: 1,
    depth: 0,
    steps: 0,
  };
  const started = mapTree(tree, (old, name) => {
    const value = fresh[name];
    return value === undefined ? old : isStarting.select(value, old);
  });
  const flags = ["is_turning", "is_diverging", "is_finished"] as const;
  return { ...started, ...Object.fromEntries(flags.map((name) => [name, tree[name].and(isStarting.not())])) };
}

/**
 * One more leaf, and what follows from it: the subtree may have turned or diverged (the tree is finished) or be complete
 * (it joins the tree, and the next doubling begins). In a finished tree only the proposal and the counts stay as they
 * were; nothing else of it is ever read.
 */
export function grow(target: Target, tree: Tree, choices: TreeChoices, settings: TreeSettings): Tree {
  const { inverseMass, stepSize, maxDepth } = settings;
  const active = tree.is_finished.not();
  const step = tree.is_forward.select(stepSize, stepSize.neg());
  const point = leapfrogStep(
    target,
    { z: tree.moving_z, m: tree.moving_m, g: tree.moving_g },
    { inverseMass, stepSize: step },
  );
  const energy = hamiltonian(point.logDensity, point.m, inverseMass);
  const leaf = { z: point.z, g: point.g, log_density: point.logDensity, energy };
  const hasEnergy = energy.isFinite();
  const error = energy.sub(tree.start_energy);
  const isDiverging = hasEnergy.not().or(error.gt(DIVERGENCE_THRESHOLD));
  const leafWeight = hasEnergy.select(error.neg(), Number.NEGATIVE_INFINITY);
  const sub = addLeaf(tree, leaf, leafWeight, choices.leaf);
  const subRho = tree.leaf.eq(0).select(0, tree.sub_rho).add(point.m);
  const { checkpoints, isTurning: subTurns } = nextCheckpoints(
    { m: tree.open_m, rho: tree.open_rho },
    { index: tree.leaf, m: point.m, rho: subRho },
    inverseMass,
  );
  const isCut = subTurns.or(isDiverging);
  const isComplete = tree.leaf.add(1).eq(tree.size);
  const ends = isComplete.or(isCut);
  const rho = tree.rho.add(subRho);
  const turns = subTurns.or(isComplete.and(isTurning(point.m, tree.other_m, rho, inverseMass)));
  const isLast = isCut.or(isComplete.and(turns.or(tree.depth.add(1).eq(maxDepth))));
  const isJoining = isComplete.and(isCut.not()).and(active);
  return {
    ...sub,
    ...join(tree, sub, isJoining.and(choices.doubling.lt(sub.sub_weight.sub(tree.weight).min(0).exp()))),
    ...nextEnds(tree, point, ends.and(choices.isNextForward.xor(tree.is_forward))),
    start_energy: tree.start_energy,
    rho: ends.select(rho, tree.rho),
    sub_rho: subRho,
    weight: ends.select(logAddExp(tree.weight, sub.sub_weight), tree.weight),
    sum_acceptance: tree.sum_acceptance.add(active.select(leafWeight.min(0).exp(), 0)),
    open_m: checkpoints.m,
    open_rho: checkpoints.rho,
    is_forward: ends.select(choices.isNextForward, tree.is_forward),
    is_turning: active.select(turns, tree.is_turning),
    is_diverging: active.select(isDiverging, tree.is_diverging),
    is_finished: tree.is_finished.or(isLast),
    leaf: ends.select(0, tree.leaf.add(1)),
    size: ends.select(tree.size.add(tree.size), tree.size),
    depth: ends.and(active).select(tree.depth.add(1), tree.depth),
    steps: active.select(tree.steps.add(1), tree.steps),
  };
}

/** A draw of multinomial selection within a tree, and the tree's weight. */
type SubTree = Readonly<Record<"sub_z" | "sub_g" | "sub_log_density" | "sub_energy" | "sub_weight", Node>>;

/** The subtree's draw moves to its new leaf with the leaf's share of the weight, so that it is multinomial in the end. */
function addLeaf(
  tree: Tree,
  leaf: Readonly<Record<"z" | "g" | "log_density" | "energy", Node>>,
  weight: Node,
  uniform: Node,
): SubTree {
  const isFirst = tree.leaf.eq(0);
  const sum = isFirst.select(weight, logAddExp(tree.sub_weight, weight));
  const takes = isFirst.or(uniform.lt(weight.sub(sum).exp()));
  return {
    sub_z: takes.select(leaf.z, tree.sub_z),
    sub_g: takes.select(leaf.g, tree.sub_g),
    sub_log_density: takes.select(leaf.log_density, tree.sub_log_density),
    sub_energy: takes.select(leaf.energy, tree.sub_energy),
    sub_weight: sum,
  };
}

type Proposal = Readonly<Record<"proposal_z" | "proposal_g" | "proposal_log_density" | "proposal_energy", Node>>;

/** Biased progression: the new half's draw is taken with probability min(1, its weight / the old half's) [Betancourt 2017]. */
function join(tree: Tree, sub: SubTree, takes: Node): Proposal {
  return {
    proposal_z: takes.select(sub.sub_z, tree.proposal_z),
    proposal_g: takes.select(sub.sub_g, tree.proposal_g),
    proposal_log_density: takes.select(sub.sub_log_density, tree.proposal_log_density),
    proposal_energy: takes.select(sub.sub_energy, tree.proposal_energy),
  };
}

type Ends = Readonly<Record<"moving_z" | "moving_m" | "moving_g" | "other_z" | "other_m" | "other_g", Node>>;

/** The new leaf is the moving end; where the next doubling goes the other way, the ends change places. */
function nextEnds(tree: Tree, point: PhasePoint, flips: Node): Ends {
  return {
    moving_z: flips.select(tree.other_z, point.z),
    moving_m: flips.select(tree.other_m, point.m),
    moving_g: flips.select(tree.other_g, point.g),
    other_z: flips.select(point.z, tree.other_z),
    other_m: flips.select(point.m, tree.other_m),
    other_g: flips.select(point.g, tree.other_g),
  };
}

/** H = ½ mᵀM⁻¹m − log p(z). */
function hamiltonian(logDensity: Node, m: Node, inverseMass: Node): Node {
  return m.mul(inverseMass.mul(m)).sum().mul(0.5).sub(logDensity);
}

/** log(eᵃ + eᵇ); not both may be −∞. */
function logAddExp(a: Node, b: Node): Node {
  return a.max(b).add(a.sub(b).abs().neg().exp().log1p());
}
