/** The summary table of the terminal. */
import Table from "cli-table3";
import type { Gate, SummaryNumber, SummaryRow } from "../store/index.ts";
import {
  badness,
  GATED,
  type GatedNumber,
  type GateLimits,
  gatedQuantities,
  isJudged,
  judgedValue,
  meets,
} from "../summary/gates.ts";
import { estimateText } from "./digits.ts";
import { type Colors, plain, rhatText, shortCount, shorten, textWidth } from "./text.ts";

interface Column {
  readonly head: string;
  readonly key: SummaryNumber;
  readonly text: (row: SummaryRow) => string;
}

const estimate = (head: string, key: SummaryNumber): Column => ({ head, key, text: (row) => estimateText(row, key) });
const COLUMNS: readonly Column[] = [
  estimate("mean", "mean"),
  estimate("sd", "sd"),
  estimate("mcse", "mcse_mean"),
  estimate("q5", "q5"),
  estimate("q50", "q50"),
  estimate("q95", "q95"),
  { head: "R-hat", key: "rhat", text: (row) => rhatText(row.rhat) },
  { head: "bulk", key: "ess_bulk", text: (row) => shortCount(row.ess_bulk) },
  { head: "tail", key: "ess_tail", text: (row) => shortCount(row.ess_tail) },
];
/** Left out one after the other where the terminal is too narrow for the names. */
const DISPENSABLE: readonly string[] = ["q50", "mcse", "sd"];
const NAME_LEAST = 24;

/** The limits that gates judged by, for the quantities that they were asked of. */
export function limitsOf(gates: readonly Gate[], quantities: GateLimits["quantities"] = "all"): GateLimits {
  const limits = gates.filter((gate) => GATED.some((key) => key === gate.name)).map((gate) => [gate.name, gate.limit]);
  return { ...Object.fromEntries(limits), quantities };
}

/** The diagnostics of a quantity that fail their gate. */
export function failuresOf(row: SummaryRow, limits: GateLimits): GatedNumber[] {
  if (gatedQuantities([row], limits).length === 0) return [];
  return GATED.filter((key) => {
    const limit = limits[key];
    return limit !== undefined && isJudged(key, row) && !meets(key, judgedValue(key, row), limit);
  });
}

/** Rows in declared order; where one fails, the worst first. */
export function ordered(rows: readonly SummaryRow[], limits: GateLimits): SummaryRow[] {
  const score = (row: SummaryRow): number =>
    Math.max(
      0,
      ...failuresOf(row, limits).map((key) => badness(key, judgedValue(key, row), limits[key] ?? Number.NaN)),
    );
  const scored = rows.map((row) => ({ row, score: score(row) }));
  // Infinity − Infinity is NaN: rows that are equally bad keep their order.
  return scored.sort((a, b) => (a.score === b.score ? 0 : b.score - a.score)).map(({ row }) => row);
}

const FALLBACK: Readonly<Record<GatedNumber, number>> = { rhat: 1.01, ess_bulk: 400, ess_tail: 400 };

/**
 * The quantities that gates judge by one diagnostic, or all that can be judged where gates ask of none; the worst first.
 * Not-a-number is worst.
 */
export function worstFirst(rows: readonly SummaryRow[], key: GatedNumber, limits: GateLimits): SummaryRow[] {
  const judgeable = rows.filter((row) => isJudged(key, row));
  const gated = gatedQuantities(judgeable, limits);
  const chosen = gated.length > 0 ? gated : judgeable;
  const score = new Map(chosen.map((row) => [row, badness(key, judgedValue(key, row), limits[key] ?? FALLBACK[key])]));
  const of = (row: SummaryRow): number => score.get(row) ?? 0;
  return chosen.toSorted((a, b) => (of(a) === of(b) ? 0 : of(b) - of(a)));
}

/** The least bulk ESS as every part of a report tells it: that of the gate, where there is one. */
export function leastEss(
  rows: readonly SummaryRow[],
  limits: GateLimits,
): { readonly value: number; readonly row?: SummaryRow } {
  const [row] = worstFirst(rows, "ess_bulk", limits);
  return row === undefined ? { value: Number.NaN } : { value: judgedValue("ess_bulk", row), row };
}

interface Plan {
  readonly columns: readonly Column[];
  readonly name: number;
}

/** Which columns fit, and how wide the names may be. */
function planColumns(rows: readonly SummaryRow[], width: number): Plan {
  const longest = Math.max(4, ...rows.map((row) => textWidth(plain(row.name)) + 2));
  const wanted = Math.min(longest, NAME_LEAST);
  let columns = [...COLUMNS];
  for (const dropped of ["", ...DISPENSABLE]) {
    columns = columns.filter((column) => column.head !== dropped);
    const used = columns.map(
      (column) => 1 + Math.max(column.head.length, ...rows.map((row) => column.text(row).length)),
    );
    const left = width - used.reduce((sum, one) => sum + one, 0);
    if (left >= wanted || dropped === DISPENSABLE.at(-1))
      return { columns, name: Math.max(8, Math.min(longest, left)) };
  }
  return { columns, name: wanted };
}

const NO_BORDERS = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ",
} as const;

/** The table's lines; a row that fails a gate begins with `!`. */
export function summaryTable(
  rows: readonly SummaryRow[],
  limits: GateLimits,
  colors: Colors,
  width: number,
): { text: string; leftOut: string[] } {
  const plan = planColumns(rows, width);
  const table = new Table({
    head: ["  ", ...plan.columns.map((column) => colors.bold(column.head))],
    chars: NO_BORDERS,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: ["left", ...plan.columns.map(() => "right" as const)],
  });
  for (const row of rows) {
    const failures = failuresOf(row, limits);
    const name = `${failures.length > 0 ? "! " : "  "}${shorten(plain(row.name), plan.name - 2)}`;
    const cells = plan.columns.map((column) => {
      const text = column.text(row);
      return failures.some((key) => key === column.key) ? colors.red(text) : text;
    });
    table.push([failures.length > 0 ? colors.red(name) : name, ...cells]);
  }
  const leftOut = COLUMNS.filter((column) => !plan.columns.includes(column)).map((column) => column.head);
  return { text: table.toString(), leftOut };
}
