import { ModelError } from "../errors.ts";
import { inWords, suggestion } from "../model/words.ts";
import { eightSchools } from "./eightSchools.ts";
import { funnel } from "./funnel.ts";
import { linearRegression } from "./linearRegression.ts";
import { logisticRegression } from "./logisticRegression.ts";
import type { ShippedModel } from "./shipped.ts";
import { sparseLogisticRegression } from "./sparseLogisticRegression.ts";

/** The models that come with the package, by the name that a config gives. */
export const shippedModels: Readonly<Record<string, ShippedModel>> = Object.fromEntries(
  [sparseLogisticRegression, logisticRegression, linearRegression, eightSchools, funnel].map((shipped) => [
    shipped.name,
    shipped,
  ]),
);

/** The model of a name. Throws a ModelError that lists the names there are. */
export function shippedModel(name: string): ShippedModel {
  const names = Object.keys(shippedModels);
  const found = Object.hasOwn(shippedModels, name) ? shippedModels[name] : undefined;
  if (found !== undefined) return found;
  throw new ModelError(
    `There is no model ${name}${suggestion(name, names)} There are ${inWords(names)}; a model of your own is named ` +
      "by its file, such as ./my-model.ts.",
  );
}
