import { ModelError } from "../errors.ts";
import { adjointRules, type Rule } from "./adjoints.ts";
import type { NodeOf } from "./evaluate.ts";
import { type Flow, flattens, guarded, joined, passedOn, type Received, settled, sloped } from "./flow.ts";
import { constant, type Node } from "./node.ts";
import { describe } from "./ops.ts";
import { dependencies, inEvaluationOrder, type Program, program } from "./program.ts";
import { stabilised } from "./stabilise.ts";
import type { OpName } from "./types.ts";
import { unroll } from "./unroll.ts";

/**
 * The gradient of a float scalar with respect to each of `wrt`, by reverse mode, as nodes: a graph like any other, to
 * be simplified together with the output. Each has its variable's dtype and shape; it is zero where the output does not
 * depend on the variable. Loops with a constant count are unrolled.
 *
 * Where a derivative does not exist: 0 for `abs` and `sign` at 0, the operand that was taken for `min` and `max`, an
 * equal share of each largest element for `reduceMax`. What `select`, `min`, `max` and `reduceMax` did not take, and elements
 * that nobody uses, receive 0, also where a slope on the way there is infinite or NaN.
 *
 * Throws a ModelError where the output is no float scalar, or depends on a variable through an op without a derivative.
 */
export function gradient(output: Node, wrt: readonly Node[]): Node[] {
  if (output.dtype !== "float" || output.shape.length > 0)
    throw new ModelError(`A gradient is taken of a float scalar, not of ${describe(output)}; sum it first.`);
  for (const variable of wrt)
    if (variable.dtype !== "float")
      throw new ModelError(`A gradient is taken with respect to floats, not ${describe(variable)}.`);
  const [unrolled, ...variables] = unroll([output, ...wrt]) as [Node, ...Node[]];
  const flows = propagate(stabilised(unrolled, variables), new Set(variables));
  return variables.map((variable) => {
    const flow = flows.get(variable);
    const value = flow === undefined ? constant(0).broadcastTo(variable.shape) : settled(flow);
    return variable.shared ? value : value.perChain();
  });
}

/** The output and its gradient, which share what they have in common. */
export function valueAndGradient(
  output: Node,
  wrt: readonly Node[],
): { readonly value: Node; readonly gradient: Node[] } {
  return { value: output, gradient: gradient(output, wrt) };
}

/**
 * The program with one more output for each named input, `d output / d input`, under `names[input]`.
 * Throws a ModelError as `gradient` does, and where the program has no such output or input.
 */
export function differentiate(source: Program, output: string, names: Readonly<Record<string, string>>): Program {
  const value = source.outputs[output];
  const wrt = Object.keys(names).map((name) => {
    const node = source.inputs[name];
    if (node === undefined) throw new ModelError(`Program ${source.name} has no input named ${name}.`);
    return node;
  });
  if (value === undefined) throw new ModelError(`Program ${source.name} has no output named ${output}.`);
  const parts = gradient(value, wrt);
  const added = Object.values(names).map((name, i) => [name, parts[i]!] as const);
  return program(source.name, { ...source.outputs, ...Object.fromEntries(added) }, Object.values(source.inputs));
}

/** What flows back to each node from the nodes that use it, as far as it lies between the output and a variable. */
function propagate(output: Node, variables: ReadonlySet<Node>): Map<Node, Flow> {
  const order = inEvaluationOrder([output]);
  const active = new Set<Node>();
  for (const node of order)
    if (variables.has(node) || (carries(node) && dependencies(node).some((input) => active.has(input))))
      active.add(node);
  const received = new Map<Node, Received[]>();
  const flows = new Map<Node, Flow>();
  if (active.has(output)) received.set(output, [{ adjoint: constant(1) }]);
  for (const node of order.reverse()) {
    const flow = joined(node, received.get(node) ?? []);
    if (flow === undefined) continue;
    flows.set(node, flow);
    node.inputs.forEach((input, i) => {
      if (!active.has(input)) return;
      const contribution = derive(node as NodeOf<OpName>, flow, i, active);
      if (contribution === undefined) return;
      const others = received.get(input);
      if (others === undefined) received.set(input, [contribution]);
      else others.push(contribution);
    });
  }
  return flows;
}

/** A loop's own value is an integer, but what it carries may be floats. */
function carries(node: Node): boolean {
  return node.dtype === "float" || node.op === "loop";
}

function derive<O extends OpName>(
  node: NodeOf<O>,
  flow: Flow,
  input: number,
  active: ReadonlySet<Node>,
): Received | undefined {
  const rule: Rule<O> = adjointRules[node.op as O];
  const from = guarded(flow, node, input);
  const adjoint = rule(sloped(node, from) as NodeOf<O>, from.adjoint, input);
  if (adjoint === undefined) return undefined;
  const passed = passedOn(from, adjoint);
  return "adjoint" in passed && flattens(node, active) ? { adjoint: settled(passed), gaps: true } : passed;
}
