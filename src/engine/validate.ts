import { EngineError } from "../errors.ts";
import type { Node } from "../graph/node.ts";
import { describe } from "../graph/ops.ts";
import type { Program } from "../graph/program.ts";
import type { CompileOptions, Roles } from "./engine.ts";

/** The node of that name. Throws an EngineError that lists the names that there are. */
export function named(nodes: Readonly<Record<string, Node>>, name: string, what: string): Node {
  const node = Object.hasOwn(nodes, name) ? nodes[name] : undefined;
  if (node !== undefined) return node;
  throw new EngineError(`There is no ${what} named "${name}"; there are: ${Object.keys(nodes).join(", ") || "none"}.`);
}

/** Throws an EngineError where the number of chains or a role does not fit the program. */
export function checkOptions(program: Program, options: CompileOptions): void {
  if (!(Number.isInteger(options.chains) && options.chains >= 1))
    throw new EngineError(`Program ${program.name}: chains must be a whole number from 1, not ${options.chains}.`);
  checkCarried(program, options);
  for (const name of options.scheduled ?? []) {
    const node = named(program.inputs, name, "input");
    if (!node.shared || node.shape.length > 0)
      throw new EngineError(`Scheduled input "${name}" must be a shared scalar, not ${describe(node)}.`);
    if (Object.values(options.carried ?? {}).includes(name))
      throw new EngineError(`Input "${name}" is both scheduled and carried; choose one.`);
  }
  for (const name of options.recorded ?? []) {
    const node = named(program.outputs, name, "output");
    if (node.shared)
      throw new EngineError(`Recorded output "${name}" must be one value per chain, not ${describe(node)}.`);
  }
}

function checkCarried(program: Program, { carried = {} }: Roles): void {
  const seen = new Map<string, string>();
  for (const [from, to] of Object.entries(carried)) {
    const output = named(program.outputs, from, "output");
    const input = named(program.inputs, to, "input");
    if (describe(output) !== describe(input))
      throw new EngineError(
        `Output "${from}" is ${describe(output)} and cannot be carried to input "${to}", which is ${describe(input)}.`,
      );
    const other = seen.get(to);
    if (other !== undefined)
      throw new EngineError(`Outputs "${other}" and "${from}" are both carried to input "${to}"; keep one.`);
    seen.set(to, from);
  }
}

/** Number of values that a whole input or output holds: `[chain, ...shape]`, or `[...shape]` where it is shared. */
export function length(node: Node, chains: number): number {
  return node.shared ? node.size : node.size * chains;
}

/** Throws a RangeError that names the shape that was expected. */
export function checkLength(name: string, node: Node, chains: number, values: ArrayLike<number>): void {
  const expected = length(node, chains);
  if (values.length === expected) return;
  const shape = node.shared ? `shape [${node.shape}]` : `shape [chain, ...shape] = [${[chains, ...node.shape]}]`;
  throw new RangeError(`Input "${name}" takes ${expected} values, ${shape}; it was given ${values.length}.`);
}

/** Throws where a run's length or schedule does not fit. */
export function checkSchedule(
  scheduled: readonly string[],
  iterations: number,
  schedule: Readonly<Record<string, ArrayLike<number>>>,
): void {
  if (!(Number.isInteger(iterations) && iterations >= 0))
    throw new RangeError(`run takes a whole number of iterations from 0, not ${iterations}.`);
  for (const name of Object.keys(schedule))
    if (!scheduled.includes(name))
      throw new EngineError(`"${name}" is not a scheduled input; there are: ${scheduled.join(", ") || "none"}.`);
  for (const name of scheduled) {
    const values = schedule[name];
    if (values?.length !== iterations)
      throw new RangeError(
        `Scheduled input "${name}" takes one value an iteration, ${iterations} in all; it was given ${values?.length ?? "none"}.`,
      );
  }
}
