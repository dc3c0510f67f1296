/** The convergence report as one HTML file. */
import { createHash } from "node:crypto";
import { checksSection } from "./checks.ts";
import { closeSection } from "./close.ts";
import { energySection, type Statistics } from "./energy.ts";
import { forestSection } from "./forest.ts";
import { growthSection } from "./growth.ts";
import type { ChainValues, ReportInput } from "./input.ts";
import { type Content, type Html, html, trusted } from "./markup.ts";
import { overviewSection } from "./overview.ts";
import { pairsSection } from "./pairs.ts";
import { scriptText, zoomStyle } from "./script.ts";
import { select } from "./select.ts";
import { STYLE } from "./style.ts";
import { factsSection, tableSection } from "./tables.ts";
import { verdictSection, verdictWords } from "./verdict.ts";
import { warmupSection } from "./warmup.ts";
import { zoomSection } from "./zoom.ts";

function sourceHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Nothing may be fetched; one script and one style sheet, each by its hash. */
function policy(script: string, style: string): string {
  return `default-src 'none'; script-src ${sourceHash(script)}; style-src ${sourceHash(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
}

interface Part {
  readonly id: string;
  readonly name: string;
  readonly content: Content;
}

async function statisticsOf(input: ReportInput): Promise<Statistics> {
  const of = async (name: string): Promise<ChainValues | undefined> => {
    const values = await input.draws?.statistic(name);
    return values === undefined || values.length === 0 || values[0]?.length === 0 ? undefined : values;
  };
  const [energy, acceptance, steps, diverging] = [
    await of("energy"),
    await of("acceptance_rate"),
    await of("n_steps"),
    await of("diverging"),
  ];
  return {
    ...(energy !== undefined && { energy }),
    ...(acceptance !== undefined && { acceptance }),
    ...(steps !== undefined && { steps }),
    ...(diverging !== undefined && { diverging }),
  };
}

async function partsOf(input: ReportInput): Promise<Part[]> {
  const { close, growth, pairs } = select(input);
  const names = [...close.map(({ row }) => row), ...growth, ...pairs].map((row) => row.name);
  const draws = (await input.draws?.quantities([...new Set(names)])) ?? new Map<string, ChainValues>();
  const statistics = await statisticsOf(input);
  const has = input.summary.quantities.length > 0;
  return [
    { id: "verdict", name: "Verdict", content: verdictSection(input) },
    { id: "checks", name: "Enough draws?", content: checksSection(input) },
    { id: "overview", name: "All quantities", content: has ? overviewSection(input) : undefined },
    { id: "forest", name: "Estimates", content: forestSection(input) },
    { id: "close", name: "Closely", content: closeSection(input, close, draws) },
    { id: "zoom", name: "Zoom", content: zoomSection(input, close, draws) },
    { id: "growth", name: "Growth of ESS", content: growthSection(input, growth, draws) },
    { id: "energy", name: "Energy", content: energySection(input, statistics) },
    { id: "pairs", name: "Divergences", content: pairsSection(input, pairs, draws, statistics.diverging) },
    { id: "warmup", name: "Warm-up", content: warmupSection(input) },
    { id: "table", name: "Table", content: tableSection(input) },
    { id: "facts", name: "The run", content: factsSection(input) },
  ].filter((part) => part.content !== undefined);
}

function body(input: ReportInput, parts: readonly Part[]): Html {
  const links = parts.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`);
  return html`<a class="skip" href="#verdict">To the verdict</a>
<header><h1>${input.title}</h1><p>Convergence report by manychain</p><nav aria-label="Sections"><ul>${links}</ul></nav></header>
<main>${parts.map((part) => part.content)}</main>
<footer><p>This file is complete in itself: it loads nothing from anywhere.</p></footer>\n`;
}

/**
 * The convergence report as one HTML file: it needs no network and no other file, and the same input gives the same
 * bytes. Every text of the input is escaped. Without draws, warm-up or config, the parts that need them are left out.
 */
export async function renderPage(input: ReportInput): Promise<string> {
  const parts = await partsOf(input);
  const hasZoom = parts.some(({ id }) => id === "zoom");
  const script = scriptText(hasZoom);
  const style = hasZoom ? `${STYLE}${zoomStyle()}` : STYLE;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy(script, style))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${verdictWords(input)} – ${input.title}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
${body(input, parts)}<script>${trusted(script)}</script>
</body>
</html>\n`;
  return page.markup;
}
