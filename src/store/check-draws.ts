/** Checks the draws of a stopped run: which checkpoints of a batch have all the draws before them on the disk, as written. */
import { join } from "node:path";
import type { Phase, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";
import type { Checkpoint } from "./checkpoints.ts";
import { type BatchSpan, keptDraws, type StoreLayout } from "./layout.ts";
import { chunkSums, readBegun, readSums, type Track } from "./tracks.ts";

const MOVED =
  "are not those that the run wrote there: a chunk lies in another's place, or is an older one. They are computed again.";

/** Checkpoints of a batch, and the draws of one phase that they stand after. */
interface Asked {
  readonly phase: Phase;
  readonly checkpoints: readonly Checkpoint[];
}

/** The checkpoints whose draws of the phase are sound, in the same order, and what is wrong where not all are. */
interface Checked {
  readonly sound: readonly Checkpoint[];
  readonly problem?: string;
}

/** One array of a batch. */
interface BatchArray {
  readonly track: Track;
  readonly variable: VariableSpec;
}

/** True if an array is as it was when a checkpoint was written. Its mark stands before the chunk that the draws end in. */
async function isAsWritten(
  { track, variable }: BatchArray,
  span: BatchSpan,
  { binding, batch }: Checkpoint,
  draws: number,
): Promise<boolean> {
  const { chunkDraws } = track.shape;
  const mark = track.marks.of(batch, variable.name);
  const begun = draws % chunkDraws;
  const place = { drawChunk: Math.floor(draws / chunkDraws), draws: begun };
  const text =
    begun === 0
      ? mark.text()
      : mark.textWith(chunkSums(track, variable, span, await readBegun(track, variable, span, place)));
  return binding.marks[`${track.group}/${variable.name}`] === text;
}

/**
 * Reads all draws of a batch's phase before its checkpoints, a chunk at a time, and compares them with the checkpoints' marks.
 * @param tracks of the phase, new ones: their marks are used for it
 */
export async function checkDraws(
  tracks: readonly Track[],
  layout: StoreLayout,
  batch: number,
  { phase, checkpoints }: Asked,
): Promise<Checked> {
  const span = layout.batches[batch]!;
  const length = tracks[0]?.shape.chunkDraws ?? 1;
  const arrays = tracks.flatMap((track) => track.variables.map((variable): BatchArray => ({ track, variable })));
  const kept = (checkpoint: Checkpoint): number => keptDraws(layout, checkpoint.stored[phase]);
  const last = Math.floor(Math.max(0, ...checkpoints.map(kept)) / length);
  const sound = new Set<Checkpoint>();
  let other: string | undefined;
  const what = phase === "warmup" ? "warm-up draws" : "draws";
  for (let chunk = 0; chunk <= last; chunk++) {
    try {
      for (const checkpoint of checkpoints.filter((each) => Math.floor(kept(each) / length) === chunk)) {
        const wrong = await firstOther(arrays, span, checkpoint, kept(checkpoint));
        if (wrong === undefined) sound.add(checkpoint);
        else other = `${wrong}: the ${what} of batch ${batch} before its checkpoint ${MOVED}`;
      }
      for (const { track, variable } of chunk < last ? arrays : []) {
        track.marks.of(batch, variable.name).addWhole(await readSums(track, variable, span, chunk));
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      other = `${error.message} The ${what} of batch ${batch} from ${chunk * length} on are computed again.`;
      break;
    }
  }
  const inOrder = checkpoints.filter((checkpoint) => sound.has(checkpoint));
  return { sound: inOrder, ...(other !== undefined && { problem: other }) };
}

/** The first array that is not as it was when a checkpoint was written. */
async function firstOther(
  arrays: readonly BatchArray[],
  span: BatchSpan,
  checkpoint: Checkpoint,
  draws: number,
): Promise<string | undefined> {
  for (const array of arrays) {
    if (await isAsWritten(array, span, checkpoint, draws)) continue;
    return join(array.track.folder, array.variable.name);
  }
  return undefined;
}
