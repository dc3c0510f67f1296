import type { NodeOf } from "./evaluate.ts";
import { Node } from "./node.ts";
import { inEvaluationOrder, type Program } from "./program.ts";
import { rewrite, rewriteNodes } from "./rewrite.ts";
import { apply } from "./rules/rule.ts";
import { stable } from "./rules/stable.ts";
import type { OpName } from "./types.ts";

/** Forms made by one pass may hold another such form; a few levels deep they are rare. */
const mostPasses = 8;

/**
 * A program with the stable forms of `rules/stable.ts` in the place of those that lose digits. `simplify` does this too, so that
 * engines which simplify and the one that does not compute the same.
 */
export function stabilise(source: Program): Program {
  let current = source;
  for (let pass = 0; pass < mostPasses; pass++) {
    const next = rewrite(current, stableForm);
    if (Object.keys(next.outputs).every((name) => next.outputs[name] === current.outputs[name])) return current;
    current = next;
  }
  return current;
}

/** A value in stable forms as a function of `variables`, which stay what they are: nothing looks into them. */
export function stabilised(value: Node, variables: readonly Node[]): Node {
  const closed = new Map(variables.map((variable) => [variable, placeholder(variable)]));
  const start = replaced(value, closed, (node) => node);
  let current = start;
  for (let pass = 0; pass < mostPasses; pass++) {
    const next = replaced(current, new Map(), stableForm);
    if (next === current) break;
    current = next;
  }
  if (current === start) return value;
  return replaced(current, new Map([...closed].map(([variable, leaf]) => [leaf, variable])), (node) => node);
}

/** A value with other nodes in the place of some, and of what a rule replaces. */
function replaced(value: Node, known: ReadonlyMap<Node, Node>, replace: (node: Node) => Node): Node {
  const nodes = inEvaluationOrder([value]).filter((node) => !known.has(node));
  return rewriteNodes(nodes, replace, new Map(known)).get(value) ?? known.get(value)!;
}

/** A leaf of the same type. */
function placeholder(node: Node): Node {
  return new Node("parameter", [], { index: 0 }, node, node.shared);
}

function stableForm(node: Node): Node {
  let current = node;
  for (let next: Node | undefined = node; next !== undefined; next = apply(stable, current as NodeOf<OpName>))
    current = next;
  return current;
}
