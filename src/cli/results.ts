/** What the commands that look at a results folder begin with. */
import { damagedFiles, type GateLimits, missingParts } from "../report/index.ts";
import { openResults, type ResultsReader } from "../store/index.ts";
import { gatesOf, summarizeResults } from "../summary/folder.ts";
import type { RunSummary } from "../summary/summarize.ts";
import { plain } from "./output.ts";

/** A results folder, summarised from the draws that lie in it. */
export interface FolderSummary {
  readonly reader: ResultsReader;
  readonly summary: RunSummary;
  readonly limits: GateLimits | false;
  /** What is missing of a run that did not end well; one sentence each. */
  readonly missing: readonly string[];
  /** Those of them that are about damaged files. */
  readonly damaged: readonly string[];
}

export async function summarizeFolder(path: string): Promise<FolderSummary> {
  const reader = await openResults(path);
  const missing = (await missingParts(reader)).map(plain);
  const damaged = (await damagedFiles(reader)).map(plain);
  return { reader, summary: await summarizeResults(reader), limits: gatesOf(reader), missing, damaged };
}
