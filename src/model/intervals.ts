import { Node, type Operand } from "../graph/node.ts";
import { inEvaluationOrder } from "../graph/program.ts";
import type { Interval } from "./boundModel.ts";
import { environmentWith, hostValue } from "./host.ts";
import type { Transform } from "./transform.ts";

/** The bounds of a parameter's elements, one each where they differ; none where other parameters decide them. */
export function intervalsOf(name: string, { ends }: Transform, size: number): Interval[] {
  if (ends === undefined) return [];
  const [lower, upper] = [valuesOf(ends.lower), valuesOf(ends.upper)];
  if (lower === undefined || upper === undefined) return [];
  const count = lower.length === 1 && upper.length === 1 ? 1 : size;
  const at = (values: ArrayLike<number>, i: number): number => values[values.length === 1 ? 0 : i]!;
  return Array.from({ length: count }, (_, i) => ({ name, lower: at(lower, i), upper: at(upper, i) }));
}

/** The numbers of a bound; undefined where they depend on parameters. */
function valuesOf(bound: Operand): ArrayLike<number> | undefined {
  if (!(bound instanceof Node)) return [bound];
  if (inEvaluationOrder([bound]).some((node) => node.op === "input")) return undefined;
  return hostValue(bound, environmentWith(new Map()));
}
