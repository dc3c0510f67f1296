import { readFileSync } from "node:fs";
import { constant, type Node } from "../../src/graph/node.ts";
import { bind } from "../../src/model/bind.ts";
import type { BoundModel } from "../../src/model/boundModel.ts";
import { count, real } from "../../src/model/data.ts";
import { density } from "../../src/model/density.ts";
import type { Distribution } from "../../src/model/distribution.ts";
import { beta } from "../../src/model/distributions/beta.ts";
import { binomial } from "../../src/model/distributions/binomial.ts";
import { exponential } from "../../src/model/distributions/exponential.ts";
import { gamma } from "../../src/model/distributions/gamma.ts";
import { halfCauchy } from "../../src/model/distributions/halfCauchy.ts";
import { inverseGamma } from "../../src/model/distributions/inverseGamma.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { poisson } from "../../src/model/distributions/poisson.ts";
import { studentT } from "../../src/model/distributions/studentT.ts";
import { uniform } from "../../src/model/distributions/uniform.ts";
import { model } from "../../src/model/model.ts";
import { funnel } from "../../src/models/funnel.ts";

/** One entry of `problems.json`; which fields it has depends on the problem. */
export type Problem = Readonly<Record<string, unknown>> & { readonly name: string };

export const problems: readonly Problem[] = (
  JSON.parse(readFileSync(new URL("../reference/analytic/problems.json", import.meta.url), "utf8")) as {
    readonly problems: readonly Problem[];
  }
).problems;

/** The entry of a name, or of a name that begins so. */
export function problem(name: string): Problem {
  const found = problems.find((entry) => entry.name === name) ?? problems.find((entry) => entry.name.startsWith(name));
  if (found === undefined) throw new Error(`problems.json has no ${name}.`);
  return found;
}

const LOG_TWO_PI = Math.log(2 * Math.PI);

/** A centred Gaussian with a covariance, by the Cholesky factor of which nothing is asked but its inverse and log determinant. */
export function gaussian(covariance: readonly (readonly number[])[]): BoundModel {
  const size = covariance.length;
  const { inverse, logDeterminant } = invert(covariance);
  const constants = -0.5 * (size * LOG_TWO_PI + logDeterminant);
  const precision: Node = constant(inverse.flat(), [size, size]);
  return bind(
    density({
      name: "gaussian",
      dimension: size,
      logDensity: (z) => precision.matvec(z).dot(z).mul(-0.5).add(constants),
    }),
  );
}

/** Gauss–Jordan elimination of a positive definite matrix. */
function invert(matrix: readonly (readonly number[])[]): {
  readonly inverse: number[][];
  readonly logDeterminant: number;
} {
  const size = matrix.length;
  const work = matrix.map((row, i) => [...row, ...Array.from({ length: size }, (_, j) => Number(i === j))]);
  let logDeterminant = 0;
  for (let k = 0; k < size; k++) {
    const pivot = work[k]![k]!;
    logDeterminant += Math.log(pivot);
    work[k] = work[k]!.map((x) => x / pivot);
    for (let i = 0; i < size; i++) {
      const factor = work[i]![k]!;
      if (i !== k) work[i] = work[i]!.map((x, j) => x - factor * work[k]![j]!);
    }
  }
  return { inverse: work.map((row) => row.slice(size)), logDeterminant };
}

/** One parameter `x` with a prior and nothing else. */
export function single(prior: Distribution): BoundModel {
  return bind(model({ parameters: { x: prior } }));
}

/** Independent Gaussians. */
export function diagonal(sds: readonly number[]): BoundModel {
  return bind(
    model({
      data: { sd: real("coordinate") },
      parameters: { x: ({ sd }) => normal(0, sd).over("coordinate") },
    }),
    { data: { sd: { data: sds, shape: [sds.length] } } },
  );
}

/** A stationary autoregression of 50 steps. */
function autoregression(): BoundModel {
  return bind(
    density({
      dimension: 50,
      logDensity: (z) =>
        normal(0, 1)
          .logDensity(z.at(0))
          .add(
            normal(z.slice(0, 49).mul(0.9), Math.sqrt(1 - 0.81))
              .logDensity(z.slice(1, 50))
              .sum(),
          ),
    }),
  );
}

function conjugate(name: string): BoundModel {
  const data = problem(name)["data"] as readonly number[];
  const y = { data, shape: [data.length] };
  const declared =
    name === "gamma_poisson"
      ? model({
          data: { y: count("observation") },
          parameters: { lambda: gamma(2, 1) },
          likelihood: ({ y, lambda }) => poisson({ logRate: lambda.log() }).observe(y),
        })
      : model({
          data: { y: real("observation") },
          parameters: { mu: normal(0, 2) },
          likelihood: ({ y, mu }) => normal(mu, 1).observe(y),
        });
  return bind(declared, { data: { y } });
}

function betaBinomial(): BoundModel {
  const declared = model({
    data: { successes: count() },
    parameters: { p: beta(1, 1) },
    likelihood: ({ successes, p }) => binomial({ trials: 20, logits: p.log().sub(p.neg().log1p()) }).observe(successes),
  });
  return bind(declared, { data: { successes: { data: [7], shape: [] } } });
}

/** Two coordinates, the second normal around a function of the first. */
function curved(x0: Distribution, centre: (x: Node) => Node, sd: number): BoundModel {
  return bind(model({ parameters: { x0, x1: (known: { readonly x0: Node }) => normal(centre(known.x0), sd) } }));
}

/** Targets whose posterior is known exactly, by their names in `problems.json`. Made when asked for. */
export const analytic: Readonly<Record<string, () => BoundModel>> = {
  std_normal_d: () => diagonal(new Array<number>(10).fill(1)),
  diag_gaussian_cond_1e6: () => diagonal(problem("diag_gaussian_cond_1e6")["sd"] as readonly number[]),
  ill_conditioned_gaussian_10: () =>
    gaussian(problem("ill_conditioned_gaussian_10")["covariance"] as readonly (readonly number[])[]),
  "correlated_normal_2d_rho_0.999": () =>
    gaussian([
      [1, 0.999],
      [0.999, 1],
    ]),
  "ar1_gaussian_50_rho_0.9": autoregression,
  neals_funnel_10: () => bind(funnel.create({ dimension: 10 })),
  banana_haario_2: () => curved(normal(0, 10), (x) => x.square().sub(100).mul(0.03), 1),
  rosenbrock_hybrid_2d: () => curved(normal(1, Math.sqrt(10)), (x) => x.square(), Math.sqrt(0.1)),
  student_t_1: () => single(studentT(1, 0, 1)),
  student_t_2: () => single(studentT(2, 0, 1)),
  student_t_3: () => single(studentT(3, 0, 1)),
  student_t_5: () => single(studentT(5, 0, 1)),
  student_t_30: () => single(studentT(30, 0, 1)),
  "gamma_0.5_0.5": () => single(gamma(0.5, 0.5)),
  gamma_25_4: () => single(gamma(25, 4)),
  "half_cauchy_2.5": () => single(halfCauchy(2.5)),
  beta_2_5: () => single(beta(2, 5)),
  inv_gamma_3_2: () => single(inverseGamma(3, 2)),
  "uniform_-1_2": () => single(uniform(-1, 2)),
  exponential_2: () => single(exponential(2)),
  ordered_normal_2: () =>
    bind(model({ dimensions: { rank: 2 }, parameters: { mu: normal(0, 1).over("rank").ordered() } })),
  normal_normal_known_sd: () => conjugate("normal_normal_known_sd"),
  beta_binomial: betaBinomial,
  gamma_poisson: () => conjugate("gamma_poisson"),
  two_mode_mixture: () =>
    bind(
      density({
        dimension: 1,
        logDensity: (z) => {
          const left = normal(-4, 1).logDensity(z).add(Math.log(0.3));
          const right = normal(4, 1).logDensity(z).add(Math.log(0.7));
          return left.add(right.sub(left).softplus()).sum();
        },
      }),
    ),
};
