import type { Node } from "../../graph/node.ts";

/** After its loop, a carried value lies where the region's parameter lies. */
export function carriedParameter(node: Node): Node {
  const loop = node.inputs[0]!;
  if (!node.is("carried") || !loop.is("loop")) throw new Error(`no carried value: ${node.op}`);
  return loop.attributes.region.parameters[node.attributes.index + 1]!;
}
