/** The page's one script: sorts the table, and draws the trace that can be zoomed. It fetches nothing. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Sorting: numbers by `data-v` or their text, what is no number last. */
const SORT = `
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const declared = [...body.rows];
  const text = (row, column) => row.cells[column].textContent;
  const number = (row, column) => Number(row.cells[column].dataset.v ?? text(row, column));
  heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
    const next = { none: "descending", descending: "ascending", ascending: "none" };
    const order = next[head.getAttribute("aria-sort") ?? "none"];
    for (const other of heads) other.removeAttribute("aria-sort");
    if (order !== "none") head.setAttribute("aria-sort", order);
    const sign = order === "descending" ? -1 : 1;
    const compare = column === 0
      ? (a, b) => sign * (text(a, 0) < text(b, 0) ? -1 : 1)
      : (a, b) => {
          const [x, y] = [number(a, column), number(b, column)];
          return Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) : sign * (x - y);
        };
    body.append(...(order === "none" ? declared : [...declared].sort(compare)));
  }));
}
`;

/** Reads the packed draws and draws them with uPlot; colours come from the page's theme. */
const ZOOM = `
const holder = document.getElementById("zoom-data");
if (holder !== null) {
  const by = (id) => document.getElementById("zoom-" + id);
  const { chains, draws, quantities } = JSON.parse(holder.textContent);
  const option = (text, value) => Object.assign(document.createElement("option"), { textContent: text, value });
  const [quantity, chain, plot, status] = ["quantity", "chain", "plot", "status"].map(by);
  quantities.forEach((one, i) => quantity.append(option(one.name, i)));
  chain.append(option("none", -1));
  chains.forEach((one, i) => chain.append(option(String(one), i)));
  const unpack = ({ data, log, low, high }) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const at = (i) => low + ((high - low) * view.getUint16(2 * i, true)) / 65535;
    return chains.map((_, c) => draws.map((_, d) => (log ? Math.exp(at(c * draws.length + d)) : at(c * draws.length + d))));
  };
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const [first, last] = [draws[0], draws[draws.length - 1]];
  let range = [first, last];
  let chart;
  const short = (v) => (v === 0 ? "0" : Math.abs(v) >= 1e5 || Math.abs(v) < 1e-3 ? v.toExponential(0) : String(Number(v.toPrecision(4))));
  const build = () => {
    const one = quantities[quantity.value];
    const front = Number(chain.value);
    const values = unpack(one);
    const order = chains.map((_, i) => i).filter((i) => i !== front);
    if (front >= 0) order.push(front);
    const thin = { width: 0.6, stroke: color("--blue"), alpha: Math.max(0.25, Math.min(0.8, 8 / chains.length)), points: { show: false } };
    const bold = { width: 1.5, stroke: color("--bad"), points: { show: false } };
    const axis = { stroke: color("--ink"), grid: { stroke: color("--grid"), width: 1 }, ticks: { stroke: color("--grid"), width: 1 }, values: (_, list) => list.map((v) => (v === null ? "" : short(v))) };
    chart?.destroy();
    chart = new uPlot({
      width: plot.clientWidth, height: 340, legend: { show: false }, cursor: { y: false, points: { show: false } },
      scales: { x: { time: false, min: range[0], max: range[1] }, y: { distr: one.log ? 3 : 1 } },
      axes: [{ ...axis, label: "draw", labelSize: 18 }, { ...axis, size: 60 }],
      series: [{}, ...order.map((i) => (i === front ? bold : thin))],
      hooks: { setScale: [(self, key) => {
        if (key !== "x" || self.scales.x.min === null) return;
        range = [self.scales.x.min, self.scales.x.max];
        status.textContent = one.name + ", draws " + Math.ceil(range[0]) + " to " + Math.floor(range[1]) + (one.log ? ", log scale" : "");
      }] },
    }, [draws, ...order.map((i) => values[i])], plot);
  };
  const zoom = (kind) => {
    const [a, b] = range;
    const [middle, half] = [(a + b) / 2, (b - a) / 2];
    const wanted = { in: [middle - half / 2, middle + half / 2], out: [middle - 2 * half, middle + 2 * half], left: [a - half, b - half], right: [a + half, b + half], all: [first, last] }[kind];
    const width = Math.max(4, Math.min(last - first, wanted[1] - wanted[0]));
    const from = Math.max(first, Math.min(last - width, wanted[0]));
    chart.setScale("x", { min: from, max: from + width });
  };
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoom(button.dataset.zoom));
  quantity.addEventListener("change", build);
  chain.addEventListener("change", build);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", build);
  addEventListener("resize", () => chart.setSize({ width: plot.clientWidth, height: 340 }));
  by("controls").hidden = false;
  build();
}
`;

function asset(name: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), "utf8").trim();
}

/** The script's text; with uPlot only where there is something to zoom. */
export function scriptText(hasZoom: boolean): string {
  return hasZoom
    ? `/*\n${asset("../LICENSE")}\n*/\n${asset("uPlot.iife.min.js")}\n(() => {\n"use strict";${SORT}${ZOOM}})();\n`
    : `(() => {\n"use strict";${SORT}})();\n`;
}

/** uPlot's style sheet. */
export function zoomStyle(): string {
  return asset("uPlot.min.css");
}
