// The peers: what to install for each (Python 3.11), and how its script is called. `f64` runs the JAX scripts in float64.
const jax = "jax==0.10.2";
const arviz = "arviz-stats==0.8.0";

export const environments = {
  blackjax: ["blackjax==1.7.1", jax, "optax==0.2.8", arviz],
  tfp: ["tfp-nightly==0.26.0.dev20261027", jax, arviz],
  numpyro: ["numpyro==0.22.0", jax, arviz],
  stanli: ["stanli==0.24.0", arviz],
  pystan: ["pystan==3.10.0", arviz],
  nutpie: ["nutpie[pymc]==0.16.8", "pymc==5.28.5", "pytensor==2.38.3", "numba==0.65.1", arviz],
};

const blackjax = (chains, draws) => [
  "--algo",
  "cheesdiag",
  "--chains",
  chains,
  "--warmup",
  500,
  "--draws",
  draws,
  "--lr",
  0.1,
];

/** name → environment, script, arguments. `quick` ones are run by default. */
export const peers = {
  "blackjax-chees-64": { env: "blackjax", script: "bench_blackjax.py", args: blackjax(64, 200), quick: true },
  "blackjax-chees-16": { env: "blackjax", script: "bench_blackjax.py", args: blackjax(16, 500), quick: true },
  "tfp-snaper-64": {
    env: "tfp",
    script: "bench_tfp.py",
    args: ["--chains", 64, "--warmup", 500, "--draws", 200],
    quick: true,
  },
  "tfp-snaper-16": {
    env: "tfp",
    script: "bench_tfp.py",
    args: ["--chains", 16, "--warmup", 500, "--draws", 500],
    quick: true,
  },
  "numpyro-nuts-4": { env: "numpyro", script: "bench_numpyro.py", args: ["--method", "vectorized"] },
  "stanli-nuts-4": { env: "stanli", script: "bench_stanli.py", args: [] },
  "stan-nuts-4": { env: "pystan", script: "bench_pystan.py", args: ["--glm"] },
  "nutpie-nuts-4": { env: "nutpie", script: "bench_nutpie.py", args: ["--sampler", "nutpie"] },
};

/** Our own runs on the same model: everything at its default but chains and draws. */
export const ours = {
  "manychain-64": { chains: 64, draws: 200, quick: true },
  "manychain-16": { chains: 16, draws: 500, quick: true },
  "manychain-defaults": { quick: true },
  // As on Node 20 and 22, and on processors without AVX2.
  "manychain-64-narrow": { chains: 64, draws: 200, set: ["wide=false"], quick: true },
  "manychain-64-fast": { chains: 64, draws: 200, set: ["fast=true"], quick: true },
  "manychain-16-fast": { chains: 16, draws: 500, set: ["fast=true"], quick: true },
  // What a person who wants 1000 effective draws would ask for, of what is sampled as with the peers (but bulk and tail).
  "manychain-16-until": {
    chains: 16,
    until: ["draws.until.ess=1000", "draws.check=25", "draws.max=2000", "gates=false"],
    quick: true,
  },
  // Beside those that people run today: four chains, 1000 draws after 1000 of warm-up.
  "manychain-nuts-4": { chains: 4, draws: 1000, set: ["sampler=nuts"] },
};
