/** R-hat and ESS of all quantities. */
import * as Plot from "@observablehq/plot";
import type { SummaryRow } from "../../store/index.ts";
import {
  type GatedNumber,
  type GateLimits,
  gatedQuantities,
  isConstant,
  isJudged,
  standsStill,
} from "../../summary/gates.ts";
import { failuresOf, limitsOf, worstFirst } from "../table.ts";
import { quantityCount, rhatText, shortCount } from "../text.ts";
import { figure, labelOf, tick, ticksOf } from "./figure.ts";
import type { ReportInput } from "./input.ts";
import { type Content, type Html, html } from "./markup.ts";

/** At most this many quantities are drawn, the worst of them. */
const MOST = 400;
const MOST_GROUPS = 14;
const GOLDEN = 0.618033988749895;

type State = "passes" | "fails" | "not judged";

interface Point {
  readonly x: number;
  readonly y: number;
  readonly state: State;
  readonly name: string;
}

const SHAPES: readonly { state: State; symbol: "circle" | "times" | "diamond"; color: string }[] = [
  { state: "not judged", symbol: "diamond", color: "var(--faint)" },
  { state: "passes", symbol: "circle", color: "var(--blue)" },
  { state: "fails", symbol: "times", color: "var(--bad)" },
];

function groupOf(name: string): string {
  const bracket = name.indexOf("[");
  return bracket > 0 && name.endsWith("]") ? name.slice(0, bracket) : name;
}

/** The variables in declared order; the last ones share a row where there are many. */
function groupsOf(rows: readonly SummaryRow[]): (name: string) => string {
  const all = [...new Set(rows.map((row) => groupOf(row.name)))];
  const own = new Set(all.length > MOST_GROUPS ? all.slice(0, MOST_GROUPS - 1) : all);
  return (name) => (own.has(groupOf(name)) ? groupOf(name) : `${all.length - own.size} others`);
}

function stateOf(row: SummaryRow, key: GatedNumber, limits: GateLimits): State {
  if (limits[key] === undefined || gatedQuantities([row], limits).length === 0) return "not judged";
  return failuresOf(row, limits).includes(key) ? "fails" : "passes";
}

interface Strip {
  readonly points: readonly Point[];
  readonly groups: readonly string[];
}

/** One row for each variable; within it a fixed spread keeps dots apart. */
function stripOf(rows: readonly SummaryRow[], key: GatedNumber, limits: GateLimits): Strip {
  const group = groupsOf(rows);
  const groups = [...new Set(rows.map((row) => group(row.name)))];
  const single = new Map<string, number>();
  for (const row of rows) single.set(group(row.name), (single.get(group(row.name)) ?? 0) + 1);
  const points = rows.map((row, index): Point => {
    const spread = single.get(group(row.name)) === 1 ? 0 : 0.6 * (((index * GOLDEN) % 1) - 0.5);
    return {
      x: row[key],
      y: groups.indexOf(group(row.name)) + spread,
      state: stateOf(row, key, limits),
      name: row.name,
    };
  });
  return { points, groups };
}

function domainOf(values: readonly number[], key: GatedNumber, limit: number | undefined): [number, number] {
  const all = limit === undefined ? values : [...values, limit];
  const low = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (key !== "rhat") return [Math.max(low / 1.5, 0.5), high * 1.5];
  const from = Math.min(1, low);
  const margin = 0.06 * Math.max(high - from, 1e-3);
  return [from - margin, high + margin];
}

type Text = (value: number) => string;

function textOf(key: GatedNumber): Text {
  return key === "rhat" ? (value) => rhatText(value, 4) : shortCount;
}

function dotMarks({ points }: Strip, text: Text): Plot.Markish[] {
  return SHAPES.map(({ state, symbol, color }) =>
    Plot.dot(
      points.filter((point) => point.state === state),
      {
        x: "x",
        y: "y",
        symbol,
        r: 3.2,
        stroke: color,
        fill: state === "passes" ? color : "none",
        fillOpacity: 0.6,
        title: (point: Point) => `${labelOf(point.name, 80)}: ${text(point.x)}`,
      },
    ),
  );
}

function limitMarks(limit: number): Plot.Markish[] {
  const place = { x: (x: number) => x, frameAnchor: "top", dy: -12, fill: "var(--bad)" } as const;
  return [
    Plot.ruleX([limit], { stroke: "var(--bad)", strokeDasharray: "5,3" }),
    Plot.text([limit], { ...place, text: () => `limit ${limit}` }),
  ];
}

interface StripFigure {
  readonly overview: Overview;
  readonly strip: Strip;
  readonly limit: number | undefined;
  /** The name of the quantity to circle. */
  readonly circled: string | undefined;
}

function stripPlot({ overview, strip, limit, circled }: StripFigure): Plot.PlotOptions {
  const { key, name } = overview;
  const domain = domainOf(
    strip.points.map(({ x }) => x),
    key,
    limit,
  );
  const type = key !== "rhat" || domain[1] > 1.5 ? "log" : "linear";
  const ticks = ticksOf(type, domain);
  const worst = strip.points.filter((point) => point.name === circled);
  const names = strip.groups.map((group) => labelOf(group, 18));
  return {
    width: 400,
    height: 70 + 26 * Math.max(strip.groups.length, 2),
    marginTop: 26,
    marginLeft: 16 + 6.2 * Math.max(...names.map((one) => one.length)),
    marginRight: 24,
    marginBottom: 38,
    x: { domain, type, label: name },
    y: { domain: [-0.5, names.length - 0.5], reverse: true, label: null, axis: null },
    marks: [
      Plot.gridX({ ticks }),
      Plot.axisX({ ticks, tickFormat: tick }),
      ...(limit === undefined ? [] : limitMarks(limit)),
      ...dotMarks(strip, textOf(key)),
      Plot.dot(worst.slice(0, 1), { x: "x", y: "y", r: 7, stroke: "var(--ink)", strokeWidth: 1.2 }),
      Plot.axisY({
        ticks: names.map((_, i) => i),
        tickFormat: (i: number) => names[i] ?? "",
        tickSize: 0,
        label: null,
      }),
    ],
  };
}

interface Overview {
  readonly key: GatedNumber;
  readonly name: string;
  /** `the largest`, `the least`. */
  readonly worst: string;
}

function overviewFigure(input: ReportInput, overview: Overview): Content {
  const { key, name } = overview;
  const limits = limitsOf(input.summary.gates, input.gatedQuantities);
  const varying = input.summary.quantities.filter((row) => isJudged(key, row));
  const finite = varying.filter((row) => Number.isFinite(row[key]));
  const order = worstFirst(input.summary.quantities, key, limits);
  const left = new Set(finite.length > MOST ? order.slice(0, MOST) : finite);
  const drawn = finite.filter((row) => left.has(row));
  if (drawn.length === 0) return html`<p>${name} cannot be computed for any quantity.</p>`;
  const circled = order.find((row) => Number.isFinite(row[key]))?.name;
  const plot = stripPlot({ overview, strip: stripOf(drawn, key, limits), limit: limits[key], circled });
  const caption = captionOf({ ...overview, varying, finite, drawn: drawn.length, order });
  return figure({ label: `${name} of ${quantityCount(finite.length)}`, plot, caption });
}

interface CaptionFacts extends Overview {
  readonly varying: readonly SummaryRow[];
  readonly finite: readonly SummaryRow[];
  readonly drawn: number;
  readonly order: readonly SummaryRow[];
}

function captionOf({ varying, finite, drawn, key, name, worst, order }: CaptionFacts): Content {
  const text = textOf(key);
  const worstList = order
    .slice(0, 3)
    .map((row, index) => html`${index === 0 ? "" : ", "}<b>${row.name}</b> ${text(row[key])}`);
  const lost = varying.length - finite.length;
  const unknown = lost > 0 ? ` ${lost} without a finite value are not drawn.` : "";
  const hidden = drawn < finite.length ? ` Only the ${drawn} worst of ${finite.length} are drawn.` : "";
  return html`<b>${name}</b>: ${worst} (circled): ${worstList}.${unknown}${hidden}`;
}

const OVERVIEWS: readonly Overview[] = [
  { key: "rhat", name: "R-hat", worst: "the largest" },
  { key: "ess_bulk", name: "bulk ESS", worst: "the least" },
  { key: "ess_tail", name: "tail ESS", worst: "the least" },
];

function remarkOn(what: string, rows: readonly SummaryRow[]): Content {
  if (rows.length === 0) return undefined;
  const names = rows.slice(0, 8).map((row) => row.name);
  return html`<p>${what}: ${[...names, ...(rows.length > 8 ? [`${rows.length - 8} more`] : [])].join(", ")}.</p>`;
}

export function overviewSection(input: ReportInput): Html {
  const rows = input.summary.quantities;
  const remarks = [
    remarkOn("Parameters that do not move in every chain, which fail", rows.filter(standsStill)),
    remarkOn(
      "Constant, and therefore left out",
      rows.filter((row) => isConstant(row) && !standsStill(row)),
    ),
  ];
  return html`<section id="overview" aria-labelledby="overview-heading"><h2 id="overview-heading">All quantities</h2>
<p>One mark for each quantity: <span class="key good">● passes</span>, <span class="key bad">✕ fails its gate</span>, <span class="key">◇ not judged by a gate</span>. R-hat near 1: the chains agree. ESS: how many independent draws the draws are worth, for the centre (bulk) and for the 5 % and 95 % quantiles (tail).</p>
<div class="grid">${OVERVIEWS.map((one) => overviewFigure(input, one))}</div>${remarks}</section>\n`;
}
