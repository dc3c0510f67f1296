/** Which quantities are shown closely: the worst, the chosen, and those that pairs are made with. */
import type { SummaryRow } from "../../store/index.ts";
import { type GatedNumber, isConstant, isNamed } from "../../summary/gates.ts";
import { limitsOf, worstFirst } from "../table.ts";
import type { ReportInput } from "./input.ts";

/** A quantity that is shown closely, and why. */
export interface Shown {
  readonly row: SummaryRow;
  readonly why: string;
}

export interface Selection {
  /** Rank histograms, traces and densities. */
  readonly close: readonly Shown[];
  /** ESS growth. */
  readonly growth: readonly SummaryRow[];
  /** The first is on the horizontal axis. */
  readonly pairs: readonly SummaryRow[];
}

const CLOSE = 5;
const GROWTH = 2;

/** A scalar that is always positive, such as the scale of a hierarchy; else any scalar; else the worst. */
function anchorOf(rows: readonly SummaryRow[], worst: SummaryRow): SummaryRow {
  const scalars = rows.filter((row) => !isConstant(row) && !row.name.endsWith("]"));
  return scalars.find((row) => row.q1 > 0) ?? scalars[0] ?? worst;
}

export function select(input: ReportInput): Selection {
  const close = new Map<string, Shown>();
  const add = (row: SummaryRow | undefined, why: string): void => {
    if (row !== undefined && !close.has(row.name)) close.set(row.name, { row, why });
  };
  const limits = limitsOf(input.summary.gates, input.gatedQuantities);
  // What is constant has no plot to look at.
  const varying = (key: GatedNumber): SummaryRow[] =>
    worstFirst(input.summary.quantities, key, limits).filter((row) => !isConstant(row));
  const byRhat = varying("rhat");
  const byBulk = varying("ess_bulk");
  const byTail = varying("ess_tail");
  const worst = byRhat[0];
  if (worst === undefined) return { close: [], growth: [], pairs: [] };
  add(worst, "the largest R-hat");
  add(byBulk[0], "the least bulk ESS");
  add(byTail[0], "the least tail ESS");
  const rows = input.summary.quantities;
  for (const name of input.chosen ?? []) {
    for (const row of rows.filter((one) => isNamed(one.name, name) && !isConstant(one)).slice(0, CLOSE)) {
      add(row, "chosen");
    }
  }
  const anchor = anchorOf(rows, worst);
  if ((input.chosen ?? []).length === 0)
    add(anchor, anchor.name.endsWith("]") ? "an example" : "a scalar of the model");
  for (const row of byRhat) if (close.size < CLOSE - 1) add(row, "among the largest R-hat");
  const growth = [...new Set([byBulk[0], byTail[0], byRhat[0]])].filter((row) => row !== undefined).slice(0, GROWTH);
  const partners = [...close.values()].map(({ row }) => row).filter((row) => row !== anchor);
  return { close: [...close.values()], growth, pairs: [anchor, ...partners.slice(0, 3)] };
}
