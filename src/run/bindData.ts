import type { LoadedData } from "../config/data.ts";
import type { Coordinates } from "../draws.ts";
import { about, ManychainError, ModelError } from "../errors.ts";
import { bind } from "../model/bind.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { byNames, own } from "../named.ts";
import type { AnyModel } from "./loadModel.ts";
import { errorWords } from "./modelImports.ts";

type Labels = Coordinates[string];

/** A model's data and labels, as a worker gets them. Structured-cloneable. */
export interface BindInput {
  readonly data: LoadedData["values"];
  /** The config's labels; those win over the column names of a CSV file. */
  readonly coordinates: Coordinates;
}

/** The levels of factors, by the dimension that they point into. @throws ModelError where two lists of labels differ */
function levelsOf(model: AnyModel, { data, coordinates }: BindInput): Record<string, Labels> {
  const found: Record<string, Labels> = byNames();
  for (const [name, { levels }] of Object.entries(data)) {
    const dimension = own(model.data, name)?.into;
    if (dimension === undefined || levels === undefined) continue;
    const given = own(coordinates, dimension);
    const known = given ?? found[dimension];
    if (known !== undefined && known.map(String).join("\0") !== levels.map(String).join("\0")) {
      const from = given === undefined ? "another factor has" : "`coordinates` has";
      throw new ModelError(
        `the levels of ${name} (${inShort(levels)}) are not the labels that ${from} for dimension ${dimension} (${inShort(known)}): ` +
          "give `levels`, all of them and in one order.",
        about("data", name),
      );
    }
    found[dimension] = levels;
  }
  return found;
}

function inShort(labels: Labels): string {
  return labels.length > 6 ? `${labels.slice(0, 6).join(", ")}, … ${labels.length} in all` : labels.join(", ");
}

/**
 * Gives a model its data. Column names of a CSV matrix label its second dimension, levels of a factor the one it points into.
 * @throws ModelError also where the model's own code throws something else
 */
export function bindData(model: AnyModel, input: BindInput): BoundModel {
  const { data, coordinates } = input;
  const columns: Record<string, Labels> = byNames();
  for (const [name, value] of Object.entries(data)) {
    const dimension = own(model.data, name)?.dims[1];
    if (dimension !== undefined && value.coordinates !== undefined) columns[dimension] ??= value.coordinates;
  }
  const levels = levelsOf(model, input);
  try {
    return bind(model, { data, coordinates: { ...columns, ...levels, ...coordinates } });
  } catch (error) {
    if (error instanceof ManychainError) throw error;
    throw new ModelError(`the code of model ${model.name} failed: ${errorWords(error)}`, { cause: error });
  }
}
