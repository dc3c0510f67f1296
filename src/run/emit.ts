import { samplerOf } from "../chain/samplers.ts";
import { printProgram } from "../engine/stablehlo/index.ts";
import { lower } from "../engine/wasm/lower.ts";
import { printSchedule } from "../engine/wasm/print.ts";
import { print } from "../graph/print.ts";
import type { TransitionProgram } from "../sampler/transition.ts";
import type { Prepared } from "./prepare.ts";

/** `listing`: the program as engines get it, node by node; `schedule`: its steps on `wasm`; `stablehlo`: one module. */
export type EmittedKind = "listing" | "schedule" | "stablehlo";

/** The program of a run's first batch as text; a block of its iterations for StableHLO. Nothing is run. */
export async function emitProgram({ model, batches, config }: Prepared, kind: EmittedKind): Promise<string> {
  const { program, roles } = transitionOf({ model, batches, config });
  if (kind === "listing") return ended(print(program));
  const { precision } = config;
  if (kind === "schedule") return ended(printSchedule(lower(program), precision));
  const chains = batches[0]!.chains;
  return ended(printProgram(program, { ...roles, precision, chains, iterations: config.block }).text);
}

function transitionOf({ model, batches, config }: Pick<Prepared, "model" | "batches" | "config">): TransitionProgram {
  const [first] = batches;
  return samplerOf(first!).program(model, first!.sampler, { recordPosition: config.unconstrained });
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
