import type { Adjoint, Part, Where } from "./adjoints.ts";
import { concat, constant, make, type Node } from "./node.ts";
import { ops } from "./ops.ts";
import { constantValues, isAlike, look } from "./rules/rule.ts";
import type { OpName } from "./types.ts";

/*
 * What flows back through a graph: adjoints, and where a branch that was not taken receives none. A 0 that comes from there stays 0
 * whatever it is multiplied by: the slopes of such a branch may be infinite or NaN. So an adjoint is not made 0 at the
 * choice, but carried on with its condition as long as work is elementwise, and made 0 after the last slope: one selection a branch,
 * and none where nothing was chosen.
 */

/** What a node receives from those that use it. */
export interface Flow {
  readonly adjoint: Node;
  /** Elsewhere it is 0, whatever the adjoint's numbers say. */
  readonly where?: Where;
  /** Some elements may be 0 because nothing that was taken depends on them. */
  readonly gaps?: boolean;
}

/** A flow, or the flow to a slice. */
export type Received = Flow | (Omit<Part, "part"> & { readonly flow: Flow });

/** The adjoint with its zeros written down. */
export function settled({ adjoint, where }: Flow): Node {
  if (where === undefined) return adjoint;
  return where.taken ? where.condition.select(adjoint, 0) : where.condition.select(0, adjoint);
}

/** Ops that pass an adjoint on without a factor that could be infinite. */
const unscaled: ReadonlySet<OpName> = new Set<OpName>([
  "add",
  "sub",
  "neg",
  "perChain",
  "convert",
  "select",
  "min",
  "max",
]);

/** The flow as input number `input` of a node may multiply it: zeros that must stay zeros are a condition. */
export function guarded(flow: Flow, node: Node, input: number): Flow {
  if (ops[node.op].kind !== "elementwise") {
    const gaps = flow.where !== undefined || flow.gaps === true || skips(node);
    return { adjoint: settled(flow), gaps };
  }
  if (flow.gaps !== true || isTame(node, input)) return flow;
  return { adjoint: flow.adjoint, where: { condition: flow.adjoint.eq(0), taken: false } };
}

/** What input number `input` receives where the node's rule made `adjoint` of the guarded flow. */
export function passedOn(flow: Flow, adjoint: Adjoint): Received {
  const { where, gaps = false } = flow;
  const marks = { ...(where && { where }), ...(gaps && { gaps }) };
  if ("part" in adjoint) {
    const { part, ...place } = adjoint;
    return { ...place, flow: { adjoint: part, ...marks } };
  }
  if (!("where" in adjoint)) return { adjoint, ...marks };
  if (gaps) return { adjoint: settled(adjoint), gaps };
  return where === undefined ? adjoint : { adjoint: adjoint.adjoint, where: both(where, adjoint.where) };
}

/** All that a node received. Flows to slices are laid side by side in one vector. */
export function joined(node: Node, received: readonly Received[]): Flow | undefined {
  const whole = received.filter((flow): flow is Flow => "adjoint" in flow);
  const slices = received.filter((flow): flow is Exclude<Received, Flow> => "flow" in flow);
  const axes = [...new Set(slices.map(({ axis }) => axis))];
  const laid = axes.map((axis) =>
    lay(
      node,
      axis,
      slices.filter((part) => part.axis === axis),
    ),
  );
  const flows = [...whole, ...laid];
  const [first, ...others] = flows;
  if (first === undefined || others.length === 0) return first;
  const sum = (of: (flow: Flow) => Node): Node => flows.map(of).reduce((total, adjoint) => total.add(adjoint));
  if (others.every((other) => isSame(first, other)))
    return { adjoint: sum(({ adjoint }) => adjoint), where: first.where! };
  const gaps = flows.every((flow) => flow.where !== undefined || flow.gaps === true) && !covers(flows);
  return { adjoint: sum(settled), ...(gaps && { gaps }) };
}

/** One vector of the parts: between two neighbouring ends of parts, the sum of those that lie there, or zeros. */
function lay(node: Node, axis: number, parts: readonly Exclude<Received, Flow>[]): Flow {
  const ends = new Set([0, node.shape[axis]!, ...parts.flatMap(({ start, stop }) => [start, stop])]);
  const cuts = [...ends].sort((a, b) => a - b);
  const place = new Map(cuts.map((end, i) => [end, i]));
  const here = cuts.slice(1).map((): Node[] => []);
  for (const { flow, start, stop } of parts) {
    const part = settled(flow);
    for (let i = place.get(start)!; cuts[i]! < stop; i++) {
      const [low, high] = [cuts[i]!, cuts[i + 1]!];
      here[i]!.push(start === low && stop === high ? part : part.slice(low - start, high - start, axis));
    }
  }
  const gaps =
    here.some(({ length }) => length === 0) || parts.some(({ flow }) => flow.where !== undefined || flow.gaps === true);
  const pieces = here.map((nodes, i) => {
    if (nodes.length > 0) return nodes.reduce((sum, piece) => sum.add(piece));
    return constant(0).broadcastTo(node.shape.map((size, k) => (k === axis ? cuts[i + 1]! - cuts[i]! : size)));
  });
  return { adjoint: concat(pieces, axis), ...(gaps && { gaps }) };
}

/** Does an input of the node have elements that it does not use? (Slices are seen when they are laid side by side.) */
function skips(node: Node): boolean {
  if (!node.is("gather")) return false;
  const indices = constantValues(node.inputs[1]!);
  return indices === undefined || new Set(indices).size < node.inputs[0]!.shape[0]!;
}

/** Ops whose value stays finite and whose slope is 0 where their argument is infinite. */
const saturating: ReadonlySet<OpName> = new Set<OpName>([
  ...(["exp", "expm1", "softplus", "sigmoid", "logSigmoid", "tanh"] as const),
  ...(["erf", "erfc", "normalCdf", "normalLogCdf", "inverseMills", "log1mExp"] as const),
]);

/** Ops that make infinities of finite numbers, with infinite slopes. */
const singular: ReadonlySet<OpName> = new Set<OpName>([
  ...(["exp", "expm1", "log", "log1p", "div", "pow", "sqrt", "lgamma", "digamma", "erfinv"] as const),
  ...(["log1mExp", "log1pmx", "expm1mx", "stirlingRest", "stirlingRestSlope"] as const),
]);

/** Is the slope 0 where the argument is infinite because of a logarithm of 0, an overflow and the like right below? */
export function flattens(node: Node, active: ReadonlySet<Node>): boolean {
  return saturating.has(node.op) && meets(node.inputs[0]!, active, 8);
}

function meets(node: Node, active: ReadonlySet<Node>, depth: number): boolean {
  if (!active.has(node) || depth === 0) return false;
  if (singular.has(node.op)) return true;
  const passes = unscaled.has(node.op) || ops[node.op].kind === "shape" || ops[node.op].kind === "index";
  return passes && node.inputs.some((input) => meets(input, active, depth - 1));
}

/** The node whose slopes are asked for: of products over many elements, without entries that would make a 0 a NaN. */
export function sloped(node: Node, flow: Flow): Node {
  if (flow.gaps !== true || !(node.is("matvec") || node.is("logProduct"))) return node;
  const neutral = node.is("matvec") ? 0 : 1;
  const finite = (x: Node): Node =>
    constantValues(x)?.every((each: number) => Number.isFinite(each)) === true ? x : x.isFinite().select(x, neutral);
  return make(node.op, node.inputs.map(finite), node.attributes);
}

/** Is the slope a number that is known to be finite? */
function isTame(node: Node, input: number): boolean {
  if (unscaled.has(node.op)) return true;
  if (node.op !== "mul" && !(node.op === "div" && input === 0)) return false;
  const factor = constantValues(node.inputs[1 - input]!);
  return factor?.every((x: number) => Number.isFinite(x) && (node.op === "mul" || x !== 0)) === true;
}

function both(a: Where, b: Where): Where {
  const literal = ({ condition, taken }: Where): Node => (taken ? condition : condition.not());
  return isAlike(a.condition, b.condition) && a.taken === b.taken
    ? a
    : { condition: literal(a).and(literal(b)), taken: true };
}

/** Do two flows count at the same elements? */
function isSame({ where: a }: Flow, { where: b }: Flow): boolean {
  return a !== undefined && b !== undefined && a.taken === b.taken && isAlike(a.condition, b.condition);
}

/** Does one of the flows count where another does not? */
function covers(flows: readonly Flow[]): boolean {
  const [taken, untaken] = [true, false].map((side) =>
    flows.flatMap(({ where }) => (where?.taken === side ? [look(where.condition)] : [])),
  ) as [string[], string[]];
  const looks = new Set(taken);
  return untaken.some((each) => looks.has(each));
}
