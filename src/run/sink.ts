import { join } from "node:path";
import type { DrawBlock } from "../draws.ts";
import type { KnownOfResults } from "../report/index.ts";
import {
  createResults,
  type Digests,
  type JsonObject,
  openResults,
  type ResultsOptions,
  type ResultsReader,
  type StoreLayout,
  type SummaryDocument,
} from "../store/index.ts";
import { createMemoryDraws } from "./memory.ts";
import { REPORT_FILE, reportOf } from "./report.ts";
import type { DrawsSource } from "./summary.ts";

/** Where the draws of a run go. */
export interface Sink {
  /** Absolute path, where there is a folder. */
  readonly directory?: string;
  /** The block is stored when it resolves. */
  append(block: DrawBlock): Promise<void>;
  /** One line of events.ndjson. */
  record(event: JsonObject): Promise<void>;
  /** What was stored so far, to be read. */
  source(): Promise<DrawsSource>;
  digests(): Digests;
  /** Writes the summary; returns it with the run's digest. Once. */
  finish(status: "complete" | "interrupted", summary: SummaryDocument): Promise<SummaryDocument>;
  /** Writes report.html, where there is a folder; returns its path. After `finish`. */
  report(known: KnownOfResults): Promise<string | undefined>;
  /** Marks the run as failed and keeps what was stored. Never throws. */
  fail(error: unknown): Promise<void>;
}

/** Milliseconds between commits: what a killed process may lose. */
const COMMIT_EVERY = 1000;

/** A results folder. */
export async function folderSink(options: ResultsOptions): Promise<Sink> {
  const writer = await createResults(options);
  let committed = performance.now();
  return {
    directory: writer.directory,
    append: async (block) => {
      await writer.appendBlock(block);
      if (performance.now() - committed < COMMIT_EVERY) return;
      await writer.commit();
      committed = performance.now();
    },
    record: (event) => writer.recordEvent(event),
    source: async () => {
      await writer.commit();
      return sourceOf(await openResults(writer.directory));
    },
    digests: () => writer.digests(),
    finish: async (status, summary) => (await writer.finish({ status, summary }))!,
    report: async (known) => {
      await writer.writeFile(REPORT_FILE, await reportOf(writer.directory, known));
      return join(writer.directory, REPORT_FILE);
    },
    fail: async (error) => {
      const text = error instanceof Error ? error.message : String(error);
      // The run has failed already, and that is the error to tell.
      await writer.finish({ status: "failed", error: text }).catch(() => undefined);
    },
  };
}

/** Memory, for a program that wants the draws and no files. */
export function memorySink(layout: StoreLayout): Sink {
  const draws = createMemoryDraws(layout);
  return {
    append: async (block) => draws.append(block),
    record: async () => undefined,
    source: async () => draws.source,
    digests: () => draws.digests(),
    finish: async (_, summary) => ({ ...summary, run: { ...summary.run, digest: draws.digests().run } }),
    report: async () => undefined,
    fail: async () => undefined,
  };
}

/** A results folder's draws. */
export function sourceOf(reader: ResultsReader): DrawsSource {
  return {
    layout: reader.layout,
    perBatch: () => reader.perBatch.sampling,
    draws: (variable, batches) => reader.draws(variable, { batches }),
    statistic: async (name, batches) => (await reader.draws(name, { group: "sample_stats", batches }))[0]!.draws,
  };
}
