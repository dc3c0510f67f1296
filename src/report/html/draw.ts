/** Marks that write one short path for a whole series, so that tens of thousands of draws make a small file. */
import type { RenderFunction } from "@observablehq/plot";

/** How a path is painted: presentation attributes of SVG. */
export type Paint = Readonly<Record<string, string | number>>;

/** Points of a series, in the scales' units. */
export interface Series {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

type Place = (value: number) => number;

interface Scaled {
  readonly x: Place;
  readonly y: Place;
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function pathMark(paint: Paint, path: (scales: Scaled) => string): RenderFunction {
  return (_index, scales, _values, _dimensions, context) => {
    const element = context.document.createElementNS("http://www.w3.org/2000/svg", "path");
    element.setAttribute("d", path(scales as unknown as Scaled));
    for (const [name, value] of Object.entries(paint)) element.setAttribute(name, String(value));
    return element;
  };
}

function points({ x, y }: Series, scales: Scaled): string[] {
  const at: string[] = [];
  for (let i = 0; i < x.length; i++) {
    const px = scales.x(x[i] ?? Number.NaN);
    const py = scales.y(y[i] ?? Number.NaN);
    if (Number.isFinite(px) && Number.isFinite(py)) at.push(`${tenth(px)},${tenth(py)}`);
  }
  return at;
}

/** Lines through the points of each series, in one path. */
export function polylines(series: readonly Series[], paint: Paint): RenderFunction {
  return pathMark({ fill: "none", "stroke-linejoin": "round", ...paint }, (scales) =>
    series
      .map((one) => points(one, scales))
      .filter((at) => at.length > 0)
      .map((at) => `M${at.join("L")}`)
      .join(""),
  );
}

/** The area between two lines. */
export function area(
  x: readonly number[],
  low: readonly number[],
  high: readonly number[],
  paint: Paint,
): RenderFunction {
  return pathMark(paint, (scales) => {
    const upper = points({ x, y: high }, scales);
    const lower = points({ x, y: low }, scales).toReversed();
    return upper.length === 0 ? "" : `M${[...upper, ...lower].join("L")}Z`;
  });
}

/** Steps of each series: `y[i]` from `edges[i]` to `edges[i + 1]`. */
export function stairs(edges: readonly number[], heights: readonly ArrayLike<number>[], paint: Paint): RenderFunction {
  const x = edges.slice(1).flatMap((edge, i) => [edges[i] ?? edge, edge]);
  const series = heights.map((one) => ({ x, y: Array.from(one).flatMap((height) => [height, height]) }));
  return polylines(series, paint);
}

/** A dot at each point: a stroke of no length with round ends. */
export function dots(series: Series, size: number, paint: Paint): RenderFunction {
  const round = { fill: "none", "stroke-linecap": "round", "stroke-width": size, ...paint };
  return pathMark(round, (scales) =>
    points(series, scales)
      .map((at) => `M${at}h0`)
      .join(""),
  );
}

/** A cross at each point. */
export function crosses(series: Series, size: number, paint: Paint): RenderFunction {
  const half = size / 2;
  return pathMark({ fill: "none", "stroke-width": 1.5, ...paint }, (scales) =>
    points(series, scales)
      .map((at) => `M${at}m${-half},${-half}l${size},${size}m${-size},0l${size},${-size}`)
      .join(""),
  );
}

/** Up to this many chains or batches have a line each; more are drawn together. */
export const FEW = 4;
const COLORS = ["var(--blue)", "var(--orange)", "var(--green)", "var(--purple)"] as const;
const DASHES = ["none", "6,2", "2,2", "8,2,2,2"] as const;
const WORDS = ["blue, solid", "orange, dashed", "green, dotted", "purple, dash-dotted"] as const;

/** The colour of one of few lines. */
export function lineColor(index: number): string {
  return COLORS[index % FEW] ?? "";
}

/** The colour and the dashes of one of few lines. */
export function linePaint(index: number, width: number): Paint {
  return { stroke: lineColor(index), "stroke-dasharray": DASHES[index % FEW] ?? "none", "stroke-width": width };
}

/** Says which line is whose. */
export function lineKey(names: readonly string[]): string {
  return `${names.map((name, index) => `${name}: ${WORDS[index % FEW] ?? ""}`).join("; ")}.`;
}
