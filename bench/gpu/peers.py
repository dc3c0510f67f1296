"""NumPyro, BlackJAX and JAX's gradient on the main job, on whatever device JAX has. One JSON line; draws go to --out.

Everything is compiled ahead of time or run once before, so that the seconds are warm ones; the density is the one that NumPyro
and BlackJAX are given in practice, with JAX's own gradient."""
import argparse, json, os, sys, time
import numpy as np

parser = argparse.ArgumentParser()
for name in ("peer", "data", "out", "precision"):
    parser.add_argument("--" + name, required=True)
for name in ("chains", "draws", "warmup", "keep"):
    parser.add_argument("--" + name, type=int, required=True)
a = parser.parse_args()

import jax, jax.numpy as jnp
from main_job import D, main_job

jax.config.update("jax_enable_x64", a.precision == "float64")
jax.config.update("jax_default_matmul_precision", "highest")
DT = jnp.float64 if a.precision == "float64" else jnp.float32
C, N = a.chains, a.draws
log_density, X, y = main_job(a.data, DT)


def timed(f, *x):
    start = time.perf_counter()
    result = jax.block_until_ready(f(*x))
    return result, time.perf_counter() - start


def compiled(f, *x):
    start = time.perf_counter()
    return jax.jit(f).lower(*x).compile(), time.perf_counter() - start


def tell(z, seconds, gradients, versions):
    """z: [chain, draw, D] of the chains that are kept."""
    np.ascontiguousarray(np.moveaxis(np.asarray(z, np.float32), 2, 0)).tofile(os.path.join(a.out, "draws.f32"))
    print(json.dumps(dict(device=jax.devices()[0].device_kind, chains=C, draws=N, kept=z.shape[0], warmup=a.warmup,
                          precision=a.precision, seconds=seconds, gradients=gradients, jax=jax.__version__, **versions)))


def blackjax_chees():
    import blackjax, optax
    adapt = blackjax.chees_adaptation(log_density, C, target_acceptance_rate=0.651, max_leapfrog_steps=1000, decay_rate=0.5,
                                      mass_matrix_estimation="diagonal",
                                      adaptation_info_fn=lambda s, i, ad: i.num_integration_steps)
    functions = {}

    def warm(q, key):
        (state, parameters), info = adapt.run(key, q, 0.1, optax.adam(0.1), num_steps=a.warmup)
        functions.update({k: v for k, v in parameters.items() if callable(v)})
        return state, {k: v for k, v in parameters.items() if not callable(v)}, info._wrapped_info

    def draw(state, parameters, key):
        kernel = blackjax.dhmc(log_density, **parameters, **functions).step

        def body(s, k):
            s, info = jax.vmap(kernel)(jax.random.split(k, C), s)
            return s, (s.position[: a.keep], info.num_integration_steps.sum())

        return jax.lax.scan(body, state, jax.random.split(key, N))[1]

    k0, k1, k2 = jax.random.split(jax.random.key(1), 3)
    q = jax.random.uniform(k0, (C, D), DT, -2.0, 2.0)
    warmup, c1 = compiled(warm, q, k1)
    (state, parameters, steps), warm_seconds = timed(warmup, q, k1)
    sampling, c2 = compiled(draw, state, parameters, k2)
    timed(sampling, state, parameters, k2)
    (z, taken), seconds = timed(sampling, state, parameters, k2)
    _, warm_seconds = timed(warmup, q, k1)
    tell(np.moveaxis(np.asarray(z), 0, 1), dict(compile=c1 + c2, warmup=warm_seconds, sampling=seconds),
         dict(warmup=int(np.asarray(steps).sum()), sampling=int(np.asarray(taken).sum())), dict(blackjax=blackjax.__version__))


def numpyro_nuts():
    import numpyro
    from numpyro.infer import MCMC, NUTS

    def once(seed):
        mcmc = MCMC(NUTS(potential_fn=lambda z: -log_density(z)), num_warmup=a.warmup, num_samples=N, num_chains=C,
                    chain_method="vectorized", progress_bar=False)
        start = jax.random.uniform(jax.random.key(100 + seed), (C, D), DT, -2.0, 2.0)
        key = jax.random.key(seed)
        _, warm_seconds = timed(lambda: (mcmc.warmup(key, init_params=start if C > 1 else start[0]), mcmc.last_state)[1].z)
        _, seconds = timed(lambda: (mcmc.run(mcmc.last_state.rng_key, extra_fields=("num_steps",)), mcmc.get_samples(group_by_chain=True))[1])
        return mcmc, warm_seconds, seconds

    _, cold_warm, cold = once(1)
    mcmc, warm_seconds, seconds = once(2)
    steps = int(np.asarray(mcmc.get_extra_fields()["num_steps"]).sum())
    z = np.asarray(mcmc.get_samples(group_by_chain=True))[: a.keep]
    tell(z, dict(first=cold_warm + cold, warmup=warm_seconds, sampling=seconds), dict(sampling=steps), dict(numpyro=numpyro.__version__))


def jax_gradient():
    """Leapfrog steps of all chains in one compiled loop."""
    value_and_gradient = jax.vmap(jax.value_and_grad(log_density))
    step, turns = 1e-3, max(20, min(2000, 200_000 // C))

    def run(q, p):
        def body(_, s):
            q, p, g, total = s
            p = p + 0.5 * step * g
            q = q + step * p
            v, g = value_and_gradient(q)
            return q, p + 0.5 * step * g, g, total + v

        return jax.lax.fori_loop(0, turns, body, (q, p, value_and_gradient(q)[1], jnp.zeros(C, DT)))

    rng = np.random.default_rng(0)
    q, p = (jnp.asarray(s * rng.standard_normal((C, D)), DT) for s in (0.1, 1.0))
    f, compile_seconds = compiled(run, q, p)
    timed(f, q, p)
    seconds = sorted(timed(f, q, p)[1] for _ in range(5))[2]
    print(json.dumps(dict(device=jax.devices()[0].device_kind, chains=C, precision=a.precision, compile_seconds=compile_seconds,
                          gradients_per_second=turns * C / seconds, jax=jax.__version__)))


{"blackjax-chees": blackjax_chees, "numpyro-nuts": numpyro_nuts, "jax-gradient": jax_gradient}[a.peer]()
