/** The top of the report: converged or not, gate by gate, and what to do. */
import type { Gate, RunFacts, SummaryDocument, SummaryRow } from "../../store/index.ts";
import { allPass } from "../../summary/gates.ts";
import { adviceOn } from "../advice.ts";
import { noValue } from "../standstill.ts";
import { leastEss, limitsOf } from "../table.ts";
import { counted, duration, percent, quantityCount, rhatText, shortCount, shortNumber } from "../text.ts";
import type { ReportInput } from "./input.ts";
import { type Content, type Html, html, prose } from "./markup.ts";

interface Verdict {
  readonly kind: "pass" | "fail" | "open";
  readonly sign: string;
  readonly words: string;
}

function verdictOf({ summary, status = "complete" }: ReportInput): Verdict {
  const { gates, quantities } = summary;
  if (quantities.length === 0) return { kind: "open", sign: "?", words: "There are no draws to judge." };
  if (gates.length === 0) return { kind: "open", sign: "?", words: "No gates were set: convergence was not judged." };
  const failed = gates.filter((gate) => !gate.pass).length;
  if (failed > 0)
    return { kind: "fail", sign: "✗", words: `Not converged: ${failed} of ${counted(gates.length, "gate")} failed.` };
  const passed = gates.length === 1 ? "the gate passed" : `all ${gates.length} gates passed`;
  if (status === "complete") return { kind: "pass", sign: "✓", words: `Converged: ${passed}.` };
  return { kind: "open", sign: "?", words: `Not finished; so far ${passed}.` };
}

/** The verdict in words. */
export function verdictWords(input: ReportInput): string {
  return verdictOf(input).words;
}

const GATE_WORDS: Readonly<Record<string, readonly [name: string, sign: string]>> = {
  rhat: ["R-hat", "below"],
  ess_bulk: ["bulk ESS", "above"],
  ess_tail: ["tail ESS", "above"],
  divergences: ["divergent draws", "at most"],
  nested_rhat: ["nested R-hat", "below"],
  precision: ["error of float32", "at most"],
  until: ["draws until the rule is met", "at most"],
};

function gateNumber(name: string, value: number): string {
  if (name === "divergences") return percent(value);
  if (name === "until") return String(value);
  return name.endsWith("rhat") ? rhatText(value, 4) : name.startsWith("ess") ? shortCount(value) : shortNumber(value);
}

function gateLine(gate: Gate, rows: readonly SummaryRow[]): Html {
  const [name, sign] = GATE_WORDS[gate.name] ?? [gate.name, "limit"];
  const limit = gate.name === "divergences" ? percent(gate.limit) : String(gate.limit);
  const failing =
    (gate.failing ?? 0) > 0 ? `${quantityCount(gate.failing ?? 0)} ${gate.failing === 1 ? "fails" : "fail"}` : "";
  const none = noValue(gate, rows);
  const remarks = [failing, (none === undefined ? gate.note : none.note) ?? ""].filter((one) => one !== "").join("; ");
  return html`<tr class="${gate.pass ? "pass" : "fail"}"><th scope="row">${name}</th><td><span class="mark">${gate.pass ? "✓ pass" : "✗ fail"}</span></td><td>${sign} ${limit}</td><td class="number">${none?.words ?? gateNumber(gate.name, gate.value)}</td><td>${gate.worst}</td><td>${remarks}</td></tr>`;
}

function gatesTable({ gates, quantities }: SummaryDocument): Content {
  if (gates.length === 0) return undefined;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Gates"><table class="gates"><caption>Gates</caption>
<thead><tr><th scope="col">what</th><th scope="col">result</th><th scope="col">must be</th><th scope="col">worst value</th><th scope="col">of</th><th scope="col">remarks</th></tr></thead>
<tbody>${gates.map((gate) => gateLine(gate, quantities))}</tbody></table></div>`;
}

function tile(name: string, value: string, more: string): Html {
  return html`<div><dt>${name}</dt><dd><strong>${value}</strong> <span>${more}</span></dd></div>`;
}

function countText(value: number): string {
  return Number.isFinite(value) ? shortCount(value) : "not known";
}

function tiles(run: RunFacts, input: ReportInput): Html {
  const bulk = leastEss(input.summary.quantities, limitsOf(input.summary.gates, input.gatedQuantities));
  const warmup = Number.isFinite(run.warmup) ? `after ${run.warmup} of warm-up` : "";
  const { gradients, seconds } = run;
  const fraction = run.divergences / (run.chains * run.draws);
  const divergences = Number.isFinite(run.divergences) ? `${percent(fraction)} of all draws` : "";
  const ess = bulk.row === undefined ? undefined : tile("least bulk ESS", countText(bulk.value), bulk.row.name);
  const speed = bulk.value / seconds.sampling;
  return html`<dl class="tiles">${tile("draws", `${run.chains} × ${run.draws}`, `chains × draws ${warmup}`)}
${tile("divergences", countText(run.divergences), divergences)}
${ess}
${tile("time", Number.isFinite(seconds.total) ? duration(seconds.total) : "not known", Number.isFinite(speed) ? `${shortNumber(speed)} effective draws a second of sampling` : "")}
${tile("gradients", countText(gradients.warmup + gradients.sampling), Number.isFinite(gradients.warmup) ? `${shortCount(gradients.warmup)} of them in warm-up` : "")}</dl>`;
}

function energyAdvice(run: RunFacts): string[] {
  const low = "ebfmi_low_chains" in run ? Number(run.ebfmi_low_chains) : 0;
  if (!(low > 0)) return [];
  return [
    `E-BFMI is below 0.3 in ${low} of ${counted(run.chains, "chain")}: their energies mix slowly, so the tails may be explored too little. A non-centred parametrisation usually helps.`,
  ];
}

function adviceList(input: ReportInput): Content {
  const { summary, gatedQuantities, chainNotes } = input;
  const advice = adviceOn({
    gates: summary.gates,
    quantities: summary.quantities,
    run: summary.run,
    ...(gatedQuantities !== undefined && { gatedQuantities }),
    ...(chainNotes !== undefined && { chains: chainNotes }),
  });
  const all = [...advice, ...energyAdvice(summary.run)];
  if (all.length === 0) return undefined;
  return html`<h3>What to do</h3><ul class="advice">${all.map((one) => html`<li>${prose(one)}</li>`)}</ul>`;
}

function nextSteps(input: ReportInput): Content {
  const { gates, quantities } = input.summary;
  if (quantities.length === 0 || gates.length === 0 || !allPass(gates) || verdictOf(input).kind !== "pass")
    return undefined;
  return html`<p>The chains agree, and there are enough independent draws for means and quantiles. Whether the model describes the data is another question: look at predictions too.</p>`;
}

/** The section at the top. */
export function verdictSection(input: ReportInput): Html {
  const { kind, sign, words } = verdictOf(input);
  const missing = input.missing ?? [];
  const lacks =
    missing.length === 0
      ? undefined
      : html`<div class="missing"><h3>What is missing</h3><ul>${missing.map((one) => html`<li>${one}</li>`)}</ul></div>`;
  const facts = input.summary.quantities.length === 0 ? undefined : tiles(input.summary.run, input);
  return html`<section id="verdict" aria-labelledby="verdict-heading" class="verdict ${kind}">
<h2 id="verdict-heading"><span class="sign" aria-hidden="true">${sign}</span> ${words}</h2>
${lacks}${nextSteps(input)}${adviceList(input)}${gatesTable(input.summary)}${facts}</section>\n`;
}
