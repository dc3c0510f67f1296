/**
 * The `draws.zarr` folder as ArviZ's InferenceData: groups, coordinates, data, and draws that grow.
 *
 * Commit order: chunks (temporary name, rename), `.zarray` and `.zattrs`, then `.zmetadata` by one rename. A reader that
 * opens consolidated metadata, as xarray, ArviZ and `openResults` do, sees the last commit and never a torn one: chunks
 * written since then hold only draws beyond the committed shape.
 */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Coordinates, DrawBlock, Numbers, Phase, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { guarded, writeAtomic } from "./files.ts";
import type { JsonObject } from "./json.ts";
import { chainCount, checkGroup, chunkChains, type DataArray, elements, type StoreLayout } from "./layout.ts";
import { axisLabels } from "./names.ts";
import { appendToTrack, checkValues, createTrack, flushTrack, type Track, trackArray } from "./tracks.ts";
import {
  arrayMetadata,
  bytesOf,
  chunkKey,
  encodeLabels,
  isStoredAs,
  metadataText,
  sealChunk,
  type ZarrArray,
  zarrType,
} from "./zarr.ts";

/** The dimension of `unconstrained_posterior`'s variable `z`. */
export const UNCONSTRAINED_DIMENSION = "unconstrained";

/** The model's data, kept with the draws. */
export interface StoreData {
  readonly observed: readonly DataArray[];
  readonly constant: readonly DataArray[];
}

/** Draws stored of each batch, by phase. */
export interface StoredDraws {
  readonly warmup: readonly number[];
  readonly sampling: readonly number[];
}

export interface DrawsStore {
  append(block: DrawBlock): Promise<void>;
  commit(): Promise<void>;
  /** Draws received of each batch. */
  stored(): StoredDraws;
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

interface PhaseTracks {
  readonly posterior: Track;
  readonly statistics: Track;
  readonly unconstrained?: Track;
  readonly planned: number;
  readonly stored: number[];
}

interface State {
  readonly folder: string;
  readonly layout: StoreLayout;
  readonly attributes: JsonObject;
  /** Metadata files by path within the store: what `.zmetadata` consolidates. */
  readonly metadata: Map<string, JsonObject>;
  readonly phases: ReadonlyMap<Phase, PhaseTracks>;
  committed: string;
}

async function writeMetadata(state: State, path: string, value: JsonObject): Promise<void> {
  state.metadata.set(path, value);
  await writeAtomic(join(state.folder, path), metadataText(value));
}

async function writeArray(state: State, path: string, array: ZarrArray, dims: readonly string[]): Promise<void> {
  await guarded("make the folder", join(state.folder, path), () =>
    mkdir(join(state.folder, path), { recursive: true }),
  );
  await writeMetadata(state, `${path}/.zarray`, arrayMetadata(array));
  await writeMetadata(state, `${path}/.zattrs`, { _ARRAY_DIMENSIONS: dims });
}

async function writeCoordinate(
  state: State,
  path: string,
  dim: string,
  labels: readonly (string | number)[],
  visible: number,
): Promise<void> {
  const { dtype, bytes } = encodeLabels(labels);
  await writeArray(state, path, { shape: [visible], chunks: [Math.max(1, labels.length)], dtype }, [dim]);
  if (labels.length > 0) await writeAtomic(join(state.folder, path, "0"), sealChunk(bytes));
}

/** Writes a group's attributes and the coordinates of its named dimensions. */
async function writeGroup(
  state: State,
  group: string,
  variables: readonly VariableSpec[],
  coordinates: Coordinates,
): Promise<void> {
  await guarded("make the folder", join(state.folder, group), () => mkdir(join(state.folder, group)));
  await writeMetadata(state, `${group}/.zgroup`, { zarr_format: 2 });
  await writeMetadata(state, `${group}/.zattrs`, state.attributes);
  const lengths = new Map<string, number>();
  for (const variable of variables) {
    for (const [axis, dim] of variable.dims.entries()) lengths.set(dim, variable.shape[axis] ?? 0);
  }
  for (const [dim, length] of lengths) {
    await writeCoordinate(state, `${group}/${dim}`, dim, axisLabels(dim, length, coordinates), length);
  }
}

/** Writes a growing group as it is before its first draw. The draw coordinate is written whole; only its shape grows. */
async function writeTrack(state: State, track: Track, planned: number, coordinates: Coordinates): Promise<void> {
  await writeGroup(state, track.group, track.variables, coordinates);
  const count = (length: number): number[] => Array.from({ length }, (_, index) => index);
  await writeCoordinate(state, `${track.group}/chain`, "chain", count(track.shape.chains), track.shape.chains);
  await writeCoordinate(state, `${track.group}/draw`, "draw", count(planned), 0);
  for (const variable of track.variables) {
    await writeArray(state, `${track.group}/${variable.name}`, trackArray(track, variable, 0), [
      "chain",
      "draw",
      ...variable.dims,
    ]);
  }
}

async function writeDataGroup(state: State, group: string, arrays: readonly DataArray[]): Promise<void> {
  if (arrays.length === 0) return;
  await writeGroup(state, group, arrays, state.layout.coordinates);
  for (const array of arrays) {
    const path = `${group}/${array.name}`;
    const chunks = array.shape.map((length) => Math.max(1, length));
    await writeArray(state, path, { shape: array.shape, chunks, dtype: zarrType(array.dtype) }, array.dims);
    if (array.values.length === 0) continue;
    await writeAtomic(join(state.folder, path, chunkKey(array.shape.map(() => 0))), sealChunk(bytesOf(array.values)));
  }
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

function phaseTracks(folder: string, layout: StoreLayout, phase: Phase): PhaseTracks {
  const prefix = phase === "warmup" ? "warmup_" : "";
  const shape = {
    batches: layout.batches,
    chains: chainCount(layout),
    chunkChains: chunkChains(layout),
    chunkDraws: layout.chunkDraws,
  };
  const track = (group: string, variables: readonly VariableSpec[]): Track =>
    createTrack(join(folder, group), group, variables, shape);
  return {
    posterior: track(`${prefix}posterior`, layout.variables),
    statistics: track(`${prefix}sample_stats`, layout.statistics),
    planned: phase === "warmup" ? layout.warmup : layout.draws,
    stored: layout.batches.map(() => 0),
    ...(layout.unconstrained === undefined || phase === "warmup"
      ? {}
      : { unconstrained: track("unconstrained_posterior", [unconstrainedVariable(layout.unconstrained)]) }),
  };
}

function tracksOf(phase: PhaseTracks): Track[] {
  return [phase.posterior, phase.statistics, ...(phase.unconstrained === undefined ? [] : [phase.unconstrained])];
}

function checkBlock(state: State, block: DrawBlock, phase: PhaseTracks): void {
  const batch = state.layout.batches[block.batch];
  const stored = phase.stored[block.batch];
  const what = `${block.phase} block of batch ${block.batch}`;
  if (batch === undefined || stored === undefined) {
    throw new StoreError(`${what}: the run has ${state.layout.batches.length} batches, counted from 0.`);
  }
  if (block.firstChain !== batch.firstChain || block.chains !== batch.chains) {
    throw new StoreError(
      `${what}: expected ${batch.chains} chains from chain ${batch.firstChain}, found ${block.chains} from chain ${block.firstChain}.`,
    );
  }
  if (block.firstDraw !== stored) {
    throw new StoreError(
      `${what}: expected draws from ${stored} on, found a block that begins at ${block.firstDraw}. Append a batch's blocks in order.`,
    );
  }
  if (!Number.isSafeInteger(block.draws) || block.draws < 0 || stored + block.draws > phase.planned) {
    throw new StoreError(
      `${what}: ${stored + block.draws} draws are more than the ${phase.planned} that the layout plans.`,
    );
  }
}

async function appendBlock(state: State, block: DrawBlock): Promise<void> {
  const phase = state.phases.get(block.phase);
  if (phase === undefined) return;
  checkBlock(state, block, phase);
  const unconstrained = block.unconstrained === undefined ? {} : { z: block.unconstrained };
  const parts = tracksOf(phase).map((track): [Track, Readonly<Record<string, Numbers>>] => {
    if (track === phase.posterior) return [track, block.posterior];
    return [track, track === phase.statistics ? block.statistics : unconstrained];
  });
  for (const [track, values] of parts) checkValues(track, block, values);
  for (const [track, values] of parts) await appendToTrack(track, block, values);
  phase.stored[block.batch] = block.firstDraw + block.draws;
}

/** Makes what was appended visible: every array is as long as the batch with the fewest draws. */
async function commit(state: State): Promise<void> {
  const stored: Record<string, number[]> = {};
  for (const [name, phase] of state.phases) stored[name] = [...phase.stored];
  const signature = JSON.stringify(stored);
  if (signature === state.committed) return;
  for (const phase of state.phases.values()) {
    const draws = Math.min(...phase.stored);
    for (const track of tracksOf(phase)) {
      await flushTrack(track, phase.stored);
      const length = { shape: [draws], chunks: [Math.max(1, phase.planned)], dtype: "<i8" };
      await writeMetadata(state, `${track.group}/draw/.zarray`, arrayMetadata(length));
      for (const variable of track.variables) {
        await writeMetadata(
          state,
          `${track.group}/${variable.name}/.zarray`,
          arrayMetadata(trackArray(track, variable, draws)),
        );
      }
    }
  }
  await writeMetadata(state, ".zattrs", { ...state.attributes, draws_stored: stored });
  const metadata = Object.fromEntries([...state.metadata].sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeAtomic(join(state.folder, ".zmetadata"), metadataText({ metadata, zarr_consolidated_format: 1 }), true);
  state.committed = signature;
}

/**
 * Makes `draws.zarr` with its groups, coordinates and data, and commits it empty.
 * @param folder must not exist yet
 */
export async function createDrawsStore(
  folder: string,
  layout: StoreLayout,
  data: StoreData,
  attributes: JsonObject,
): Promise<DrawsStore> {
  const phases = new Map<Phase, PhaseTracks>([["sampling", phaseTracks(folder, layout, "sampling")]]);
  if (layout.warmup > 0) phases.set("warmup", phaseTracks(folder, layout, "warmup"));
  const state: State = { folder, layout, attributes, metadata: new Map(), phases, committed: "" };
  await guarded("make the folder", dirname(folder), () => mkdir(folder));
  await writeMetadata(state, ".zgroup", { zarr_format: 2 });
  for (const phase of phases.values()) {
    for (const track of tracksOf(phase)) {
      const named =
        track === phase.unconstrained
          ? { [UNCONSTRAINED_DIMENSION]: layout.unconstrained?.labels ?? [] }
          : layout.coordinates;
      await writeTrack(state, track, phase.planned, named);
    }
  }
  await writeDataGroup(state, "observed_data", data.observed);
  await writeDataGroup(state, "constant_data", data.constant);
  await commit(state);
  return {
    append: (block) => appendBlock(state, block),
    commit: () => commit(state),
    stored: () => ({
      sampling: [...(phases.get("sampling")?.stored ?? [])],
      warmup: [...(phases.get("warmup")?.stored ?? [])],
    }),
  };
}
