/** Gates: the limits that a run must meet to count as converged. */
import type { Gate, RunFacts, SummaryRow } from "../store/index.ts";
import { precisionGate } from "./precision.ts";
import { listed } from "./words.ts";

/** Limits of a run; a limit that is left out is not checked. The shape of the config's `gates`. */
export interface GateLimits {
  /** Every quantity's R-hat must be below this. */
  readonly rhat?: number;
  /** Every quantity's bulk effective sample size must be above this. */
  readonly ess_bulk?: number;
  /** Every quantity's tail effective sample size must be above this. */
  readonly ess_tail?: number;
  /** At most this fraction of all draws after warm-up may be divergent. */
  readonly divergences?: number;
  /** In float32: at most this much may differences of log densities err, and gradients and quantities relative to their size. */
  readonly precision?: number;
  /** The quantities that R-hat and ESS are asked of; `beta` stands for `beta` and for every `beta[…]`. */
  readonly quantities?: "all" | readonly string[];
}

/** A diagnostic that has a gate. */
export type GatedNumber = "rhat" | "ess_bulk" | "ess_tail";

/** The diagnostics that have gates, in the order in which they are judged. */
export const GATED: readonly GatedNumber[] = ["rhat", "ess_bulk", "ess_tail"];

/** True if a quantity is the one named, or an element of it. */
export function isNamed(quantity: string, name: string): boolean {
  return quantity === name || (quantity.startsWith(`${name}[`) && quantity.endsWith("]"));
}

/** True if a quantity never changed, up to rounding of its mean: its R-hat and ESS are undefined and say nothing. */
export function isConstant(row: SummaryRow): boolean {
  return row.sd === 0 || (row.q1 === row.q99 && row.sd <= 1e-12 * Math.abs(row.mean));
}

/**
 * True if a sampled parameter kept one value in all draws of some chain. No diagnostic of it can be believed, also where it is
 * a number: that chain was not sampled.
 */
export function standsStill(row: SummaryRow): boolean {
  return row.role === "parameter" && (row.still !== undefined || isConstant(row));
}

/**
 * True if a diagnostic is asked of a quantity: it varies or should, and, for tails, has some. One of few values, such as a bool,
 * may have its 5 % or 95 % quantile at its end, and then no draw lies beyond it.
 */
export function isJudged(key: GatedNumber, row: SummaryRow): boolean {
  return standsStill(row) || !(isConstant(row) || (key === "ess_tail" && hasNoTails(row)));
}

/** The diagnostic of a quantity, as gates see it: not-a-number where the quantity stands still. */
export function judgedValue(key: GatedNumber, row: SummaryRow): number {
  return standsStill(row) ? Number.NaN : row[key];
}

/** True if all is known of a quantity but how its tails mix, of which one is a single value. */
export function hasNoTails(row: Omit<SummaryRow, "name">): boolean {
  const isKnown = [row.mean, row.rhat, row.ess_bulk].every(Number.isFinite);
  return isKnown && Number.isNaN(row.ess_tail) && (row.q1 === row.q5 || row.q95 === row.q99);
}

/** True if a quantity meets a limit. Not-a-number never does. */
export function meets(key: GatedNumber, value: number, limit: number): boolean {
  return key === "rhat" ? value < limit : value > limit;
}

/** Larger is worse; not-a-number is worst. 1 is about the limit. */
export function badness(key: GatedNumber, value: number, limit: number): number {
  if (Number.isNaN(value)) return Number.POSITIVE_INFINITY;
  return key === "rhat" ? (value - 1) / Math.max(limit - 1, 1e-12) : limit / Math.max(value, 1e-12);
}

/** The quantities that the limits ask of. */
export function gatedQuantities(quantities: readonly SummaryRow[], limits: GateLimits): readonly SummaryRow[] {
  const names = limits.quantities ?? "all";
  if (names === "all") return quantities;
  return quantities.filter((row) => names.some((name) => isNamed(row.name, name)));
}

/** What else must be said of a gate: what it does not ask of, and what never moved. */
function notesOn(key: GatedNumber, rows: readonly SummaryRow[], unmatched: readonly string[]): string[] {
  const names = (chosen: (row: SummaryRow) => boolean): string => listed(rows.filter(chosen).map((row) => row.name));
  const notes: string[] = [];
  if (unmatched.length > 0) notes.push(`no quantity is named ${unmatched.join(", ")}`);
  const never = names((row) => standsStill(row) && isConstant(row));
  if (never !== "") notes.push(`never moved: ${never}`);
  const partly = names((row) => standsStill(row) && !isConstant(row));
  if (partly !== "") notes.push(`not moving in every chain: ${partly}`);
  const constant = names((row) => isConstant(row) && !standsStill(row));
  if (rows.length > 0 && !rows.some((row) => isJudged(key, row)))
    notes.push(`${rows.every(isConstant) ? "every quantity is constant: " : ""}there is nothing to judge`);
  else if (constant !== "") notes.push(`left out, being constant: ${constant}`);
  const few = names((row) => !isConstant(row) && !isJudged(key, row));
  if (few !== "") notes.push(`left out, having too few different values for tails: ${few}`);
  return notes;
}

function quantityGate(
  key: GatedNumber,
  limit: number,
  rows: readonly SummaryRow[],
  unmatched: readonly string[],
): Gate {
  const judged = rows.filter((row) => isJudged(key, row));
  const notes = notesOn(key, rows, unmatched);
  let worst: SummaryRow | undefined;
  const bad = (row: SummaryRow): number => badness(key, judgedValue(key, row), limit);
  for (const row of judged) if (worst === undefined || bad(row) > bad(worst)) worst = row;
  const failing = judged.filter((row) => !meets(key, judgedValue(key, row), limit)).length;
  return {
    name: key,
    limit,
    value: worst === undefined ? Number.NaN : judgedValue(key, worst),
    pass: judged.length > 0 && failing === 0 && unmatched.length === 0,
    ...(worst === undefined ? {} : { worst: worst.name }),
    failing,
    ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
  };
}

/**
 * Judges a run. `false` asks for nothing and gives no gates.
 *
 * A parameter that never moved, be it in one chain alone, fails. A derived quantity that is constant has no R-hat and no ESS,
 * one of few values may have no tails: it is left out, and the gate's note names it. Any other not-a-number fails. A name in `limits.quantities` that matches nothing fails, so that a misspelt name cannot pass.
 */
export function evaluateGates(limits: GateLimits | false, quantities: readonly SummaryRow[], run: RunFacts): Gate[] {
  if (limits === false) return [];
  const names = limits.quantities ?? "all";
  const unmatched = names === "all" ? [] : names.filter((name) => !quantities.some((row) => isNamed(row.name, name)));
  const rows = gatedQuantities(quantities, limits);
  const gates: Gate[] = [];
  for (const key of GATED) {
    const limit = limits[key];
    if (limit !== undefined) gates.push(quantityGate(key, limit, rows, unmatched));
  }
  if (limits.divergences !== undefined) {
    const value = run.divergences / (run.chains * run.draws);
    gates.push({ name: "divergences", limit: limits.divergences, value, pass: value <= limits.divergences });
  }
  return [...gates, ...precisionGate(limits.precision, run)];
}

/** True if every gate passed; also for no gates. */
export function allPass(gates: readonly Gate[]): boolean {
  return gates.every((gate) => gate.pass);
}
