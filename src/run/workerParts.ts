import type { Engine } from "../engine/engine.ts";
import { createEngine } from "../engine/registry.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { bindData } from "./bindData.ts";
import { withHelpers } from "./helpers.ts";
import { type Identity, identityOf } from "./identity.ts";
import { keepKernels } from "./keepKernels.ts";
import { loadModel } from "./loadModel.ts";
import type { BatchTask } from "./protocol.ts";
import type { Preload } from "./threads.ts";
import { withoutExit } from "./usersCode.ts";

/** What a thread needs for every batch of its run. */
export interface WorkerParts {
  readonly model: BoundModel;
  readonly identity: Identity;
  readonly engine: Engine;
}

let parts: WorkerParts | undefined;
/** The number of this thread among those of its run. */
let worker = 0;
/** Threads that may help it. */
let helpers = 0;
let loaded: ReturnType<typeof loadModel> | undefined;

/** Loads the code that the first task will ask for. What fails here is told by that task. */
export function preload({ engine, model, helpers: counts, started }: Preload): void {
  if (started !== undefined) worker = Atomics.add(started, 0, 1);
  helpers = counts[worker] ?? 0;
  createEngine(engine).catch(() => undefined);
  loaded = withoutExit(() => loadModel(model));
  loaded.catch(() => undefined);
}

/** The model with its data, and the engine: made once, since all tasks of a thread are of one run. */
export async function workerParts(task: Omit<BatchTask, "settings">): Promise<WorkerParts> {
  const { model, bind, engine, engineOptions } = task;
  loaded ??= withoutExit(() => loadModel(model));
  const options = withHelpers({ ...engineOptions, worker }, helpers);
  if (parts !== undefined) return parts;
  const declared = await loaded;
  const bound = await withoutExit(async () => bindData(declared, bind));
  parts = { model: bound, identity: identityOf(bound), engine: keepKernels(await createEngine(engine, options)) };
  return parts;
}
