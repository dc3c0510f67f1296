import { describe, expect, it } from "vitest";
import { binary, index, positive, real } from "../../src/model/data.ts";
import { bernoulli } from "../../src/model/distributions/bernoulli.ts";
import { gamma } from "../../src/model/distributions/gamma.ts";
import { halfCauchy } from "../../src/model/distributions/halfCauchy.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { model } from "../../src/model/model.ts";

// The compiler checks these: `npm run check` fails where an expected error does not come, or another one does.
describe("the types of a model", () => {
  it("know data, parameters and derived quantities by name", () => {
    const declared = model({
      data: { x: real("observation", "feature"), y: binary("observation") },
      parameters: {
        tau: gamma(0.5, 0.5),
        lambda: gamma(0.5, 0.5).over("feature"),
        beta: normal(0, 1).over("feature"),
      },
      derived: ({ tau, lambda, beta }) => ({ coefficient: tau.mul(lambda).mul(beta) }),
      likelihood: ({ y, x, coefficient }) => bernoulli({ logits: x.matvec(coefficient) }).observe(y),
    });
    expect(declared.name).toBe("model");
  });

  it("refuse a misspelt name in a prior", () => {
    model({
      data: { y: real("school"), sigma: positive("school") },
      parameters: {
        mu: normal(0, 5),
        tau: halfCauchy(5),
        // @ts-expect-error: there is no `tua`
        theta: ({ mu, tua }) => normal(mu, tua).over("school"),
      },
      likelihood: ({ y, theta, sigma }) => normal(theta, sigma).observe(y),
    });
  });

  it("refuse a misspelt name in derived and likelihood", () => {
    model({
      data: { y: real("school"), sigma: positive("school"), school: index("school", "pupil") },
      parameters: { mu: normal(0, 5), theta: ({ mu, sigma }) => normal(mu, sigma).over("school") },
      // @ts-expect-error: there is no `theata`
      derived: ({ mu, theata }) => ({ effect: theata.sub(mu) }),
      // @ts-expect-error: there is no `efect`
      likelihood: ({ y, efect, sigma }) => normal(efect, sigma).observe(y),
    });
    model({
      parameters: { mu: normal(0, 5) },
      // @ts-expect-error: no data, no derived quantities
      likelihood: ({ mu, y }) => normal(mu, 1).observe(y),
    });
  });

  it("refuse what is no prior, no data and no term", () => {
    // @ts-expect-error: a number is no prior
    model({ parameters: { mu: 3 } });
    // @ts-expect-error: a string is no data
    model({ data: { y: "observation" }, parameters: {} });
    // @ts-expect-error: a distribution is no term: it observes nothing
    model({ data: { y: real("n") }, parameters: { mu: normal(0, 1) }, likelihood: ({ mu }) => normal(mu, 1) });
  });
});
