/** The gate `precision`: whether float32 was enough, judged by states that were evaluated in float64 as well. */
import type { Gate, RoundingRecord, RunFacts } from "../store/index.ts";

/** What has the error of a difference of log densities. */
export const DENSITY = "log density";

/** An error of float32, in the unit of its limit, and what has it. */
interface RoundingError {
  readonly of: string;
  readonly value: number;
}

function errorsOf({
  log_density,
  gradient,
  gradient_worst,
  quantity,
  quantity_worst,
}: RoundingRecord): RoundingError[] {
  return [
    { of: DENSITY, value: log_density },
    { of: `gradient of ${gradient_worst ?? "none"}`, value: gradient },
    { of: quantity_worst ?? "none", value: quantity },
  ];
}

/** None where nothing was looked at: in float64, of draws from elsewhere, and of runs that were never told. */
export function precisionGate(limit: number | undefined, { rounding }: Pick<RunFacts, "rounding">): Gate[] {
  if (limit === undefined || rounding === undefined) return [];
  const errors = errorsOf(rounding);
  const worst = errors.reduce((a, b) => (Number.isNaN(a.value) || a.value >= b.value ? a : b));
  const { of, value } = worst;
  const failing = errors.filter((each) => !(each.value <= limit)).length;
  return [{ name: "precision", limit, value, pass: failing === 0, worst: of }];
}
