import { constant, halfNormal, logNormal, model, type Node, normal, positive, real, stack } from "../../src/index.ts";
import type { AnyModel } from "../../src/run/loadModel.ts";

/*
 * Recursions as practitioners write them, unrolled: a turn for each step of time. Each is a function of the number of turns, and
 * data of the length that it takes, by name.
 */

const wave = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(1.7 * i) + 0.3 * Math.sin(i * i));

export const scalar = (turns: number): AnyModel =>
  model({
    parameters: { a: normal(0, 1), b: normal(0, 1) },
    likelihood: ({ a, b }) => {
      let x: Node = a;
      for (let t = 0; t < turns; t++) x = x.mul(b).add(a).tanh();
      return normal(0, 1).observe(x);
    },
  });

/** A hidden Markov model of three states: the forward algorithm, scaled. */
export const hiddenMarkov = (turns: number): AnyModel =>
  model({
    dimensions: { state: 3, to: 3 },
    data: { y: real("time") },
    parameters: {
      mu: normal(0, 3).ordered().over("state"),
      sigma: halfNormal(2),
      logit: normal(0, 2).over("state", "to"),
    },
    likelihood: ({ y, mu, sigma, logit }) => {
      const rows = [0, 1, 2].map((i) => logit.at(i).exp()).map((row) => row.div(row.sum()));
      const transition = stack(rows);
      const emission = normal(mu.reshape([1, 3]), sigma).logDensity(y.reshape([turns, 1]));
      const top = emission.reduceMax(1);
      const b = emission.sub(top.reshape([turns, 1])).exp();
      let alpha = b.at(0).mul(1 / 3);
      const logs: Node[] = [];
      for (let t = 1; t < turns; t++) {
        const sum = alpha.sum();
        logs.push(sum.log());
        alpha = alpha.div(sum).reshape([3, 1]).mul(transition).sum(0).mul(b.at(t));
      }
      logs.push(alpha.sum().log());
      return { y: top.sum().add(stack(logs).sum()) };
    },
  });

export const garch = (turns: number): AnyModel =>
  model({
    data: { y: real("time") },
    parameters: {
      mu: normal(0, 1),
      omega: halfNormal(1),
      alpha: normal(0.2, 0.1).within(0, 1),
      beta: normal(0.5, 0.1).within(0, 1),
    },
    likelihood: ({ y, mu, omega, alpha, beta }) => {
      const variances = [omega];
      for (let t = 1; t < turns; t++) {
        const residual = y.at(t - 1).sub(mu);
        variances.push(omega.add(alpha.mul(residual.square())).add(beta.mul(variances.at(-1)!)));
      }
      return normal(mu, stack(variances).sqrt()).observe(y);
    },
  });

/** Runge-Kutta steps of a fiftieth of a year; the prey is seen once a year. */
export const lotkaVolterra = (turns: number): AnyModel =>
  model({
    data: { y: positive("year") },
    parameters: {
      alpha: normal(1, 0.5).within(0),
      beta: normal(0.05, 0.05).within(0),
      gamma: normal(1, 0.5).within(0),
      delta: normal(0.05, 0.05).within(0),
      hares: logNormal(2, 1),
      lynxes: logNormal(2, 1),
      sigma: logNormal(-1, 1),
    },
    likelihood: ({ y, alpha, beta, gamma, delta, hares, lynxes, sigma }) => {
      const h = 0.02;
      const slope = (u: Node, v: Node) =>
        [alpha.sub(beta.mul(v)).mul(u), delta.mul(u).sub(gamma).mul(v)] as readonly [Node, Node];
      let [u, v]: readonly [Node, Node] = [hares, lynxes];
      const seen = [u];
      for (let t = 1; t <= turns; t++) {
        const [a1, b1] = slope(u, v);
        const [a2, b2] = slope(u.add(a1.mul(h / 2)), v.add(b1.mul(h / 2)));
        const [a3, b3] = slope(u.add(a2.mul(h / 2)), v.add(b2.mul(h / 2)));
        const [a4, b4] = slope(u.add(a3.mul(h)), v.add(b3.mul(h)));
        u = u.add(
          a1
            .add(a2.mul(2))
            .add(a3.mul(2))
            .add(a4)
            .mul(h / 6),
        );
        v = v.add(
          b1
            .add(b2.mul(2))
            .add(b3.mul(2))
            .add(b4)
            .mul(h / 6),
        );
        if (t % 50 === 0) seen.push(u);
      }
      return { y: logNormal(stack(seen).log(), sigma).observe(y) };
    },
  });

/** A Gaussian process by Cholesky's method, element by element. */
export const cholesky = (size: number): AnyModel =>
  model({
    data: { y: real("time") },
    parameters: { length: halfNormal(1), amplitude: halfNormal(1), sigma: halfNormal(1) },
    likelihood: ({ y, length, amplitude, sigma }) => {
      const rows: Node[][] = [];
      const residuals: Node[] = [];
      for (let i = 0; i < size; i++) {
        const row: Node[] = [];
        for (let j = 0; j <= i; j++) {
          const near = constant(-0.5 * ((i - j) / 5) ** 2).div(length.square());
          let sum = amplitude.square().mul(near.exp());
          if (i === j) sum = sum.add(sigma.square()).add(1e-4);
          for (let k = 0; k < j; k++) sum = sum.sub(row[k]!.mul((rows[j] ?? row)[k]!));
          row.push(i === j ? sum.sqrt() : sum.div(rows[j]![j]!));
        }
        rows.push(row);
        let residual = y.at(i);
        for (let k = 0; k < i; k++) residual = residual.sub(row[k]!.mul(residuals[k]!));
        residuals.push(residual.div(row[i]!));
      }
      const logs = rows.map((row, i) => row[i]!.log());
      return { y: stack(residuals).square().sum().mul(-0.5).sub(stack(logs).sum()) };
    },
  });

export type Series = { readonly y: { readonly data: Float64Array; readonly shape: number[] } };

/** Data of a recursion of that many turns; the counts of Lotka and Volterra are positive, once a year. */
export const series = (turns: number): Series => ({ y: { data: wave(turns), shape: [turns] } });

export const counts = (turns: number): Series => {
  const years = 1 + Math.floor(turns / 50);
  return { y: { data: wave(years).map((x) => 20 * Math.exp(0.5 * x)), shape: [years] } };
};
