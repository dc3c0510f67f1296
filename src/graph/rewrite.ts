import { carriedResult, make, type Node, sameShape } from "./node.ts";
import { describe } from "./ops.ts";
import { inEvaluationOrder, type Program, program, regionNodes } from "./program.ts";
import type { Region } from "./types.ts";

/**
 * What stands for a node, whose inputs have been replaced already: the node itself, or another of the same dtype and
 * shape (and shared, if it is shared).
 */
export type Replace = (node: Node) => Node;

/**
 * Replace every node of a program, also inside loops, each once and after its inputs. Where nothing is replaced, the
 * nodes are the same objects, so that two programs can be compared by their outputs.
 */
export function rewrite(source: Program, replace: Replace): Program {
  const known = rewriteNodes(source.nodes, replace);
  const outputs = Object.entries(source.outputs).map(([name, node]) => [name, keepSharing(node, known.get(node)!)]);
  return program(source.name, Object.fromEntries(outputs), Object.values(source.inputs));
}

/** Replace what `roots` need; returns what stands for each node. */
export function rewriteRoots(roots: readonly Node[], replace: Replace): ReadonlyMap<Node, Node> {
  return rewriteNodes(inEvaluationOrder(roots), replace);
}

/** The node applied to other inputs (and, for a loop, with another region). */
export function remake(node: Node, inputs: readonly Node[], region?: Region): Node {
  if (node.is("carried")) return carriedResult(inputs[0]!, node.attributes.index);
  return make(node.op, inputs, region === undefined ? node.attributes : { region });
}

/** `nodes` in evaluation order; `known` says what stands for the nodes that came before, and is added to. */
export function rewriteNodes(
  nodes: readonly Node[],
  replace: Replace,
  known: Map<Node, Node> = new Map(),
): Map<Node, Node> {
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => known.get(input) ?? input);
    const region = node.is("loop") ? rewriteRegion(node.attributes.region, replace, known) : undefined;
    const replaced = replace(rebuild(node, inputs, region));
    const fits = replaced.dtype === node.dtype && sameShape(replaced.shape, node.shape);
    if (!fits || (node.shared && !replaced.shared))
      throw new Error(
        `A pass replaced a ${node.op} of ${describe(node)} by a ${replaced.op} of ${describe(replaced)}.`,
      );
    known.set(node, replaced);
  }
  return known;
}

function rebuild(node: Node, inputs: readonly Node[], region: Region | undefined): Node {
  if (node.is("loop")) {
    const [count, ...starts] = inputs;
    const kept = starts.map((start, i) => keepSharing(node.inputs[i + 1]!, start));
    const same = [count, ...kept].every((input, i) => input === node.inputs[i]) && region === node.attributes.region;
    return same ? node : remake(node, [count!, ...kept], region);
  }
  return inputs.every((input, i) => input === node.inputs[i]) ? node : remake(node, inputs);
}

/** Captured nodes come before the loop, so they are known; the parameters stand for themselves. */
function rewriteRegion(region: Region, replace: Replace, known: Map<Node, Node>): Region {
  rewriteNodes(regionNodes(region).body, replace, known);
  const results = region.results.map((result) => known.get(result) ?? result);
  return results.every((result, i) => result === region.results[i])
    ? region
    : { parameters: region.parameters, results };
}

/** A value that was one per chain stays so where that is part of a contract: outputs, and what a loop starts with. */
function keepSharing(original: Node, replacement: Node): Node {
  return original.shared ? replacement : replacement.perChain();
}
