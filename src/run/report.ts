import type { KnownOfResults } from "../report/index.ts";
import { renderReport, reportFromResults } from "../report/index.ts";
import { openResults } from "../store/index.ts";

/** The report's name in a results folder. */
export const REPORT_FILE = "report.html";

/**
 * The HTML report of a results folder, finished or not.
 * @throws StoreError where the folder is damaged
 */
export async function reportOf(directory: string, known: KnownOfResults): Promise<string> {
  return await renderReport(await reportFromResults(await openResults(directory), known));
}
