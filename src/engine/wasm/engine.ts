import { EngineError } from "../../errors.ts";
import type { Program } from "../../graph/program.ts";
import type { CompileOptions, Engine, Kernel, Probe } from "../engine.ts";
import { checkOptions } from "../validate.ts";
import { hasFusedMultiplyAdd } from "./fusedArithmetic.ts";
import { type GenerateOptions, generate } from "./generate.ts";
import { WasmKernel } from "./kernel.ts";
import { lower } from "./lower.ts";
import { MemoryLayout } from "./memory.ts";
import type { Longest } from "./pieces.ts";
import { checkSize } from "./size.ts";
import { type Helpers, Team } from "./team.ts";
import { vectorsSideBySide } from "./vectors.ts";
import { webAssembly } from "./webassembly.ts";
import { canWiden, widenVectors, wouldWiden } from "./wide.ts";

/** A module with one SIMD instruction (i32x4.splat): validates only where SIMD is supported. */
const SIMD_TEST = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17, 11];

/**
 * The default engine: a program becomes one WebAssembly module, chains lie in SIMD lanes, and a block of iterations is
 * one call. Only + − × ÷ √ and bit operations are used, so the same program and inputs give the same bits on every
 * machine, for any number of chains in the batch.
 *
 * With `fast`, a multiplication and the addition after it are one operation, rounded once, where the processor has it: the
 * same bits on every processor that does, again for any number of chains; without, the bits are those of every machine.
 */
export function wasmEngine({ fast = false, wide = true, helpers, longest }: WasmOptions = {}): Engine {
  const team = new Team(helpers);
  return {
    name: "wasm",
    probe: () => probe({ fast, wide }),
    compile: async (program, options) =>
      compile(program, options, {
        fused: fast && hasFusedMultiplyAdd(),
        wide: widenVectors(wide),
        team,
        ...(longest && { longest }),
      }),
    check: (program) => checkSize(program),
    hasStarted: () => team.hasStarted(),
    end: () => team.end(),
  };
}

export interface WasmOptions {
  /** Fuse multiplications with additions. Default: false. */
  readonly fast?: boolean;
  /** Let V8 make one instruction on 256 bits of two on 128, where it can. Changes no bit. Default: true. */
  readonly wide?: boolean;
  /** Threads that chains are divided among, beside the caller's. Default: none. */
  readonly helpers?: Helpers;
  /** From where on code is cut into functions (`pieces.ts`). Changes no bit. */
  readonly longest?: Longest;
}

async function probe({ fast, wide }: { readonly fast: boolean; readonly wide: boolean }): Promise<Probe> {
  if (webAssembly?.validate(Uint8Array.from(SIMD_TEST))) {
    const widened = wide && canWiden() ? ", two vectors of 128 bits as one" : "";
    const details = [`WebAssembly SIMD of V8 ${process.versions.v8}${widened}`];
    if (wide && wouldWiden())
      details.push("Node 24 or later would take about half the time: its V8 makes one vector of two");
    if (!fast) return { available: true, details };
    if (hasFusedMultiplyAdd())
      return { available: true, details: [...details, "fast: fused multiply-add"], bits: "fused multiply-add" };
    const without = "fast: no fused multiply-add here, so that numbers and speed are those without `fast`";
    return { available: true, details: [...details, without] };
  }
  return {
    available: false,
    reason: "this JavaScript engine has no WebAssembly SIMD",
    remedy: "use Node 20.19 or later on a 64-bit processor",
  };
}

function compile(
  program: Program,
  options: CompileOptions,
  { team, ...how }: Pick<GenerateOptions, "fused" | "wide" | "longest"> & { readonly team: Team },
): Kernel {
  const { precision, chains, carried = {} } = options;
  checkOptions(program, options);
  checkSize(program);
  if (webAssembly === undefined)
    throw new EngineError("This JavaScript engine has no WebAssembly: use Node 20.19 or later.");
  const threads = team.size;
  const vectors = vectorsSideBySide(chains, precision, threads, how.wide);
  const layout = new MemoryLayout(precision);
  const generated = generate(lower(program), options, layout, vectors, { ...how, chains, threads });
  return new WasmKernel(generated, { chains, precision, carried, team });
}
