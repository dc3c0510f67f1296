/**
 * Run by Node 24 or later, which takes TypeScript as it is: prints the hash of the draws of short batches, one JSON line each.
 *
 *     node --no-liftoff test/engine/wasm/wideDraws.ts wide|narrow [first words of a title]
 *
 * Without Liftoff V8 optimises every function before its first call, so that vectors are wide from the first one on.
 */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { BatchSettings, SamplerSettings } from "../../../src/chain/batch.ts";
import { runBatch } from "../../../src/chain/runBatch.ts";
import { loadData } from "../../../src/config/data.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { type WasmOptions, wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { bind } from "../../../src/model/bind.ts";
import type { BoundModel } from "../../../src/model/boundModel.ts";
import { shippedModel } from "../../../src/models/registry.ts";

const samplers: readonly SamplerSettings[] = [
  { name: "chees", metric: "diagonal", target_acceptance: 0.75, max_steps: 30 },
  { name: "nuts", metric: "diagonal", target_acceptance: 0.8, max_depth: 4 },
];

function shipped(name: string): BoundModel {
  const { config, baseDir } = loadConfig(fileURLToPath(new URL(`../../../config/${name}.yaml`, import.meta.url)));
  const { values: data } = loadData(config.data, { baseDir });
  return bind(shippedModel(config.model).create(config.options), { data, coordinates: config.coordinates });
}

async function hashOf(model: BoundModel, options: WasmOptions, changes: Partial<BatchSettings>): Promise<string> {
  const settings: BatchSettings = {
    ...{ batch: 0, firstChain: 0, chains: 8, seed: "3", warmup: 20, draws: 10, block: 5 },
    ...{ precision: "float32", sampler: samplers[0]!, init: { uniform: 2 } },
    ...{ keepWarmup: true, keepUnconstrained: true, ...changes },
  };
  const hash = createHash("sha256");
  for await (const event of runBatch(model, wasmEngine(options), settings))
    if (event.kind === "block") {
      const { posterior, statistics, unconstrained } = event.block;
      for (const value of [...Object.values(posterior), ...Object.values(statistics), unconstrained!])
        hash.update(value);
    }
  return hash.digest("hex");
}

/** Batches of one vector a group, of two and of four, whole and not, on all models, samplers and precisions. */
export async function* wideDraws(
  wide: boolean,
  wanted = "",
): AsyncGenerator<{ readonly title: string; readonly hash: string }> {
  for (const name of ["breast-cancer", "eight-schools", "linear-regression", "funnel"]) {
    const model = shipped(name);
    for (const sampler of samplers)
      for (const precision of ["float32", "float64"] as const)
        for (const chains of name === "breast-cancer" ? [3, 16] : [2, 7, 16, 45])
          for (const fast of [false, true]) {
            const title = `${name}, ${sampler.name}, ${precision}, ${chains} chains${fast ? ", fast" : ""}`;
            if (title.startsWith(wanted))
              yield { title, hash: await hashOf(model, { wide, fast }, { sampler, precision, chains }) };
          }
  }
}

const [mode, wanted] = process.argv.slice(2);
if (mode === "wide" || mode === "narrow")
  for await (const line of wideDraws(mode === "wide", wanted)) console.log(JSON.stringify(line));
