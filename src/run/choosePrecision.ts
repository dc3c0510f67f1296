/** Which precision a run has: the config's, or, where that says `auto`, float32 where it fits, else float64. */
import type { LoadedConfig } from "../config/load.ts";
import type { ResolvedConfig } from "../config/types.ts";
import type { Precision } from "../draws.ts";
import { EngineError } from "../errors.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { type Coarse, coarseParts } from "./coarse.ts";
import { misfitOf } from "./firstStates.ts";
import { planBatches } from "./plan.ts";

export interface ChosenPrecision {
  readonly precision: Precision;
  /** Why, where the config left the choice. */
  readonly reason?: string;
  /** What float32 is too coarse for, with its places, where the run has float32 all the same. */
  readonly warnings: readonly string[];
}

const FITS = "data, bounds and the log density at first states fit it";

/**
 * A function of the config, the model and the data alone, never of the machine, but for engines that lack a precision.
 * @param precisions those that the engine has; default: both
 */
export async function choosePrecision(
  loaded: LoadedConfig,
  model: BoundModel,
  precisions: readonly Precision[] = ["float32", "float64"],
): Promise<ChosenPrecision> {
  const { config } = loaded;
  const { engine, precision } = config;
  if (precision === "float64") return { precision, warnings: [] };
  if (precision === "auto" && !precisions.includes("float32"))
    return { precision: "float64", reason: `engine ${engine} has no other`, warnings: [] };
  const coarse = coarseParts(model, config);
  if (precision === "float32") return { precision, warnings: warningsOn(loaded, coarse) };
  const misfit = placedText(loaded, coarse[0]) ?? (await misfitAtFirst(config, model));
  if (misfit === undefined) return { precision: "float32", reason: FITS, warnings: [] };
  if (precisions.includes("float64")) return { precision: "float64", reason: misfit, warnings: [] };
  const reason = `engine ${engine} has no other here, though ${misfit}`;
  return { precision: "float32", reason, warnings: warningsOn(loaded, coarse) };
}

async function misfitAtFirst(config: ResolvedConfig, model: BoundModel): Promise<string | undefined> {
  try {
    return await misfitOf(model, planBatches({ ...config, precision: "float32" })[0]!);
  } catch (error) {
    // What cannot be compiled here may be where the run is; if not, the run says so. The gate looks again.
    if (error instanceof EngineError || (error instanceof Error && error.name === "CompileError")) return undefined;
    throw error;
  }
}

function warningsOn(loaded: LoadedConfig, coarse: readonly Coarse[]): string[] {
  return coarse.map(({ path, text }) => loaded.error(path, `${text}. Set precision: float64.`).message);
}

/** `run.yaml:3:5: data.t: …`, without the line that an error quotes. */
function placedText(loaded: LoadedConfig, coarse: Coarse | undefined): string | undefined {
  return coarse === undefined ? undefined : loaded.error(coarse.path, coarse.text).message.split("\n")[0];
}
