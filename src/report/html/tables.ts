/** The summary of all quantities, and the run's facts. */
import type { RunFacts, SummaryNumber, SummaryRow } from "../../store/index.ts";
import { estimateText } from "../digits.ts";
import { failuresOf, limitsOf, ordered } from "../table.ts";
import { duration, engineText, rhatText, shortCount } from "../text.ts";
import type { NamedFact, ReportInput } from "./input.ts";
import { type Content, type Html, html, lines } from "./markup.ts";

/** The columns that are looked at most come first. */
const COLUMNS: readonly SummaryNumber[] = [
  ...(["mean", "sd", "q5", "q50", "q95", "rhat", "ess_bulk", "ess_tail"] as const),
  ...(["mcse_mean", "mcse_sd", "mcse_q5", "mcse_q50", "mcse_q95", "q1", "q25", "q75", "q99"] as const),
];
const MOST_ROWS = 1000;

function cellText(row: SummaryRow, key: SummaryNumber): string {
  if (key === "rhat") return rhatText(row.rhat, 4);
  return key.startsWith("ess") ? shortCount(row[key]) : estimateText(row, key);
}

/** Full precision for the sorting script; nothing where the text says it all. */
function sortValue(value: number, text: string): Html | undefined {
  return String(value) === text || !Number.isFinite(value)
    ? undefined
    : html` data-v="${String(Number(value.toPrecision(9)))}"`;
}

export function tableSection(input: ReportInput): Content {
  const { quantities, gates } = input.summary;
  if (quantities.length === 0) return undefined;
  const limits = limitsOf(gates, input.gatedQuantities);
  const all = gates.some((gate) => !gate.pass) ? ordered(quantities, limits) : quantities;
  const rows = all.slice(0, MOST_ROWS).map((row) => tableRow(row, failuresOf(row, limits)));
  const heads = ["name", ...COLUMNS].map((key) => html`<th scope="col"><button type="button">${key}</button></th>`);
  const more = all.length > MOST_ROWS ? html`<p>… and ${all.length - MOST_ROWS} more in summary.csv.</p>` : undefined;
  return html`<section id="table" aria-labelledby="table-heading"><h2 id="table-heading">Summary of all quantities</h2>
<p>A heading’s button sorts by its column.</p>
<div class="scroll tall" tabindex="0" role="group" aria-label="Summary of all quantities"><table class="summary" data-sortable>
<thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>${more}</section>\n`;
}

function tableRow(row: SummaryRow, failures: readonly string[]): Html {
  const cells = COLUMNS.map((key) => {
    const text = cellText(row, key);
    const fails = failures.includes(key);
    return html`<td${sortValue(row[key], text)}${fails ? html` class="fails"` : undefined}>${text}${fails ? " ✗" : ""}</td>`;
  });
  return html`<tr><th scope="row">${row.name}</th>${cells}</tr>\n`;
}

function factList(facts: readonly NamedFact[]): Html {
  return html`<dl class="named">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Where the time went; what is not known is left out. */
function timeFacts(seconds: RunFacts["seconds"]): NamedFact[] {
  const { compile, warmup, sampling, kernel = Number.NaN, transfer = Number.NaN } = seconds;
  const facts: [string, number][] = [
    ["time compiling", compile],
    ["time in warm-up", warmup],
    ["time sampling", sampling],
    ["time in kernels", kernel],
    ["time in transfers to and from the device", transfer],
  ];
  return facts.filter(([, value]) => Number.isFinite(value)).map(([name, value]) => [name, duration(value)]);
}

export function factsSection(input: ReportInput): Html {
  const { run } = input.summary;
  const own: NamedFact[] = [
    ["engine", engineText(run)],
    ["seed", String(run.seed)],
    ...timeFacts(run.seconds),
    ...(run.digest === "" ? [] : [["digest of all draws (SHA-256)", run.digest] as const]),
  ];
  const config =
    input.config === undefined
      ? html`<p>The config is not known.</p>`
      : html`<details open><summary>Config, every option resolved</summary><pre tabindex="0"><code>${lines(input.config)}</code></pre></details>`;
  const digests = input.digests ?? [];
  const listed =
    digests.length === 0
      ? undefined
      : html`<details><summary>Digests of ${digests.length} chains</summary><pre tabindex="0"><code>${lines(digests.map((digest, chain) => `${chain} ${digest}`).join("\n"))}</code></pre></details>`;
  return html`<section id="facts" aria-labelledby="facts-heading"><h2 id="facts-heading">The run</h2>${factList([...own, ...(input.facts ?? [])])}${config}${listed}</section>\n`;
}
