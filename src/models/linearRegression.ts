import { real } from "../model/data.ts";
import { normal } from "../model/distributions/normal.ts";
import { model } from "../model/model.ts";
import { choice, flag, type OptionSpec, scale, scaleOrFlat } from "./options.ts";
import { around0, positiveScale, type ScalePrior, scalePriors } from "./priors.ts";
import { type Shipped, ship } from "./shipped.ts";

interface Options extends Readonly<Record<string, OptionSpec>> {
  readonly intercept: OptionSpec<boolean>;
  readonly interceptScale: OptionSpec<number | null>;
  readonly coefficientScale: OptionSpec<number | null>;
  readonly noise: OptionSpec<ScalePrior>;
  readonly noiseScale: OptionSpec<number>;
}

/**
 * z = [intercept, coefficient, log sigma], or without the intercept. posteriordb's `sblri-blr` is
 * `{ intercept: false }`; its `kidiq-kidscore_momiq` and `kidiq-kidscore_interaction` are
 * `{ interceptScale: null, coefficientScale: null, noise: "half-cauchy", noiseScale: 2.5 }`.
 */
export const linearRegression: Shipped<Options> = ship<Options>(
  {
    name: "linear-regression",
    title: "Linear regression",
    description:
      "A real outcome is linear in the features, with normal noise. The scales of the priors are absolute: choose " +
      "them for your units, or standardise x and y.",
    data: { x: "features, one column each (observation, feature)", y: "the outcome (observation)" },
    parameters: {
      intercept: "the outcome where all features are 0, normal(0, interceptScale)",
      coefficient: "change of the outcome per unit of each feature, normal(0, coefficientScale)",
      sigma: "standard deviation of the noise, its prior by the options noise and noiseScale",
    },
    options: {
      intercept: flag(true, "Whether there is an intercept."),
      interceptScale: scaleOrFlat(10, "Standard deviation of the intercept's prior."),
      coefficientScale: scaleOrFlat(10, "Standard deviation of each coefficient's prior."),
      noise: choice(scalePriors, "half-normal", "Prior of sigma; half-student-t has 3 degrees of freedom."),
      noiseScale: scale(10, "Scale of sigma's prior; a flat one has none."),
    },
  },
  ({ intercept, interceptScale, coefficientScale, noise, noiseScale }) => {
    const data = { x: real("observation", "feature"), y: real("observation") };
    const coefficient = around0(coefficientScale).over("feature");
    const sigma = positiveScale(noise, noiseScale);
    if (!intercept)
      return model({
        data,
        parameters: { coefficient, sigma },
        likelihood: ({ x, y, coefficient, sigma }) => normal(x.matvec(coefficient), sigma).observe(y),
      });
    return model({
      data,
      parameters: { intercept: around0(interceptScale), coefficient, sigma },
      likelihood: ({ x, y, intercept, coefficient, sigma }) =>
        normal(x.matvec(coefficient).add(intercept), sigma).observe(y),
    });
  },
);
