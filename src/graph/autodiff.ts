import { ModelError } from "../errors.ts";
import { type Adjoint, adjointRules, type Part, type Rule } from "./adjoints.ts";
import type { NodeOf } from "./evaluate.ts";
import { concat, constant, type Node } from "./node.ts";
import { describe } from "./ops.ts";
import { dependencies, inEvaluationOrder, type Program, program } from "./program.ts";
import type { OpName } from "./types.ts";
import { unroll } from "./unroll.ts";

/**
 * The gradient of a float scalar with respect to each of `wrt`, by reverse mode, as nodes: a graph like any other, to
 * be simplified together with the output. Each has its variable's dtype and shape; it is zero where the output does not
 * depend on the variable. Loops with a constant count are unrolled.
 *
 * Where a derivative does not exist: 0 for `abs` and `sign` at 0, the operand that was taken for `min` and `max`, an
 * equal share of each largest element for `reduceMax`. A `select` passes nothing to the branch that was not taken, but
 * that branch's own infinite slope times this 0 is NaN: keep its argument in its domain by a select of its own, as in
 * `inside.select(inside.select(x, 1).log(), 0)`.
 *
 * Throws a ModelError where the output is no float scalar, or depends on a variable through an op without a derivative.
 */
export function gradient(output: Node, wrt: readonly Node[]): Node[] {
  if (output.dtype !== "float" || output.shape.length > 0)
    throw new ModelError(`A gradient is taken of a float scalar, not of ${describe(output)}; sum it first.`);
  for (const variable of wrt)
    if (variable.dtype !== "float")
      throw new ModelError(`A gradient is taken with respect to floats, not ${describe(variable)}.`);
  const [root, ...variables] = unroll([output, ...wrt]) as [Node, ...Node[]];
  const adjoints = propagate(root, new Set(variables));
  return variables.map((variable) => {
    const value = total(variable, adjoints.get(variable) ?? []) ?? constant(0).broadcastTo(variable.shape);
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

/** What each node received from the nodes that use it, as far as it lies between the output and a variable. */
function propagate(output: Node, variables: ReadonlySet<Node>): Map<Node, Adjoint[]> {
  const order = inEvaluationOrder([output]);
  const active = new Set<Node>();
  for (const node of order)
    if (variables.has(node) || (carries(node) && dependencies(node).some((input) => active.has(input))))
      active.add(node);
  const received = new Map<Node, Adjoint[]>();
  if (active.has(output)) received.set(output, [constant(1)]);
  for (const node of order.reverse()) {
    const contributions = received.get(node);
    if (contributions === undefined) continue;
    const adjoint = total(node, contributions)!;
    received.set(node, [adjoint]);
    node.inputs.forEach((input, i) => {
      if (!active.has(input)) return;
      const contribution = derive(node as NodeOf<OpName>, adjoint, i);
      if (contribution !== undefined) received.set(input, [...(received.get(input) ?? []), contribution]);
    });
  }
  return received;
}

/** A loop's own value is an integer, but what it carries may be floats. */
function carries(node: Node): boolean {
  return node.dtype === "float" || node.op === "loop";
}

function derive<O extends OpName>(node: NodeOf<O>, adjoint: Node, input: number): Adjoint | undefined {
  const rule: Rule<O> = adjointRules[node.op as O];
  return rule(node, adjoint, input);
}

/** The sum of what a node received. Parts of it (from slices) are laid side by side in one vector. */
function total(node: Node, contributions: readonly Adjoint[]): Node | undefined {
  const whole = contributions.filter((contribution): contribution is Node => !("part" in contribution));
  const parts = contributions.filter((contribution): contribution is Part => "part" in contribution);
  const axes = [...new Set(parts.map(({ axis }) => axis))];
  const laid = axes.map((axis) =>
    lay(
      node,
      axis,
      parts.filter((part) => part.axis === axis),
    ),
  );
  return [...whole, ...laid].reduce<Node | undefined>((sum, value) => sum?.add(value) ?? value, undefined);
}

/** One vector of the parts: between two neighbouring ends of parts, the sum of those that lie there, or zeros. */
function lay(node: Node, axis: number, parts: readonly Part[]): Node {
  const ends = new Set([0, node.shape[axis]!, ...parts.flatMap(({ start, stop }) => [start, stop])]);
  const cuts = [...ends].sort((a, b) => a - b);
  const pieces = cuts.slice(1).map((high, i) => {
    const low = cuts[i]!;
    const here = parts
      .filter(({ start, stop }) => start <= low && high <= stop)
      .map(({ part, start, stop }) =>
        start === low && stop === high ? part : part.slice(low - start, high - start, axis),
      );
    if (here.length > 0) return here.reduce((sum, piece) => sum.add(piece));
    return constant(0).broadcastTo(node.shape.map((size, k) => (k === axis ? high - low : size)));
  });
  return concat(pieces, axis);
}
