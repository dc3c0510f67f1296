import type { Node } from "./node.ts";
import { constant } from "./node.ts";
import { inEvaluationOrder, regionNodes } from "./program.ts";
import { rewriteNodes, rewriteRoots } from "./rewrite.ts";

/** Turns up to which a loop is unrolled: beyond it, a graph of this size helps nobody. */
const mostTurns = 4096;

/** The same values with every loop of a constant count written out; other loops stay. */
export function unroll(roots: readonly Node[]): readonly Node[] {
  if (!inEvaluationOrder(roots).some((node) => turnsOf(node) !== undefined)) return roots;
  const ends = new Map<Node, readonly Node[]>();
  const known = rewriteRoots(roots, (node) => {
    if (turnsOf(node) !== undefined) ends.set(node, runOut(node));
    if (!node.is("carried")) return node;
    return ends.get(node.inputs[0]!)?.[node.attributes.index] ?? node;
  });
  return roots.map((root) => known.get(root)!);
}

function turnsOf(node: Node): number | undefined {
  const count = node.is("loop") ? node.inputs[0]! : undefined;
  const turns = count?.is("constant") ? count.attributes.data[0]! : undefined;
  return turns !== undefined && turns <= mostTurns ? turns : undefined;
}

/** The carried values after the last turn: the body once for each turn, its parameters replaced by values. */
function runOut(node: Node): readonly Node[] {
  if (!node.is("loop")) return [];
  const { region } = node.attributes;
  const { body } = regionNodes(region);
  const [index, ...parameters] = region.parameters;
  let carried = node.inputs.slice(1);
  for (let turn = 0; turn < turnsOf(node)!; turn++) {
    const known = new Map<Node, Node>([[index!, constant(turn, [], "int32")]]);
    parameters.forEach((parameter, i) => {
      known.set(parameter, parameter.shared ? carried[i]! : carried[i]!.perChain());
    });
    rewriteNodes(body, (inner) => inner, known);
    carried = region.results.map((result) => known.get(result) ?? result);
  }
  return carried.map((value, i) => (parameters[i]!.shared ? value : value.perChain()));
}
