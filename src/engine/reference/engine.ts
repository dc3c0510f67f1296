import { EngineError } from "../../errors.ts";
import type { Program } from "../../graph/program.ts";
import type { CompileOptions, Engine, Kernel, Probe } from "../engine.ts";
import { ReferenceKernel } from "./kernel.ts";

/**
 * The definition of what a program means: a plain interpreter in float64, one chain after the other, slow and obvious.
 * Every other engine is tested against it.
 */
export function referenceEngine(): Engine {
  return {
    name: "reference",
    probe: async (): Promise<Probe> => ({
      available: true,
      details: ["plain JavaScript, float64 only"],
      precisions: ["float64"],
    }),
    compile: async (program: Program, options: CompileOptions): Promise<Kernel> => {
      if (options.precision !== "float64")
        throw new EngineError(
          `The reference engine computes in float64 only, not ${options.precision}. Set precision to float64, or choose another engine.`,
        );
      return new ReferenceKernel(program, options);
    },
  };
}
