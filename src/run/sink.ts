import { join, resolve } from "node:path";
import type { BatchPosition } from "../chain/batch.ts";
import { encodePosition } from "../chain/position.ts";
import type { DrawBlock } from "../draws.ts";
import { StoreError } from "../errors.ts";
import type { SummarizedResults } from "../report/index.ts";
import {
  type BatchResume,
  type CheckRecord,
  checkOf,
  createResults,
  type Digests,
  type JsonObject,
  openResults,
  type ReopenOptions,
  type ResultsOptions,
  type ResultsWriter,
  reopenResults,
  type StoreLayout,
  type SummaryDocument,
} from "../store/index.ts";
import { sourceOf, summariesByDraws } from "../summary/source.ts";
import type { StopRule } from "../summary/stopRule.ts";
import type { DrawsSource } from "../summary/summarize.ts";
import { createMemoryDraws } from "./memory.ts";
import { REPORT_FILE, reportOf } from "./report.ts";
import type { BatchWork } from "./totals.ts";

/** Where the draws of a run go. */
export interface Sink {
  /** Absolute path, where there is a folder. */
  readonly directory?: string;
  /** Seconds that earlier processes took. */
  readonly secondsBefore: number;
  /** The block is stored when it resolves. */
  append(block: DrawBlock): Promise<void>;
  /** Where a batch stands after what was appended; written from time to time. */
  checkpoint(batch: number, position: BatchPosition, work: BatchWork): Promise<void>;
  /** Writes all checkpoints now. */
  flush(): Promise<void>;
  /** One line of events.ndjson. */
  record(event: JsonObject): Promise<void>;
  /** What was stored so far, to be read. */
  source(): Promise<DrawsSource>;
  digests(): Digests;
  /** Writes the summary; returns it with the run's digest. Once. */
  finish(status: "complete" | "interrupted", summary: SummaryDocument): Promise<SummaryDocument>;
  /** Writes report.html, where there is a folder; returns its path. After `finish`. */
  report(known: SummarizedResults): Promise<string | undefined>;
  /** Marks the run as failed and keeps what was stored. Never throws. */
  fail(error: unknown): Promise<void>;
}

/** Milliseconds between checkpoints: what a killed process may lose. */
const CHECKPOINT_EVERY = 1000;

/** Folders that runs of this program write into; other processes are kept out by the folder's lock. */
const writing = new Set<string>();

/** A new results folder. */
export async function folderSink(options: ResultsOptions): Promise<Sink> {
  const id = options.runId;
  const make = async (): Promise<Sink> => sinkOf(await createResults(options), 0);
  return await (id === undefined ? make() : whileReserved(resolve(options.root, options.configName, id), make));
}

/** Keeps other runs of this program out of a folder from here on, and not only once it is open. @throws StoreError if in use */
async function whileReserved<T>(directory: string, open: () => Promise<T>): Promise<T> {
  if (writing.has(directory))
    throw new StoreError(`${directory} is in use: another run of this program writes into it. Wait for its result.`);
  writing.add(directory);
  try {
    return await open();
  } catch (error) {
    writing.delete(directory);
    throw error;
  }
}

/** A results folder that goes on, and how each of its batches does. */
export async function reopenedSink(
  directory: string,
  options: ReopenOptions,
): Promise<{ readonly sink: Sink; readonly batches: readonly BatchResume[] }> {
  return await whileReserved(resolve(directory), async () => {
    const reopened = await reopenResults(directory, options);
    const before = reopened.batches.map(({ checkpoint }) => Number(checkpoint?.meta["total"] ?? 0));
    return { sink: sinkOf(reopened, Math.max(0, ...before)), batches: reopened.batches };
  });
}

/** Where a batch stands, to be written when it is time. */
interface Pending {
  readonly position: BatchPosition;
  readonly work: BatchWork;
}

function sinkOf(writer: ResultsWriter, secondsBefore: number): Sink {
  const place = resolve(writer.directory);
  writing.add(place);
  const pending = new Map<number, Pending>();
  const keep = summariesByDraws();
  const opened = performance.now();
  let written = opened;
  const total = (): number => secondsBefore + (performance.now() - opened) / 1000;
  const isDue = (): boolean => performance.now() - written >= CHECKPOINT_EVERY;
  const flush = async (): Promise<void> => {
    for (const [batch, { position, work }] of pending) {
      const meta = { seconds: { ...work.seconds }, total: total() };
      await writer.writeCheckpoint(batch, encodePosition(position), meta);
    }
    pending.clear();
    written = performance.now();
  };
  return {
    directory: writer.directory,
    secondsBefore,
    append: async (block) => {
      // A position is of the draws before it: the next block makes it stale.
      pending.delete(block.batch);
      await writer.appendBlock(block);
    },
    checkpoint: async (batch, position, work) => {
      pending.set(batch, { position, work });
      if (isDue()) await flush();
    },
    flush,
    record: (event) => writer.recordEvent(event),
    source: async () => {
      await writer.commit();
      return sourceOf(await openResults(writer.directory), keep);
    },
    digests: () => writer.digests(),
    finish: async (status, summary) => {
      const written = await writer.finish({ status, summary });
      writing.delete(place);
      return written!;
    },
    report: async (known) => {
      await writer.writeFile(REPORT_FILE, await reportOf(writer.directory, known));
      return join(writer.directory, REPORT_FILE);
    },
    fail: async (error) => {
      const text = error instanceof Error ? error.message : String(error);
      // The run has failed already, and that is the error to tell.
      await flush().catch(() => undefined);
      await writer.finish({ status: "failed", error: text }).catch(() => undefined);
      writing.delete(place);
    },
  };
}

/** Memory, for a program that wants the draws and no files. */
export function memorySink(layout: StoreLayout, rule?: StopRule): Sink {
  const draws = createMemoryDraws(layout);
  const checks: CheckRecord[] = [];
  const keep = summariesByDraws();
  const source = (): DrawsSource => ({
    ...draws.source,
    ...(rule !== undefined && { rule }),
    checks: async () => checks,
    summaries: keep(draws.source.perBatch()),
  });
  return {
    secondsBefore: 0,
    append: async (block) => draws.append(block),
    checkpoint: async () => undefined,
    flush: async () => undefined,
    record: async (event) => {
      const check = event["kind"] === "check" ? checkOf(event) : undefined;
      if (check !== undefined) checks.push(check);
    },
    source: async () => source(),
    digests: () => draws.digests(),
    finish: async (_, summary) => ({ ...summary, run: { ...summary.run, digest: draws.digests().run } }),
    report: async () => undefined,
    fail: async () => undefined,
  };
}
