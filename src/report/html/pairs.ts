/** Divergences among the draws, in pairs of quantities. */
import * as Plot from "@observablehq/plot";
import type { SummaryRow } from "../../store/index.ts";
import { counted } from "../text.ts";
import { crosses, dots } from "./draw.ts";
import { figure, labelOf, SMALL, tick, ticksOf } from "./figure.ts";
import type { ChainValues, ReportInput } from "./input.ts";
import { type Content, type Html, html } from "./markup.ts";
import { areFinite, evenly, pooled } from "./numbers.ts";
import { axisOf, positionScale } from "./scale.ts";

const POINTS = 1500;
const CROSSES = 600;

/** Places in the pooled draws of some plain and some divergent draws. */
interface Places {
  readonly plain: readonly number[];
  readonly divergent: readonly number[];
  readonly divergences: number;
}

function placesOf(total: number, diverging: Float64Array | undefined): Places {
  const divergent: number[] = [];
  const plain: number[] = [];
  for (let i = 0; i < total; i++) (diverging?.[i] === 1 ? divergent : plain).push(i);
  const some = (all: readonly number[], most: number): number[] => evenly(all.length, most).map((i) => all[i] ?? 0);
  return { plain: some(plain, POINTS), divergent: some(divergent, CROSSES), divergences: divergent.length };
}

interface Pair {
  readonly x: SummaryRow;
  readonly y: SummaryRow;
}

function pairFigure({ x, y }: Pair, xs: Float64Array, ys: Float64Array, places: Places): Html {
  const across = axisOf(xs.toSorted());
  const up = axisOf(ys.toSorted());
  const at = (all: Float64Array, chosen: readonly number[]): number[] => chosen.map((i) => all[i] ?? Number.NaN);
  const inside = (place: number): boolean => {
    const [px, py] = [xs[place] ?? Number.NaN, ys[place] ?? Number.NaN];
    return px >= across.domain[0] && px <= across.domain[1] && py >= up.domain[0] && py <= up.domain[1];
  };
  const plain = places.plain.filter(inside);
  // A divergence is shown wherever it is: outside the axes, on their edge.
  const edge = (values: readonly number[], [low, high]: readonly [number, number]): number[] =>
    values.map((value) => Math.min(Math.max(value, low), high));
  const divergent = {
    x: edge(at(xs, places.divergent), across.domain),
    y: edge(at(ys, places.divergent), up.domain),
  };
  const plot = {
    ...SMALL,
    height: 280,
    x: positionScale(across, labelOf(x.name)),
    y: positionScale(up, labelOf(y.name)),
    marks: [
      Plot.axisX({ ticks: ticksOf(across.type, across.domain), tickFormat: tick }),
      Plot.axisY({ ticks: ticksOf(up.type, up.domain), tickFormat: tick }),
      dots({ x: at(xs, plain), y: at(ys, plain) }, 2.2, { stroke: "var(--blue)", opacity: 0.45 }),
      crosses(divergent, 6, { stroke: "var(--bad)" }),
    ],
  } satisfies Plot.PlotOptions;
  const scales = [across.note === "" ? "" : x.name, up.note === "" ? "" : y.name].filter((name) => name !== "");
  const note = scales.length === 0 ? "" : ` (log scale: ${scales.join(", ")})`;
  return figure({
    label: `${y.name} against ${x.name}`,
    plot,
    caption: html`<b>${y.name}</b> against <b>${x.name}</b>${note}.`,
  });
}

export function pairsSection(
  input: ReportInput,
  rows: readonly SummaryRow[],
  draws: ReadonlyMap<string, ChainValues>,
  diverging: ChainValues | undefined,
): Content {
  const [x, ...others] = rows.filter((row) => areFinite(draws.get(row.name) ?? [[Number.NaN]]));
  if (x === undefined || others.length === 0) return undefined;
  const xs = pooled(draws.get(x.name) ?? []);
  const places = placesOf(xs.length, diverging === undefined ? undefined : pooled(diverging));
  const figures = others.map((y) => pairFigure({ x, y }, xs, pooled(draws.get(y.name) ?? []), places));
  const found =
    diverging === undefined
      ? "Which draws diverged is not known."
      : places.divergences === 0
        ? "No draw after warm-up diverged."
        : html`${counted(places.divergences, "divergent transition")}: <span class="key bad">✕</span>, where the chain stood; those outside the axes lie on the edge. Where they crowd, the posterior is too narrow for the step size.`;
  const count = places.plain.length;
  return html`<section id="pairs" aria-labelledby="pairs-heading"><h2 id="pairs-heading">Divergences in pairs of quantities</h2>
<p>${found} Dots: ${count} other draws of ${input.summary.run.chains * input.summary.run.draws}, evenly chosen; the outermost are not drawn.</p><div class="grid">${figures}</div></section>\n`;
}
