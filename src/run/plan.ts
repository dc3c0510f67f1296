import { availableParallelism } from "node:os";
import type { BatchSettings, InitSettings } from "../chain/batch.ts";
import { batchSizes, mostDraws } from "../config/rules.ts";
import type { Init, ResolvedConfig } from "../config/types.ts";
import type { Precision } from "../draws.ts";
import { lanesPerVector } from "../engine/wasm/vectors.ts";

/** A config whose precision is one that has a name. */
export type SettledConfig = ResolvedConfig & { readonly precision: Precision };

/**
 * The batches of a run, in chain order. A function of the config alone, never of the machine, so that the draws do not
 * depend on who runs them.
 */
export function planBatches(config: SettledConfig): BatchSettings[] {
  let firstChain = 0;
  return batchSizes(config).map((chains, batch) => {
    const settings: BatchSettings = {
      batch,
      firstChain,
      chains,
      seed: config.seed,
      warmup: config.warmup,
      draws: mostDraws(config),
      block: config.block,
      precision: config.precision,
      sampler: config.sampler,
      init: initSettings(config.init),
      ...(config.superchains !== undefined && { chainsPerSuperchain: config.chains / config.superchains }),
      keepWarmup: config.warmup_draws,
      keepUnconstrained: config.unconstrained,
    };
    firstChain += chains;
    return settings;
  });
}

function initSettings(init: Init): InitSettings {
  if (!("values" in init)) return init;
  const values = Object.entries(init.values).map(([name, value]) => [
    name,
    typeof value === "number" ? value : value.flat(),
  ]);
  return { values: Object.fromEntries(values) as Record<string, number | number[]> };
}

/**
 * Threads for a number of batches: as many as asked for (`auto`: as the run uses GPUs, else as there are processors), but no
 * more than batches.
 */
export function workerCount(workers: ResolvedConfig["workers"], batches: number, devices?: number): number {
  return Math.min(workers === "auto" ? (devices ?? availableParallelism()) : workers, batches);
}

/**
 * How many threads help each of `workers` threads that run batches: those that the config has left, as evenly as they go,
 * and no more than have vectors of chains to take; or chains, as long as a processor stays free for the thread that stores
 * draws: where each thread has a single part, one that waits for a processor keeps all others waiting. Only engine `wasm`
 * has helpers: other engines have threads of their own.
 */
export function helperCounts(
  { workers: wanted, engine, precision }: Pick<SettledConfig, "workers" | "engine" | "precision">,
  batches: readonly BatchSettings[],
  workers: number,
  processors: number = availableParallelism(),
): number[] {
  const total = wanted === "auto" ? processors : wanted;
  // The first batch is the largest.
  const { chains } = batches[0]!;
  const share = (threads: number, worker: number): number => {
    const left = engine === "wasm" ? Math.max(0, threads - workers) : 0;
    return Math.floor(left / workers) + Number(worker < left % workers);
  };
  return Array.from({ length: workers }, (_, worker) =>
    Math.max(
      Math.min(share(total, worker), Math.ceil(chains / lanesPerVector(precision)) - 1),
      Math.min(share(Math.min(total, processors - 1), worker), chains - 1),
    ),
  );
}
