import { EngineError } from "../../../errors.ts";
import { messageOf } from "../addon.ts";

/** TensorFlow's error with the program's name, and what to do where memory is short. Errors of ours stay as they are. */
export function explained(error: unknown, what: "compiled" | "run", program: string, chains: number): unknown {
  if (error instanceof EngineError || error instanceof RangeError) return error;
  const reason = messageOf(error).trim();
  const isMemory = /RESOURCE_EXHAUSTED|out of memory|OOM/i.test(reason);
  const advice = isMemory
    ? ` The device's memory does not hold ${chains} chains at once: use fewer chains in a batch.`
    : "";
  return new EngineError(`Program ${program} cannot be ${what} for ${chains} chains by TensorFlow: ${reason}${advice}`);
}
