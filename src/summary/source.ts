/** A results folder's draws, as they are summarised. */
import type { ResolvedConfig } from "../config/types.ts";
import { type ResultsReader, readChecks } from "../store/index.ts";
import { stopRuleOf } from "./stopRule.ts";
import type { DrawsSource } from "./summarize.ts";

type Summaries = DrawsSource["summaries"];
export type SummaryKeeper = (perBatch: readonly number[]) => Summaries;

/** Keeps the rows of the draws that were looked at last. @returns those of so many draws in each batch */
export function summariesByDraws(): SummaryKeeper {
  let at = "";
  let rows: Summaries = new Map();
  return (perBatch) => {
    const now = perBatch.join(" ");
    if (now !== at) [at, rows] = [now, new Map()];
    return rows;
  };
}

/** A results folder's draws. @param keep where rows are kept between looks at the same draws; default: nowhere */
export function sourceOf(reader: ResultsReader, keep: SummaryKeeper = summariesByDraws()): DrawsSource {
  const rule = stopRuleOf(reader.run.manifest.config as unknown as Pick<ResolvedConfig, "draws">);
  return {
    layout: reader.layout,
    perBatch: () => reader.perBatch.sampling,
    ...(rule !== undefined && { rule }),
    checks: () => readChecks(reader),
    summaries: keep(reader.perBatch.sampling),
    ...(reader.layout.keep !== undefined && {
      moments: { keepsDraws: reader.layout.keep.kind === "thinned", of: reader.moments },
    }),
    draws: (variable, batches) => reader.draws(variable, { batches }),
    statistic: async (name, batches) => {
      if (!reader.layout.statistics.some((one) => one.name === name)) return [];
      return (await reader.draws(name, { group: "sample_stats", batches }))[0]!.draws;
    },
  };
}
