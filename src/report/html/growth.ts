/** How the effective sample sizes grow with the draws. */
import * as Plot from "@observablehq/plot";
import { essBulk, essTail } from "../../diagnostics/index.ts";
import type { SummaryRow } from "../../store/index.ts";
import { limitsOf } from "../table.ts";
import { shortCount } from "../text.ts";
import { polylines } from "./draw.ts";
import { figure, SMALL, tick } from "./figure.ts";
import type { ChainValues, ReportInput } from "./input.ts";
import { type Content, type Html, html } from "./markup.ts";
import { areFinite } from "./numbers.ts";

const STEPS = 8;

interface Growth {
  readonly draws: number[];
  readonly bulk: number[];
  readonly tail: number[];
}

function growthOf(draws: ChainValues): Growth {
  const length = draws[0]?.length ?? 0;
  const result: Growth = { draws: [], bulk: [], tail: [] };
  for (let step = 1; step <= STEPS; step++) {
    const count = Math.floor((step * length) / STEPS);
    if (count < 8) continue;
    const part = draws.map((chain) => Array.prototype.slice.call(chain, 0, count) as number[]);
    result.draws.push(count);
    result.bulk.push(essBulk(part));
    result.tail.push(essTail(part));
  }
  return result;
}

function growthFigure(row: SummaryRow, draws: ChainValues, input: ReportInput): Content {
  if (!areFinite(draws)) return undefined;
  const growth = growthOf(draws);
  const limits = limitsOf(input.summary.gates);
  const rules = [...new Set([limits.ess_bulk, limits.ess_tail])].filter((limit) => limit !== undefined);
  const high = Math.max(...[...growth.bulk, ...growth.tail].filter(Number.isFinite), ...rules);
  if (growth.draws.length < 2 || !Number.isFinite(high)) return undefined;
  const at = (values: number[]): { x: number; y: number }[] => values.map((y, i) => ({ x: growth.draws[i] ?? 0, y }));
  const plot = {
    ...SMALL,
    x: { domain: [0, growth.draws.at(-1) ?? 1], label: "draws of each chain" },
    y: { domain: [0, high * 1.08], label: "ESS" },
    marks: [
      Plot.gridY({ ticks: 5 }),
      Plot.axisX({ ticks: 5, tickFormat: tick }),
      Plot.axisY({ ticks: 5, tickFormat: shortCount }),
      ...rules.map((limit) => Plot.ruleY([limit], { stroke: "var(--bad)", strokeDasharray: "5,3" })),
      polylines([{ x: growth.draws, y: growth.bulk }], { stroke: "var(--blue)", "stroke-width": 1.8 }),
      polylines([{ x: growth.draws, y: growth.tail }], {
        stroke: "var(--orange)",
        "stroke-width": 1.8,
        "stroke-dasharray": "6,3",
      }),
      Plot.dot(at(growth.bulk), { x: "x", y: "y", r: 3.5, fill: "var(--blue)" }),
      Plot.dot(at(growth.tail), { x: "x", y: "y", r: 4, symbol: "triangle", fill: "var(--orange)" }),
    ],
  } satisfies Plot.PlotOptions;
  return figure({
    label: `Growth of the effective sample sizes of ${row.name}`,
    plot,
    caption: html`<b>${row.name}</b>: <span class="key blue">● bulk</span>, <span class="key orange">▲ tail</span>; limits dashed. A straight line is healthy.`,
  });
}

export function growthSection(
  input: ReportInput,
  rows: readonly SummaryRow[],
  draws: ReadonlyMap<string, ChainValues>,
): Content {
  const figures: Content[] = rows.map((row): Content => {
    const held = draws.get(row.name);
    return held === undefined ? undefined : growthFigure(row, held, input);
  });
  const drawn = figures.filter((one): one is Html => one !== undefined);
  if (drawn.length === 0) return undefined;
  return html`<section id="growth" aria-labelledby="growth-heading"><h2 id="growth-heading">Growth of ESS</h2><div class="grid two">${drawn}</div></section>\n`;
}
