import type { ShippedModel } from "./shipped.ts";
import { sparseLogisticRegression } from "./sparseLogisticRegression.ts";

/** The models that come with the package, by the name that a config gives. */
export const shippedModels: Readonly<Record<string, ShippedModel>> = Object.fromEntries(
  [sparseLogisticRegression].map((shipped) => [shipped.name, shipped]),
);
