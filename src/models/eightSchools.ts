import { positive, real } from "../model/data.ts";
import { halfCauchy } from "../model/distributions/halfCauchy.ts";
import { normal } from "../model/distributions/normal.ts";
import { model } from "../model/model.ts";
import { choice, type OptionSpec } from "./options.ts";
import { type Shipped, ship } from "./shipped.ts";

type Parametrization = "noncentred" | "centred";

interface Options extends Readonly<Record<string, OptionSpec>> {
  readonly parametrization: OptionSpec<Parametrization>;
}

/** z = [mu, log tau, eta] with theta = mu + tau·eta (non-centred), or [mu, log tau, theta] (centred). [Rubin 1981] */
export const eightSchools: Shipped<Options> = ship<Options>(
  {
    name: "eight-schools",
    title: "Eight schools",
    description:
      "Effects of coaching in several schools, each measured with a known error, drawn from one population: the " +
      "standard example of a hierarchical model. Centred, it has a funnel that Hamiltonian Monte Carlo cannot follow.",
    data: { y: "measured effect (school)", sigma: "its standard error (school)" },
    parameters: {
      mu: "mean effect, normal(0, 5)",
      tau: "standard deviation of the effects, halfCauchy(5)",
      eta: "standardised effect of each school, normal(0, 1); non-centred alone",
      theta: "effect of each school: normal(mu, tau), or mu + tau * eta",
    },
    options: {
      parametrization: choice(
        ["noncentred", "centred"],
        "noncentred",
        "Whether a school's effect is drawn as mu + tau * eta, or directly.",
      ),
    },
  },
  ({ parametrization }) => {
    const data = { y: real("school"), sigma: positive("school") };
    const population = { mu: normal(0, 5), tau: halfCauchy(5) };
    if (parametrization === "centred")
      return model({
        data,
        parameters: { ...population, theta: ({ mu, tau }) => normal(mu, tau).over("school") },
        likelihood: ({ y, sigma, theta }) => normal(theta, sigma).observe(y),
      });
    return model({
      data,
      parameters: { ...population, eta: normal(0, 1).over("school") },
      derived: ({ mu, tau, eta }) => ({ theta: eta.mul(tau).add(mu) }),
      likelihood: ({ y, sigma, theta }) => normal(theta, sigma).observe(y),
    });
  },
);
