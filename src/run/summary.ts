import { ebfmi, summarize } from "../diagnostics/index.ts";
import { type ChainNotes, evaluateGates, type GateLimits } from "../report/index.ts";
import type { QuantityDraws, RunFacts, StoreLayout, SummaryDocument, SummaryRow } from "../store/index.ts";

/** Draws to summarise, in a results folder or in memory. Chains come in order, and batches are named by index. */
export interface DrawsSource {
  readonly layout: StoreLayout;
  /** Draws of each chain, by batch. */
  perBatch(): readonly number[];
  /** The quantities of a variable: all chains of these batches, as many draws as each of the batches has. */
  draws(variable: string, batches: readonly number[]): Promise<QuantityDraws[]>;
  /** A scalar statistic of the sampler, `[chain][draw]`. */
  statistic(name: string, batches: readonly number[]): Promise<Float64Array[]>;
}

/** `summary.run` of a run of ours: also how the energies mix. */
export interface SummaryFacts extends RunFacts {
  /** The smallest E-BFMI of all chains; below 0.3 momentum is resampled too slowly for the target's tails. */
  readonly ebfmi_min: number;
  /** Chains whose E-BFMI is below 0.3. */
  readonly ebfmi_low_chains: number;
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

/**
 * Summarises all draws of a run: each scalar quantity over all chains in order, the sampler's statistics, the gates.
 * Of an unfinished run the batches that have draws count, each as far as the shortest. Without any draw there are no
 * quantities, and no gates.
 */
export async function summarizeRun(
  source: DrawsSource,
  limits: GateLimits | false,
  known: KnownFacts,
): Promise<RunSummary> {
  const { layout } = source;
  const { batches, draws } = usedBatches(source.perBatch());
  const chains = batches.reduce((sum, batch) => sum + layout.batches[batch]!.chains, 0);
  if (draws === 0) {
    const none = { divergences: 0, digest: "", ebfmi_min: Number.NaN, ebfmi_low_chains: 0 };
    return { run: { chains, draws, ...known, ...none }, gates: [], quantities: [], chains: {} };
  }
  const quantities: SummaryRow[] = [];
  const apart: Record<string, readonly number[]> = {};
  for (const variable of layout.variables) {
    for (const quantity of await source.draws(variable.name, batches)) {
      const row = { name: quantity.name, ...summarize(quantity.draws) };
      quantities.push(row);
      if (limits !== false && row.rhat > (limits.rhat ?? Infinity)) {
        apart[row.name] = chainsApart(quantity.draws).map((chain) => chainIndex(layout, batches, chain));
      }
    }
  }
  const divergences = (await source.statistic("diverging", batches)).map((each) => each.reduce((n, d) => n + d, 0));
  const energies = (await source.statistic("energy", batches)).map(ebfmi);
  const run: SummaryFacts = {
    chains,
    draws,
    ...known,
    divergences: divergences.reduce((a, b) => a + b, 0),
    digest: "",
    ebfmi_min: energies.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    ebfmi_low_chains: energies.filter((value) => value < LOW_EBFMI).length,
  };
  return { run, gates: evaluateGates(limits, quantities, run), quantities, chains: { apart, divergences } };
}

/** The index in the run of the n-th chain of some batches. */
function chainIndex(layout: StoreLayout, batches: readonly number[], nth: number): number {
  let rest = nth;
  for (const batch of batches) {
    const { firstChain, chains } = layout.batches[batch]!;
    if (rest < chains) return firstChain + rest;
    rest -= chains;
  }
  return nth;
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
