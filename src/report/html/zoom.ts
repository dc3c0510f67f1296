/** The trace that can be zoomed: draws as 16-bit numbers inside the page, for the page's script. */

import type { ChainValues, ReportInput } from "./input.ts";
import { type Content, html, jsonText, trusted } from "./markup.ts";
import { areFinite, evenly, pooled } from "./numbers.ts";
import { axisOf } from "./scale.ts";
import type { Shown } from "./select.ts";

/** Draws of all quantities together: two bytes each, and a third more as base64. */
const MOST_DRAWS = 2 ** 18;
const MOST_QUANTITIES = 4;
const MOST_CHAINS = 128;
const LEVELS = 65_535;

/** One quantity's draws as the script reads them. */
interface Packed {
  readonly name: string;
  /** The numbers are logarithms. */
  readonly log: boolean;
  readonly low: number;
  readonly high: number;
  /** Base64 of little-endian 16-bit numbers, `[chain][draw]`: 0 is `low`, 65535 is `high`. */
  readonly data: string;
}

interface Cut {
  readonly chains: readonly number[];
  readonly draws: readonly number[];
}

/** Which chains and which draws fit. */
function cutOf(chains: number, draws: number, quantities: number): Cut {
  const room = Math.floor(MOST_DRAWS / quantities);
  const kept = evenly(
    chains,
    Math.max(1, Math.min(MOST_CHAINS, Math.floor(room / Math.max(1, Math.min(draws, 1000))))),
  );
  return { chains: kept, draws: evenly(draws, Math.max(1, Math.floor(room / kept.length))) };
}

function pack(name: string, draws: ChainValues, { chains, draws: at }: Cut): Packed {
  const log = axisOf(pooled(draws).sort()).type === "log";
  const shown = chains.flatMap((chain) => at.map((draw) => draws[chain]?.[draw] ?? Number.NaN));
  const values = log ? shown.map(Math.log) : shown;
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => {
    bytes.writeUInt16LE(high > low ? Math.round((LEVELS * (value - low)) / (high - low)) : 0, 2 * i);
  });
  return { name, log, low, high, data: bytes.toString("base64") };
}

/** The section with its data; the script fills it in, and without one a sentence says what is missing. */
export function zoomSection(
  input: ReportInput,
  shown: readonly Shown[],
  draws: ReadonlyMap<string, ChainValues>,
): Content {
  const held = shown
    .map(({ row }) => ({ name: row.name, values: draws.get(row.name) ?? [] }))
    .filter(({ values }) => values.length > 0 && areFinite(values))
    .slice(0, MOST_QUANTITIES);
  const first = held[0]?.values;
  const length = first?.[0]?.length ?? 0;
  if (first === undefined || length < 2 || input.draws === undefined) return undefined;
  const all = input.draws.chains;
  const cut = cutOf(first.length, length, held.length);
  const data = {
    chains: cut.chains.map((chain) => all[chain] ?? chain),
    draws: cut.draws.map((draw) => draw + 1),
    quantities: held.map(({ name, values }) => pack(name, values, cut)),
  };
  const some =
    cut.chains.length < first.length ? ` ${cut.chains.length} of ${first.length} chains, evenly chosen.` : "";
  const thin = cut.draws.length < length ? ` ${cut.draws.length} of ${length} draws, evenly chosen.` : "";
  return html`<section id="zoom" aria-labelledby="zoom-heading"><h2 id="zoom-heading">Traces to zoom into</h2>
<p>Drag across the plot, or use the buttons; a double click shows all.${some}${thin}</p>
<noscript><p>This plot needs the script inside this file; all others do not.</p></noscript>
<div id="zoom-controls" class="controls" hidden><label>Quantity <select id="zoom-quantity"></select></label> <label>Chain in front <select id="zoom-chain"></select></label>
<span role="group" aria-label="Zoom"><button type="button" data-zoom="in">closer</button><button type="button" data-zoom="out">wider</button><button type="button" data-zoom="left">earlier</button><button type="button" data-zoom="right">later</button><button type="button" data-zoom="all">all</button></span></div>
<div id="zoom-plot" role="img" aria-label="Zoomable trace"></div><p id="zoom-status" class="facts" role="status"></p>
<script type="application/json" id="zoom-data">${trusted(jsonText(data))}</script></section>\n`;
}
