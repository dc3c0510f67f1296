import { normal } from "../model/distributions/normal.ts";
import { model } from "../model/model.ts";
import { type OptionSpec, whole } from "./options.ts";
import { type Shipped, ship } from "./shipped.ts";

interface Options extends Readonly<Record<string, OptionSpec>> {
  readonly dimension: OptionSpec<number>;
}

/** z = [v, x]. v ~ normal(0, 3), xᵢ ~ normal(0, e^(v/2)) [Neal 2003]. */
export const funnel: Shipped<Options> = ship<Options>(
  {
    name: "funnel",
    title: "Neal's funnel",
    description:
      "A hard target whose quantiles are known: the scale of all other coordinates is one coordinate's exponential, so " +
      "that no step size suits everywhere. A sampler that misses the neck must say so.",
    data: {},
    parameters: {
      v: "twice the log scale of the others, normal(0, 3)",
      x: "dimension − 1 coordinates, normal(0, exp(v / 2))",
    },
    options: { dimension: whole(10, 2, "Number of coordinates, v included.") },
  },
  ({ dimension }) =>
    model({
      dimensions: { coordinate: dimension - 1 },
      parameters: {
        v: normal(0, 3),
        x: ({ v }) => normal(0, v.mul(0.5).exp()).over("coordinate"),
      },
    }),
);
