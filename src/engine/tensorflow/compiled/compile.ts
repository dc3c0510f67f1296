import type { Node } from "../../../graph/node.ts";
import type { Program } from "../../../graph/program.ts";
import type { CompileOptions, Kernel } from "../../engine.ts";
import { type PrintOptions, printProgram } from "../../stablehlo/index.ts";
import type { Addon } from "../addon.ts";
import type { Executables } from "./executables.ts";
import { explained } from "./explain.ts";
import { CompiledKernel } from "./kernel.ts";

/** A program's chains are filled up to a multiple of this, so that a chain's bits depend on its batch's size as little as can be. */
const CHAIN_BLOCK = 64;
/**
 * Records of one call take at most this much memory, but for a single iteration: a processor clears them at each call,
 * also of one iteration; to a GPU each call costs more than that.
 */
const RECORD_BYTES = { cpu: 2 ** 19, gpu: 2 ** 26 };
const MOST_ITERATIONS = 256;

/** A kernel of the compiled route. */
export function compileProgram(
  program: Program,
  options: CompileOptions,
  addon: Addon,
  executables: Executables,
): Kernel {
  const chains = Math.ceil(options.chains / CHAIN_BLOCK) * CHAIN_BLOCK;
  const iterations = iterationsOf(program, options, addon.isUsingGpuDevice());
  const print: PrintOptions = { ...options, chains, iterations };
  const printed = printProgram(program, print);
  try {
    const { executable, giveBack } = executables.acquire(printed);
    return new CompiledKernel(program, options, { printed, executable, chains, iterations }, addon, giveBack);
  } catch (error) {
    throw explained(error, "compiled", program.name, options.chains);
  }
}

/** How many iterations one call makes at most. */
function iterationsOf(program: Program, { chains, recorded = [], precision }: CompileOptions, gpu: boolean): number {
  const bytes = (node: Node): number => node.size * (node.dtype === "float" && precision === "float64" ? 8 : 4);
  const frame = recorded.reduce((sum, name) => sum + bytes(program.outputs[name]!), 0) * chains;
  const most = gpu ? RECORD_BYTES.gpu : RECORD_BYTES.cpu;
  return Math.max(1, Math.min(MOST_ITERATIONS, Math.floor(most / Math.max(1, frame))));
}
