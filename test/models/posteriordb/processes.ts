import { type Node, stack } from "../../../src/graph/node.ts";
import { positive, real } from "../../../src/model/data.ts";
import { beta } from "../../../src/model/distributions/beta.ts";
import { exponential } from "../../../src/model/distributions/exponential.ts";
import { flat } from "../../../src/model/distributions/flat.ts";
import { gamma } from "../../../src/model/distributions/gamma.ts";
import { halfCauchy } from "../../../src/model/distributions/halfCauchy.ts";
import { halfNormal } from "../../../src/model/distributions/halfNormal.ts";
import { normal } from "../../../src/model/distributions/normal.ts";
import { uniform } from "../../../src/model/distributions/uniform.ts";
import { model } from "../../../src/model/model.ts";
import { type Posterior, scalar, vector } from "./posterior.ts";

const arma = model({
  data: { y: real("time") },
  parameters: { mu: normal(0, 10), phi: normal(0, 2), theta: normal(0, 2), sigma: halfCauchy(2.5) },
  likelihood: ({ y, mu, phi, theta, sigma }) => {
    const errors: Node[] = [y.at(0).sub(mu.add(phi.mul(mu)))];
    for (let t = 1; t < y.size; t++) {
      const expected = phi
        .mul(y.at(t - 1))
        .add(mu)
        .add(theta.mul(errors[t - 1]!));
      errors.push(y.at(t).sub(expected));
    }
    return normal(0, sigma).observe(stack(errors));
  },
});

const garch = model({
  data: { y: real("time"), sigma1: positive() },
  parameters: {
    mu: flat(),
    alpha0: flat().within(0),
    alpha1: uniform(0, 1),
    beta1: ({ alpha1 }) => flat().within(0, alpha1.neg().add(1)),
  },
  likelihood: ({ y, sigma1, mu, alpha0, alpha1, beta1 }) => {
    const shocks = y.sub(mu).square();
    const variances = [sigma1.square().perChain()];
    for (let t = 1; t < y.size; t++)
      variances.push(alpha0.add(alpha1.mul(shocks.at(t - 1))).add(beta1.mul(variances[t - 1]!)));
    return normal(mu, stack(variances).sqrt()).observe(y);
  },
});

const gaussianProcess = model({
  data: { x: real("point"), y: real("point") },
  parameters: { rho: gamma(25, 4), alpha: halfNormal(2), sigma: halfNormal(1) },
  likelihood: ({ x, y, rho, alpha, sigma }) => {
    const covariance = (i: number, j: number): Node => {
      const distance = x.at(i).sub(x.at(j)).div(rho).square().mul(-0.5);
      const smooth = distance.exp().mul(alpha.square());
      return i === j ? smooth.add(sigma) : smooth;
    };
    const { factor, size } = cholesky(covariance, y.size);
    const whitened: Node[] = [];
    for (let i = 0; i < size; i++) {
      let rest = y.at(i);
      for (let j = 0; j < i; j++) rest = rest.sub(factor[i]![j]!.mul(whitened[j]!));
      whitened.push(rest.div(factor[i]![i]!));
    }
    const diagonal = stack(factor.map((row, i) => row[i]!));
    return { y: normal(0, 1).logDensity(stack(whitened)).sub(diagonal.log()) };
  },
});

/** The lower Cholesky factor, entry by entry. */
function cholesky(
  entry: (i: number, j: number) => Node,
  size: number,
): { readonly factor: Node[][]; readonly size: number } {
  const factor: Node[][] = [];
  for (let i = 0; i < size; i++) {
    const row: Node[] = [];
    for (let j = 0; j <= i; j++) {
      let rest = entry(i, j);
      for (let k = 0; k < j; k++) rest = rest.sub(row[k]!.mul((j === i ? row : factor[j]!)[k]!));
      row.push(i === j ? rest.sqrt() : rest.div(factor[j]![j]!));
    }
    factor.push(row);
  }
  return { factor, size };
}

/** log Σ over paths of two hidden states; `stay` are the chances to go to state 0 from each, `emissions` log densities. */
function forward(toFirst: readonly Node[], emissions: readonly Node[], length: number): Node {
  const log = toFirst.map((p) => [p.log(), p.neg().log1p()]);
  const plus = (a: Node, b: Node): Node => a.add(b.sub(a).softplus());
  let [a, b] = [emissions[0]!.at(0), emissions[1]!.at(0)];
  for (let t = 1; t < length; t++) {
    const next = [0, 1].map((k) => plus(a.add(log[0]![k]!), b.add(log[1]![k]!)).add(emissions[k]!.at(t)));
    [a, b] = [next[0]!, next[1]!];
  }
  return plus(a, b);
}

const hmm = model({
  dimensions: { state: 2 },
  data: { y: real("time") },
  parameters: {
    theta1: uniform(0, 1),
    theta2: uniform(0, 1),
    mu: flat().within(0).over("state").ordered(),
  },
  likelihood: ({ y, theta1, theta2, mu }) => ({
    prior: normal(3, 1)
      .logDensity(mu.at(0))
      .add(normal(10, 1).logDensity(mu.at(1))),
    y: forward(
      [theta1, theta2],
      [0, 1].map((k) => normal(mu.at(k), 1).logDensity(y)),
      y.size,
    ),
  }),
});

const drive = model({
  dimensions: { state: 2 },
  data: { u: real("time"), v: real("time") },
  parameters: {
    theta1: beta(4, 2),
    theta2: beta(2, 4),
    phi: flat().within(0).over("state").ordered(),
    lambda: flat().within(0).over("state").ordered(),
  },
  likelihood: ({ u, v, theta1, theta2, phi, lambda }) => {
    const prior = (rates: Node): Node =>
      normal(0, 1)
        .logDensity(rates.at(0))
        .add(normal(3, 1).logDensity(rates.at(1)));
    const emissions = [0, 1].map((k) =>
      exponential(phi.at(k))
        .logDensity(u)
        .add(exponential(lambda.at(k)).logDensity(v)),
    );
    return { phi: prior(phi), lambda: prior(lambda), path: forward([theta1, theta2], emissions, u.size) };
  },
});

/** Models with a recursion, written as a loop that runs when the graph is built. */
export const processes: readonly Posterior[] = [
  { name: "arma-arma11", model: arma, data: (json) => ({ y: vector(json["y"]) }), constant: Math.LN2 },
  {
    name: "garch-garch11",
    model: garch,
    data: (json) => ({ y: vector(json["y"]), sigma1: scalar(json["sigma1"]) }),
    constant: 0,
  },
  {
    name: "gp_pois_regr-gp_regr",
    model: gaussianProcess,
    data: (json) => ({ x: vector(json["x"]), y: vector(json["y"]) }),
    constant: 2 * Math.LN2,
  },
  { name: "hmm_example-hmm_example", model: hmm, data: (json) => ({ y: vector(json["y"]) }), constant: 0 },
  {
    name: "bball_drive_event_0-hmm_drive_0",
    model: drive,
    data: (json) => ({ u: vector(json["u"]), v: vector(json["v"]) }),
    constant: 0,
  },
];
