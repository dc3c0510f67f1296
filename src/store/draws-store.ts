/**
 * The `draws.zarr` folder as ArviZ's InferenceData: groups, coordinates, data, and draws that grow.
 *
 * Commit order: chunks (temporary name, rename), `.zarray` and `.zattrs`, then `.zmetadata` by one rename. A reader that
 * opens consolidated metadata, as xarray, ArviZ and `openResults` do, sees the last commit and never a torn one: chunks
 * written since then hold only draws beyond the committed shape.
 */
import { join } from "node:path";
import type { Coordinates, DrawBlock, Numbers, Phase, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";
import type { JsonObject } from "./json.ts";
import {
  chainCount,
  checkGroup,
  chunkChains,
  type DataArray,
  elements,
  keepsDraws,
  keptDraws,
  keptLayout,
  type StoreLayout,
} from "./layout.ts";
import {
  consolidate,
  createTree,
  type MetadataTree,
  makeFolder,
  putArray,
  putChunk,
  putCoordinate,
  putDataGroup,
  putGroup,
  putMetadata,
} from "./metadata.ts";
import {
  MOMENT_NAMES,
  MOMENTS_TABLES,
  type MomentsTable,
  type RunMoments,
  tableVariables,
  tableWidth,
} from "./moments.ts";
import { quantityNames } from "./names.ts";
import { appendToTrack, createTrack, flushTrack, type Track, trackArray } from "./tracks.ts";
import { arrayMetadata, isStoredAs } from "./zarr.ts";

/** The dimension of `unconstrained_posterior`'s variable `z`. */
export const UNCONSTRAINED_DIMENSION = "unconstrained";

/** The model's data, kept with the draws. */
export interface StoreData {
  readonly observed: readonly DataArray[];
  readonly constant: readonly DataArray[];
}

/** Draws of each batch, by phase: those that were appended, whether all of them are kept or not. */
export interface StoredDraws {
  readonly warmup: readonly number[];
  readonly sampling: readonly number[];
}

export interface DrawsStore {
  /** Appends a checked block of kept draws. */
  append(block: DrawBlock): Promise<void>;
  /** Makes what was appended visible. @param stored what the batches have, kept or not */
  commit(stored: StoredDraws): Promise<void>;
  /** The tracks of a phase, to be restored; none where the run keeps none. */
  tracks(phase: Phase): readonly Track[];
}

/** What `createDrawsStore` and `reopenDrawsStore` need. */
export interface DrawsStoreOptions {
  readonly folder: string;
  readonly layout: StoreLayout;
  readonly attributes: JsonObject;
  /** Where the run keeps moments. */
  readonly moments?: RunMoments;
}

/** The variable `z` of `unconstrained_posterior`. */
export function unconstrainedVariable(unconstrained: NonNullable<StoreLayout["unconstrained"]>): VariableSpec {
  return {
    name: "z",
    dtype: unconstrained.dtype,
    dims: [UNCONSTRAINED_DIMENSION],
    shape: [unconstrained.labels.length],
  };
}

interface State extends DrawsStoreOptions {
  readonly tree: MetadataTree;
  readonly phases: ReadonlyMap<Phase, readonly Track[]>;
  /** Batches whose moments were not written since they changed. */
  readonly dirty: Set<number>;
  committed: string;
}

/** Checks the model's data before anything is written. */
export function checkData(data: StoreData, coordinates: Coordinates): void {
  for (const [group, arrays] of [
    ["observed_data", data.observed],
    ["constant_data", data.constant],
  ] as const) {
    checkGroup(group, arrays, coordinates);
    for (const array of arrays) {
      if (isStoredAs(array.values, array.dtype) && array.values.length === elements(array)) continue;
      throw new StoreError(
        `${group}: "${array.name}" must be ${elements(array)} numbers of type ${array.dtype}, found ${array.values.length} in a ${array.values.constructor.name}.`,
      );
    }
  }
}

/** The tracks of a phase; none where the layout keeps no draws of it. */
export function phaseTracks(folder: string, layout: StoreLayout, phase: Phase): Track[] {
  if (!keepsDraws(layout) || (phase === "warmup" && layout.warmup === 0)) return [];
  const kept = keptLayout(layout);
  const prefix = phase === "warmup" ? "warmup_" : "";
  const shape = {
    batches: kept.batches,
    chains: chainCount(kept),
    chunkChains: chunkChains(kept),
    chunkDraws: kept.chunkDraws,
  };
  const track = (group: string, variables: readonly VariableSpec[]): Track =>
    createTrack(join(folder, group), group, variables, shape);
  const tracks = [track(`${prefix}posterior`, kept.variables), track(`${prefix}sample_stats`, kept.statistics)];
  if (kept.unconstrained === undefined || phase === "warmup") return tracks;
  return [...tracks, track("unconstrained_posterior", [unconstrainedVariable(kept.unconstrained)])];
}

function count(length: number, step = 1): number[] {
  return Array.from({ length }, (_, index) => index * step);
}

/** Writes a growing group as it is before its first draw. The draw coordinate is written whole; only its shape grows. */
async function putTrack({ tree, layout }: State, track: Track, planned: number): Promise<void> {
  const named = { [UNCONSTRAINED_DIMENSION]: layout.unconstrained?.labels ?? [] };
  const coordinates = track.group === "unconstrained_posterior" ? named : layout.coordinates;
  const step = layout.keep?.kind === "thinned" ? layout.keep.every : 1;
  await putGroup(tree, track.group, track.variables, coordinates);
  await putCoordinate(tree, `${track.group}/chain`, "chain", count(track.shape.chains), track.shape.chains);
  await putCoordinate(tree, `${track.group}/draw`, "draw", count(planned, step), 0);
  for (const variable of track.variables) {
    const dims = ["chain", "draw", ...variable.dims];
    await putArray(tree, `${track.group}/${variable.name}`, trackArray(track, variable, 0), dims);
  }
}

/** The dimensions of a table of moments. */
function tableDims(of: MomentsTable): readonly string[] {
  return ["chain", of === "posterior" ? "quantity" : "statistic", "moment"];
}

/** Writes the group `moments`: one array `[chain, quantity, moment]` of the quantities and one of the statistics. */
async function putMoments({ tree, layout }: State): Promise<void> {
  const chains = chainCount(layout);
  await putGroup(tree, "moments", [], {});
  await putCoordinate(tree, "moments/chain", "chain", count(chains), chains);
  await putCoordinate(tree, "moments/moment", "moment", MOMENT_NAMES, MOMENT_NAMES.length);
  for (const of of MOMENTS_TABLES) {
    const width = tableWidth(layout, of);
    if (width === 0) continue;
    const dims = tableDims(of);
    const names = tableVariables(layout, of).flatMap((variable) => quantityNames(variable, layout.coordinates));
    await putCoordinate(tree, `moments/${dims[1]}`, dims[1]!, names, width);
    const shape = [chains, width, MOMENT_NAMES.length];
    const chunks = [chunkChains(layout), width, MOMENT_NAMES.length];
    await putArray(tree, `moments/${of}`, { shape, chunks, dtype: "<f8" }, dims);
  }
}

/** Writes the moments of the batches that have new draws: one rename for each table of a chunk of chains. */
async function flushMoments({ tree, layout, moments, dirty }: State): Promise<void> {
  const perChunk = chunkChains(layout);
  for (const index of moments === undefined ? [] : dirty) {
    const batch = layout.batches[index]!;
    for (const of of MOMENTS_TABLES) {
      const table = moments!.table(index, of);
      const row = table.length / batch.chains;
      for (let chain = 0; row > 0 && chain < batch.chains; chain += perChunk) {
        const chunk = new Float64Array(perChunk * row).fill(Number.NaN);
        chunk.set(table.subarray(chain * row, Math.min(batch.chains, chain + perChunk) * row));
        await putChunk(tree, `moments/${of}`, [(batch.firstChain + chain) / perChunk, 0, 0], chunk);
      }
    }
  }
  dirty.clear();
}

async function appendBlock(state: State, block: DrawBlock): Promise<void> {
  const unconstrained: Record<string, Numbers> = block.unconstrained === undefined ? {} : { z: block.unconstrained };
  const parts = [block.posterior, block.statistics, unconstrained];
  for (const [index, track] of (state.phases.get(block.phase) ?? []).entries()) {
    await appendToTrack(track, block, parts[index] ?? {});
  }
}

/** Makes what was appended visible: every array is as long as the batch with the fewest draws. */
async function commit(state: State, stored: StoredDraws): Promise<void> {
  const { tree, layout } = state;
  const signature = JSON.stringify(stored);
  if (signature === state.committed) return;
  for (const [phase, tracks] of state.phases) {
    const kept = stored[phase].map((draws) => keptDraws(layout, draws));
    const planned = keptLayout(layout)[phase === "warmup" ? "warmup" : "draws"];
    const draws = Math.min(...kept);
    for (const track of tracks) {
      await flushTrack(track, kept);
      const length = { shape: [draws], chunks: [Math.max(1, planned)], dtype: "<i8" };
      await putMetadata(tree, `${track.group}/draw/.zarray`, arrayMetadata(length));
      for (const variable of track.variables) {
        const array = arrayMetadata(trackArray(track, variable, draws));
        await putMetadata(tree, `${track.group}/${variable.name}/.zarray`, array);
      }
    }
  }
  await flushMoments(state);
  const counts: JsonObject = { sampling: stored.sampling, ...(layout.warmup > 0 && { warmup: stored.warmup }) };
  await putMetadata(tree, ".zattrs", { ...tree.attributes, draws_stored: counts });
  await consolidate(tree);
  state.committed = signature;
}

async function putAll(state: State, data: StoreData): Promise<void> {
  const { tree, layout } = state;
  await makeFolder(tree.folder);
  await putMetadata(tree, ".zgroup", { zarr_format: 2 });
  const kept = keptLayout(layout);
  for (const [phase, tracks] of state.phases) {
    for (const track of tracks) await putTrack(state, track, phase === "warmup" ? kept.warmup : kept.draws);
  }
  if (state.moments !== undefined) await putMoments(state);
  await putDataGroup(tree, "observed_data", data.observed, layout.coordinates);
  await putDataGroup(tree, "constant_data", data.constant, layout.coordinates);
}

function stateOf(options: DrawsStoreOptions, entries: JsonObject = {}): State {
  const { folder, layout, attributes } = options;
  const phases = new Map<Phase, readonly Track[]>([["sampling", phaseTracks(folder, layout, "sampling")]]);
  if (layout.warmup > 0) phases.set("warmup", phaseTracks(folder, layout, "warmup"));
  const dirty = new Set(layout.batches.keys());
  return { ...options, tree: createTree(folder, attributes, entries), phases, dirty, committed: "" };
}

function storeOf(state: State): DrawsStore {
  return {
    append: (block) => {
      state.dirty.add(block.batch);
      return appendBlock(state, block);
    },
    commit: (stored) => commit(state, stored),
    tracks: (phase) => state.phases.get(phase) ?? [],
  };
}

/** Makes `draws.zarr` with its groups, coordinates and data; the caller commits. */
export async function createDrawsStore(options: DrawsStoreOptions, data: StoreData): Promise<DrawsStore> {
  const state = stateOf(options);
  await putAll(state, data);
  return storeOf(state);
}

/** Goes on with a `draws.zarr` whose committed metadata are `entries`; the caller restores the tracks and commits. */
export function reopenDrawsStore(options: DrawsStoreOptions, entries: JsonObject): DrawsStore {
  return storeOf(stateOf(options, entries));
}
