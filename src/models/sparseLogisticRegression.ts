import { binary, real } from "../model/data.ts";
import { bernoulli } from "../model/distributions/bernoulli.ts";
import { gamma } from "../model/distributions/gamma.ts";
import { normal } from "../model/distributions/normal.ts";
import { model } from "../model/model.ts";
import { type Shipped, ship } from "./shipped.ts";

/** z = [log τ, log λ, β]. The model of the paper's listing 1 and of Inference Gym's SparseLogisticRegression. */
export const sparseLogisticRegression: Shipped<Record<never, never>> = ship(
  {
    name: "sparse-logistic-regression",
    title: "Sparse logistic regression",
    description:
      "Which of many features tell two classes apart? Each coefficient is tau * lambda * beta: one scale for all, " +
      "one for each feature. Standardise the columns of x; for an intercept give it a column of ones.",
    data: { x: "features, one column each (observation, feature)", y: "the class, 0 or 1 (observation)" },
    parameters: {
      tau: "scale of all coefficients, gamma(0.5, 0.5)",
      lambda: "scale of each coefficient, gamma(0.5, 0.5)",
      beta: "direction of each coefficient, normal(0, 1)",
      coefficient: "tau * lambda * beta: log odds per unit of the feature",
    },
    options: {},
  },
  () =>
    model({
      data: { x: real("observation", "feature"), y: binary("observation") },
      parameters: {
        tau: gamma(0.5, 0.5),
        lambda: gamma(0.5, 0.5).over("feature"),
        beta: normal(0, 1).over("feature"),
      },
      derived: ({ tau, lambda, beta }) => ({ coefficient: tau.mul(lambda).mul(beta) }),
      likelihood: ({ y, x, coefficient }) => bernoulli({ logits: x.matvec(coefficient) }).observe(y),
    }),
);
