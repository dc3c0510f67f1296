/** Medians and intervals of the elements of arrays, by name. */
import * as Plot from "@observablehq/plot";
import type { SummaryRow } from "../../store/index.ts";
import { figure, labelOf, tick } from "./figure.ts";
import type { ReportInput } from "./input.ts";
import { type Content, type Html, html } from "./markup.ts";

const MOST_ROWS = 80;
const MOST_GROUPS = 8;

interface Group {
  readonly variable: string;
  readonly rows: readonly SummaryRow[];
}

function groups(rows: readonly SummaryRow[]): Group[] {
  const found = new Map<string, SummaryRow[]>();
  for (const row of rows) {
    const bracket = row.name.indexOf("[");
    if (bracket <= 0 || !row.name.endsWith("]") || !Number.isFinite(row.q5) || !Number.isFinite(row.q95)) continue;
    const variable = row.name.slice(0, bracket);
    const known = found.get(variable);
    if (known === undefined) found.set(variable, [row]);
    else known.push(row);
  }
  return [...found.entries()]
    .map(([variable, list]) => ({ variable, rows: list }))
    .filter((group) => group.rows.length > 1);
}

/** The elements that are farthest from zero, in declared order, where there are too many. */
function kept(rows: readonly SummaryRow[]): readonly SummaryRow[] {
  if (rows.length <= MOST_ROWS) return rows;
  const size = (row: SummaryRow): number => (row.sd > 0 ? Math.abs(row.q50) / row.sd : 0);
  const largest = new Set(rows.toSorted((a, b) => size(b) - size(a)).slice(0, MOST_ROWS));
  return rows.filter((row) => largest.has(row));
}

function forestMarks(shown: readonly SummaryRow[], names: readonly string[]): Plot.Markish[] {
  const data = shown.map((row, y) => ({ ...row, y, clear: row.q5 > 0 || row.q95 < 0 }));
  const dot = { x: "q50", y: "y", r: 3.4, stroke: "var(--blue)", strokeWidth: 1.5 } as const;
  const axis = { ticks: 5, tickFormat: tick } as const;
  const crossesZero = shown.some((row) => row.q5 <= 0) && shown.some((row) => row.q95 >= 0);
  const filled = data.filter(({ clear }) => clear);
  const open = data.filter(({ clear }) => !clear);
  return [
    Plot.gridX({ ticks: 5 }),
    Plot.axisX(axis),
    Plot.axisX({ ...axis, anchor: "top", label: null }),
    Plot.axisY({ ticks: shown.map((_, i) => i), tickFormat: (i: number) => names[i] ?? "", tickSize: 0, label: null }),
    ...(crossesZero ? [Plot.ruleX([0], { stroke: "var(--ink)", strokeOpacity: 0.6 })] : []),
    Plot.ruleY(data, { y: "y", x1: "q5", x2: "q95", stroke: "var(--blue)", strokeWidth: 1.3 }),
    Plot.ruleY(data, { y: "y", x1: "q25", x2: "q75", stroke: "var(--blue)", strokeWidth: 4 }),
    Plot.dot(filled, { ...dot, fill: "var(--blue)" }),
    Plot.dot(open, { ...dot, fill: "var(--paper)" }),
  ];
}

function forestFigure({ variable, rows }: Group): Html {
  const shown = kept(rows);
  const names = shown.map((row) => labelOf(row.name.slice(variable.length + 1, -1), 26));
  const low = Math.min(...shown.map((row) => row.q5));
  const high = Math.max(...shown.map((row) => row.q95));
  const margin = 0.04 * (high - low || 1);
  const plot = {
    width: 440,
    height: 62 + 18 * shown.length,
    marginLeft: 14 + 5.9 * Math.max(...names.map((name) => name.length)),
    marginRight: 16,
    marginTop: 24,
    marginBottom: 36,
    x: { domain: [low - margin, high + margin], label: labelOf(variable) },
    y: { domain: [-0.7, shown.length - 0.3], reverse: true, axis: null },
    marks: forestMarks(shown, names),
  } satisfies Plot.PlotOptions;
  const cut =
    shown.length < rows.length
      ? ` Only the ${shown.length} elements of ${rows.length} that are farthest from zero, in standard deviations.`
      : "";
  const caption = `Median, 50 % interval (thick) and 90 % interval (thin); filled where the 90 % interval leaves out zero.${cut}`;
  return figure({ label: `Median and intervals of the elements of ${variable}`, plot, caption });
}

export function forestSection(input: ReportInput): Content {
  // What is derived is declared last, and is most often what is asked for.
  const found = groups(input.summary.quantities).toReversed();
  if (found.length === 0) return undefined;
  const open = found.slice(0, 2).map((group) => html`<div><h3>${group.variable}</h3>${forestFigure(group)}</div>`);
  const folded = found
    .slice(2, MOST_GROUPS)
    .map(
      (group) =>
        html`<details><summary>${group.variable} <span>(${group.rows.length} elements)</span></summary>${forestFigure(group)}</details>`,
    );
  const more =
    found.length > MOST_GROUPS ? html`<p>${found.length - MOST_GROUPS} more arrays are in the table.</p>` : undefined;
  return html`<section id="forest" aria-labelledby="forest-heading"><h2 id="forest-heading">Estimates by name</h2>
<div class="grid two">${open}</div>${folded}${more}</section>\n`;
}
