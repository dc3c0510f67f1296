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
