import type { BatchSettings, SamplerName, SamplerSettings } from "../../src/chain/batch.ts";
import { runBatch } from "../../src/chain/runBatch.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import type { BoundModel } from "../../src/model/boundModel.ts";

/** Draws of one scalar quantity, `[chain][draw]`. */
export type Draws = readonly Float64Array[];

/** Draws of every scalar quantity by name, `x[3]` for an element, and of each statistic of the sampler. */
export interface Collected {
  readonly posterior: Readonly<Record<string, Draws>>;
  readonly statistics: Readonly<Record<string, Draws>>;
}

export const samplers: { readonly [N in SamplerName]: Extract<SamplerSettings, { readonly name: N }> } = {
  hmc: { name: "hmc", step_size: "auto", steps: 3, metric: "diagonal", target_acceptance: 0.8 },
  chees: { name: "chees", metric: "diagonal", target_acceptance: 0.75, max_steps: 1000 },
  nuts: { name: "nuts", metric: "diagonal", target_acceptance: 0.8, max_depth: 8 },
};

/** Settings of a batch, whatever the sampler. */
export type AnyBatch = BatchSettings;

const defaults: AnyBatch = {
  batch: 0,
  firstChain: 0,
  chains: 16,
  seed: "1",
  warmup: 300,
  draws: 500,
  block: 250,
  precision: "float64",
  sampler: samplers.hmc,
  init: { uniform: 2 },
  keepWarmup: false,
  keepUnconstrained: false,
};

/** Run a batch as a run does, and gather its draws. */
export async function collect(
  model: BoundModel,
  settings: Partial<AnyBatch>,
  engine: Engine = wasmEngine(),
): Promise<Collected> {
  const all = { ...defaults, ...settings };
  const posterior: Record<string, Float64Array[]> = {};
  const statistics: Record<string, Float64Array[]> = {};
  const place = (target: Record<string, Float64Array[]>, name: string): Float64Array[] => {
    target[name] ??= Array.from({ length: all.chains }, () => new Float64Array(all.draws));
    return target[name];
  };
  for await (const event of runBatch(model, engine, all)) {
    if (event.kind !== "block") continue;
    const { firstDraw, draws } = event.block;
    const copy = (target: Record<string, Float64Array[]>, name: string, values: ArrayLike<number>): void => {
      const size = values.length / (all.chains * draws);
      for (let k = 0; k < size; k++) {
        const rows = place(target, size === 1 ? name : `${name}[${k}]`);
        rows.forEach((row, c) => {
          for (let t = 0; t < draws; t++) row[firstDraw + t] = values[(c * draws + t) * size + k]!;
        });
      }
    };
    for (const [name, values] of Object.entries(event.block.posterior)) copy(posterior, name, values);
    for (const [name, values] of Object.entries(event.block.statistics)) copy(statistics, name, values);
  }
  return { posterior, statistics };
}
