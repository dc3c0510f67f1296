/** Are two runs draws of one posterior, where their bits cannot be the same? By their summaries alone. */
import type { SummaryNumber, SummaryRow } from "./summary.ts";

/** The largest difference in combined standard errors: one chance in two million for each number. */
const LIMIT = 5;

/** What is compared, and its standard error. */
const COMPARED: readonly (readonly [SummaryNumber, SummaryNumber])[] = [
  ["mean", "mcse_mean"],
  ["sd", "mcse_sd"],
  ["q5", "mcse_q5"],
  ["q50", "mcse_q50"],
  ["q95", "mcse_q95"],
];

/** The number of a quantity that differs most. */
export interface SummaryDifference {
  readonly quantity: string;
  readonly number: SummaryNumber;
  readonly before: number;
  readonly now: number;
  /** In combined standard errors; infinite where one run has the number and the other has not. */
  readonly distance: number;
}

/** What two summaries have in common. */
export interface SummaryComparison {
  readonly quantities: number;
  /** The largest difference, where it is above the limit. */
  readonly worst?: SummaryDifference;
  readonly limit: number;
}

/** Compares means, standard deviations and quantiles of all quantities; one that a run lacks is a difference. */
export function compareSummaries(before: readonly SummaryRow[], now: readonly SummaryRow[]): SummaryComparison {
  const rows = new Map(now.map((row) => [row.name, row]));
  const all = before.flatMap((row) => differencesOf(row, rows.get(row.name)));
  const lost = now.filter(({ name }) => !before.some((row) => row.name === name));
  const found = [...all, ...lost.flatMap((row) => differencesOf(row, undefined))];
  const worst = found.reduce<SummaryDifference | undefined>(
    (most, one) => (most === undefined || one.distance > most.distance ? one : most),
    undefined,
  );
  const differs = worst !== undefined && worst.distance > LIMIT;
  return { quantities: before.length, limit: LIMIT, ...(differs && { worst }) };
}

function differencesOf(before: SummaryRow, now: SummaryRow | undefined): SummaryDifference[] {
  return COMPARED.map(([number, error]) => {
    const [a, b] = [before[number], now?.[number] ?? Number.NaN];
    const distance = distanceOf(a, b, Math.hypot(before[error], now?.[error] ?? Number.NaN));
    return { quantity: before.name, number, before: a, now: b, distance };
  });
}

function distanceOf(a: number, b: number, error: number): number {
  // Constants, and numbers that neither run has.
  if (Object.is(a, b)) return 0;
  const distance = Math.abs(a - b) / error;
  return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
}
