import { gradient } from "../../src/graph/autodiff.ts";
import { input, type Node } from "../../src/graph/node.ts";
import type { BoundModel } from "../../src/model/boundModel.ts";
import { environmentWith, hostValue } from "../../src/model/host.ts";

/** A graph at given numbers: its value, and its gradient with respect to each input. */
export function evaluateAt(
  inputs: Readonly<Record<string, ArrayLike<number> | number>>,
  build: (nodes: Readonly<Record<string, Node>>) => Node,
): { readonly value: Float64Array; readonly gradient: Readonly<Record<string, Float64Array>> } {
  const arrays = Object.entries(inputs).map(([name, values]) => {
    const shape = typeof values === "number" ? [] : [values.length];
    const data = Float64Array.from(typeof values === "number" ? [values] : values);
    return { name, data, node: input(name, { dtype: "float", shape }) };
  });
  const output = build(Object.fromEntries(arrays.map(({ name, node }) => [name, node])));
  const nodes = arrays.map(({ node }) => node);
  const known = environmentWith(new Map(arrays.map(({ node, data }) => [node, data])));
  const slopes = gradient(output.sum(), nodes);
  return {
    value: Float64Array.from(hostValue(output, known)),
    gradient: Object.fromEntries(arrays.map(({ name }, i) => [name, Float64Array.from(hostValue(slopes[i]!, known))])),
  };
}

/** The log density and its gradient at z, straight from the graph. */
export function logDensityAt(
  model: BoundModel,
  z: ArrayLike<number>,
): { readonly logDensity: number; readonly gradient: Float64Array } {
  const at = evaluateAt({ z }, ({ z }) => model.logDensity(z!));
  return { logDensity: at.value[0]!, gradient: at.gradient["z"]! };
}
