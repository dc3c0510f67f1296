import type { DrawBlock, Numbers, VariableSpec } from "../draws.ts";
import { chainDigests, type Digests, type QuantityDraws, quantityNames, type StoreLayout } from "../store/index.ts";
import type { DrawsSource } from "../summary/summarize.ts";

/** Draws of a run without a results folder. */
export interface MemoryDraws {
  append(block: DrawBlock): void;
  digests(): Digests;
  readonly source: Omit<DrawsSource, "rule" | "checks" | "summaries">;
}

/** Blocks of one batch in order. */
type Blocks = DrawBlock[];

export function createMemoryDraws(layout: StoreLayout): MemoryDraws {
  const batches: Blocks[] = layout.batches.map(() => []);
  const chains = layout.batches.reduce((sum, batch) => sum + batch.chains, 0);
  const digests = chainDigests(chains, layout.variables);
  const append = (block: DrawBlock): void => {
    if (block.phase !== "sampling") return;
    batches[block.batch]!.push(block);
    for (let chain = 0; chain < block.chains; chain++) {
      const parts = Object.entries(block.posterior).map(([name, values]) => [name, ofChain(values, block, chain)]);
      digests.add(block.firstChain + chain, block.draws, Object.fromEntries(parts) as Record<string, Numbers>);
    }
  };
  const source: MemoryDraws["source"] = {
    layout,
    perBatch: () => batches.map(drawsOf),
    draws: async (name, used) => {
      const variable = layout.variables.find((each) => each.name === name)!;
      const chosen = used.map((batch) => batches[batch]!);
      return gather(chosen, variable, quantityNames(variable, layout.coordinates), (block) => block.posterior[name]!);
    },
    statistic: async (name, used) => {
      const variable = layout.statistics.find((each) => each.name === name)!;
      const chosen = used.map((batch) => batches[batch]!);
      return gather(chosen, variable, [name], (block) => block.statistics[name]!)[0]!.draws;
    },
  };
  return { append, digests: () => digests.current(), source };
}

/** One chain's part of a block's values. */
function ofChain(values: Numbers, { chains }: DrawBlock, chain: number): Numbers {
  const length = values.length / chains;
  return values.subarray(chain * length, (chain + 1) * length);
}

function drawsOf(blocks: Blocks): number {
  return blocks.reduce((sum, block) => sum + block.draws, 0);
}

/** Draws of some batches, as many as each of them has: `[chain][draw]` for each element of a variable. */
function gather(
  batches: readonly Blocks[],
  variable: VariableSpec,
  names: readonly string[],
  valuesOf: (block: DrawBlock) => Numbers,
): QuantityDraws[] {
  const draws = Math.min(...batches.map(drawsOf));
  const width = variable.shape.reduce((product, length) => product * length, 1);
  return names.map((name, element) => {
    const rows: Float64Array[] = [];
    for (const blocks of batches) {
      for (let chain = 0; chain < (blocks[0]?.chains ?? 0); chain++) {
        const row = new Float64Array(draws);
        for (const block of blocks) {
          const part = ofChain(valuesOf(block), block, chain);
          const count = Math.min(block.draws, draws - block.firstDraw);
          for (let draw = 0; draw < count; draw++) row[block.firstDraw + draw] = part[draw * width + element]!;
        }
        rows.push(row);
      }
    }
    return { name, draws: rows };
  });
}
