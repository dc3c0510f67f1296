import { StreamingMoments } from "../diagnostics/index.ts";
import type { DrawBlock, Numbers, VariableSpec } from "../draws.ts";
import { own } from "../named.ts";
import { quantityNames, type StoreLayout } from "../store/index.ts";
import type { ProgressEvent } from "./events.ts";

/** Running diagnostics of the draws after warm-up. */
export interface Progress {
  /** A batch goes on: its draws so far, by variable (`[chain][draw]…`; none where they are not kept). */
  resume(batch: number, before: ResumedDraws): void;
  /** Takes in a block and says how the run stands. */
  add(block: DrawBlock, divergences: number): ProgressEvent;
}

/** What a batch that goes on has. */
export interface ResumedDraws {
  readonly draws: number;
  readonly divergences: number;
  readonly posterior?: Readonly<Record<string, Numbers>>;
}

/** Means and variances of one variable's quantities. */
interface Track {
  readonly variable: VariableSpec;
  readonly names: readonly string[];
  readonly moments: StreamingMoments;
}

export function createProgress(layout: StoreLayout): Progress {
  const chains = layout.batches.reduce((sum, batch) => sum + batch.chains, 0);
  const tracks = layout.variables.map((variable): Track => {
    const names = quantityNames(variable, layout.coordinates);
    return { variable, names, moments: new StreamingMoments(chains, names.length) };
  });
  const draws = layout.batches.map(() => 0);
  let divergent = 0;
  let blocks = 0;
  let worst: Worst = { rhat: Number.NaN };
  return {
    resume: (batch, before) => {
      draws[batch] = before.draws;
      divergent += before.divergences;
      const { firstChain, chains: count } = layout.batches[batch]!;
      for (const { variable, moments } of tracks) {
        const values = own(before.posterior ?? {}, variable.name);
        if (values !== undefined) moments.addBlock(firstChain, count, before.draws, values);
      }
    },
    add: (block, divergences) => {
      if (block.phase === "sampling") {
        for (const { variable, moments } of tracks) {
          moments.addBlock(block.firstChain, block.chains, block.draws, block.posterior[variable.name]!);
        }
        draws[block.batch] = block.firstDraw + block.draws;
        divergent += divergences;
        blocks += 1;
        // R-hat goes over all chains: once a round of all batches, so that it stays a small part of the work.
        if (blocks % layout.batches.length === 0 && draws.every((count) => count > 1)) worst = worstRhat(tracks);
      }
      return { kind: "progress", batch: block.batch, draws: [...draws], divergences: divergent, ...worst };
    },
  };
}

type Worst = Pick<ProgressEvent, "rhat" | "worst">;

/** The largest R-hat; quantities that do not vary have none and are passed over. */
function worstRhat(tracks: readonly Track[]): Worst {
  let found: Worst = { rhat: Number.NaN };
  for (const { names, moments } of tracks) {
    names.forEach((worst, quantity) => {
      const rhat = moments.rhat(quantity);
      if (!Number.isNaN(rhat) && !(rhat <= found.rhat)) found = { rhat, worst };
    });
  }
  return found;
}
