/** The gate `precision`: whether float32 was enough, judged by states that were evaluated in float64 as well. */
import type { Gate, RoundingRecord, RunFacts } from "../store/index.ts";
import { quoted, shortNumber } from "./text.ts";

const DENSITY = "log density";

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

/** `precision ≤ 0.1: float32 errs by at most 3.7e-6 (log density)`. */
export function precisionText({ limit, value, worst = "" }: Gate): string {
  return `precision ≤ ${limit}: float32 errs by at most ${shortNumber(value)} (${quoted(worst)})`;
}

/** What is wrong, and what to do. */
export function precisionWords({ limit, value, worst = "" }: Gate, { rounding }: Pick<RunFacts, "rounding">): string {
  const states = rounding === undefined ? "some" : rounding.states;
  return (
    `float32 is not enough: at ${states} states of the run, which were evaluated in float64 as well, ${what(worst, value)}, ` +
    `and the limit is ${limit}. The draws are not to be trusted. Set \`precision: float64\` ` +
    "(every engine but tensorflow's eager route has it). Data and bounds that are large beside their spread are better " +
    "measured from another origin."
  );
}

function what(worst: string, value: number): string {
  const by = Number.isFinite(value) ? shortNumber(value) : "more than can be told";
  if (worst === DENSITY)
    return `a difference of log densities, which decides whether a proposal is taken, errs by ${by}`;
  if (worst.startsWith("gradient of ")) return `the ${quoted(worst)} errs by ${by} of its size`;
  return `${quoted(worst)} errs by ${by} of its standard deviation`;
}
