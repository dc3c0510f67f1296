import { samplerOf } from "../chain/samplers.ts";
import { mostDraws } from "../config/rules.ts";
import type { StoredType, VariableSpec } from "../draws.ts";
import type { BoundModel } from "../model/boundModel.ts";
import type { DataArray, StoreData, StoreLayout } from "../store/index.ts";
import { planBatches, type SettledConfig } from "./plan.ts";

/** The arrays that the draws of a run make. */
export function storeLayout(model: BoundModel, config: SettledConfig): StoreLayout {
  const { precision } = config;
  const draws = mostDraws(config);
  return {
    variables: model.variables.map(({ name, dtype, dims, shape, role }) => ({
      name,
      dtype: dtype === "float" ? precision : dtype,
      dims,
      shape,
      role,
    })),
    statistics: statistics(config),
    coordinates: model.coordinates,
    batches: planBatches(config).map(({ firstChain, chains }) => ({ firstChain, chains })),
    draws,
    warmup: config.warmup_draws ? config.warmup : 0,
    chunkDraws: Math.min(config.block, Math.max(draws, config.warmup_draws ? config.warmup : 0)),
    ...keep(config),
    ...(config.unconstrained && { unconstrained: { dtype: precision, labels: model.coordinateNames } }),
  };
}

/** The sampler's statistics, under ArviZ's names. */
function statistics({ precision, sampler }: SettledConfig): VariableSpec[] {
  const scalar = (name: string, dtype: StoredType): VariableSpec => ({ name, dtype, dims: [], shape: [] });
  return [
    scalar("lp", precision),
    scalar("acceptance_rate", precision),
    scalar("step_size", precision),
    scalar("n_steps", "int32"),
    scalar("diverging", "bool"),
    scalar("energy", precision),
    scalar("energy_error", precision),
    ...samplerOf({ sampler }).statistics.map(({ name, dtype }) => scalar(name, dtype)),
  ];
}

/** What of the draws is kept, where not all are. */
function keep({ keep: kind, thin }: SettledConfig): Pick<StoreLayout, "keep"> {
  if (kind === "draws") return {};
  return { keep: kind === "thinned" ? { kind, every: thin } : { kind } };
}

/** The model's data, as they lie beside the draws. */
export function storeData(model: BoundModel): StoreData {
  const arrays = (group: BoundModel["observed"]): DataArray[] =>
    Object.values(group).map(({ name, dtype, dims, shape, data }) => ({
      name,
      dtype: dtype === "float" ? "float64" : dtype,
      dims,
      shape,
      values: data,
    }));
  return { observed: arrays(model.observed), constant: arrays(model.constants) };
}
