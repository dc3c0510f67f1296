import type { Precision } from "../../draws.ts";
import type { Node } from "../../graph/node.ts";
import { lister } from "../../graph/print.ts";
import type { Program } from "../../graph/program.ts";
import { recordBody } from "./body.ts";
import { cut } from "./phases.ts";
import {
  BLOCK_ROWS,
  type Lifetime,
  type Plan,
  planFor,
  type Schedule,
  type Stage,
  type Step,
  schedule,
} from "./schedule.ts";

/**
 * How a kernel goes about a (simplified) program: its steps, their stages, and how long each value is kept. Nodes have
 * the numbers that `print(program)` gives them; views, which cost nothing, are not listed. Phases are told by their instructions (`phases.ts`).
 *
 *     loop over 569, in blocks of 64
 *       product
 *         %5 = matvec %0 %4 transposed=false : float[569]; kept for the block
 *       map in 3 phases: 11 + 11 + 8
 *         %6 = sigmoid %5 : float[569]; kept for the block
 */
export function printSchedule(program: Program, precision: Precision): string {
  const plan = planFor(new Set());
  const steps = schedule(program.nodes, Object.values(program.outputs), plan);
  const printer = new Printer(lister(program), plan, precision);
  return [`schedule of ${program.name}`, ...printer.steps(steps, "  "), ""].join("\n");
}

const kept: Readonly<Record<Lifetime, string>> = {
  stage: "",
  block: "; kept for the block",
  step: "; kept",
};

class Printer {
  private readonly line: (node: Node) => string;
  private readonly plan: Plan;
  private readonly precision: Precision;

  constructor(line: (node: Node) => string, plan: Plan, precision: Precision) {
    this.line = line;
    this.plan = plan;
    this.precision = precision;
  }

  steps(steps: Schedule, indent: string): string[] {
    return steps.steps.flatMap((step) => this.step(step, indent));
  }

  private step(step: Step, indent: string): string[] {
    if (step.kind === "region") {
      return [`${indent}repeat ${this.line(step.node)}`, ...this.steps(step.body, `${indent}  `)];
    }
    if (step.kind === "nest") return [`${indent}move elements`, this.node(step.node, `${indent}  `)];
    const blocks = step.length > BLOCK_ROWS ? `, in blocks of ${BLOCK_ROWS}` : "";
    const head = step.length === 1 ? `${indent}once` : `${indent}loop over ${step.length}${blocks}`;
    return [head, ...step.stages.flatMap((stage) => this.stage(stage, step.length, `${indent}  `))];
  }

  private stage(stage: Stage, length: number, indent: string): string[] {
    if (stage.kind === "product") return [`${indent}product`, this.node(stage.node, `${indent}  `)];
    if (stage.kind === "transposedProduct")
      return [`${indent}transposed product`, this.node(stage.node, `${indent}  `)];
    const items = recordBody(stage.nodes, this.plan, this.precision);
    const phases = length === 1 ? [] : cut(items);
    const map =
      phases.length < 2
        ? "map"
        : `map in ${phases.length} phases: ${phases.map((phase) => phase.items.length).join(" + ")}`;
    return [indent + map, ...stage.nodes.map((node) => this.node(node, `${indent}  `))];
  }

  private node(node: Node, indent: string): string {
    return `${indent}${this.line(node)}${kept[this.plan.lifetime.get(node) ?? "stage"]}`;
  }
}
