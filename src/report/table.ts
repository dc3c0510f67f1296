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
} from "./gates.ts";
import { type Colors, plain, rhatText, shortCount, shorten, shortNumber, textWidth } from "./text.ts";

interface Column {
  readonly head: string;
  readonly key: SummaryNumber;
  readonly text: (value: number) => string;
}

const two = (value: number): string => shortNumber(value, 2);
const three = (value: number): string => shortNumber(value, 3);
const COLUMNS: readonly Column[] = [
  { head: "mean", key: "mean", text: three },
  { head: "sd", key: "sd", text: three },
  { head: "mcse", key: "mcse_mean", text: two },
  { head: "q5", key: "q5", text: three },
  { head: "q50", key: "q50", text: three },
  { head: "q95", key: "q95", text: three },
  { head: "R-hat", key: "rhat", text: rhatText },
  { head: "bulk", key: "ess_bulk", text: shortCount },
  { head: "tail", key: "ess_tail", text: shortCount },
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
      (column) => 1 + Math.max(column.head.length, ...rows.map((row) => column.text(row[column.key]).length)),
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
      const text = column.text(row[column.key]);
      return failures.some((key) => key === column.key) ? colors.red(text) : text;
    });
    table.push([failures.length > 0 ? colors.red(name) : name, ...cells]);
  }
  const leftOut = COLUMNS.filter((column) => !plan.columns.includes(column)).map((column) => column.head);
  return { text: table.toString(), leftOut };
}
