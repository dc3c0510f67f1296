/** The trail of checks of a run that goes on until a rule is met. */
import { type CheckFinding, type CheckRecord, untilOf } from "../../store/checks.ts";
import { rhatText, shortCount } from "../text.ts";
import { ruleText } from "../until.ts";
import type { ReportInput } from "./input.ts";
import { type Content, type Html, html } from "./markup.ts";

/** Rows of the table: a run may have thousands of checks. */
const MOST_ROWS = 200;

function cells(finding: CheckFinding | undefined, text: (value: number) => string): Html {
  if (finding === undefined) return html`<td></td><td></td>`;
  return html`<td class="number">${text(finding.value)} ${finding.met ? "✓" : "✗"}</td><td>${finding.quantity}</td>`;
}

function row({ draws, met, rhat, ess }: CheckRecord): Html {
  return html`<tr class="${met ? "pass" : "fail"}"><th scope="row" class="number">${draws}</th><td><span class="mark">${met ? "✓ enough" : "✗ not yet"}</span></td>${cells(rhat, (value) => rhatText(value, 4))}${cells(ess, shortCount)}</tr>\n`;
}

/** Nothing where the run has no such rule. */
export function checksSection({ summary, checks: told = [] }: ReportInput): Content {
  const until = untilOf(summary.run);
  const checks = until?.checks ?? told;
  if (until === undefined && checks.length === 0) return undefined;
  const rule =
    until === undefined ? "" : `The run goes on until ${ruleText(until)}, at most ${until.max} draws of each chain. `;
  const left = checks.length - MOST_ROWS;
  const before = left > 0 ? html`<p>${left} checks before these are in events.ndjson.</p>` : undefined;
  const table = html`<div class="scroll tall" tabindex="0" role="group" aria-label="Checks"><table class="gates"><caption>Checks</caption>
<thead><tr><th scope="col">draws</th><th scope="col">result</th><th scope="col">R-hat</th><th scope="col">of</th><th scope="col">ESS</th><th scope="col">of</th></tr></thead>
<tbody>${checks.slice(-MOST_ROWS).map(row)}</tbody></table></div>`;
  return html`<section id="checks" aria-labelledby="checks-heading"><h2 id="checks-heading">Enough draws?</h2>
<p>${rule}Each check looks at all chains. What is not met is told by one quantity, what is met by the worst.</p>
${before}${checks.length === 0 ? html`<p>There was no check yet.</p>` : table}</section>\n`;
}
