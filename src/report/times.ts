/** Where a run's time went. */
import type { RunFacts } from "../store/index.ts";
import { duration } from "./text.ts";

type Seconds = RunFacts["seconds"];

/** `11.9 s: compiling 0.123 s, …`; nothing where it is not known. */
export function phasesText({ compile, warmup, sampling, total }: Seconds): string | undefined {
  if (!Number.isFinite(total)) return undefined;
  return `${duration(total)}: compiling ${duration(compile)}, warm-up ${duration(warmup)}, sampling ${duration(sampling)}`;
}

/** Kernels and transfers apart; nothing where there was nothing to transfer, or nobody knows. */
export function deviceText({ kernel = Number.NaN, transfer = Number.NaN }: Seconds): string | undefined {
  if (!Number.isFinite(kernel) || !(transfer > 0)) return undefined;
  return `kernels ${duration(kernel)}, transfers to and from the device ${duration(transfer)} (both at once in part)`;
}
