/** Figures: Observable Plot, drawn into a document of linkedom, written as small static SVG. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { plain, shorten } from "../text.ts";
import { type Content, type Html, html, trusted } from "./markup.ts";

/** What is needed of an element of linkedom's. */
interface Element {
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly outerHTML: string;
  querySelectorAll(selector: string): Iterable<Element>;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  remove(): void;
}

export interface Figure {
  /** Says what is shown, for those who do not see it. */
  readonly label: string;
  readonly plot: Plot.PlotOptions;
  readonly caption: Content;
}

const { document } = parseHTML("<!doctype html><html><body></body></html>") as unknown as { document: unknown };
const LENGTHS: ReadonlySet<string> = new Set("d transform x y x1 x2 y1 y2 cx cy r width height dx dy".split(" "));

/** Rounds to tenths of a pixel, and takes out what the page's stylesheet says (its policy forbids styles elsewhere). */
function compact(svg: Element): void {
  for (const style of svg.querySelectorAll("style")) style.remove();
  for (const element of [svg, ...svg.querySelectorAll("*")]) {
    for (const { name, value } of [...element.attributes]) {
      if (name === "style" || name === "id" || name.startsWith("on")) element.removeAttribute(name);
      // Labels of parts are Plot's own words: the figure is one image with one label.
      else if (name === "aria-label" && element !== svg) element.removeAttribute(name);
      else if (LENGTHS.has(name) && !value.endsWith("em")) {
        element.setAttribute(
          name,
          value.replace(/-?\d+\.\d{2,}(?:e-?\d+)?/g, (digits) => String(Math.round(Number(digits) * 10) / 10)),
        );
      }
    }
  }
}

/** The plot as an SVG element. */
export function svgOf({ label, plot }: Pick<Figure, "label" | "plot">): Html {
  const options = { ...plot, document, className: "plot" } as Plot.PlotOptions;
  const svg = Plot.plot(options) as unknown as Element;
  compact(svg);
  svg.removeAttribute("class");
  svg.removeAttribute("font-family");
  svg.removeAttribute("aria-label");
  const opened = svg.outerHTML.replace(/^<svg /, "");
  return html`<svg class="plot" role="img" aria-label="${label}" ${trusted(opened)}`;
}

/** The figure with its caption. */
export function figure(given: Figure): Html {
  return html`<figure>${svgOf(given)}<figcaption>${given.caption}</figcaption></figure>\n`;
}

/** A name from a user for a plot's text: harmless, and short enough for its place. */
export function labelOf(name: string, most = 34): string {
  return shorten(plain(name), most);
}

/** Options that all plots of one column share. */
export const SMALL = {
  width: 380,
  height: 220,
  marginLeft: 48,
  marginRight: 14,
  marginTop: 24,
  marginBottom: 36,
} as const;

/** A number on an axis: short, never grouped. */
export function tick(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(0).replace("e+", "e").replace(/^-/, "−");
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

/** Ticks of a log axis: whole decades, or 1, 2 and 5 of each where there are few. */
export function logTicks([low, high]: readonly [number, number], most = 5): number[] {
  const from = Math.floor(Math.log10(low));
  const decades = Array.from({ length: Math.ceil(Math.log10(high)) - from + 1 }, (_, i) => from + i);
  const inside = (steps: readonly number[], every: number): number[] =>
    decades
      .filter((decade) => decade % every === 0)
      .flatMap((decade) => steps.map((step) => Number(`${step}e${decade}`)))
      .filter((value) => value >= low && value <= high);
  const fine = [inside([1, 2, 5], 1), inside([1, 3], 1), inside([1], 1)].find((ticks) => ticks.length <= most + 1);
  return fine ?? inside([1], Math.ceil(decades.length / most));
}

/** Ticks of an axis; for a log axis they are given, as Plot would draw them all. */
export function ticksOf(type: "linear" | "log", domain: readonly [number, number], most = 5): number | number[] {
  if (type === "linear") return most;
  const ticks = logTicks(domain, most);
  return ticks.length < 2 ? most : ticks;
}
