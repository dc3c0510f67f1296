/** The worst and the chosen quantities: rank histograms, traces and densities over the chains. */
import * as Plot from "@observablehq/plot";
import type { SummaryRow } from "../../store/index.ts";
import { estimateText } from "../digits.ts";
import { counted, quantityCount, rhatText, shortCount } from "../text.ts";
import { area, FEW, lineColor, lineKey, linePaint, polylines, stairs } from "./draw.ts";
import { figure, SMALL, tick, ticksOf } from "./figure.ts";
import type { ChainValues, ReportInput } from "./input.ts";
import { type Content, type Html, html } from "./markup.ts";
import { areFinite, bandsOf, type Density, evenly, oddestChain, pooled, rankHistograms } from "./numbers.ts";
import { type Axis, axisOf, densityOn, positionScale } from "./scale.ts";
import type { Shown } from "./select.ts";

/** Points of a chain's line. */
const POINTS = 250;

interface Close {
  readonly row: SummaryRow;
  readonly draws: ChainValues;
  /** Ascending. */
  readonly sorted: Float64Array;
  readonly axis: Axis;
  readonly histograms: readonly Float64Array[];
  readonly bins: number;
  /** The chain that differs most, in the order of the draws. */
  readonly odd: number;
  /** The index in the run of each chain. */
  readonly chains: readonly number[];
}

function rankMarks({ histograms, odd }: Close, edges: readonly number[]): Plot.Markish[] {
  if (histograms.length <= FEW) return histograms.map((counts, i) => stairs(edges, [counts], linePaint(i, 1.6)));
  const others = histograms.filter((_, chain) => chain !== odd);
  const opacity = histograms.length > 16 ? 0.35 : 0.6;
  return [
    stairs(edges, others, { stroke: "var(--blue)", "stroke-width": 0.7, opacity }),
    stairs(edges, histograms.slice(odd, odd + 1), { stroke: "var(--bad)", "stroke-width": 2 }),
  ];
}

function rankFigure(close: Close): Html {
  const { row, histograms, bins, odd, chains, draws } = close;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (100 * i) / bins);
  const expected = (draws[0]?.length ?? 0) / bins;
  const most = histograms.reduce((max, counts) => Math.max(max, ...counts), 1.5 * expected);
  const plot = {
    ...SMALL,
    x: { domain: [0, 100], label: "rank among all draws (%)" },
    y: { domain: [0, most * 1.05], label: "draws" },
    marks: [
      Plot.axisX({ ticks: 5 }),
      Plot.axisY({ ticks: 4, tickFormat: tick }),
      Plot.gridY({ ticks: 4 }),
      ...rankMarks(close, edges),
      Plot.ruleY([expected], { stroke: "var(--ink)", strokeDasharray: "5,3" }),
    ],
  } satisfies Plot.PlotOptions;
  const key =
    histograms.length <= FEW
      ? undefined
      : html` <span class="key bad">Thick: chain ${chains[odd] ?? odd}</span>, the least even; <span class="key blue">thin: the others</span>.`;
  const label = `Rank histograms of ${row.name}, one for each chain`;
  return figure({
    label,
    plot,
    caption: html`Ranks of each chain’s draws. Chains that agree are level (dashed).${key}`,
  });
}

function chainLine(draws: ChainValues, chain: number): { x: number[]; y: number[] } {
  const values = draws[chain] ?? [];
  const at = evenly(values.length, POINTS);
  return { x: at.map((i) => i + 1), y: at.map((i) => values[i] ?? Number.NaN) };
}

function traceMarks({ draws, odd }: Close): Plot.Markish[] {
  if (draws.length <= FEW) {
    return draws.map((_, i) =>
      polylines([chainLine(draws, i)], { stroke: lineColor(i), "stroke-width": 0.8, opacity: 0.85 }),
    );
  }
  const { x, quantiles } = bandsOf(draws, [0.05, 0.25, 0.5, 0.75, 0.95]);
  const [q5 = [], q25 = [], q50 = [], q75 = [], q95 = []] = quantiles;
  return [
    area(x, q5, q95, { fill: "var(--blue)", "fill-opacity": 0.18 }),
    area(x, q25, q75, { fill: "var(--blue)", "fill-opacity": 0.3 }),
    polylines([chainLine(draws, odd)], { stroke: "var(--bad)", "stroke-width": 0.7, opacity: 0.8 }),
    polylines([{ x, y: q50 }], { stroke: "var(--ink)", "stroke-width": 1.6 }),
  ];
}

function traceFigure(close: Close): Html {
  const { row, axis, draws, chains, odd } = close;
  const length = draws[0]?.length ?? 0;
  const plot = {
    ...SMALL,
    x: { domain: [1, Math.max(length, 2)], label: "draw" },
    // Draws outside the axis lie on its edge.
    y: { ...positionScale(axis, "value"), clamp: true },
    marks: [
      Plot.axisX({ ticks: 5, tickFormat: tick }),
      Plot.axisY({ ticks: ticksOf(axis.type, axis.domain), tickFormat: tick }),
      ...traceMarks(close),
    ],
  } satisfies Plot.PlotOptions;
  const every = Math.ceil(length / POINTS);
  const thinned = every > 1 ? ` (one of ${every} draws)` : "";
  const caption =
    draws.length <= FEW
      ? html`Trace${axis.note} of each chain${thinned}.`
      : html`Trace${axis.note}: median, 50 % and 90 % bands over all ${draws.length} chains; <span class="key bad">chain ${chains[odd] ?? odd}</span>${thinned}.`;
  return figure({ label: `Trace of ${row.name}`, plot, caption });
}

function singleMarks(single: readonly Density[], few: boolean): Plot.Markish[] {
  return single.map((one, i) =>
    polylines([one], few ? linePaint(i, 1.2) : { stroke: "var(--bad)", "stroke-width": 1.2 }),
  );
}

function densityFigure({ row, axis, sorted, draws, odd, chains }: Close): Html {
  const all = densityOn(axis, sorted);
  const few = draws.length <= FEW;
  const shown = few ? draws.map((_, i) => i) : [odd];
  const single = shown.map((i) => densityOn(axis, Float64Array.from(draws[i] ?? []).sort()));
  const most = Math.max(...all.y, ...single.flatMap(({ y }) => y));
  const zero = all.x.map(() => 0);
  const plot = {
    ...SMALL,
    x: positionScale(axis, "value"),
    y: { domain: [0, most * 1.05 || 1], label: null, axis: null },
    marks: [
      area(all.x, zero, all.y, { fill: "var(--blue)", "fill-opacity": 0.22 }),
      polylines([all], { stroke: "var(--blue)", "stroke-width": 1.8 }),
      ...singleMarks(single, few),
      Plot.ruleX([row.q5, row.q95], { stroke: "var(--muted)", strokeDasharray: "3,3" }),
      Plot.ruleX([row.q50], { stroke: "var(--ink)" }),
      Plot.axisX({ ticks: ticksOf(axis.type, axis.domain), tickFormat: tick }),
    ],
  } satisfies Plot.PlotOptions;
  const which = few ? "each chain" : html`<span class="key bad">thin: chain ${chains[odd] ?? odd}</span>`;
  const caption = html`Density${axis.note} of <span class="key blue">all draws</span>, with median and 5 % and 95 % quantiles; ${which}.`;
  return figure({ label: `Density of ${row.name}`, plot, caption });
}

function closeOf(row: SummaryRow, draws: ChainValues, chains: readonly number[]): Close {
  const sorted = pooled(draws).sort();
  const bins = Math.max(2, Math.min(20, Math.floor((draws[0]?.length ?? 0) / 5)));
  const histograms = rankHistograms(draws, sorted, bins);
  return { row, draws, sorted, axis: axisOf(sorted), histograms, bins, odd: oddestChain(histograms), chains };
}

function card({ row, why }: Shown, draws: ChainValues | undefined, chains: readonly number[]): Html {
  const facts = html`<p class="facts">mean ${estimateText(row, "mean")}, sd ${estimateText(row, "sd")}; R-hat ${rhatText(row.rhat, 4)}, bulk ESS ${shortCount(row.ess_bulk)}, tail ESS ${shortCount(row.ess_tail)} <span class="why">${why}</span></p>`;
  const head = html`<h3>${row.name}</h3>${facts}`;
  if (draws === undefined) return html`<article>${head}<p>Its draws are not there.</p></article>`;
  if (!areFinite(draws))
    return html`<article>${head}<p>Some of its draws are not finite, so that they cannot be drawn.</p></article>`;
  const close = closeOf(row, draws, chains);
  return html`<article>${head}<div class="grid">${rankFigure(close)}${traceFigure(close)}${densityFigure(close)}</div></article>\n`;
}

export function closeSection(
  input: ReportInput,
  shown: readonly Shown[],
  draws: ReadonlyMap<string, ChainValues>,
): Content {
  if (input.draws === undefined || shown.length === 0) return undefined;
  const { chains } = input.draws;
  return html`<section id="close" aria-labelledby="close-heading"><h2 id="close-heading">The worst quantities, closely</h2>
<p>${quantityCount(shown.length)} over ${counted(chains.length, "chain")}: ranks, trace and density.${chains.length <= FEW ? ` ${lineKey(chains.map((chain) => `Chain ${chain}`))}` : ""}</p>
${shown.map((one) => card(one, draws.get(one.row.name), chains))}</section>\n`;
}
