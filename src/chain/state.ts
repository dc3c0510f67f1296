/** What batches of every sampler read of a kernel and a clock. */
import type { Kernel } from "../engine/engine.ts";
import type { PhaseTotals } from "./batch.ts";
import type { ChainPosition } from "./sampler.ts";

export const NO_TOTALS: PhaseTotals = { gradients: 0, divergences: 0 };

/** A batch's state as its kernel holds it. */
export async function readState(kernel: Kernel): Promise<Omit<ChainPosition, "iteration">> {
  return {
    z: Float64Array.from(await kernel.read("z")),
    logDensity: Float64Array.from(await kernel.read("log_density")),
    gradient: Float64Array.from(await kernel.read("gradient")),
  };
}

export function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
