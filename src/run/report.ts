import { renderReport, reportWith, type SummarizedResults } from "../report/index.ts";
import { openResults } from "../store/index.ts";

/** The report's name in a results folder. */
export const REPORT_FILE = "report.html";

/**
 * The HTML report of a results folder, finished or not.
 * @throws StoreError where the folder is damaged
 */
export async function reportOf(directory: string, known: SummarizedResults): Promise<string> {
  const reader = await openResults(directory);
  const { draws, ...input } = await reportWith(reader, known);
  if (reader.layout.keep?.kind !== "moments") return await renderReport({ ...input, ...(draws && { draws }) });
  const missing = [...(input.missing ?? []), "The run keeps moments and no draws: the plots of draws are left out."];
  return await renderReport({ ...input, missing });
}
