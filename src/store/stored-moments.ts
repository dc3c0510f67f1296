/** Reads the moments of a results folder. */
import { join } from "node:path";
import { type MomentsState, StreamingMoments, type Superchains } from "../diagnostics/index.ts";
import type { VariableRole } from "../draws.ts";
import { StoreError } from "../errors.ts";
import type { Source } from "./array-reader.ts";
import { chainCount, chunkChains, elements } from "./layout.ts";
import { MOMENT_NAMES, type MomentsTable, momentsOfTable, tableVariables, tableWidth } from "./moments.ts";
import { quantityNames } from "./names.ts";
import type { SummaryRow } from "./summary.ts";
import { factsOfMoments } from "./summary-row.ts";
import { CHECKSUM_BYTES, chunkKey, decode, readChunk } from "./zarr.ts";

/** Exact moments of all draws of a run, kept or not. */
export interface StoredMoments {
  /** Scalar quantities in declared order. */
  readonly names: readonly string[];
  /** What each of them is, where that is known. */
  readonly roles: readonly (VariableRole | undefined)[];
  /** Chains in the order of the run; those without draws have the count 0. */
  readonly moments: StreamingMoments;
}

async function readTable(source: Source, of: MomentsTable): Promise<MomentsState> {
  const { layout, directory } = source;
  const chains = chainCount(layout);
  const perChunk = chunkChains(layout);
  const width = tableWidth(layout, of);
  const row = width * MOMENT_NAMES.length;
  const table = new Float64Array(chains * row);
  for (let first = 0; row > 0 && first < chains; first += perChunk) {
    const path = join(directory, "draws.zarr", "moments", of, chunkKey([first / perChunk, 0, 0]));
    const values = decode("float64", await readChunk(path, 8 * perChunk * row + CHECKSUM_BYTES));
    table.set(values.subarray(0, Math.min(perChunk, chains - first) * row), first * row);
  }
  return momentsOfTable(chains, width, table);
}

/**
 * The moments of a table, or undefined where the run keeps all draws instead (or has no such quantities).
 * @throws StoreError where a file is missing or damaged
 */
export async function readMoments(source: Source, of: MomentsTable): Promise<StoredMoments | undefined> {
  const { layout } = source;
  if (layout.keep === undefined || tableWidth(layout, of) === 0) return undefined;
  const state = await readTable(source, of);
  if (state.counts.some((count) => !Number.isSafeInteger(count) || count < 0 || count > source.run.layout.draws)) {
    throw new StoreError(
      `${source.directory}: the counts of the stored moments are not those of a run: it is damaged.`,
    );
  }
  const columns = tableVariables(layout, of)
    .filter((variable) => elements(variable) > 0)
    .flatMap((variable) => quantityNames(variable, layout.coordinates).map((name) => ({ name, role: variable.role })));
  return {
    names: columns.map(({ name }) => name),
    roles: columns.map(({ role }) => role),
    moments: StreamingMoments.from(state),
  };
}

/**
 * Rows of a summary from moments alone: mean, sd, and R-hat (basic, of whole chains), or nested R-hat where superchains
 * are given; what needs the draws is NaN.
 */
export function momentsRows({ names, roles, moments }: StoredMoments, superchains?: Superchains): SummaryRow[] {
  const unknown = Number.NaN;
  return names.map((name, quantity) => ({
    name,
    ...factsOfMoments(moments, quantity, roles[quantity]),
    mean: moments.mean(quantity),
    sd: moments.sd(quantity),
    mcse_mean: unknown,
    mcse_sd: unknown,
    q1: unknown,
    q5: unknown,
    q25: unknown,
    q50: unknown,
    q75: unknown,
    q95: unknown,
    q99: unknown,
    mcse_q5: unknown,
    mcse_q50: unknown,
    mcse_q95: unknown,
    rhat: superchains === undefined ? moments.rhat(quantity) : moments.rhatNested(quantity, superchains),
    ess_bulk: unknown,
    ess_tail: unknown,
  }));
}
