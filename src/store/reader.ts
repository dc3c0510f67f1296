/** Reads a results folder, finished or not. Everything is checked before it is believed. */
import { join, resolve } from "node:path";
import type { Numbers, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";
import {
  checkArrays,
  type DrawGroup,
  type DrawSelection,
  groupVariables,
  type QuantityDraws,
  readQuantities,
  readRaw,
  type Source,
} from "./array-reader.ts";
import { type CheckpointSearch, readCheckpoint } from "./checkpoints.ts";
import { chainDigests, type Digests } from "./digest.ts";
import { readBounded } from "./files.ts";
import { asArray, asCount, asObject, inside, type JsonObject, member, type Place, parseJson } from "./json.ts";
import { chainCount, elements, keptDraws, keptLayout, type StoreLayout } from "./layout.ts";
import { type RunDocument, readRunDocument } from "./manifest.ts";
import type { MomentsTable } from "./moments.ts";
import { readSummary } from "./read-summary.ts";
import { damageOf, type RecordedFile } from "./recorded.ts";
import { readMoments, type StoredMoments } from "./stored-moments.ts";
import type { SummaryDocument } from "./summary.ts";

const MAX_METADATA = 256 * 2 ** 20;

/** An open results folder. */
export interface ResultsReader {
  /** Absolute path. */
  readonly directory: string;
  readonly run: RunDocument;
  readonly layout: StoreLayout;
  /**
   * Draws of each chain that are committed, by phase: the batch with the fewest decides. Where the run does not keep all
   * draws (`layout.keep`), these count all of them: arrays are `keptDraws(layout, …)` long.
   */
  readonly committed: { readonly warmup: number; readonly sampling: number };
  /** Draws committed of each batch, by phase; more than `committed` where a run stopped between batches. */
  readonly perBatch: { readonly warmup: readonly number[]; readonly sampling: readonly number[] };
  /** Variables of a group in declared order; empty where the run did not keep the group. */
  variables(group?: DrawGroup): readonly VariableSpec[];
  /** Draws of a variable, one entry for each scalar quantity in row-major order. */
  draws(variable: string, selection?: DrawSelection): Promise<QuantityDraws[]>;
  /** Draws of a scalar statistic of the sampler in the sampling phase, `[chain][draw]`. */
  statistic(name: string): Promise<Float64Array[]>;
  /** The draws of a variable as stored: `[chain, draw, ...shape]`, row-major. */
  raw(variable: string, selection?: DrawSelection): Promise<Numbers>;
  /** Digests of the posterior draws as they lie on the disk. @throws StoreError where the run does not keep all draws */
  digests(): Promise<Digests>;
  /** Chains whose draws are not those that run.json's digests were made of; empty when all is well. */
  damagedChains(): Promise<number[]>;
  /** Exact moments of all draws, kept or not; undefined where the run keeps all draws. Default: of the quantities. */
  moments(of?: MomentsTable): Promise<StoredMoments | undefined>;
  /**
   * Whether a file is no more what the run wrote, in sentences; undefined where it is, and where that is not known: of
   * folders of older versions and runs that did not end.
   */
  damage(file: RecordedFile): Promise<string | undefined>;
  /** The summary, or undefined where the run did not write one. @throws StoreError if it is damaged */
  summary(): Promise<SummaryDocument | undefined>;
  readCheckpoint(batch: number): Promise<CheckpointSearch>;
}

/** Digests batch by batch, each over all draws that are committed of it. */
async function readDigests(source: Source): Promise<Digests> {
  const { layout, directory } = source;
  if (layout.keep !== undefined) {
    throw new StoreError(
      `${directory}: the run does not keep all draws (\`keep: ${layout.keep.kind}\`), so their digests cannot be computed again. Compare the digests in run.json with those of another run.`,
    );
  }
  const digests = chainDigests(chainCount(layout), layout.variables);
  for (const [index, batch] of layout.batches.entries()) {
    const draws = source.perBatch.sampling[index] ?? 0;
    const arrays = new Map<string, Numbers>();
    for (const { name } of layout.variables) arrays.set(name, await readRaw(source, name, { batches: [index] }));
    for (let chain = 0; chain < batch.chains; chain++) {
      const parts = layout.variables.map((variable) => {
        const length = draws * elements(variable);
        return [
          variable.name,
          arrays.get(variable.name)?.subarray(chain * length, (chain + 1) * length) ?? new Uint8Array(),
        ];
      });
      digests.add(batch.firstChain + chain, draws, Object.fromEntries(parts) as Record<string, Numbers>);
    }
  }
  return digests.current();
}

async function damagedChains(source: Source): Promise<number[]> {
  const expected = source.run.digests;
  if (expected === undefined) {
    throw new StoreError(
      `${source.directory}: run.json holds no digests, for the run has not ended. There is nothing to compare with.`,
    );
  }
  const found = await readDigests(source);
  return expected.chains.flatMap((digest, chain) => (digest === found.chains[chain] ? [] : [chain]));
}

function readStored(file: string, metadata: JsonObject, layout: StoreLayout, phase: "warmup" | "sampling"): number[] {
  const place: Place = { file, key: ".zattrs.draws_stored" };
  const attributes = asObject(member(metadata, ".zattrs"), { file, key: ".zattrs" });
  const stored = member(asObject(member(attributes, "draws_stored"), place), phase);
  if (stored === undefined && phase === "warmup" && layout.warmup === 0) return layout.batches.map(() => 0);
  const at = inside(place, phase);
  const counts = asArray(stored, at).map((count, index) => asCount(count, inside(at, index)));
  const planned = phase === "warmup" ? layout.warmup : layout.draws;
  if (counts.length === layout.batches.length && counts.every((count) => count <= planned)) return counts;
  throw new StoreError(
    `${file}: ${at.key} is [${counts.slice(0, 8).join(", ")}]; run.json has ${layout.batches.length} batches of at most ${planned} draws. The file is damaged.`,
  );
}

/** The last commit of a store: its metadata, and the draws of each batch. */
export async function readCommitted(
  directory: string,
  layout: StoreLayout,
): Promise<{
  readonly metadataFile: string;
  readonly metadata: JsonObject;
  readonly stored: ResultsReader["perBatch"];
}> {
  const metadataFile = join(directory, "draws.zarr", ".zmetadata");
  const bytes = await readBounded(metadataFile, MAX_METADATA);
  if (bytes === undefined) {
    throw new StoreError(
      `${metadataFile} is missing: the run stopped before its first commit, or the store is damaged.`,
    );
  }
  const top = parseJson(bytes.toString("utf8"), metadataFile);
  const metadata = asObject(member(top, "metadata"), { file: metadataFile, key: "metadata" });
  const stored = {
    warmup: readStored(metadataFile, metadata, layout, "warmup"),
    sampling: readStored(metadataFile, metadata, layout, "sampling"),
  };
  return { metadataFile, metadata, stored };
}

/**
 * Opens a results folder, finished or not.
 * @throws StoreError if it is not one, or if run.json or the store's metadata are damaged
 */
export async function openResults(path: string): Promise<ResultsReader> {
  const directory = resolve(path);
  const run = await readRunDocument(directory);
  const { metadataFile, metadata, stored } = await readCommitted(directory, run.layout);
  const kept = (draws: readonly number[]): number[] => draws.map((count) => keptDraws(run.layout, count));
  const perBatch = { warmup: kept(stored.warmup), sampling: kept(stored.sampling) };
  const source = { directory, run, layout: keptLayout(run.layout), metadata, metadataFile, perBatch };
  checkArrays(source);
  return readerOf(source, stored);
}

function readerOf(source: Source, perBatch: ResultsReader["perBatch"]): ResultsReader {
  const { directory, run } = source;
  return {
    directory,
    run,
    layout: run.layout,
    committed: { warmup: Math.min(...perBatch.warmup), sampling: Math.min(...perBatch.sampling) },
    perBatch,
    variables: (group = "posterior") => groupVariables(run.layout, group),
    draws: (variable, selection = {}) => readQuantities(source, variable, selection),
    statistic: async (name) => (await readQuantities(source, name, { group: "sample_stats" }))[0]?.draws ?? [],
    raw: (variable, selection = {}) => readRaw(source, variable, selection),
    digests: () => readDigests(source),
    damagedChains: () => damagedChains(source),
    moments: (of = "posterior") => readMoments(source, of),
    damage: (file) => damageOf(directory, run.files, file),
    summary: () => readSummary(directory, run.files),
    readCheckpoint: (batch) => readCheckpoint(join(directory, "checkpoints"), batch),
  };
}
