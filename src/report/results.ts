/** From a results folder to the HTML report's input. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { acceptanceMeans } from "../config/samplers.ts";
import {
  type JsonObject,
  quantityNames,
  RECORDED_FILES,
  type ResultsReader,
  readChecks,
  type SummaryDocument,
} from "../store/index.ts";
import type { GateLimits } from "../summary/gates.ts";
import type { ChainNotes } from "../summary/summarize.ts";
import { type EventHistory, readEvents, unknownEnd } from "./html/events.ts";
import type { BatchFacts, ChainValues, NamedFact, ReportDraws, ReportInput, SamplerFacts } from "./html/input.ts";

/** What the caller knows beyond the folder. */
export interface KnownOfResults {
  /** Default: summary.json; where there is none, the draws that are stored are summarised. */
  readonly summary?: SummaryDocument;
  readonly chainNotes?: ChainNotes;
  /** What is missing, one sentence each; default: found from the folder. */
  readonly missing?: readonly string[];
  /** Quantities to show besides the worst. */
  readonly chosen?: readonly string[];
}

/** The same with the summary: who makes a report has it. */
export type SummarizedResults = KnownOfResults & { readonly summary: SummaryDocument };

const MAX_EVENTS = 256 * 2 ** 20;

/** Batches that have draws: the others are left out, as they are of the summary. */
function usedBatches(reader: ResultsReader): number[] {
  return reader.perBatch.sampling.flatMap((draws, batch) => (draws > 0 ? [batch] : []));
}

function drawsOf(reader: ResultsReader): ReportDraws {
  const batches = usedBatches(reader);
  const { layout } = reader;
  const chains = batches.flatMap((index) => {
    const { firstChain = 0, chains: count = 0 } = layout.batches[index] ?? {};
    return Array.from({ length: count }, (_, chain) => firstChain + chain);
  });
  return {
    chains,
    quantities: async (names) => {
      const wanted = new Set(names);
      const found = new Map<string, ChainValues>();
      for (const variable of layout.variables) {
        if (!quantityNames(variable, layout.coordinates).some((name) => wanted.has(name))) continue;
        for (const { name, draws } of await reader.draws(variable.name, { batches })) {
          if (wanted.has(name)) found.set(name, draws);
        }
      }
      return found;
    },
    statistic: async (name) => {
      if (batches.length === 0 || !layout.statistics.some((one) => one.name === name)) return undefined;
      return (await reader.draws(name, { group: "sample_stats", batches }))[0]?.draws;
    },
  };
}

function limitsIn(reader: ResultsReader): GateLimits | false {
  const { gates } = reader.run.manifest.config;
  return gates === false ? false : ((gates ?? {}) as GateLimits);
}

/** What is missing of a run that did not end well, and which of its files are damaged; one sentence each. */
export async function missingParts(reader: ResultsReader): Promise<string[]> {
  return [...missingDraws(reader), ...(await damagedFiles(reader))];
}

/** Files that are no more what the run wrote; one or more sentences each. */
export async function damagedFiles(reader: ResultsReader): Promise<string[]> {
  const found = await Promise.all(RECORDED_FILES.map((name) => reader.damage(name)));
  return found.filter((damage) => damage !== undefined);
}

function missingDraws(reader: ResultsReader): string[] {
  const { run, layout, perBatch } = reader;
  const lines: string[] = [];
  if (run.status === "running") lines.push("This run has not ended: it is still going on, or its process died.");
  if (run.status === "interrupted") lines.push("This run was interrupted before its last draw.");
  if (run.status === "failed") lines.push(`This run failed: ${run.error ?? "for an unknown reason"}`);
  const short = perBatch.sampling.flatMap((draws, batch) => (draws < layout.draws ? [{ draws, batch }] : []));
  // A complete run may have ended early because its rule was met.
  if (short.length === 0 || run.status === "complete") return lines;
  const each = short.slice(0, 6).map(({ draws, batch }) => `batch ${batch} has ${draws}`);
  const more = short.length > 6 ? ` and ${short.length - 6} more batches have fewer` : "";
  lines.push(`Of ${layout.draws} draws of each chain, ${each.join(", ")}${more}.`);
  const none = short.filter(({ draws }) => draws === 0).length;
  if (none > 0 && none < layout.batches.length) {
    lines.push("Batches without draws are left out; the others count as far as the shortest of them.");
  }
  return lines;
}

async function historyOf(directory: string): Promise<EventHistory | undefined> {
  const file = join(directory, "events.ndjson");
  const size = await stat(file).then(
    (info) => (info.isFile() ? info.size : Number.POSITIVE_INFINITY),
    () => Number.POSITIVE_INFINITY,
  );
  return size <= MAX_EVENTS ? readEvents(await readFile(file, "utf8")) : undefined;
}

function batchFacts(reader: ResultsReader, history: EventHistory | undefined): BatchFacts[] {
  return reader.layout.batches.map(({ firstChain, chains }, batch) => ({
    batch,
    firstChain,
    chains,
    draws: reader.perBatch.sampling[batch] ?? 0,
    ...(history?.batches.get(batch) ?? unknownEnd()),
  }));
}

function flat(prefix: string, object: JsonObject): NamedFact[] {
  return Object.entries(object).flatMap(([key, value]): NamedFact[] => {
    const name = `${prefix} ${key}`;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return flat(name, value as JsonObject);
    if (name === "host memory" && typeof value === "number") return [[name, `${(value / 2 ** 30).toFixed(1)} GiB`]];
    return [[name, Array.isArray(value) ? value.map(String).join("; ") : String(value)]];
  });
}

function namedFacts({ run }: ResultsReader): NamedFact[] {
  const { versions, engine, host, hashes } = run.manifest;
  return [
    ["status", run.status],
    ["begun", run.created],
    ...(run.finished === undefined ? [] : [["ended", run.finished] as const]),
    ...flat("version of", versions),
    ...flat("engine", engine),
    ...flat("host", host),
    ...flat("hash of", hashes),
  ];
}

function isSampler(name: unknown): name is keyof typeof acceptanceMeans {
  return typeof name === "string" && Object.hasOwn(acceptanceMeans, name);
}

function samplerOf(config: JsonObject): SamplerFacts | undefined {
  const { sampler } = config;
  if (typeof sampler !== "object" || sampler === null) return undefined;
  const { name, target_acceptance: target, max_steps: most } = sampler as JsonObject;
  return {
    name: String(name),
    ...(typeof target === "number" && { targetAcceptance: target }),
    ...(isSampler(name) && { isHarmonic: acceptanceMeans[name] === "harmonic" }),
    ...(typeof most === "number" && { maxSteps: most }),
  };
}

/**
 * The input of `renderReport` from a results folder, finished or not: what is there is shown, and what is missing is
 * said. The draws are read when the report asks for them.
 * @throws StoreError where the folder is damaged
 */
export async function reportWith(reader: ResultsReader, known: SummarizedResults): Promise<ReportInput> {
  const { run } = reader;
  const { config } = run.manifest;
  const draws = drawsOf(reader);
  const { summary } = known;
  const isDamaged = (await reader.damage("events.ndjson")) !== undefined;
  const history = isDamaged ? undefined : await historyOf(reader.directory);
  const limits = limitsIn(reader);
  const missing = [...(known.missing ?? (await missingParts(reader)))];
  if (history === undefined && !isDamaged)
    missing.push("events.ndjson is missing or too large: how warm-up went is not known.");
  const sampler = samplerOf(config);
  return {
    title: `${run.configName} / ${run.runId}`,
    summary,
    status: run.status,
    missing,
    ...(limits !== false && limits.quantities !== undefined && { gatedQuantities: limits.quantities }),
    ...(known.chainNotes !== undefined && { chainNotes: known.chainNotes }),
    ...(known.chosen !== undefined && { chosen: known.chosen }),
    ...(draws.chains.length > 0 && { draws }),
    checks: await readChecks(reader),
    warmup: history?.warmup ?? [],
    batches: batchFacts(reader, history),
    ...(sampler !== undefined && { sampler }),
    config: JSON.stringify(config, null, 2),
    facts: namedFacts(reader),
    ...(run.digests !== undefined && { digests: run.digests.chains }),
  };
}
