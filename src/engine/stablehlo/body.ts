import type { EvaluatedOp, NodeOf } from "../../graph/evaluate.ts";
import type { Node } from "../../graph/node.ts";
import { ops } from "../../graph/ops.ts";
import { regionNodes } from "../../graph/program.ts";
import { type Context, writeNode } from "./ops.ts";
import type { Value } from "./types.ts";

/** The value of each node that has been written, and the last state of each loop. */
export interface Known {
  readonly values: Map<Node, Value>;
  readonly loops: Map<Node, readonly Value[]>;
}

/** Write nodes in evaluation order. Inputs and parameters must be known. */
export function writeNodes(context: Context, nodes: readonly Node[], known: Known): void {
  for (const node of nodes) {
    if (known.values.has(node)) continue;
    if (node.is("loop")) {
      known.loops.set(node, writeLoop(context, node, known));
      known.values.set(node, known.values.get(node.inputs[0]!)!);
    } else if (node.is("carried")) {
      known.values.set(node, known.loops.get(node.inputs[0]!)![node.attributes.index]!);
    } else {
      const operands = node.inputs.map((input) => operandOf(context, node, input, known));
      known.values.set(node, writeNode(context, node as NodeOf<EvaluatedOp>, operands));
    }
  }
}

/** A value as `node` takes it: with a chain axis where elementwise ops need it. */
function operandOf(context: Context, node: Node, input: Node, known: Known): Value {
  const value = known.values.get(input)!;
  const together = ops[node.op].kind === "elementwise" || node.op === "concat";
  return together && !node.shared ? perChain(context, input, value) : value;
}

/** The value with a chain axis. */
export function perChain({ writer, target }: Context, node: Node, value: Value): Value {
  if (!node.shared) return value;
  const axes = node.shape.map((_, axis) => axis + 1);
  return writer.broadcast(value, [target.chains, ...node.shape], axes);
}

/** A loop counts turns and carries its values; what its body uses from outside is captured by name. */
function writeLoop(context: Context, node: NodeOf<"loop">, known: Known): readonly Value[] {
  const { writer } = context;
  const { region } = node.attributes;
  const [count, ...starts] = node.inputs.map((input) => known.values.get(input)!);
  const integer = count!.type;
  const [, ...last] = writer.while(
    [writer.filled(0, integer), ...starts],
    ([turn]) => writer.compare("LT", turn!, count!),
    (state) => {
      const inner: Known = { values: new Map(known.values), loops: new Map(known.loops) };
      region.parameters.forEach((parameter, i) => {
        inner.values.set(parameter, state[i]!);
      });
      writeNodes(context, regionNodes(region).body, inner);
      const next = region.results.map((result, i) => {
        const value = inner.values.get(result)!;
        return region.parameters[i + 1]!.shared ? value : perChain(context, result, value);
      });
      return [writer.same("add", state[0]!, writer.filled(1, integer)), ...next];
    },
  );
  return last;
}
