import type { Precision } from "../draws.ts";
import type { Engine } from "../engine/engine.ts";
import { createEngine } from "../engine/registry.ts";
import type { Target } from "../sampler/target.ts";
import { densityProgram } from "../sampler/transition.ts";

export interface EvaluationOptions {
  /** An engine or its name. Default: `wasm`. */
  readonly engine?: Engine | string;
  /** Default: `float64`. */
  readonly precision?: Precision;
}

/** log p(z) and its gradient at one point. */
export interface DensityAndGradient {
  readonly logDensity: number;
  /** `[D]`. */
  readonly gradient: Float64Array;
}

/**
 * A model's log density, Jacobian included, and its gradient at an unconstrained point.
 *
 * @param model a model with its data, from `bind`
 * @param z the point, `[D]`
 * @throws RangeError for a point of another length; EngineError where the engine cannot run here
 */
export async function logDensityAndGradient(
  model: Target,
  z: ArrayLike<number>,
  options: EvaluationOptions = {},
): Promise<DensityAndGradient> {
  const { engine = "wasm", precision = "float64" } = options;
  if (z.length !== model.dimension) {
    throw new RangeError(`z must have ${model.dimension} numbers, one a dimension of the model; it has ${z.length}.`);
  }
  const chosen = typeof engine === "string" ? await createEngine(engine) : engine;
  const kernel = await chosen.compile(densityProgram(model), { precision, chains: 1 });
  try {
    kernel.write("z", z);
    await kernel.run(1);
    const [logDensity] = await kernel.read("log_density");
    return { logDensity: logDensity!, gradient: Float64Array.from(await kernel.read("gradient")) };
  } finally {
    kernel.dispose();
  }
}
