/**
 * A look at the log density at some starting points in both precisions, without compiling anything: for most models it says at
 * once that float32 fits, and a start takes no longer.
 */

import { interpretFloat32 } from "../graph/float32.ts";
import { environment, interpret } from "../graph/interpret.ts";
import { input, type Node } from "../graph/node.ts";
import { inEvaluationOrder } from "../graph/program.ts";
import type { ConstantData, OpName } from "../graph/types.ts";
import type { BoundModel } from "../model/boundModel.ts";

/** A log density in float64 and in float32. */
export interface BothPrecisions {
  readonly exact: number;
  readonly found: number;
}

/** Beyond these a kernel is faster. */
const MOST_OPERATIONS = 2e6;
/** What these do inside is not rounded. */
const LOOPS: ReadonlySet<OpName> = new Set<OpName>(["loop", "carried"]);

export interface QuickLook {
  /** About how many a log density takes. */
  readonly operations: number;
  at(point: Float64Array): BothPrecisions;
}

/** Undefined where interpreting would say too little, or take too long. */
export function createQuickLook(model: BoundModel): QuickLook | undefined {
  const z = input("z", { dtype: "float", shape: [model.dimension] });
  const density = model.logDensity(z);
  const nodes = inEvaluationOrder([density]);
  const operations = nodes.reduce((all, node) => all + (node.op === "matvec" ? node.inputs[0]!.size : node.size), 0);
  if (operations > MOST_OPERATIONS || nodes.some(({ op }) => LOOPS.has(op))) return undefined;
  const exact = evaluator(z, density, nodes, interpret);
  const found = evaluator(z, density, nodes, interpretFloat32);
  return { operations, at: (point) => ({ exact: exact(point), found: found(point.map(Math.fround)) }) };
}

/** What depends on data alone is computed once. */
function evaluator(
  z: Node,
  density: Node,
  nodes: readonly Node[],
  compute: typeof interpret,
): (point: Float64Array) => number {
  const depends = new Set<Node>([z]);
  for (const node of nodes) if (node.inputs.some((each) => depends.has(each))) depends.add(node);
  const once = environment();
  for (const node of nodes) if (!depends.has(node)) compute(node, once);
  return (point) => {
    const known = { values: new Map<Node, ConstantData>(once.values), loops: new Map(once.loops) };
    known.values.set(z, point);
    for (const node of nodes) if (depends.has(node) && node !== z) compute(node, known);
    return known.values.get(density)![0]!;
  };
}
