import type { ChainNotes } from "../report/index.ts";
import { renderSummary } from "../report/index.ts";
import { type RunStatus, type SummaryDocument, summaryJson } from "../store/index.ts";
import { plain, stderr, stdout } from "./output.ts";

/** A summary to print. */
export interface Printed {
  readonly summary: SummaryDocument;
  readonly chains?: ChainNotes;
  /** Default: complete. */
  readonly status?: RunStatus;
  readonly title?: string;
  readonly directory?: string;
  /** The path of report.html, where it was written. */
  readonly report?: string;
  readonly gatedQuantities?: "all" | readonly string[];
}

/** Prints the convergence report, or with `json` the document of summary.json and nothing else. */
export async function printSummary(
  printed: Printed,
  { json, quiet }: { readonly json: boolean; readonly quiet?: boolean },
): Promise<void> {
  const { summary } = printed;
  if (json) return stdout.write(summaryJson(summary));
  if (summary.quantities.length === 0) {
    stdout.write(`${printed.title === undefined ? "" : `${printed.title}\n\n`}There are no draws to summarise.\n`);
    if (printed.report !== undefined) stdout.write(`Report: ${plain(printed.report)}\n`);
    return;
  }
  const { quantities, gates, run } = summary;
  const { chains, status, title, directory, gatedQuantities } = printed;
  stdout.write(
    renderSummary({
      quantities,
      gates,
      run,
      width: stdout.width,
      color: stdout.hasColor,
      ...(gatedQuantities !== undefined && { gatedQuantities }),
      ...(chains !== undefined && { chains }),
      ...(status !== undefined && { status }),
      ...(title !== undefined && { title }),
      ...(directory !== undefined && { directory }),
    }),
  );
  if (printed.report !== undefined) stdout.write(`Report: ${plain(printed.report)}\n`);
  const low = "ebfmi_low_chains" in run ? Number(run.ebfmi_low_chains) : 0;
  if (low > 0 && quiet !== true) {
    stderr.write(
      `note: E-BFMI is below 0.3 in ${low} of ${run.chains} chains: their energies mix slowly, so the tails may be ` +
        "explored too little. A non-centred parametrisation usually helps.\n",
    );
  }
}
