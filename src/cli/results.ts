import type { GateLimits } from "../report/index.ts";
import { sourceOf } from "../run/sink.ts";
import { type KnownFacts, type RunSummary, summarizeRun } from "../run/summary.ts";
import { openResults, type ResultsReader } from "../store/index.ts";
import { plain } from "./output.ts";

/** A results folder, summarised from the draws that lie in it. */
export interface FolderSummary {
  readonly reader: ResultsReader;
  readonly summary: RunSummary;
  readonly limits: GateLimits | false;
  /** What is missing of a run that did not end well; one sentence each. */
  readonly missing: readonly string[];
}

export async function summarizeFolder(path: string): Promise<FolderSummary> {
  const reader = await openResults(path);
  const { manifest, digests } = reader.run;
  const limits = (manifest.config["gates"] ?? {}) as GateLimits | false;
  const written = await reader.summary();
  const { superchains } = manifest.config;
  const held = { gates: limits, ...(typeof superchains === "number" && { superchains }) };
  const summary = await summarizeRun(sourceOf(reader), held, written?.run ?? unknownFacts(reader));
  const run = { ...summary.run, digest: digests?.run ?? "" };
  return { reader, summary: { ...summary, run }, limits, missing: missingOf(reader) };
}

/** What can be said of a run that did not write its summary. */
function unknownFacts({ run, layout }: ResultsReader): KnownFacts {
  const { config, engine, seed } = run.manifest;
  const unknown = Number.NaN;
  return {
    warmup: typeof config["warmup"] === "number" ? config["warmup"] : layout.warmup,
    gradients: { warmup: unknown, sampling: unknown },
    seconds: { compile: unknown, warmup: unknown, sampling: unknown, total: unknown },
    engine: String(engine["name"]),
    precision: String(engine["precision"]),
    seed,
  };
}

function missingOf({ run, layout, perBatch }: ResultsReader): string[] {
  const lines: string[] = [];
  if (run.status === "running") lines.push("This run has not ended: it is still going on, or its process died.");
  if (run.status === "interrupted") lines.push("This run was interrupted before its last draw.");
  if (run.status === "failed") lines.push(`This run failed: ${plain(run.error ?? "for an unknown reason")}`);
  const short = perBatch.sampling.flatMap((draws, batch) => (draws < layout.draws ? [{ draws, batch }] : []));
  // A complete run ended early because its rule was met.
  if (short.length > 0 && run.status !== "complete") {
    const each = short.slice(0, 6).map(({ draws, batch }) => `batch ${batch} has ${draws}`);
    const more = short.length > 6 ? ` and ${short.length - 6} more batches have fewer` : "";
    lines.push(`Of ${layout.draws} draws of each chain, ${each.join(", ")}${more}.`);
    const none = short.filter(({ draws }) => draws === 0).length;
    if (none > 0 && none < layout.batches.length) {
      lines.push("Batches without draws are left out of what follows; the others count as far as the shortest.");
    }
  }
  return lines;
}
