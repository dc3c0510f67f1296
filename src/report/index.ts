/** The convergence report: what other rooms may use of it. */

import type { ResultsReader } from "../store/index.ts";
import type { ReportInput } from "./html/input.ts";
import type { KnownOfResults, SummarizedResults } from "./results.ts";

export { allPass, evaluateGates, type GateLimits } from "../summary/gates.ts";
export type { ChainNotes } from "../summary/summarize.ts";
export type {
  BatchFacts,
  ChainValues,
  NamedFact,
  ReportDraws,
  ReportInput,
  SamplerFacts,
  WarmupPoint,
} from "./html/input.ts";
export type { KnownOfResults, SummarizedResults } from "./results.ts";
export { renderSummary, type SummaryInput } from "./summary.ts";
export { plain } from "./text.ts";

/**
 * The convergence report as one HTML file: it needs no network and no other file, and the same input gives the same
 * bytes. The plots' libraries are loaded here, so that what does not make a report starts without them.
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const { renderPage } = await import("./html/page.ts");
  return await renderPage(input);
}

/**
 * The input of `renderReport` from a results folder, finished or not: what is there is shown, and what is missing is
 * said.
 * @throws StoreError where the folder is damaged
 */
export async function reportWith(reader: ResultsReader, known: SummarizedResults): Promise<ReportInput> {
  const results = await import("./results.ts");
  return await results.reportWith(reader, known);
}

/**
 * The same where there may be no summary, or one that run.json shows to be damaged: then the draws are summarised as the run would have done, with all its gates.
 * @throws StoreError where the folder is damaged
 */
export async function reportFromResults(reader: ResultsReader, known: KnownOfResults = {}): Promise<ReportInput> {
  const { soundSummary } = await import("../store/index.ts");
  const written = known.summary ?? (await soundSummary(reader));
  if (written !== undefined) return await reportWith(reader, { ...known, summary: written });
  const { summarizeResults } = await import("../summary/folder.ts");
  const { chains, ...summary } = await summarizeResults(reader);
  return await reportWith(reader, { chainNotes: chains, ...known, summary });
}

/** What is missing of a run that did not end well, and which of its files are damaged; one sentence each. */
export async function missingParts(reader: ResultsReader): Promise<string[]> {
  const results = await import("./results.ts");
  return await results.missingParts(reader);
}

/** Files of the folder that are no more what the run wrote, in words. */
export async function damagedFiles(reader: ResultsReader): Promise<string[]> {
  const results = await import("./results.ts");
  return await results.damagedFiles(reader);
}
