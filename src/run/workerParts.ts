import type { Engine } from "../engine/engine.ts";
import { createEngine } from "../engine/registry.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { bindData } from "./bindData.ts";
import { keepKernels } from "./keepKernels.ts";
import { loadModel } from "./loadModel.ts";
import type { BatchTask } from "./protocol.ts";

/** What a thread needs for every batch of its run. */
export interface WorkerParts {
  readonly model: BoundModel;
  readonly engine: Engine;
}

let parts: WorkerParts | undefined;

/** The model with its data, and the engine: made once, since all tasks of a thread are of one run. */
export async function workerParts({ model, bind, engine }: Omit<BatchTask, "settings">): Promise<WorkerParts> {
  parts ??= { model: bindData(await loadModel(model), bind), engine: keepKernels(await createEngine(engine)) };
  return parts;
}
