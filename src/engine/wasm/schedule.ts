import type { Node } from "../../graph/node.ts";
import { ops } from "../../graph/ops.ts";
import { dependencies, regionNodes } from "../../graph/program.ts";
import { type Attributes, LOG_PRODUCT_ROWS } from "../../graph/types.ts";
import { shortestLast } from "./order.ts";
import { type Access, isIdentity, resolve, view } from "./views.ts";

/**
 * The order of work: nodes become steps, and what runs over the same index is fused into one loop. A step of kind
 * `loop` makes one pass over its index in blocks of rows; within a block its stages follow each other, so that a block
 * of the data stays in the first-level cache from the product that reads it to the transposed product that reads it again.
 */
export type Step =
  | { readonly kind: "loop"; readonly length: number; readonly stages: Stage[] }
  /** Elements moved or reduced along several axes: nested loops, one node. */
  | { readonly kind: "nest"; readonly node: Node }
  | { readonly kind: "region"; readonly node: LoopNode; readonly body: Schedule };

/** Rows a block: a block of 30 columns of float32 is 7.7 KB, a quarter of the first-level cache. What `logProduct` multiplies. */
export const BLOCK_ROWS: number = LOG_PRODUCT_ROWS;

export type LoopNode = Node & { readonly op: "loop"; readonly attributes: Attributes["loop"] };

export type Stage =
  /** Elementwise work, and sums into accumulators. */
  | { readonly kind: "map"; readonly nodes: Node[] }
  /** Rows of matrix times vector. */
  | { readonly kind: "product"; readonly node: Node }
  /** Rows of the matrix, each times its element, added up. */
  | { readonly kind: "transposedProduct"; readonly node: Node };

export interface Schedule {
  readonly steps: readonly Step[];
}

/** What scheduling decides besides the order. */
export interface Plan {
  /** Views that need storage of their own, because whoever uses them needs consecutive lanes. */
  readonly copied: Set<Node>;
  /** How far a computed node's elements must live: within a stage, a block, or the step and after it. */
  readonly lifetime: Map<Node, Lifetime>;
  /** Inputs that change from iteration to iteration: they lie in lanes, also where they are shared. */
  readonly varying: ReadonlySet<Node>;
}

/** A plan with nothing decided yet. */
export function planFor(varying: ReadonlySet<Node>): Plan {
  return { copied: new Set(), lifetime: new Map(), varying };
}

export type Lifetime = "stage" | "block" | "step";

/** What has been placed. */
interface Work {
  readonly steps: Step[];
  readonly loops: Loops;
  readonly at: Map<Node, Position>;
  readonly plan: Plan;
}

interface Position {
  readonly step: number;
  readonly stage: number;
}

/** Schedule `nodes` (in evaluation order); `escaping` are needed after them. Fills in `plan`. */
export function schedule(nodes: readonly Node[], escaping: readonly Node[], plan: Plan): Schedule {
  decideCopies(nodes, plan);
  return scheduled(nodes, escaping, plan);
}

function scheduled(nodes: readonly Node[], escaping: readonly Node[], plan: Plan): Schedule {
  const steps: Step[] = [];
  const at = new Map<Node, Position>();
  const work: Work = { steps, loops: new Loops(), at, plan };
  const own = new Set(nodes);
  for (const node of shortestLast(nodes, timesDone)) {
    if (takesNoStep(node)) continue;
    for (const input of dependencies(node)) placeCopy(input, own, work);
    place(node, work);
  }
  const keep = (node: Node): void => {
    plan.lifetime.set(resolve(node, plan.copied).base, "step");
  };
  for (const node of escaping) keep(node);
  for (const node of at.keys()) {
    if (node.is("loop")) for (const captured of regionNodes(node.attributes.region).captured) keep(captured);
    for (const input of node.inputs) extend(node, input, at, plan);
  }
  return { steps };
}

function place(node: Node, work: Work): void {
  const { steps, at, plan } = work;
  if (isNest(node)) {
    at.set(node, { step: steps.push({ kind: "nest", node }) - 1, stage: 0 });
  } else if (node.is("loop")) {
    const { region } = node.attributes;
    const body = scheduled(regionNodes(region).body, region.results, plan);
    at.set(node, { step: steps.push({ kind: "region", node, body }) - 1, stage: 0 });
  } else {
    placeInLoop(node, work);
  }
}

/** The first loop over the same index that comes late enough, or a new one at the end. */
function placeInLoop(node: Node, { steps, loops, at, plan }: Work): void {
  const length = loopLength(node);
  const fusible = (input: Node, from: Node): boolean => {
    const step = steps[at.get(from)?.step ?? -1];
    return step?.kind === "loop" && step.length === length && pointwise(node, input, from, plan);
  };
  let earliest = 0;
  for (const input of node.inputs) {
    const { base } = resolve(input, plan.copied);
    const made = at.get(producer(input, plan));
    if (made !== undefined) earliest = Math.max(earliest, fusible(input, base) ? made.step : made.step + 1);
  }
  let index = loops.from(length, earliest);
  if (index === undefined) {
    index = steps.push({ kind: "loop", length, stages: [] }) - 1;
    loops.add(length, index);
  }
  const step = steps[index]!;
  if (step.kind === "loop") at.set(node, { step: index, stage: placeInStage(node, step.stages, index, at, plan) });
}

/** The loops among the steps, by length: a long recursion has steps by the ten thousand. */
class Loops {
  private readonly steps = new Map<number, number[]>();

  add(length: number, step: number): void {
    const others = this.steps.get(length);
    if (others === undefined) this.steps.set(length, [step]);
    else others.push(step);
  }

  /** The first of a length that is step `earliest` or a later one. */
  from(length: number, earliest: number): number | undefined {
    const steps = this.steps.get(length) ?? [];
    let [low, high] = [0, steps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle]! < earliest) low = middle + 1;
      else high = middle;
    }
    return steps[low];
  }
}

function placeInStage(node: Node, stages: Stage[], step: number, at: Map<Node, Position>, plan: Plan): number {
  let earliest = 0;
  for (const input of node.inputs) {
    const { base } = resolve(input, plan.copied);
    const made = at.get(base);
    if (made?.step !== step) continue;
    earliest = Math.max(earliest, made.stage + (base.op === "matvec" || node.op === "matvec" ? 1 : 0));
  }
  if (node.is("matvec")) {
    const kind = node.attributes.transposed ? "transposedProduct" : "product";
    return stages.push({ kind, node }) - 1;
  }
  const index = stages.findIndex((stage, i) => i >= earliest && stage.kind === "map");
  const stage = stages[index];
  if (stage?.kind !== "map") return stages.push({ kind: "map", nodes: [node] }) - 1;
  stage.nodes.push(node);
  return index;
}

/** A user of `input` lengthens the life of what lies behind it. */
function extend(user: Node, input: Node, at: ReadonlyMap<Node, Position>, plan: Plan): void {
  const { base } = resolve(input, plan.copied);
  const made = at.get(base);
  const used = at.get(user);
  if (made === undefined || used === undefined) return;
  const fused = made.step === used.step && pointwise(user, input, base, plan);
  const needed = !fused ? "step" : made.stage === used.stage ? "stage" : "block";
  const known = plan.lifetime.get(base) ?? "stage";
  const rank: readonly Lifetime[] = ["stage", "block", "step"];
  plan.lifetime.set(base, rank.indexOf(needed) > rank.indexOf(known) ? needed : known);
}

/** Does `user` at index i need of `input` just element i, and is that made at index i of the same loop? */
function pointwise(user: Node, input: Node, base: Node, plan: Plan): boolean {
  if (!isIdentity(resolve(input, plan.copied)) || accumulates(base) || isNest(base) || plan.copied.has(base))
    return false;
  if (base.op === "loop" || base.op === "parameter") return false;
  if (user.is("matvec")) return user.attributes.transposed && input === user.inputs[1];
  // Indices are read from memory, one by one.
  if (user.is("gather") || (user.is("scatterAdd") && input === user.inputs[1])) return false;
  return !isNest(user) && user.op !== "loop";
}

/** The node whose step makes `input` available: a carried value stands once its loop has run. */
function producer(input: Node, plan: Plan): Node {
  let node = input;
  while (!plan.copied.has(node)) {
    if (node.op === "carried") return node.inputs[0]!;
    const next = view(node);
    if (next === undefined) break;
    node = next.base;
  }
  return node;
}

/** The node adds up over its loop's index, so that its value stands only after the loop. */
export function accumulates(node: Node): boolean {
  if (isReduction(node) || node.op === "scatterAdd") return true;
  return node.is("matvec") && node.attributes.transposed;
}

/** All or some of the elements become one. */
export function isReduction(node: Node): boolean {
  return ops[node.op].kind === "reduction";
}

function loopLength(node: Node): number {
  if (node.is("matvec")) return node.inputs[0]!.shape[0]!;
  return accumulates(node) ? node.inputs[0]!.size : node.size;
}

function takesNoStep(node: Node): boolean {
  return ops[node.op].kind === "leaf" || view(node) !== undefined;
}

/** How often a node's work is done for one turn of what is around it; a loop's is not known. */
function timesDone(node: Node): number {
  if (takesNoStep(node)) return 0;
  return node.op === "loop" ? Number.POSITIVE_INFINITY : loopLength(node);
}

/** Ops that move whole rows or several axes. */
export function isNest(node: Node): boolean {
  if (node.op === "broadcast" || node.op === "transpose" || node.op === "slice") return view(node) === undefined;
  if (node.op === "concat") return true;
  if (isReduction(node)) return node.size !== 1;
  if (node.op === "gather") return node.size !== node.inputs[1]!.size;
  return node.op === "scatterAdd" && node.inputs[0]!.size !== node.inputs[1]!.size;
}

/** Which operands need a copy: they are read through a pointer, so that they must lie in order. Loops' bodies included. */
function decideCopies(nodes: readonly Node[], plan: Plan): void {
  const copyUnless = (input: Node, fits: (access: Access) => boolean): void => {
    if (!fits(resolve(input, plan.copied))) plan.copied.add(input);
  };
  for (const node of nodes) {
    const [first, second] = node.inputs;
    if (node.op === "matvec") {
      copyUnless(second!, (access) => access.stride === 1 && !isScalars(access.base, plan));
      copyUnless(first!, (access) => access.stride === 1);
    }
    if (node.op === "gather") copyUnless(first!, (access) => access.stride === 1);
    if (node.is("loop")) decideCopies(regionNodes(node.attributes.region).body, plan);
  }
}

/** Makes the copy that is read where `input` is, before whatever reads it first; of what a loop has from outside, it is made there. */
function placeCopy(input: Node, own: ReadonlySet<Node>, work: Work): void {
  const { steps, at, plan } = work;
  const { base } = resolve(input, plan.copied);
  if (!plan.copied.has(base) || !own.has(base) || at.has(base)) return;
  for (const behind of base.inputs) placeCopy(behind, own, work);
  plan.lifetime.set(base, "step");
  at.set(base, { step: steps.push({ kind: "nest", node: base }) - 1, stage: 0 });
}

/** Stored once for all chains, one number an element. */
function isScalars(base: Node, plan: Plan): boolean {
  return (
    base.op === "constant" || base.op === "epsilon" || (base.op === "input" && base.shared && !plan.varying.has(base))
  );
}
