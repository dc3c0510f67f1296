/** A results folder, finished or not, from the draws that lie in it: its summary, with all gates of its config. */
import { type ResultsReader, type RoundingRecord, soundSummary } from "../store/index.ts";
import type { GateLimits } from "./gates.ts";
import { sourceOf } from "./source.ts";
import { type KnownFacts, type RunSummary, type SummaryLimits, summarizeRun } from "./summarize.ts";

/** The gates of a folder's config. */
export function gatesOf({ run }: ResultsReader): GateLimits | false {
  return (run.manifest.config["gates"] ?? {}) as GateLimits | false;
}

/** Summarises what is stored, as the end of a run does. A damaged summary.json is not believed. @throws StoreError where the folder is damaged */
export async function summarizeResults(reader: ResultsReader): Promise<RunSummary> {
  const { manifest, digests } = reader.run;
  const written = await soundSummary(reader);
  const { superchains } = manifest.config;
  const held: SummaryLimits = { gates: gatesOf(reader), ...(typeof superchains === "number" && { superchains }) };
  const summary = await summarizeRun(sourceOf(reader), held, written?.run ?? unknownFacts(reader));
  return { ...summary, run: { ...summary.run, digest: digests?.run ?? "" } };
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
    ...(typeof engine["class"] === "string" && { engine_class: engine["class"] }),
    ...roundingOf(run.precision),
    seed,
  };
}

/** What run.json holds of the cost of float32, without the limit that it was held to: that gate is judged anew. */
function roundingOf(precision: ResultsReader["run"]["precision"]): Pick<KnownFacts, "rounding"> {
  if (precision === undefined) return {};
  const { limit: _, pass: __, ...rounding } = precision;
  const numbers = Object.entries(rounding).map(([key, value]) => [key, value === null ? Number.NaN : value]);
  return { rounding: Object.fromEntries(numbers) as unknown as RoundingRecord };
}
