import type { LoadedData } from "../config/data.ts";
import { ManychainError, ModelError } from "../errors.ts";
import { bind } from "../model/bind.ts";
import type { BoundModel } from "../model/boundModel.ts";
import type { AnyModel } from "./loadModel.ts";
import { errorWords } from "./modelImports.ts";

/** A model's data and labels, as a worker gets them. Structured-cloneable. */
export interface BindInput {
  readonly data: LoadedData["values"];
  /** The config's labels; those win over the column names of a CSV file. */
  readonly coordinates: Readonly<Record<string, readonly string[]>>;
}

/**
 * Gives a model its data. Column names of a CSV matrix label its second dimension.
 * @throws ModelError also where the model's own code throws something else
 */
export function bindData(model: AnyModel, { data, coordinates }: BindInput): BoundModel {
  const columns: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(data)) {
    const dimension = model.data[name]?.dims[1];
    if (dimension !== undefined && value.coordinates !== undefined) columns[dimension] ??= value.coordinates;
  }
  try {
    return bind(model, { data, coordinates: { ...columns, ...coordinates } });
  } catch (error) {
    if (error instanceof ManychainError) throw error;
    throw new ModelError(`the code of model ${model.name} failed: ${errorWords(error)}`, { cause: error });
  }
}
