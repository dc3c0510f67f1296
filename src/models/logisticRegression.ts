import { binary, real } from "../model/data.ts";
import { bernoulli } from "../model/distributions/bernoulli.ts";
import { model } from "../model/model.ts";
import { flag, type OptionSpec, scaleOrFlat } from "./options.ts";
import { around0 } from "./priors.ts";
import { type Shipped, ship } from "./shipped.ts";

interface Options extends Readonly<Record<string, OptionSpec>> {
  readonly intercept: OptionSpec<boolean>;
  readonly interceptScale: OptionSpec<number | null>;
  readonly coefficientScale: OptionSpec<number | null>;
}

/** z = [intercept, coefficient], or the coefficients alone. */
export const logisticRegression: Shipped<Options> = ship<Options>(
  {
    name: "logistic-regression",
    title: "Logistic regression",
    description:
      "The log odds of a binary outcome are linear in the features. The priors suit standardised features: a change " +
      "of one standard deviation rarely moves the log odds by more than 5.",
    data: { x: "features, one column each (observation, feature)", y: "the outcome, 0 or 1 (observation)" },
    parameters: {
      intercept: "log odds where all features are 0, normal(0, interceptScale)",
      coefficient: "change of the log odds per unit of each feature, normal(0, coefficientScale)",
    },
    options: {
      intercept: flag(true, "Whether there is an intercept."),
      interceptScale: scaleOrFlat(2.5, "Standard deviation of the intercept's prior."),
      coefficientScale: scaleOrFlat(2.5, "Standard deviation of each coefficient's prior."),
    },
  },
  ({ intercept, interceptScale, coefficientScale }) => {
    const data = { x: real("observation", "feature"), y: binary("observation") };
    const coefficient = around0(coefficientScale).over("feature");
    if (!intercept)
      return model({
        data,
        parameters: { coefficient },
        likelihood: ({ x, y, coefficient }) => bernoulli({ logits: x.matvec(coefficient) }).observe(y),
      });
    return model({
      data,
      parameters: { intercept: around0(interceptScale), coefficient },
      likelihood: ({ x, y, intercept, coefficient }) =>
        bernoulli({ logits: x.matvec(coefficient).add(intercept) }).observe(y),
    });
  },
);
