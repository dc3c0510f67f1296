import type { ResolvedConfig } from "../config/types.ts";
import type { Precision } from "../draws.ts";
import { accelerators } from "../engine/auto/accelerators.ts";
import { chooseEngine } from "../engine/auto/choose.ts";
import { operationsOf } from "../engine/auto/operations.ts";
import type { EngineOptions } from "../engine/engine.ts";
import { availableEngine } from "../engine/registry.ts";
import { inEvaluationOrder } from "../graph/program.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { densityProgram } from "../sampler/transition.ts";
import { helperCounts, planBatches, workerCount } from "./plan.ts";

type EngineName = Exclude<ResolvedConfig["engine"], "auto">;

/** The engine of a run, which can run here. */
export interface RunEngine {
  readonly name: EngineName;
  /** Versions and devices, one line each; the first says why, where the config left the choice. */
  readonly details: readonly string[];
  /** What the bits of its draws depend on besides name and precision, where they depend on something. */
  readonly bits?: string;
  /** GPUs or their like that the run uses: one worker each. None where the processor computes. */
  readonly devices?: number;
  /** Those that it has, where it lacks one. */
  readonly precisions?: readonly Precision[];
}

/**
 * Asks the config's engine whether it can run here; chooses one where the config says `auto`, by the rule of
 * engine/auto/choose.ts.
 * @throws EngineError where it cannot
 */
export async function engineOf(config: ResolvedConfig, model: BoundModel, isInThread: boolean): Promise<RunEngine> {
  const { engine, device } = config;
  const options = engineOptions(config);
  const choice = engine === "auto" ? await choose(config, model, isInThread) : { engine, reason: undefined };
  const name = choice.engine as EngineName;
  const found = await availableEngine(name, options);
  if (isLarge(model)) found.engine.check?.(densityProgram(model));
  const why = choice.reason === undefined ? [] : [`engine: auto took ${name}: ${choice.reason}`];
  const devices = found.device?.accelerator === true ? { devices: device === "all" ? found.device.count : 1 } : {};
  return {
    name,
    details: [...why, ...found.details],
    ...(found.bits !== undefined && { bits: found.bits }),
    ...(found.precisions !== undefined && { precisions: found.precisions }),
    ...devices,
  };
}

/** Nodes of a log density from which on it is asked whether an engine can compile it. */
const LARGE = 50_000;

function isLarge(model: BoundModel): boolean {
  return inEvaluationOrder(Object.values(model.graph("bound").terms)).length > LARGE;
}

/** What the config asks of its engine. */
export function engineOptions({ device, fast, wide }: ResolvedConfig): EngineOptions {
  return { ...(device !== undefined && { device }), ...(fast && { fast }), ...(wide === false && { wide }) };
}

async function choose(
  config: ResolvedConfig,
  model: BoundModel,
  isInThread: boolean,
): Promise<{ readonly engine: string; readonly reason: string }> {
  // The rule is the same for both precisions, and comes before theirs.
  const settled = { ...config, engine: "wasm", precision: "float32" } as const;
  const batches = planBatches(settled);
  const running = isInThread ? 1 : workerCount(config.workers, batches.length);
  const helping = helperCounts(settled, batches, running);
  return chooseEngine({
    accelerators: await accelerators(),
    chains: Math.max(...batches.map(({ chains }) => chains)),
    operations: operationsOf(densityProgram(model)),
    workers: helping.reduce((sum, count) => sum + count, running),
  });
}
