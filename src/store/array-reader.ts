/**
 * Reads arrays of draws.zarr. Metadata must be what run.json's layout makes it; each chunk is checked by its length before
 * it is read, and by its checksum after. Memory is allocated only after the chunks that fill it were found on the disk.
 */
import { join } from "node:path";
import type { Coordinates, Numbers, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { UNCONSTRAINED_DIMENSION, unconstrainedVariable } from "./draws-store.ts";
import { asObject, type JsonObject, member, type Place } from "./json.ts";
import { chainCount, chunkChains, elements, keepsDraws, type StoreLayout } from "./layout.ts";
import type { RunDocument } from "./manifest.ts";
import { quantityNames } from "./names.ts";
import {
  allocate,
  arrayMetadata,
  CHECKSUM_BYTES,
  checkChunkLength,
  chunkKey,
  decode,
  drawsType,
  elementBytes,
  readChunk,
  zarrType,
} from "./zarr.ts";

/** A group of draws. */
export type DrawGroup =
  | "posterior"
  | "sample_stats"
  | "warmup_posterior"
  | "warmup_sample_stats"
  | "unconstrained_posterior";

/** Draws of one scalar quantity. */
export interface QuantityDraws {
  /** `tau`, `coefficient[mean radius]`. */
  readonly name: string;
  /** `[chain][draw]`; booleans as 0 and 1. */
  readonly draws: Float64Array[];
}

/** Which draws to read; default: all chains, as many draws as every batch has. */
export interface DrawSelection {
  readonly group?: DrawGroup;
  /** Batches by index, in ascending order: their chains only, as many draws as each of these batches has. */
  readonly batches?: readonly number[];
}

/** A store with its checked metadata. */
export interface Source {
  readonly directory: string;
  readonly run: RunDocument;
  /** The layout of the arrays: of the draws that are kept. */
  readonly layout: StoreLayout;
  /** `metadata` of `.zmetadata`. */
  readonly metadata: JsonObject;
  readonly metadataFile: string;
  /** Draws committed of each batch, by phase, that are kept. */
  readonly perBatch: { readonly warmup: readonly number[]; readonly sampling: readonly number[] };
}

/**
 * Holds the arrays of the draws to the layout before names are made of it, one for each element that it claims.
 * @throws StoreError where one has another shape, type or chunks
 */
export function checkArrays(source: Source): void {
  const draws = Math.min(...source.perBatch.sampling);
  for (const variable of groupVariables(source.layout, "posterior"))
    checkMetadata(source, "posterior", variable, draws);
}

interface FoundArray {
  readonly variable: VariableSpec;
  readonly group: DrawGroup;
  readonly folder: string;
  /** Chains to read, ascending: their indices in the run. */
  readonly chains: readonly number[];
  readonly draws: number;
}

/** Said where draws are asked of a run that keeps none. */
export const NO_DRAWS =
  "the run keeps moments and no draws (`keep: moments`). Ask for its moments, or run again with `keep: draws`.";

/** The variables of a group in declared order. */
export function groupVariables(layout: StoreLayout, group: DrawGroup): readonly VariableSpec[] {
  if (!keepsDraws(layout) || (group.startsWith("warmup_") && layout.warmup === 0)) return [];
  if (group === "unconstrained_posterior") {
    return layout.unconstrained === undefined ? [] : [unconstrainedVariable(layout.unconstrained)];
  }
  return group.endsWith("posterior") ? layout.variables : layout.statistics;
}

function groupCoordinates(layout: StoreLayout, group: DrawGroup): Coordinates {
  if (group !== "unconstrained_posterior") return layout.coordinates;
  return { [UNCONSTRAINED_DIMENSION]: layout.unconstrained?.labels ?? [] };
}

function checkMetadata(source: Source, group: DrawGroup, variable: VariableSpec, draws: number): void {
  const { layout } = source;
  const key = `${group}/${variable.name}/.zarray`;
  const place: Place = { file: source.metadataFile, key };
  const found = asObject(member(source.metadata, key), place);
  const expected = arrayMetadata({
    shape: [chainCount(layout), draws, ...variable.shape],
    chunks: [chunkChains(layout), layout.chunkDraws, ...variable.shape.map((length) => Math.max(1, length))],
    dtype: drawsType(group, variable.dtype),
  });
  for (const [part, value] of Object.entries(expected)) {
    const text = JSON.stringify(member(found, part));
    if (text === JSON.stringify(value)) continue;
    // Folders of format 1 have booleans as such.
    if (part === "dtype" && text === JSON.stringify(zarrType(variable.dtype))) continue;
    throw new StoreError(
      `${place.file}: ${key}: ${part} is ${text}, expected ${JSON.stringify(value)}. The file is damaged; restore it from a copy, or run again.`,
    );
  }
}

function findArray(source: Source, name: string, selection: DrawSelection): FoundArray {
  const { layout } = source;
  const group = selection.group ?? "posterior";
  const known = groupVariables(layout, group);
  const variable = known.find((candidate) => candidate.name === name);
  if (variable === undefined) {
    if (!keepsDraws(layout)) throw new StoreError(`${source.directory}: ${NO_DRAWS}`);
    const names = known.map((candidate) => candidate.name).join(", ") || "none";
    throw new StoreError(`${source.directory}: ${group} has no variable ${JSON.stringify(name)}. It has: ${names}.`);
  }
  const stored = group.startsWith("warmup_") ? source.perBatch.warmup : source.perBatch.sampling;
  checkMetadata(source, group, variable, Math.min(...stored));
  const wanted = selection.batches ?? layout.batches.keys();
  const batches = [...wanted].map((index) => {
    const batch = layout.batches[index];
    const draws = stored[index];
    if (batch !== undefined && draws !== undefined) return { ...batch, draws };
    throw new StoreError(
      `${source.directory} has ${layout.batches.length} batches, counted from 0; found batch ${index}.`,
    );
  });
  return {
    variable,
    group,
    folder: join(source.directory, "draws.zarr", group, name),
    chains: batches.flatMap((batch) => Array.from({ length: batch.chains }, (_, chain) => batch.firstChain + chain)),
    draws: batches.length === 0 ? 0 : Math.min(...batches.map((batch) => batch.draws)),
  };
}

interface ChunkFile {
  readonly path: string;
  readonly firstChain: number;
  readonly firstDraw: number;
  readonly length: number;
}

/** The chunk files that hold an array's selected draws, after each was found on the disk with the right length. */
async function findChunks(source: Source, array: FoundArray): Promise<ChunkFile[]> {
  const { layout } = source;
  const perChain = chunkChains(layout);
  const width = elements(array.variable);
  const length = perChain * layout.chunkDraws * width * elementBytes(array.variable.dtype) + CHECKSUM_BYTES;
  const files: ChunkFile[] = [];
  if (width === 0) return files;
  const chainChunks = [...new Set(array.chains.map((chain) => Math.floor(chain / perChain)))];
  for (let drawChunk = 0; drawChunk * layout.chunkDraws < array.draws; drawChunk++) {
    for (const chainChunk of chainChunks) {
      const path = join(array.folder, chunkKey([chainChunk, drawChunk, ...array.variable.shape.map(() => 0)]));
      await checkChunkLength(path, length);
      files.push({ path, firstChain: chainChunk * perChain, firstDraw: drawChunk * layout.chunkDraws, length });
    }
  }
  return files;
}

/** Draws of one chain in one chunk: elements `from` on, `draws` draws, which belong at `firstDraw` of row `row`. */
interface Run {
  readonly row: number;
  readonly from: number;
  readonly firstDraw: number;
  readonly draws: number;
}

async function eachRun(
  source: Source,
  array: FoundArray,
  files: readonly ChunkFile[],
  visit: (values: Numbers, run: Run) => void,
): Promise<void> {
  const { layout } = source;
  const rows = new Map(array.chains.map((chain, row) => [chain, row]));
  const width = elements(array.variable);
  for (const { path, firstChain, firstDraw, length } of files) {
    const values = decode(array.variable.dtype, await readChunk(path, length));
    const draws = Math.min(layout.chunkDraws, array.draws - firstDraw);
    for (let chain = 0; chain < chunkChains(layout); chain++) {
      const row = rows.get(firstChain + chain);
      if (row !== undefined) visit(values, { row, from: chain * layout.chunkDraws * width, firstDraw, draws });
    }
  }
}

/** Draws of a variable, one entry for each scalar quantity in row-major order. */
export async function readQuantities(source: Source, name: string, selection: DrawSelection): Promise<QuantityDraws[]> {
  const array = findArray(source, name, selection);
  const files = await findChunks(source, array);
  const names = quantityNames(array.variable, groupCoordinates(source.layout, array.group));
  const quantities = names.map((quantity) => ({
    name: quantity,
    draws: array.chains.map(() => new Float64Array(array.draws)),
  }));
  const width = names.length;
  await eachRun(source, array, files, (values, run) => {
    quantities.forEach((quantity, element) => {
      const row = quantity.draws[run.row];
      for (let draw = 0; row !== undefined && draw < run.draws; draw++) {
        row[run.firstDraw + draw] = values[run.from + draw * width + element] ?? Number.NaN;
      }
    });
  });
  return quantities;
}

/** Draws of a variable as stored, `[chain, draw, ...shape]` row-major. */
export async function readRaw(source: Source, name: string, selection: DrawSelection): Promise<Numbers> {
  const array = findArray(source, name, selection);
  const files = await findChunks(source, array);
  const width = elements(array.variable);
  const all = allocate(array.variable.dtype, array.chains.length * array.draws * width);
  await eachRun(source, array, files, (values, run) => {
    all.set(values.subarray(run.from, run.from + run.draws * width), (run.row * array.draws + run.firstDraw) * width);
  });
  return all;
}
