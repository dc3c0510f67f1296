import { catchError, concatMap, from, lastValueFrom, map, mergeMap, of } from "rxjs";
import type { BatchPosition, BatchSettings } from "../chain/batch.ts";
import type { RunEvent } from "./events.ts";
import type { Progress } from "./progress.ts";
import { eventRecord } from "./record.ts";
import type { BatchItem, BatchRunner } from "./runner.ts";
import type { Sink } from "./sink.ts";
import type { Totals } from "./totals.ts";

/** A batch to run, from its beginning or from where it stands. */
export interface StartedBatch {
  readonly settings: BatchSettings;
  readonly resume?: BatchPosition;
}

/** Who is told what the batches tell. */
export interface Consumers {
  readonly sink: Sink;
  readonly totals: Totals;
  readonly progress: Progress;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Runs all batches, `workers` at a time, and consumes their events one after the other. A failure waits in line, so that
 * what came before it is stored.
 */
export async function drive(
  batches: readonly StartedBatch[],
  workers: number,
  runner: BatchRunner,
  consumers: Consumers,
): Promise<void> {
  type Entry = { readonly item: BatchItem } | { readonly failure: unknown };
  const entries = from(batches).pipe(
    mergeMap(
      ({ settings, resume }) =>
        runner.run(settings, resume).pipe(
          map((item): Entry => ({ item })),
          catchError((failure: unknown) => of<Entry>({ failure })),
        ),
      workers,
    ),
  );
  const consumed = entries.pipe(
    concatMap(async (entry) => {
      if ("failure" in entry) throw entry.failure;
      await consume(entry.item, consumers);
    }),
  );
  await lastValueFrom(consumed, { defaultValue: undefined });
}

async function consume({ event, worker, consumed }: BatchItem, consumers: Consumers): Promise<void> {
  const { sink, totals, progress, emit } = consumers;
  totals.add(event, worker);
  if (event.kind === "block") await sink.append(event.block);
  if (event.kind === "checkpoint") await sink.checkpoint(event.batch, event.position, totals.of(event.batch));
  consumed();
  const record = eventRecord(event);
  if (record !== undefined) await sink.record(record);
  emit(event);
  if (event.kind === "block") emit(progress.add(event.block, event.divergences));
}
