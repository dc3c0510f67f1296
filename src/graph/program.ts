import { ModelError } from "../errors.ts";
import { byNames } from "../named.ts";
import type { Node } from "./node.ts";
import type { Region } from "./types.ts";

/** A graph with named inputs and outputs: what an engine compiles. It says nothing about chains. */
export interface Program {
  readonly name: string;
  /** Every input by its name, also those that no output needs. */
  readonly inputs: Readonly<Record<string, Node>>;
  readonly outputs: Readonly<Record<string, Node>>;
  /** Everything that the outputs need, in evaluation order. Nodes inside a loop's region are not listed here. */
  readonly nodes: readonly Node[];
}

/**
 * Collect what `outputs` need into a program. `declared` adds inputs that no output needs (and fixes their order).
 * Throws a ModelError where two different inputs have one name, or an output depends on a parameter of no loop.
 */
export function program(
  name: string,
  outputs: Readonly<Record<string, Node>>,
  declared: readonly Node[] = [],
): Program {
  const nodes = inEvaluationOrder([...declared, ...Object.values(outputs)]);
  const inputs: Record<string, Node> = byNames();
  for (const node of nodes) {
    if (node.op === "parameter") throw new ModelError(`Program ${name} uses a loop's parameter outside of the loop.`);
    if (!node.is("input")) continue;
    const other = inputs[node.attributes.name];
    if (other !== undefined) throw new ModelError(`Program ${name} has two inputs named ${node.attributes.name}.`);
    inputs[node.attributes.name] = node;
  }
  return { name, inputs, outputs, nodes };
}

/** What must be known before `node`: its inputs, and for a loop also what its region captures. */
export function dependencies(node: Node): readonly Node[] {
  return node.is("loop") ? [...node.inputs, ...regionNodes(node.attributes.region).captured] : node.inputs;
}

/** A region's nodes: `body`, which depend on its parameters, in evaluation order; and `captured`, used from outside. */
export interface RegionNodes {
  readonly body: readonly Node[];
  readonly captured: readonly Node[];
}

const regionCache = new WeakMap<Region, RegionNodes>();

/** Split what a region's results need into its body and what it captures. Constant in time after the first call. */
export function regionNodes(region: Region): RegionNodes {
  const known = regionCache.get(region);
  if (known !== undefined) return known;
  const inside = new Set<Node>(region.parameters);
  const all = inEvaluationOrder(region.results);
  const body = all.filter((node) => {
    if (node.op === "parameter" || !dependencies(node).some((dependency) => inside.has(dependency))) return false;
    inside.add(node);
    return true;
  });
  const captured = new Set<Node>();
  for (const node of [...body.flatMap(dependencies), ...region.results]) if (!inside.has(node)) captured.add(node);
  const result: RegionNodes = { body, captured: [...captured] };
  regionCache.set(region, result);
  return result;
}

/** Every node that `roots` need, each after its dependencies; in the order of first use, so that it is deterministic. */
export function inEvaluationOrder(roots: readonly Node[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  // A stack of our own: a graph may be deeper than the call stack.
  const open: { readonly node: Node; readonly rest: Iterator<Node> }[] = [];
  const enter = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    open.push({ node, rest: dependencies(node)[Symbol.iterator]() });
  };
  for (const root of roots) {
    enter(root);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.rest.next();
      if (!next.done) enter(next.value);
      else order.push(open.pop()!.node);
    }
  }
  return order;
}
