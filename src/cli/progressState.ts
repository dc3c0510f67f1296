import type { AdaptationTrace } from "../chain/batch.ts";
import type { PlannedEvent, ProgressEvent, RunEvent } from "../run/events.ts";

export type BatchPhase = "waiting" | "starting" | "warm-up" | "draws" | "done";

/** How one batch stands. */
export interface BatchState {
  readonly phase: BatchPhase;
  /** Iterations of this phase that are done. */
  readonly done: number;
  /** Draws that it had when the run went on. */
  readonly from: number;
  /** Iterations of this phase. */
  readonly of: number;
  /** Iterations a second in this phase; NaN before it is known. */
  readonly rate: number;
  readonly trace?: AdaptationTrace;
  /** Divergent transitions in this phase. */
  readonly divergences: number;
  /** When the phase began, in seconds. */
  readonly since: number;
}

/** How a run stands: a fold over its events. */
export interface ProgressState {
  readonly planned?: PlannedEvent;
  readonly batches: readonly BatchState[];
  readonly progress?: ProgressEvent;
  /** Iterations done over all batches, warm-up included, and when the first was. */
  readonly iterations: number;
  /** Those of them that an earlier process did. */
  readonly before: number;
  readonly began: number;
}

export const initialState: ProgressState = { batches: [], iterations: 0, before: 0, began: Number.NaN };

const waiting: BatchState = { phase: "waiting", done: 0, from: 0, of: 0, rate: Number.NaN, divergences: 0, since: 0 };

/** The state after an event that came at `now` seconds. */
export function advance(state: ProgressState, event: RunEvent, now: number): ProgressState {
  if (event.kind === "planned") return planned(state, event);
  if (event.kind === "finished" || event.kind === "check") return state;
  const batch = state.batches[event.batch];
  if (batch === undefined || state.planned === undefined) return state;
  if (event.kind === "progress") return { ...state, progress: event };
  const { warmup, draws } = state.planned.batches[event.batch]!;
  const next = nextBatch(batch, event, { warmup, draws, now });
  const batches = state.batches.with(event.batch, next);
  const iterations = batches.reduce((sum, each) => sum + iterationsOf(each, warmup), 0);
  return {
    ...state,
    batches,
    iterations,
    began: Number.isNaN(state.began) && iterations > state.before ? now : state.began,
  };
}

function planned(state: ProgressState, event: PlannedEvent): ProgressState {
  const from = (batch: number): number => event.resumed?.[batch]?.draws ?? 0;
  const batches = event.batches.map((_, batch) => ({ ...waiting, from: from(batch), done: from(batch) }));
  const before = event.batches.reduce((sum, _, batch) => sum + from(batch) + (event.resumed?.[batch]?.warmup ?? 0), 0);
  return { ...state, planned: event, batches, before };
}

interface Context {
  readonly warmup: number;
  readonly draws: number;
  readonly now: number;
}

type OfBatch = Exclude<RunEvent, { readonly kind: "planned" | "finished" | "progress" | "check" }>;

function nextBatch(batch: BatchState, event: OfBatch, { warmup, draws, now }: Context): BatchState {
  switch (event.kind) {
    case "compiled":
      // A batch that goes on has neither starting points nor warm-up to tell.
      return batch.from > 0 ? { ...batch, phase: "draws", of: draws, since: now } : { ...batch, phase: "starting" };
    case "initialized":
      return { ...batch, phase: "warm-up", done: 0, of: warmup, since: now };
    case "adapting": {
      // It goes on in the middle of its warm-up.
      if (batch.phase === "starting") {
        const { iteration } = event.trace;
        return {
          ...batch,
          trace: event.trace,
          phase: "warm-up",
          done: iteration,
          from: iteration,
          of: warmup,
          since: now,
        };
      }
      const divergences = batch.divergences + event.trace.divergences;
      return moved({ ...batch, trace: event.trace, divergences }, event.trace.iteration, now);
    }
    case "adapted":
      return {
        ...{ phase: "draws", done: 0, from: 0, of: draws, rate: Number.NaN },
        ...{ trace: event.trace, divergences: 0, since: now },
      };
    case "block": {
      if (event.phase === "warmup") return batch;
      // It goes on right after its warm-up.
      if (batch.phase === "starting")
        return nextBatch({ ...batch, phase: "draws", of: draws, since: now }, event, { warmup, draws, now });
      const divergences = batch.divergences + event.divergences;
      return moved({ ...batch, divergences }, event.block.firstDraw + event.block.draws, now);
    }
    case "precision":
    case "checkpoint":
      return batch;
    case "done":
      return { ...batch, phase: "done" };
  }
}

function moved(batch: BatchState, done: number, now: number): BatchState {
  const elapsed = now - batch.since;
  return { ...batch, done, rate: elapsed > 0 ? (done - batch.from) / elapsed : Number.NaN };
}

function iterationsOf({ phase, done }: BatchState, warmup: number): number {
  if (phase === "waiting" || phase === "starting") return done === 0 ? 0 : warmup + done;
  return phase === "warm-up" ? done : warmup + done;
}

/** Seconds that the run will still take if it goes on as it did; NaN before that can be said. */
export function secondsLeft({ planned, batches, iterations, before, began }: ProgressState, now: number): number {
  if (planned === undefined || iterations <= before || !(now > began)) return Number.NaN;
  const total = planned.batches.reduce((sum, { warmup, draws }) => sum + warmup + draws, 0);
  return batches.every(({ phase }) => phase === "done")
    ? 0
    : ((total - iterations) * (now - began)) / (iterations - before);
}
