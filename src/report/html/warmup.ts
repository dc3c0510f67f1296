/** How warm-up went, batch by batch. */
import * as Plot from "@observablehq/plot";
import { shortCount, shortNumber } from "../text.ts";
import { FEW, lineKey, linePaint, polylines } from "./draw.ts";
import { figure, SMALL, tick, ticksOf } from "./figure.ts";
import type { BatchFacts, ReportInput, WarmupPoint } from "./input.ts";
import { type Content, type Html, html } from "./markup.ts";
import { evenly } from "./numbers.ts";

/** Points drawn of each batch, and batches drawn. */
const POINTS = 200;
const MOST_BATCHES = 128;
const MOST_ROWS = 64;

interface Curve {
  readonly label: string;
  readonly value: (point: WarmupPoint) => number;
  readonly log: boolean;
  readonly caption: Content;
  readonly rule?: number;
}

function byBatch(points: readonly WarmupPoint[]): WarmupPoint[][] {
  const batches = new Map<number, WarmupPoint[]>();
  for (const point of points) {
    const known = batches.get(point.batch);
    if (known === undefined) batches.set(point.batch, [point]);
    else known.push(point);
  }
  return [...batches.entries()].sort(([a], [b]) => a - b).map(([, list]) => list);
}

function domainOf(values: readonly number[], { log, rule }: Curve): [number, number] | undefined {
  const known = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  if (known.length === 0) return undefined;
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  if (log) return [low / 1.15, high * 1.15];
  return rule === undefined ? [0, Math.max(high, 1e-9) * 1.06] : [0, 1];
}

function curveFigure(batches: readonly WarmupPoint[][], curve: Curve): Content {
  const domain = domainOf(batches.flat().map(curve.value), curve);
  if (domain === undefined) return undefined;
  const last = Math.max(...batches.map((points) => points.at(-1)?.iteration ?? 0));
  const few = batches.length <= FEW;
  const series = batches.slice(0, MOST_BATCHES).map((points) => {
    const kept = evenly(points.length, POINTS)
      .map((i) => points[i])
      .filter((point) => point !== undefined);
    return { x: kept.map(({ iteration }) => iteration), y: kept.map(curve.value) };
  });
  const marks = few
    ? series.map((one, i) => polylines([one], linePaint(i, 1.6)))
    : [polylines(series, { stroke: "var(--blue)", "stroke-width": 0.9, opacity: 0.5 })];
  const type = curve.log ? "log" : "linear";
  const ticks = ticksOf(type, domain);
  const plot = {
    ...SMALL,
    x: { domain: [0, last], label: "warm-up iteration" },
    y: { domain, type, label: curve.label },
    marks: [
      Plot.gridY({ ticks }),
      Plot.axisX({ ticks: 5, tickFormat: tick }),
      Plot.axisY({ ticks, tickFormat: tick }),
      ...(curve.rule === undefined ? [] : [Plot.ruleY([curve.rule], { stroke: "var(--bad)", strokeDasharray: "5,3" })]),
      ...marks,
    ],
  } satisfies Plot.PlotOptions;
  return figure({ label: `${curve.label} through warm-up`, plot, caption: curve.caption });
}

function curves(target: number | undefined): Curve[] {
  const aim = target === undefined ? "" : `; dashed: the target ${target}`;
  return [
    { label: "step size", value: (point) => point.stepSize, log: true, caption: "Step size (log scale)." },
    {
      label: "trajectory length",
      value: (point) => point.trajectoryLength,
      log: true,
      caption: "Trajectory length before jitter, in the metric’s time (log scale).",
    },
    {
      label: "leapfrog steps",
      value: (point) => point.steps,
      log: false,
      caption: "Leapfrog steps of the transition.",
    },
    {
      label: "acceptance",
      value: (point) => point.acceptance,
      log: false,
      rule: target ?? Number.NaN,
      caption: `Mean acceptance probability over the batch${aim}.`,
    },
  ];
}

function batchRow(batch: BatchFacts): Html {
  const count = (value: number): string => (Number.isFinite(value) ? shortCount(value) : "–");
  const number = (value: number): string => (Number.isFinite(value) ? shortNumber(value) : "–");
  const last = batch.firstChain + batch.chains - 1;
  const cells = [
    last > batch.firstChain ? `${batch.firstChain}–${last}` : String(batch.firstChain),
    count(batch.draws),
    number(batch.stepSize),
    number(batch.trajectoryLength),
    count(batch.divergences.warmup),
    count(batch.divergences.sampling),
    number(batch.seconds.warmup),
    number(batch.seconds.sampling),
    number(batch.seconds.kernel ?? Number.NaN),
    number(batch.seconds.transfer ?? Number.NaN),
  ];
  return html`<tr><th scope="row">${batch.batch}</th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`;
}

function batchTable(batches: readonly BatchFacts[]): Content {
  if (batches.length === 0) return undefined;
  const heads = [
    "batch",
    "chains",
    "draws",
    "step size",
    "trajectory length",
    "divergences in warm-up",
    "after it",
    "seconds of warm-up",
    "of sampling",
    "in kernels",
    "in transfers",
  ];
  const more = batches.length > MOST_ROWS ? html`<p>… and ${batches.length - MOST_ROWS} more batches.</p>` : undefined;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Batches"><table><caption>Batches</caption><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${batches.slice(0, MOST_ROWS).map(batchRow)}</tbody></table></div>${more}`;
}

function keyOf(batches: readonly WarmupPoint[][]): string {
  const number = (points: readonly WarmupPoint[]): number => points[0]?.batch ?? 0;
  if (batches.length === 1) return "";
  if (batches.length <= FEW) return lineKey(batches.map((points) => `Batch ${number(points)}`));
  const drawn =
    batches.length > MOST_BATCHES
      ? `the first ${MOST_BATCHES} of ${batches.length} batches`
      : `${batches.length} batches`;
  return `One line for each of ${drawn}.`;
}

export function warmupSection(input: ReportInput): Content {
  const batches = byBatch(input.warmup ?? []);
  const table = batchTable(input.batches ?? []);
  if (batches.length === 0 && table === undefined) return undefined;
  const figures = curves(input.sampler?.targetAcceptance).map((curve) => curveFigure(batches, curve));
  const total = (input.warmup ?? []).reduce((sum, point) => sum + point.divergences, 0);
  const words =
    batches.length === 0
      ? "How the step size was adapted is not known."
      : `Chains of a batch adapt together. ${keyOf(batches)} ${total} divergent transitions in warm-up, where they do no harm.`;
  return html`<section id="warmup" aria-labelledby="warmup-heading"><h2 id="warmup-heading">Warm-up</h2><p>${words}</p><div class="grid two">${figures}</div>${table}</section>\n`;
}
