/** One row of a summary from a quantity's draws, or from its moments: its numbers, what it is, and where it never moved. */
import { type StreamingMoments, type Summary, stuckChains } from "../diagnostics/index.ts";
import type { VariableRole } from "../draws.ts";
import type { QuantityDraws } from "./array-reader.ts";
import type { StillChains, SummaryRow } from "./summary.ts";

/** Chains that a row names; the others are counted. */
const NAMED = 8;

/** What a row tells besides its numbers. */
export interface RowFacts {
  readonly role?: VariableRole | undefined;
  /** The index in the run of each chain whose draws are given; default: 0, 1, … */
  readonly chains?: readonly number[];
}

/** @param summary of these draws */
export function summaryRow({ name, draws }: QuantityDraws, summary: Summary, facts: RowFacts = {}): SummaryRow {
  return { name, ...factsOf(stuckChains(draws), facts), ...summary };
}

/** `role` and `still` of a row, as far as there is something to tell. @param chains that never moved, counted among those given */
function factsOf(chains: readonly number[], { role, chains: index }: RowFacts): Pick<SummaryRow, "role" | "still"> {
  const still: StillChains = {
    chains: chains.length,
    first: chains.slice(0, NAMED).map((chain) => index?.[chain] ?? chain),
  };
  return { ...(role !== undefined && { role }), ...(chains.length > 0 && { still }) };
}

/** The same of a quantity of which moments are known: a chain without any deviation from its mean never moved. */
export function factsOfMoments(
  moments: StreamingMoments,
  quantity: number,
  role?: VariableRole,
): ReturnType<typeof factsOf> {
  const chains = Array.from({ length: moments.chains }, (_, chain) => chain);
  return factsOf(
    chains.filter((chain) => moments.chainVariance(chain, quantity) === 0),
    { role },
  );
}
