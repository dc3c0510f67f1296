/**
 * A track: one group of arrays `[chain, draw, ...shape]` that grows block by block. It buffers at most one chunk of draws
 * for each batch, so memory does not grow with the number of draws.
 */
import { join } from "node:path";
import type { DrawBlock, Numbers, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { writeAtomic } from "./files.ts";
import { type BatchSpan, elements } from "./layout.ts";
import { Marks } from "./marks.ts";
import {
  allocate,
  bytesOf,
  CHECKSUM_BYTES,
  chunkKey,
  chunkSum,
  decode,
  drawsType,
  elementBytes,
  readChunk,
  readSealed,
  sealChunk,
  type ZarrArray,
} from "./zarr.ts";

/** How a track's chains and draws are cut into chunks. */
export interface TrackShape {
  readonly batches: readonly BatchSpan[];
  readonly chains: number;
  readonly chunkChains: number;
  readonly chunkDraws: number;
}

/** One group's arrays and the unwritten draws of each batch. */
export interface Track {
  readonly group: string;
  readonly folder: string;
  readonly variables: readonly VariableSpec[];
  readonly shape: TrackShape;
  /** By batch, by variable: `[chains, chunkDraws, ...shape]`. */
  readonly pending: Map<number, Map<string, Numbers>>;
  /** Batches whose unwritten draws are on the disk in no form yet. */
  readonly dirty: Set<number>;
  /** What was written, for checkpoints. */
  readonly marks: Marks;
}

export function createTrack(
  folder: string,
  group: string,
  variables: readonly VariableSpec[],
  shape: TrackShape,
): Track {
  return { group, folder, variables, shape, pending: new Map(), dirty: new Set(), marks: new Marks() };
}

/** Metadata of a track's array when `draws` draws of every chain are committed. */
export function trackArray(track: Track, variable: VariableSpec, draws: number): ZarrArray {
  return {
    shape: [track.shape.chains, draws, ...variable.shape],
    chunks: [track.shape.chunkChains, track.shape.chunkDraws, ...variable.shape.map((length) => Math.max(1, length))],
    dtype: drawsType(track.group, variable.dtype),
  };
}

/** The chunks of one batch at one chunk of draws, in the order of their chains; `values` is `[chains, chunkDraws, ...shape]`. */
function* chunksOf(
  track: Track,
  variable: VariableSpec,
  batch: BatchSpan,
  values: Numbers,
): Generator<{ readonly chainChunk: number; readonly bytes: Uint8Array; readonly sum: number }> {
  const { chunkChains, chunkDraws } = track.shape;
  const perChain = chunkDraws * elements(variable);
  if (perChain === 0) return;
  for (let chain = 0; chain < batch.chains; chain += chunkChains) {
    const held = Math.min(chunkChains, batch.chains - chain);
    let chunk = values.subarray(chain * perChain, (chain + held) * perChain);
    if (held < chunkChains) {
      const padded = allocate(variable.dtype, chunkChains * perChain);
      padded.set(chunk);
      chunk = padded;
    }
    const bytes = bytesOf(chunk);
    yield { chainChunk: (batch.firstChain + chain) / chunkChains, bytes, sum: chunkSum(bytes) };
  }
}

/** Writes them. @returns their checksums */
async function writeChunks(
  track: Track,
  variable: VariableSpec,
  batch: BatchSpan,
  drawChunk: number,
  values: Numbers,
): Promise<number[]> {
  const sums: number[] = [];
  for (const { chainChunk, bytes, sum } of chunksOf(track, variable, batch, values)) {
    await writeAtomic(chunkPath(track, variable, chainChunk, drawChunk), sealChunk(bytes, sum));
    sums.push(sum);
  }
  return sums;
}

/** The checksums of the chunks that `writeChunks` would write. */
export function chunkSums(track: Track, variable: VariableSpec, batch: BatchSpan, values: Numbers): number[] {
  return Array.from(chunksOf(track, variable, batch, values), ({ sum }) => sum);
}

/** Copies draws `from … from + count − 1` of a block into a batch's pending chunk at `offset`. */
function copyDraws(
  target: Numbers,
  source: Numbers,
  plan: {
    chains: number;
    width: number;
    chunkDraws: number;
    draws: number;
    from: number;
    offset: number;
    count: number;
  },
): void {
  for (let chain = 0; chain < plan.chains; chain++) {
    const start = (chain * plan.draws + plan.from) * plan.width;
    target.set(
      source.subarray(start, start + plan.count * plan.width),
      (chain * plan.chunkDraws + plan.offset) * plan.width,
    );
  }
}

function pendingChunk(track: Track, batch: number, variable: VariableSpec, length: number): Numbers {
  const held = track.pending.get(batch) ?? new Map<string, Numbers>();
  track.pending.set(batch, held);
  const chunk = held.get(variable.name) ?? allocate(variable.dtype, length);
  held.set(variable.name, chunk);
  return chunk;
}

async function appendVariable(
  track: Track,
  variable: VariableSpec,
  block: DrawBlock,
  source: Numbers,
  batch: BatchSpan,
): Promise<void> {
  const { chunkDraws } = track.shape;
  const width = elements(variable);
  for (let from = 0; from < block.draws; ) {
    const position = block.firstDraw + from;
    const offset = position % chunkDraws;
    const count = Math.min(chunkDraws - offset, block.draws - from);
    const drawChunk = Math.floor(position / chunkDraws);
    const mark = track.marks.of(block.batch, variable.name);
    if (count === chunkDraws && block.draws === chunkDraws) {
      mark.addWhole(await writeChunks(track, variable, batch, drawChunk, source));
    } else {
      const chunk = pendingChunk(track, block.batch, variable, batch.chains * chunkDraws * width);
      copyDraws(chunk, source, { chains: batch.chains, width, chunkDraws, draws: block.draws, from, offset, count });
      if (offset + count === chunkDraws) {
        mark.addWhole(await writeChunks(track, variable, batch, drawChunk, chunk));
        track.pending.get(block.batch)?.delete(variable.name);
      }
    }
    from += count;
  }
}

/** Appends a checked block: full chunks are written, the rest waits for the next block or for `flushTrack`. */
export async function appendToTrack(
  track: Track,
  block: DrawBlock,
  values: Readonly<Record<string, Numbers>>,
): Promise<void> {
  const batch = track.shape.batches[block.batch];
  if (batch === undefined)
    throw new StoreError(`batch ${block.batch} is not one of the run's ${track.shape.batches.length}.`);
  track.dirty.add(block.batch);
  for (const variable of track.variables) {
    const source = values[variable.name];
    if (source !== undefined) await appendVariable(track, variable, block, source, batch);
  }
}

/** Writes each batch's unfinished chunk, padded; a later flush writes it again with more draws and the same beginning. */
export async function flushTrack(track: Track, stored: readonly number[]): Promise<void> {
  for (const [index, chunks] of track.pending) {
    const batch = track.shape.batches[index];
    if (batch === undefined || !track.dirty.has(index)) continue;
    for (const variable of track.variables) {
      const chunk = chunks.get(variable.name);
      if (chunk === undefined) continue;
      const drawChunk = Math.floor((stored[index] ?? 0) / track.shape.chunkDraws);
      track.marks.of(index, variable.name).setBegun(await writeChunks(track, variable, batch, drawChunk, chunk));
    }
  }
  track.dirty.clear();
}

/** Path of a chunk of a track's variable. */
export function chunkPath(track: Track, variable: VariableSpec, chainChunk: number, drawChunk: number): string {
  return join(track.folder, variable.name, chunkKey([chainChunk, drawChunk, ...variable.shape.map(() => 0)]));
}

/** Bytes of each chunk file of a track's variable. */
export function chunkBytes(track: Track, variable: VariableSpec): number {
  const { chunkChains, chunkDraws } = track.shape;
  return chunkChains * chunkDraws * elements(variable) * elementBytes(variable.dtype) + CHECKSUM_BYTES;
}

/**
 * Reads a batch's chunks at one chunk of draws, `[chains, chunkDraws, ...shape]`.
 * @throws StoreError if one is missing, has another length, or is damaged
 */
export async function readChunks(
  track: Track,
  variable: VariableSpec,
  batch: BatchSpan,
  drawChunk: number,
): Promise<Numbers> {
  const { chunkChains, chunkDraws } = track.shape;
  const perChain = chunkDraws * elements(variable);
  const all = allocate(variable.dtype, batch.chains * perChain);
  for (let chain = 0; perChain > 0 && chain < batch.chains; chain += chunkChains) {
    const path = chunkPath(track, variable, (batch.firstChain + chain) / chunkChains, drawChunk);
    const values = decode(variable.dtype, await readChunk(path, chunkBytes(track, variable)));
    const held = Math.min(chunkChains, batch.chains - chain);
    all.set(values.subarray(0, held * perChain), chain * perChain);
  }
  return all;
}

/** The checksums of a batch's chunks at one chunk of draws. @throws StoreError as `readChunks` */
export async function readSums(
  track: Track,
  variable: VariableSpec,
  batch: BatchSpan,
  drawChunk: number,
): Promise<number[]> {
  const { chunkChains } = track.shape;
  const sums: number[] = [];
  for (let chain = 0; elements(variable) > 0 && chain < batch.chains; chain += chunkChains) {
    const path = chunkPath(track, variable, (batch.firstChain + chain) / chunkChains, drawChunk);
    sums.push((await readSealed(path, chunkBytes(track, variable))).sum);
  }
  return sums;
}

/** Reads a batch's chunks as they were when they held their first `draws` draws: the rest is blank. */
export async function readBegun(
  track: Track,
  variable: VariableSpec,
  batch: BatchSpan,
  place: { readonly drawChunk: number; readonly draws: number },
): Promise<Numbers> {
  const { chunkDraws } = track.shape;
  const width = elements(variable);
  const found = await readChunks(track, variable, batch, place.drawChunk);
  const begun = allocate(variable.dtype, found.length);
  for (let chain = 0; chain < batch.chains; chain++) {
    const from = chain * chunkDraws * width;
    begun.set(found.subarray(from, from + place.draws * width), from);
  }
  return begun;
}
