import { EngineError } from "../../errors.ts";
import type { Program } from "../../graph/program.ts";
import { PluginError } from "./api.ts";
import type { MemoryUse } from "./handles.ts";

/** XLA's code for memory that is not there. */
const RESOURCE_EXHAUSTED = 8;

/** What XLA was doing, and for what. */
export interface Circumstances {
  readonly program: Program;
  readonly chains: number;
  /** The chains that the program was compiled for, which its memory is counted for. */
  readonly padded: number;
  readonly memory?: MemoryUse | undefined;
}

/** The plugin's error with the program's name and what to do; any other error as it is. */
export function explained(error: unknown, what: "compile" | "run", circumstances: Circumstances): unknown {
  if (!(error instanceof PluginError)) return error;
  const { program, chains } = circumstances;
  const done = what === "compile" ? "cannot be compiled" : "cannot run";
  const advice = error.code === RESOURCE_EXHAUSTED ? ` ${memoryAdvice(circumstances)}` : "";
  return new EngineError(`Program ${program.name} ${done} for ${chains} chains. ${error.message}.${advice}`);
}

/** How many chains would fit, where the plugin says what the program takes and what the device has. */
function memoryAdvice({ chains, padded, memory }: Circumstances): string {
  const few = `The device's memory does not hold ${chains} chains at once: use fewer chains in a batch`;
  if (memory?.limit === undefined || memory.needed <= 0) return `${few}, or shorter blocks.`;
  const { needed, limit } = memory;
  // A tenth stays free for what the plugin takes for itself; chains come in blocks of 64.
  const fitting = (programs: number): number => Math.floor(((limit * 0.9) / needed / programs) * (padded / 64)) * 64;
  const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const sizes = `(the program takes ${gigabytes(needed)} of ${gigabytes(limit)})`;
  if (fitting(1) < 64) return `${few} ${sizes}.`;
  if (fitting(1) < chains) return `${few}; about ${fitting(1)} would fit ${sizes}.`;
  const two = fitting(2) < 64 ? "" : `, or batches of about ${fitting(2)} chains, of which two would fit`;
  return `The device's memory holds ${chains} chains, but not beside what else is on it: use fewer workers${two} ${sizes}.`;
}
