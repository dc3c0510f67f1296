import { filter, type Observable, tap } from "rxjs";
import type { BatchEvent, BatchPosition } from "../chain/batch.ts";
import { createJudge, type Judge, nextCheck, type StopRule } from "../summary/stopRule.ts";
import { type Consumers, drive, type StartedBatch } from "./drive.ts";
import type { CheckEvent } from "./events.ts";
import { eventRecord } from "./record.ts";
import type { BatchItem, BatchRunner } from "./runner.ts";
import { addSeconds, NO_SECONDS } from "./totals.ts";

type DoneEvent = Extract<BatchEvent, { kind: "done" }>;

/** One batch of a run that goes from check to check. */
interface Standing {
  readonly batch: StartedBatch;
  position: BatchPosition | undefined;
  draws: number;
  seconds: typeof NO_SECONDS;
}

/**
 * Runs all batches to the next check, looks whether the rule is met, and so on until it is, or the most draws are there.
 * Batches wait for each other only there, as positions: any number of workers runs any number of batches.
 *
 * @param batches all batches of the run, also those that have all their draws for the next check
 * @returns whether the run is at its end, and not stopped
 */
export async function driveUntil(
  batches: readonly StartedBatch[],
  rule: StopRule,
  { workers, runner }: { readonly workers: number; readonly runner: BatchRunner },
  consumers: Consumers,
): Promise<boolean> {
  const all = batches.map(standingOf);
  const begin = all.map(({ draws }) => draws);
  let judge: Judge | undefined;
  let isFirst = true;
  for (let target = nextCheck(rule, begin); ; ) {
    const behind = all.filter(({ draws }) => draws < target);
    await drive(
      behind.map((each) => segment(each, target)),
      workers,
      tapped(runner, all, isFirst),
      consumers,
    );
    isFirst = false;
    if (all.some(({ draws }) => draws < target)) return false;
    const source = await consumers.sink.source();
    judge ??= createJudge(
      rule,
      (await source.checks()).findLast(({ draws }) => draws < target),
    );
    const verdict = await judge(source);
    const event: CheckEvent = { kind: "check", draws: target, ...verdict };
    await consumers.sink.record(eventRecord(event)!);
    consumers.emit(event);
    if (verdict.met || target === rule.max) break;
    target = Math.min(target + rule.check, rule.max);
  }
  for (const each of all) await finish(each, consumers);
  return true;
}

function standingOf(batch: StartedBatch): Standing {
  const { settings, resume } = batch;
  const draws = Math.max(0, (resume?.iteration ?? 0) - settings.warmup);
  return { batch, position: resume, draws, seconds: NO_SECONDS };
}

/** A batch as far as a check. */
function segment({ batch, position }: Standing, draws: number): StartedBatch {
  const settings = { ...batch.settings, draws };
  return position === undefined ? { settings } : { settings, resume: position };
}

/** Notes where batches stand; what a batch says at the end of a segment, and at the begin of a later one, is not told. */
function tapped(runner: BatchRunner, all: readonly Standing[], isFirst: boolean): BatchRunner {
  const byBatch = new Map(all.map((each) => [each.batch.settings.batch, each]));
  const note = ({ event }: BatchItem): void => {
    const standing = byBatch.get(event.batch)!;
    if (event.kind === "checkpoint") {
      standing.position = event.position;
      standing.draws = Math.max(0, event.position.iteration - standing.batch.settings.warmup);
    }
    if (event.kind === "done") standing.seconds = addSeconds(standing.seconds, event.seconds);
  };
  const isTold = ({ event, consumed }: BatchItem): boolean => {
    const hidden = event.kind === "done" || (event.kind === "compiled" && !isFirst);
    if (hidden) consumed();
    return !hidden;
  };
  return {
    ...runner,
    run: (settings, resume): Observable<BatchItem> => runner.run(settings, resume).pipe(tap(note), filter(isTold)),
  };
}

/** Tells that a batch is done. */
async function finish({ batch, position, seconds }: Standing, consumers: Consumers): Promise<void> {
  const { warmup, sampling } = position!.totals;
  const event: DoneEvent = {
    kind: "done",
    batch: batch.settings.batch,
    gradients: { warmup: warmup.gradients, sampling: sampling.gradients },
    seconds,
    divergences: { warmup: warmup.divergences, sampling: sampling.divergences },
  };
  consumers.totals.finish(event);
  await consumers.sink.record(eventRecord(event)!);
  consumers.emit(event);
}
