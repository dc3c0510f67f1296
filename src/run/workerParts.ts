import type { Engine } from "../engine/engine.ts";
import { createEngine } from "../engine/registry.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { bindData } from "./bindData.ts";
import { keepKernels } from "./keepKernels.ts";
import { loadModel } from "./loadModel.ts";
import type { BatchTask } from "./protocol.ts";
import type { Preload } from "./threads.ts";

/** What a thread needs for every batch of its run. */
export interface WorkerParts {
  readonly model: BoundModel;
  readonly engine: Engine;
}

let parts: WorkerParts | undefined;
let loaded: ReturnType<typeof loadModel> | undefined;

/** Loads the code that the first task will ask for. What fails here is told by that task. */
export function preload({ engine, model }: Preload): void {
  createEngine(engine).catch(() => undefined);
  loaded = loadModel(model);
  loaded.catch(() => undefined);
}

/** The model with its data, and the engine: made once, since all tasks of a thread are of one run. */
export async function workerParts({ model, bind, engine }: Omit<BatchTask, "settings">): Promise<WorkerParts> {
  loaded ??= loadModel(model);
  parts ??= { model: bindData(await loaded, bind), engine: keepKernels(await createEngine(engine)) };
  return parts;
}
