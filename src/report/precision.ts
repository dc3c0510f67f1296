/** The gate `precision` in words. */
import type { Gate, RunFacts } from "../store/index.ts";
import { DENSITY } from "../summary/precision.ts";
import { quoted, shortNumber } from "./text.ts";

/** `precision ≤ 0.1: float32 errs by at most 3.7e-6 (log density)`. */
export function precisionText({ limit, value, worst = "" }: Gate): string {
  const error = Number.isNaN(value) ? "more than can be told" : `at most ${shortNumber(value)}`;
  return `precision ≤ ${limit}: float32 errs by ${error} (${quoted(worst)})`;
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
