/** One summary of a run's draws, for its end, its report and `diagnose`. */
import { ebfmi, type Summary, summarize } from "../diagnostics/index.ts";
import { byNames } from "../named.ts";
import {
  type CheckRecord,
  momentsRows,
  type QuantityDraws,
  type RunFacts,
  type StoredMoments,
  type StoreLayout,
  type SummaryDocument,
  type SummaryRow,
  summaryRow,
  type UntilFacts,
} from "../store/index.ts";
import { evaluateGates, type GateLimits } from "./gates.ts";
import { type NestedFacts, type NestedRhat, nestedGate, nestedRhats } from "./nested.ts";
import type { StopRule } from "./stopRule.ts";
import { untilFacts, untilGate } from "./until.ts";

/** What is known about single chains; counted from 0. */
export interface ChainNotes {
  /** By quantity: chains whose draws lie apart from the other chains'. */
  readonly apart?: Readonly<Record<string, readonly number[]>>;
  /** Divergences of each chain. */
  readonly divergences?: readonly number[];
}

/** Draws to summarise, in a results folder or in memory. Chains come in order, and batches are named by index. */
export interface DrawsSource {
  readonly layout: StoreLayout;
  /** Draws of each chain, by batch. */
  perBatch(): readonly number[];
  /** Exact moments of all draws, where not all of them are kept; `keepsDraws` says whether some are. */
  readonly moments?: {
    readonly keepsDraws: boolean;
    of(table: "posterior" | "sample_stats"): Promise<StoredMoments | undefined>;
  };
  /** The rule that says when there are enough draws, where the run has one. */
  readonly rule?: StopRule;
  /** How that rule stood at each check so far, in order. */
  checks(): Promise<readonly CheckRecord[]>;
  /** Rows that were computed of these very draws, by quantity: what a check has looked at is not summarised again. */
  readonly summaries: Map<string, Summary>;
  /** The quantities of a variable: all chains of these batches, as many draws as each of the batches has. */
  draws(variable: string, batches: readonly number[]): Promise<QuantityDraws[]>;
  /** A scalar statistic of the sampler, `[chain][draw]`. */
  statistic(name: string, batches: readonly number[]): Promise<Float64Array[]>;
}

/** `summary.run` of a run of ours: also how the energies mix. */
export interface SummaryFacts extends RunFacts, NestedFacts {
  /** The smallest E-BFMI of all chains; below 0.3 momentum is resampled too slowly for the target's tails. */
  readonly ebfmi_min: number;
  /** Chains whose E-BFMI is below 0.3. */
  readonly ebfmi_low_chains: number;
  /** Of a run that goes on until a rule is met: how that stood at each check. */
  readonly until?: UntilFacts;
}

export interface RunSummary extends SummaryDocument {
  readonly run: SummaryFacts;
  /** What the report says about single chains. */
  readonly chains: ChainNotes;
}

/** What only the one who ran it knows; NaN where nobody does. */
export type KnownFacts = Omit<RunFacts, "chains" | "draws" | "divergences" | "digest">;

const LOW_EBFMI = 0.3;

/** The batches that have draws, and how many draws each of them has at least. */
export function usedBatches(perBatch: readonly number[]): { readonly batches: number[]; readonly draws: number } {
  const batches = perBatch.flatMap((draws, batch) => (draws > 0 ? [batch] : []));
  return { batches, draws: batches.length === 0 ? 0 : Math.min(...batches.map((batch) => perBatch[batch]!)) };
}

/** What a run is held to, as in its config. */
export interface SummaryLimits {
  readonly gates: (GateLimits & { readonly nested_rhat?: number }) | false;
  /** How many superchains its chains start in. */
  readonly superchains?: number;
}

/**
 * Summarises all draws of a run: each scalar quantity over all chains in order, the sampler's statistics, the gates.
 * Of an unfinished run the batches that have draws count, each as far as the shortest. Without any draw there are no
 * quantities, and no gates.
 *
 * Where not all draws are kept, mean, sd and divergences are exact, of all draws; the rest is of the draws that are kept.
 * Where none are, R-hat is the basic one, and effective sample sizes, which are not known, are not asked of.
 */
export async function summarizeRun(
  source: DrawsSource,
  { gates: limits, superchains }: SummaryLimits,
  known: KnownFacts,
): Promise<RunSummary> {
  const { layout } = source;
  const used = usedBatches(source.perBatch());
  const { batches, draws } = used;
  const chains = chainsOf(layout, batches);
  const groups = superchains === undefined ? undefined : { superchains, chains, of: chainCount(layout) };
  if (draws === 0) {
    const none = { divergences: 0, digest: "", ebfmi_min: Number.NaN, ebfmi_low_chains: 0 };
    return { run: { chains: chains.length, draws, ...known, ...none }, gates: [], quantities: [], chains: {} };
  }
  const found = await quantitiesOf(source, batches, { limits, groups });
  const divergences = await divergencesOf(source, batches);
  const until = await untilFacts(source, draws);
  const energies = source.moments?.keepsDraws === false ? [] : (await source.statistic("energy", batches)).map(ebfmi);
  const run: SummaryFacts = {
    chains: chains.length,
    draws,
    ...known,
    divergences: divergences.reduce((a, b) => a + b, 0),
    digest: "",
    ebfmi_min: energies.length === 0 ? Number.NaN : energies.reduce((a, b) => Math.min(a, b)),
    ebfmi_low_chains: energies.filter((value) => value < LOW_EBFMI).length,
    ...(until !== undefined && { until }),
    ...(found.nested !== undefined && { superchains: groups!.superchains, ...found.nested.facts }),
  };
  const asked = source.moments?.keepsDraws === false ? withoutEss(limits) : limits;
  const gates = evaluateGates(asked, found.rows, run);
  const nested = limits === false || found.nested === undefined ? [] : nestedGate(found.nested, limits);
  return {
    run,
    gates: [...gates, ...nested, ...(limits === false || until === undefined ? [] : untilGate(until))],
    quantities: found.rows,
    chains: { apart: found.apart, divergences },
  };
}

/** Effective sample sizes need draws. */
function withoutEss(limits: GateLimits | false): GateLimits | false {
  if (limits === false) return false;
  const { ess_bulk: _, ess_tail: __, ...rest } = limits;
  return rest;
}

interface Quantities {
  readonly rows: readonly SummaryRow[];
  /** Chains that are apart from the others, by quantity. */
  readonly apart: Readonly<Record<string, readonly number[]>>;
  readonly nested?: NestedRhat;
}

interface QuantityOptions {
  readonly limits: GateLimits | false;
  readonly groups: Parameters<typeof nestedRhats>[0] | undefined;
}

async function quantitiesOf(
  source: DrawsSource,
  batches: readonly number[],
  { limits, groups }: QuantityOptions,
): Promise<Quantities> {
  const { layout } = source;
  const nested = groups && nestedRhats(groups);
  const moments = await source.moments?.of("posterior");
  if (moments !== undefined) nested?.addMoments(moments);
  const exact = moments === undefined ? [] : momentsRows(moments);
  if (source.moments?.keepsDraws === false)
    return { rows: exact, apart: {}, ...(nested && { nested: nested.result() }) };
  const byName = new Map(exact.map((row) => [row.name, row]));
  const chains = chainsOf(layout, batches);
  const rows: SummaryRow[] = [];
  const apart: Record<string, readonly number[]> = byNames();
  for (const variable of layout.variables) {
    for (const quantity of await source.draws(variable.name, batches)) {
      const { name } = quantity;
      const whole = byName.get(name);
      const summary = summaryOf(source, quantity);
      // Of all draws is known where they stand still, and not of those alone that are kept.
      const row = whole
        ? { ...whole, ...summary, mean: whole.mean, sd: whole.sd }
        : summaryRow(quantity, summary, { role: variable.role, chains });
      rows.push(row);
      if (moments === undefined) nested?.addDraws(row, quantity.draws);
      if (limits !== false && row.rhat > (limits.rhat ?? Infinity)) {
        apart[name] = chainsApart(quantity.draws).map((nth) => chains[nth]!);
      }
    }
  }
  return { rows, apart, ...(nested && { nested: nested.result() }) };
}

/** The diagnostics of a quantity over all chains that have draws; computed once of the same draws. */
export function summaryOf({ summaries }: Pick<DrawsSource, "summaries">, { name, draws }: QuantityDraws): Summary {
  const known = summaries.get(name) ?? summarize(draws);
  summaries.set(name, known);
  return known;
}

/** Divergent transitions of each chain. */
async function divergencesOf(source: DrawsSource, batches: readonly number[]): Promise<number[]> {
  const stored = await source.moments?.of("sample_stats");
  if (stored === undefined) {
    return (await source.statistic("diverging", batches)).map((each) => each.reduce((n, d) => n + d, 0));
  }
  const { means, counts, quantities } = stored.moments.state();
  const column = stored.names.indexOf("diverging");
  return chainsOf(source.layout, batches).map((chain) =>
    Math.round(means[chain * quantities + column]! * counts[chain]!),
  );
}

/** The chains of some batches, by their index in the run. */
function chainsOf(layout: StoreLayout, batches: readonly number[]): number[] {
  return batches.flatMap((batch) => {
    const { firstChain, chains } = layout.batches[batch]!;
    return Array.from({ length: chains }, (_, chain) => firstChain + chain);
  });
}

function chainCount(layout: StoreLayout): number {
  return layout.batches.reduce((sum, { chains }) => sum + chains, 0);
}

/**
 * Chains whose mean lies far from most chains' means: more than 5 times the median distance (made a standard deviation
 * by 1.4826) from their median. Empty where that is more than a quarter of the chains: then there is no "most".
 */
function chainsApart(draws: readonly Float64Array[]): number[] {
  const means = draws.map((chain) => chain.reduce((a, b) => a + b, 0) / chain.length);
  const center = median(means);
  const spread = 1.4826 * median(means.map((mean) => Math.abs(mean - center)));
  const far = means.flatMap((mean, chain) => (Math.abs(mean - center) > 5 * spread ? [chain] : []));
  return far.length > draws.length / 4 ? [] : far;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
