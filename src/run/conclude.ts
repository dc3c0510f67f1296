import { setImmediate } from "node:timers/promises";
import { roundingFacts, roundingNames } from "../chain/rounding.ts";
import { allPass } from "../report/index.ts";
import { type RunSummary, summarizeRun } from "../summary/summarize.ts";
import type { FinishedEvent } from "./events.ts";
import type { Prepared } from "./prepare.ts";
import { drawReader, type QuantityReader } from "./result.ts";
import type { RunResult } from "./run.ts";
import type { Sink } from "./sink.ts";
import type { Totals } from "./totals.ts";

/** What the end of a run needs. */
export interface Ending {
  readonly prepared: Prepared;
  readonly sink: Sink;
  readonly totals: Totals;
  readonly status: RunResult["status"];
  readonly started: number;
  readonly tell: (event: FinishedEvent) => Promise<void>;
  readonly wantsReport: boolean;
}

/** Loads what the end of a run needs and its beginning does not. */
export function loadEnding(): void {
  // What fails here fails again where it is needed.
  import("../store/summary-csv.ts").catch(() => undefined);
}

/** Reads the draws back, summarises them, and writes the summary. */
export async function conclude({
  prepared,
  sink,
  totals,
  status,
  started,
  tell,
  wantsReport,
}: Ending): Promise<RunResult> {
  const { config } = prepared;
  if (status === "interrupted") await sink.flush();
  const source = await sink.source();
  const { gradients, seconds } = totals.facts();
  const rounding = totals.rounding();
  const summarised: RunSummary = await summarizeRun(source, config, {
    warmup: config.warmup,
    gradients,
    seconds: { ...seconds, total: Number.NaN },
    engine: config.engine,
    precision: config.precision,
    ...(prepared.engineClass !== undefined && { engine_class: prepared.engineClass }),
    ...(prepared.why !== undefined && { precision_reason: prepared.why }),
    ...(rounding !== undefined && { rounding: roundingFacts(rounding, roundingNames(prepared.model)) }),
    seed: config.seed,
  });
  const { chains, run: facts, ...rest } = summarised;
  // Diagnostics are part of what the user waits for.
  const total = sink.secondsBefore + (performance.now() - started) / 1000;
  const summary = await sink.finish(status, { run: { ...facts, seconds: { ...seconds, total } }, ...rest });
  const where = sink.directory === undefined ? {} : { directory: sink.directory };
  await tell({ kind: "finished", status, summary, chains, ...where });
  // Who prints the summary does so before the report is drawn.
  await setImmediate();
  const path = wantsReport ? await sink.report({ summary, chainNotes: chains }) : undefined;
  const report = path === undefined ? {} : { report: path };
  const reader: QuantityReader = drawReader(source);
  const converged = status === "complete" && allPass(summary.gates);
  return { status, converged, summary, chains, digests: sink.digests(), ...where, ...report, ...reader };
}
