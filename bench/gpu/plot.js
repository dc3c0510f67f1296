// One figure: effective draws a second, and gradients a second, against the number of chains.
import { dependency } from "./package.js";

/** An SVG as a text. */
export async function plot(folder, { sampling, gradients, peers, title }) {
  const Plot = await dependency(folder, "@observablehq/plot");
  const { parseHTML } = await dependency(folder, "linkedom");
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const points = [
    ...sampling.map(({ chains, ess_per_second: value }) => ({ chains, value, what: "ESS/s", who: "manychain chees" })),
    ...gradients.map((one) => ({
      chains: one.chains,
      value: one.gradients_per_second,
      what: "gradients/s",
      who: "manychain",
    })),
    ...peers.flatMap(({ peer, chains, ess_per_second: ess, gradients_per_second: rate }) => [
      ...(ess === undefined ? [] : [{ chains, value: ess, what: "ESS/s", who: peer }]),
      ...(rate === undefined ? [] : [{ chains, value: rate, what: "gradients/s", who: peer }]),
    ]),
  ];
  const shared = { x: "chains", y: "value", stroke: "who" };
  const figure = Plot.plot({
    document,
    width: 900,
    height: 420,
    marginLeft: 70,
    marginTop: 50,
    x: { type: "log", label: "chains", ticks: [...new Set(points.map(({ chains }) => chains))], tickFormat: String },
    y: { type: "log", label: "a second", grid: true },
    fx: { label: null, domain: ["ESS/s", "gradients/s"] },
    color: { legend: false },
    marks: [
      Plot.frame(),
      Plot.line(points, { ...shared, fx: "what" }),
      Plot.dot(points, { ...shared, fx: "what", fill: "who", r: 3 }),
      Plot.text(
        points,
        Plot.selectLast({
          x: "chains",
          y: "value",
          z: "who",
          fx: "what",
          text: "who",
          textAnchor: "end",
          dx: -4,
          dy: -10,
        }),
      ),
    ],
  });
  const svg = figure.tagName.toLowerCase() === "svg" ? figure : figure.querySelector("svg");
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  for (const style of svg.querySelectorAll("style")) style.remove();
  const { document: page } = parseHTML(`<title>${title.replaceAll("<", "&lt;")}</title>`);
  svg.prepend(page.querySelector("title"));
  return `${svg.outerHTML}\n`;
}
