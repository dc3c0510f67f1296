/**
 * Exact moments of all draws of a run that does not keep them all: count, mean and sum of squared deviations of each chain
 * and each scalar quantity, in float64, of the sampling phase. One accumulator for each batch, so that a batch's state
 * goes into its checkpoint.
 */
import { type MomentsState, StreamingMoments } from "../diagnostics/index.ts";
import type { DrawBlock, Numbers, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { elements, type StoreLayout } from "./layout.ts";
import { bytesOf } from "./zarr.ts";

/** The two tables of moments: of the model's quantities, and of the sampler's statistics. */
export type MomentsTable = "posterior" | "sample_stats";
export const MOMENTS_TABLES: readonly MomentsTable[] = ["posterior", "sample_stats"];

/** Labels of the last axis of a stored table. */
export const MOMENT_NAMES = ["count", "mean", "squared_deviations"] as const;

export interface RunMoments {
  /** Adds a checked block of the sampling phase. */
  add(block: DrawBlock): void;
  /** A batch's table, `[chains, quantity, moment]`. */
  table(batch: number, of: MomentsTable): Float64Array;
  /** The state of a batch, for its checkpoint. */
  save(batch: number): Uint8Array;
  /** Goes on from a saved state. @throws StoreError if it has another length */
  restore(batch: number, saved: Uint8Array): void;
}

/** The variables of a table. */
export function tableVariables(layout: StoreLayout, of: MomentsTable): readonly VariableSpec[] {
  return of === "posterior" ? layout.variables : layout.statistics;
}

/** Number of scalar quantities of a table. */
export function tableWidth(layout: StoreLayout, of: MomentsTable): number {
  return tableVariables(layout, of).reduce((sum, variable) => sum + elements(variable), 0);
}

/** One chain's values of a block, `[draw, quantity]`. */
function rowsOf(
  variables: readonly VariableSpec[],
  width: number,
  block: DrawBlock,
  values: Readonly<Record<string, Numbers>>,
  chain: number,
): Float64Array {
  const rows = new Float64Array(block.draws * width);
  let start = 0;
  for (const variable of variables) {
    const length = elements(variable);
    const source = values[variable.name]!;
    let from = chain * block.draws * length;
    for (let draw = 0; draw < block.draws; draw++) {
      for (let element = 0; element < length; element++) rows[draw * width + start + element] = source[from++]!;
    }
    start += length;
  }
  return rows;
}

function packState({ counts, means, squares }: MomentsState): Uint8Array {
  return Buffer.concat([bytesOf(counts), bytesOf(means), bytesOf(squares)]);
}

function unpackState(chains: number, quantities: number, bytes: Uint8Array): MomentsState {
  const numbers = new Float64Array(new Uint8Array(bytes).buffer);
  const end = chains + chains * quantities;
  return {
    chains,
    quantities,
    counts: numbers.subarray(0, chains),
    means: numbers.subarray(chains, end),
    squares: numbers.subarray(end),
  };
}

function stateBytes(chains: number, quantities: number): number {
  return 8 * (chains + 2 * chains * quantities);
}

/** Starts the moments of a run, all zero. */
export function createMoments(layout: StoreLayout): RunMoments {
  const tables = MOMENTS_TABLES.map((name) => ({
    name,
    variables: tableVariables(layout, name),
    width: tableWidth(layout, name),
    batches: layout.batches.map((batch) => new StreamingMoments(batch.chains, tableWidth(layout, name))),
  }));
  return {
    add: (block) => {
      for (const { name, variables, width, batches } of tables) {
        const values = name === "posterior" ? block.posterior : block.statistics;
        for (let chain = 0; chain < block.chains; chain++) {
          batches[block.batch]!.addBlock(chain, 1, block.draws, rowsOf(variables, width, block, values, chain));
        }
      }
    },
    table: (batch, of) => interleave(tables.find(({ name }) => name === of)!.batches[batch]!.state()),
    save: (batch) => Buffer.concat(tables.map(({ batches }) => packState(batches[batch]!.state()))),
    restore: (batch, saved) => {
      const { chains } = layout.batches[batch]!;
      const lengths = tables.map(({ width }) => stateBytes(chains, width));
      const expected = lengths.reduce((sum, length) => sum + length, 0);
      if (saved.length !== expected) {
        throw new StoreError(`the saved moments of batch ${batch} have ${saved.length} bytes, expected ${expected}.`);
      }
      let from = 0;
      tables.forEach(({ width, batches }, index) => {
        const part = saved.subarray(from, from + lengths[index]!);
        batches[batch] = StreamingMoments.from(unpackState(chains, width, part));
        from += part.length;
      });
    },
  };
}

function interleave({ chains, quantities, counts, means, squares }: MomentsState): Float64Array {
  const table = new Float64Array(chains * quantities * MOMENT_NAMES.length);
  for (let index = 0; index < chains * quantities; index++) {
    table[3 * index] = counts[Math.floor(index / quantities)]!;
    table[3 * index + 1] = means[index]!;
    table[3 * index + 2] = squares[index]!;
  }
  return table;
}

/** The state that a stored table `[chain, quantity, moment]` holds. */
export function momentsOfTable(chains: number, quantities: number, table: Numbers): MomentsState {
  const part = (moment: number, length: number, stride: number): Float64Array =>
    Float64Array.from({ length }, (_, index) => table[3 * index * stride + moment] ?? Number.NaN);
  return {
    chains,
    quantities,
    counts: part(0, chains, quantities),
    means: part(1, chains * quantities, 1),
    squares: part(2, chains * quantities, 1),
  };
}
