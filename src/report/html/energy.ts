/** Energies, and what single chains did. */
import * as Plot from "@observablehq/plot";
import { ebfmiPerChain } from "../../diagnostics/index.ts";
import { counted, percent, shortCount, shortNumber } from "../text.ts";
import { area, dots, polylines, stairs } from "./draw.ts";
import { figure, SMALL, tick } from "./figure.ts";
import type { ChainValues, ReportInput, SamplerFacts } from "./input.ts";
import { type Content, type Html, html, prose } from "./markup.ts";
import { areFinite, density, quantileOf } from "./numbers.ts";

const LOW_EBFMI = 0.3;

function centred(energies: ChainValues): Float64Array {
  return Float64Array.from(
    energies.flatMap((chain) => {
      const values = Array.from(chain);
      const mean = values.reduce((sum, value) => sum + value / values.length, 0);
      return values.map((value) => value - mean);
    }),
  ).sort();
}

function changes(energies: ChainValues): Float64Array {
  return Float64Array.from(
    energies.flatMap((chain) => {
      const values = Array.from(chain);
      return values.slice(1).map((value, i) => value - (values[i] ?? Number.NaN));
    }),
  ).sort();
}

function energyFigure(energies: ChainValues): Html {
  const marginal = centred(energies);
  const transition = changes(energies);
  const reach = Math.max(
    ...[marginal, transition].flatMap((all) => [Math.abs(quantileOf(all, 0.002)), Math.abs(quantileOf(all, 0.998))]),
    1e-9,
  );
  const [one, other] = [density(marginal, -reach, reach), density(transition, -reach, reach)];
  const most = Math.max(...one.y, ...other.y);
  const plot = {
    ...SMALL,
    x: { domain: [-reach, reach], label: "energy, less its mean" },
    y: { domain: [0, most * 1.05], axis: null },
    marks: [
      Plot.axisX({ ticks: 5, tickFormat: tick }),
      area(
        one.x,
        one.x.map(() => 0),
        one.y,
        { fill: "var(--blue)", "fill-opacity": 0.25 },
      ),
      polylines([one], { stroke: "var(--blue)", "stroke-width": 1.8 }),
      polylines([other], { stroke: "var(--orange)", "stroke-width": 1.8, "stroke-dasharray": "6,3" }),
    ],
  } satisfies Plot.PlotOptions;
  return figure({
    label: "Energy: marginal and of transitions",
    plot,
    caption: html`<span class="key blue">Solid: the energies of the draws</span>; <span class="key orange">dashed: their change from draw to draw</span>. Where the dashed curve is much narrower, the chains reach the tails slowly.`,
  });
}

interface ByChain {
  readonly label: string;
  readonly values: readonly number[];
  readonly chains: readonly number[];
  readonly domain: readonly [number, number];
  readonly limit?: number;
  readonly caption: Content;
}

function byChain({ label, values, chains, domain, limit, caption }: ByChain): Html {
  const last = chains.reduce((a, b) => Math.max(a, b), 1);
  const plot = {
    ...SMALL,
    x: { domain: [-0.5, last + 0.5], label: "chain" },
    y: { domain, label },
    marks: [
      Plot.gridY({ ticks: 4 }),
      Plot.axisX({ ticks: 6, tickFormat: (chain: number) => (Number.isInteger(chain) ? String(chain) : "") }),
      Plot.axisY({ ticks: 4, tickFormat: tick }),
      ...(limit === undefined ? [] : [Plot.ruleY([limit], { stroke: "var(--bad)", strokeDasharray: "5,3" })]),
      dots({ x: chains, y: values }, chains.length > 300 ? 2.5 : 5, { stroke: "var(--blue)" }),
    ],
  } satisfies Plot.PlotOptions;
  return figure({ label: `${label} of each chain`, plot, caption });
}

function ebfmiFigure(energies: ChainValues, chains: readonly number[]): Html {
  const values = ebfmiPerChain(energies);
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const low = chains.filter((_, i) => (values[i] ?? 1) < LOW_EBFMI);
  const which =
    low.length === 0
      ? "no chain is below"
      : `below it: ${low.slice(0, 8).join(", ")}${low.length > 8 ? ` and ${low.length - 8} more` : ""}`;
  const high = values.filter(Number.isFinite).reduce((a, b) => Math.max(a, b), 1.2);
  return byChain({
    label: "E-BFMI",
    values,
    chains,
    domain: [0, high * 1.05],
    limit: LOW_EBFMI,
    caption: `E-BFMI of each chain, at least ${shortNumber(least)}; the dashed limit is ${LOW_EBFMI}: ${which}.`,
  });
}

function acceptanceFigure(rates: ChainValues, chains: readonly number[], sampler: SamplerFacts | undefined): Html {
  const means = rates.map((chain) => Array.from(chain).reduce((sum, rate) => sum + rate / chain.length, 0));
  const target = sampler?.targetAcceptance;
  const isHarmonic = sampler?.isHarmonic === true;
  const how = isHarmonic ? " (of the harmonic mean over a batch’s chains, which is below their mean)" : "";
  const aim = target === undefined ? "" : ` The target of warm-up was ${target}${how}.`;
  return byChain({
    label: "acceptance",
    values: means,
    chains,
    domain: [0, 1],
    caption: `Mean acceptance probability of each chain after warm-up.${aim}`,
  });
}

/** Counts of transitions by leapfrog steps, in at most 24 bins of whole widths. */
function stepCounts(steps: ChainValues, most: number): { edges: number[]; counts: number[] } {
  const width = Math.ceil(most / 24);
  const counts = new Array<number>(Math.ceil(most / width)).fill(0);
  for (const chain of steps) {
    for (let i = 0; i < chain.length; i++) {
      const bin = Math.max(0, Math.ceil((chain[i] ?? 0) / width) - 1);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }
  return { counts, edges: Array.from({ length: counts.length + 1 }, (_, i) => i * width + 0.5) };
}

function cutWords(steps: ChainValues, allowed: number | undefined): string {
  if (allowed === undefined) return "";
  const all = steps.reduce((sum, chain) => sum + chain.length, 0);
  const cut = steps.reduce((sum, chain) => sum + Array.from(chain).filter((count) => count >= allowed).length, 0);
  if (cut < 0.01 * all) return "";
  return ` ${percent(cut / all)} took the ${allowed} that \`sampler.max_steps\` allows: longer trajectories were cut there.`;
}

function stepsFigure(steps: ChainValues, allowed: number | undefined): Content {
  const most = steps.reduce((max, chain) => Array.from(chain).reduce((a, b) => Math.max(a, b), max), 0);
  if (!(most >= 1)) return undefined;
  const { edges, counts } = stepCounts(steps, most);
  const plot = {
    ...SMALL,
    x: { domain: [0.5, edges.at(-1) ?? most], label: "leapfrog steps" },
    y: { domain: [0, Math.max(...counts) * 1.05], label: "transitions" },
    marks: [
      Plot.gridY({ ticks: 4 }),
      Plot.axisX({ ticks: 5, tickFormat: tick }),
      Plot.axisY({ ticks: 4, tickFormat: shortCount }),
      stairs(edges, [counts], { stroke: "var(--blue)", "stroke-width": 1.8 }),
    ],
  } satisfies Plot.PlotOptions;
  const caption = prose(`Leapfrog steps of the transitions after warm-up.${cutWords(steps, allowed)}`);
  return figure({ label: "Leapfrog steps of transitions", plot, caption });
}

/** Statistics of the sampler after warm-up. */
export interface Statistics {
  readonly energy?: ChainValues;
  readonly acceptance?: ChainValues;
  readonly steps?: ChainValues;
  readonly diverging?: ChainValues;
}

export function energySection(input: ReportInput, { energy, acceptance, steps }: Statistics): Content {
  const chains = input.draws?.chains ?? [];
  const figures: Content[] = [];
  if (energy !== undefined && areFinite(energy) && (energy[0]?.length ?? 0) > 3)
    figures.push(energyFigure(energy), ebfmiFigure(energy, chains));
  if (acceptance !== undefined && areFinite(acceptance))
    figures.push(acceptanceFigure(acceptance, chains, input.sampler));
  if (steps !== undefined) figures.push(stepsFigure(steps, input.sampler?.maxSteps));
  if (figures.length === 0) return undefined;
  return html`<section id="energy" aria-labelledby="energy-heading"><h2 id="energy-heading">Energy and acceptance</h2>
<p>After warm-up, over ${counted(chains.length, "chain")}.</p><div class="grid two">${figures}</div></section>\n`;
}
