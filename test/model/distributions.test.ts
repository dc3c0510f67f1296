import { bernoulli } from "../../src/model/distributions/bernoulli.ts";
import { beta } from "../../src/model/distributions/beta.ts";
import { binomial } from "../../src/model/distributions/binomial.ts";
import { cauchy } from "../../src/model/distributions/cauchy.ts";
import { exponential } from "../../src/model/distributions/exponential.ts";
import { gamma } from "../../src/model/distributions/gamma.ts";
import { halfCauchy } from "../../src/model/distributions/halfCauchy.ts";
import { halfNormal } from "../../src/model/distributions/halfNormal.ts";
import { halfStudentT } from "../../src/model/distributions/halfStudentT.ts";
import { inverseGamma } from "../../src/model/distributions/inverseGamma.ts";
import { laplace } from "../../src/model/distributions/laplace.ts";
import { logistic } from "../../src/model/distributions/logistic.ts";
import { logNormal } from "../../src/model/distributions/logNormal.ts";
import { negativeBinomial } from "../../src/model/distributions/negativeBinomial.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { poisson } from "../../src/model/distributions/poisson.ts";
import { studentT } from "../../src/model/distributions/studentT.ts";
import { uniform } from "../../src/model/distributions/uniform.ts";
import { weibull } from "../../src/model/distributions/weibull.ts";
import { type DistributionRow, distributionLaw } from "../laws/distribution.ts";

const rows: readonly DistributionRow[] = [
  {
    name: "normal",
    make: (mean, sd) => normal(mean!, sd!),
    table: "density:normal(x|mu,sigma)",
    examples: [
      [0, 1],
      [-3, 0.2],
    ],
  },
  { name: "halfNormal", make: (scale) => halfNormal(scale!), examples: [[1], [25]] },
  {
    name: "logNormal",
    make: (location, scale) => logNormal(location!, scale!),
    table: "density:lognormal(x|mu,sigma)",
    examples: [[0.1, 0.7]],
  },
  {
    name: "studentT",
    make: (degrees, location, scale) => studentT(degrees!, location!, scale!),
    table: "density:student_t(x|nu,mu,sigma)",
    examples: [
      [3, 0, 2.5],
      [1.5, 4, 1],
      [80, -1, 1],
    ],
  },
  {
    name: "halfStudentT",
    make: (degrees, scale) => halfStudentT(degrees!, scale!),
    examples: [[3, 10]],
  },
  {
    name: "cauchy",
    make: (location, scale) => cauchy(location!, scale!),
    table: "density:cauchy(x|mu,sigma)",
    examples: [[1, 2.5]],
    integralError: 1e-8,
  },
  {
    name: "halfCauchy",
    make: (scale) => halfCauchy(scale!),
    table: "density:half_cauchy(x|s)",
    examples: [[2.5]],
  },
  {
    name: "gamma",
    make: (shape, rate) => gamma(shape!, rate!),
    table: "density:gamma(x|alpha,beta_rate)",
    examples: [
      [0.5, 0.5],
      [25, 4],
    ],
  },
  {
    name: "inverseGamma",
    make: (shape, scale) => inverseGamma(shape!, scale!),
    table: "density:inv_gamma(x|alpha,beta)",
    examples: [[3, 2]],
  },
  { name: "exponential", make: (rate) => exponential(rate!), table: "density:exponential(x|rate)", examples: [[3]] },
  {
    name: "weibull",
    make: (shape, scale) => weibull(shape!, scale!),
    table: "density:weibull(x|k,l)",
    examples: [[1.5, 2]],
  },
  {
    name: "beta",
    make: (a, b) => beta(a!, b!),
    table: "density:beta(x|a,b)",
    examples: [
      [2, 5],
      [0.5, 0.5],
    ],
  },
  { name: "uniform", make: (lower, upper) => uniform(lower!, upper!), examples: [[-1, 2]] },
  {
    name: "laplace",
    make: (location, scale) => laplace(location!, scale!),
    table: "density:laplace(x|mu,b)",
    examples: [[0.2, 2]],
    integralError: 1e-6,
  },
  {
    name: "logistic",
    make: (location, scale) => logistic(location!, scale!),
    table: "density:logistic(x|mu,s)",
    examples: [[0.2, 2]],
  },
  {
    name: "bernoulli",
    make: (logits) => bernoulli({ logits: logits! }),
    table: "density:bernoulli_logit(y|x)",
    examples: [[0.3], [0]],
  },
  {
    name: "binomial",
    make: (trials, logits) => binomial({ trials: trials!, logits: logits! }),
    table: "density:binomial_logit(k|n,x)",
    examples: [[20, -0.2]],
    whole: [0],
  },
  {
    name: "poisson",
    make: (logRate) => poisson({ logRate: logRate! }),
    table: "density:poisson_log(k|eta)",
    examples: [[1.2], [4.5]],
  },
  {
    name: "negativeBinomial",
    make: (logMean, dispersion) => negativeBinomial({ logMean: logMean!, dispersion: dispersion! }),
    table: "density:neg_binomial_2_log(k|eta,phi)",
    examples: [[1.2, 2.5]],
  },
];

for (const row of rows) distributionLaw(row);
