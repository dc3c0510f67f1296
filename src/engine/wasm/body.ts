import type { Precision } from "../../draws.ts";
import type { Node } from "../../graph/node.ts";
import { computeElementwise } from "./elementwise.ts";
import type { SimdOp } from "./encoder.ts";
import { LaneArithmetic } from "./laneArithmetic.ts";
import { floatPattern } from "./memory.ts";
import { accumulates, isReduction, type Plan } from "./schedule.ts";
import { isIdentity, resolve } from "./views.ts";

/** What code for one element has to do with: one object a value. */
export type Value = Constant | Load | Computed;

interface Constant {
  readonly kind: "constant";
  readonly pattern: bigint;
}
/** The element's own entry of a node that stands before the stage: a load wherever it is wanted. */
interface Load {
  readonly kind: "load";
  readonly node: Node;
}
/** What takes work, so that it is done once. */
export type Computed = Instruction | Gather;

export interface Instruction {
  readonly kind: "instruction";
  readonly op: SimdOp;
  readonly inputs: readonly Value[];
  /** What a shift takes besides. */
  readonly shift: number | undefined;
}
interface Gather {
  readonly kind: "gather";
  readonly node: Node;
}

/** What the code leaves behind: a node's element stored, added to a total, or added where an index says. */
export interface Effect {
  readonly kind: "store" | "accumulate" | "scatter";
  readonly node: Node;
  readonly value: Value;
}

export type Item = Computed | Effect;

export function isEffect(item: Item): item is Effect {
  return item.kind === "store" || item.kind === "accumulate" || item.kind === "scatter";
}

/** The straight-line code of a map stage, for one element. */
export function recordBody(nodes: readonly Node[], plan: Plan, precision: Precision): readonly Item[] {
  const recorder = new Recorder(precision);
  const known = new Map<Node, Value>();
  const value = (node: Node): Value => {
    const access = resolve(node, plan.copied);
    const computed = isIdentity(access) && !accumulates(access.base) ? known.get(access.base) : undefined;
    const found = computed ?? known.get(node) ?? { kind: "load", node };
    if (computed === undefined) known.set(node, found);
    return found;
  };
  for (const node of nodes) {
    if (isReduction(node)) {
      recorder.items.push({ kind: "accumulate", node, value: value(node.inputs[0]!) });
    } else if (node.op === "scatterAdd") {
      recorder.items.push({ kind: "scatter", node, value: value(node.inputs[0]!) });
    } else {
      const made =
        node.op === "gather" ? recorder.gather(node) : computeElementwise(recorder, node, node.inputs.map(value));
      known.set(node, made);
      const lifetime = plan.lifetime.get(node) ?? "stage";
      if (lifetime !== "stage") recorder.items.push({ kind: "store", node, value: made });
    }
  }
  return recorder.items;
}

/** Arithmetic that collects its instructions. */
class Recorder extends LaneArithmetic<Value> {
  readonly precision: Precision;
  readonly items: Item[] = [];
  private readonly constants = new Map<bigint, Constant>();

  constructor(precision: Precision) {
    super();
    this.precision = precision;
  }

  constant(x: number): Value {
    return this.bits(floatPattern(this.precision, x));
  }

  bits(pattern: bigint): Value {
    const known = this.constants.get(pattern);
    if (known !== undefined) return known;
    const made: Constant = { kind: "constant", pattern };
    this.constants.set(pattern, made);
    return made;
  }

  apply(op: SimdOp, inputs: readonly Value[], shift?: number): Value {
    const made: Instruction = { kind: "instruction", op, inputs, shift };
    this.items.push(made);
    return made;
  }

  gather(node: Node): Value {
    const made: Gather = { kind: "gather", node };
    this.items.push(made);
    return made;
  }
}
