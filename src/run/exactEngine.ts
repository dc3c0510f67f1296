import type { Engine } from "../engine/engine.ts";
import { createEngine } from "../engine/registry.ts";
import { EngineError } from "../errors.ts";
import { keepKernels } from "./keepKernels.ts";

let exact: Promise<Engine> | undefined;

/**
 * The engine of this thread that evaluates some states in float64, whatever engine runs the batch: `wasm`, whose numbers are
 * the same everywhere; what that cannot compile, `reference`.
 */
export function exactEngine(): Promise<Engine> {
  exact ??= makeEngine();
  return exact;
}

async function makeEngine(): Promise<Engine> {
  const [wasm, reference] = [await createEngine("wasm"), await createEngine("reference")];
  const compile: Engine["compile"] = async (program, options) => {
    try {
      return await wasm.compile(program, options);
    } catch (error) {
      if (error instanceof EngineError) return await reference.compile(program, options);
      throw error;
    }
  };
  return keepKernels({ ...wasm, compile });
}
