"""The main job's HMC in JAX for bench/engines.js: whole transitions (threefry, normals, leapfrog steps, acceptance, draws) in
one compiled block. --gradient grad: jax.value_and_grad of the density in each step, as NumPyro and BlackJAX run it; hand: the
gradient derived by hand, the density only where it is needed. One JSON line: microseconds of processor time per gradient and
chain."""
import argparse, json, pathlib, sys, time
import numpy as np

parser = argparse.ArgumentParser()
for name in ("gradient", "precision", "data"):
    parser.add_argument("--" + name, required=True)
for name in ("chains", "steps"):
    parser.add_argument("--" + name, type=int, required=True)
a = parser.parse_args()

import jax, jax.numpy as jnp

sys.path.insert(0, str(pathlib.Path(__file__).parent / "gpu"))
from main_job import D, main_job

jax.config.update("jax_enable_x64", a.precision == "float64")
DT = jnp.float64 if a.precision == "float64" else jnp.float32
C, L = a.chains, a.steps
log_density, X, y = main_job(a.data, DT)


def by_hand(z, wants_density):
    """Of all chains, [C, D]."""
    log_tau, log_lambda, beta = z[:, :1], z[:, 1:31], z[:, 31:]
    tau, lam = jnp.exp(log_tau), jnp.exp(log_lambda)
    coefficient = tau * lam * beta
    u = coefficient @ X.T
    e = jnp.exp(-jnp.abs(u))
    slope = (y - jnp.where(u >= 0, 1.0, e) / (1.0 + e)) @ X
    through = slope * coefficient
    g = jnp.concatenate([through.sum(1, keepdims=True) + 0.5 - 0.5 * tau, through + 0.5 - 0.5 * lam, slope * tau * lam - beta], 1)
    if not wants_density:
        return None, g
    v = ((y * u - jnp.maximum(u, 0) - jnp.log1p(e)).sum(1) + (0.5 * log_tau - 0.5 * tau)[:, 0]
         + (0.5 * log_lambda - 0.5 * lam - 0.5 * beta * beta).sum(1))
    return v, g


automatic = jax.vmap(jax.value_and_grad(log_density))


def gradient(z, wants_density):
    return by_hand(z, wants_density) if a.gradient == "hand" else automatic(z)


def leapfrog(q, p, g, wants_density):
    step = jnp.asarray(0.001, DT)
    p = p + 0.5 * step * g
    q = q + step * p
    v, g = gradient(q, wants_density)
    return q, p + 0.5 * step * g, v, g


def transition(state, key):
    q, v, g = state
    k1, k2 = jax.random.split(key)
    p = jax.random.normal(k1, (C, D), DT)

    def body(_, s):
        q, p, g = s
        q, p, _, g = leapfrog(q, p, g, False)
        return q, p, g

    energy = 0.5 * (p * p).sum(1) - v
    q1, p1, g1 = jax.lax.fori_loop(0, L - 1, body, (q, p, g))
    q1, p1, v1, g1 = leapfrog(q1, p1, g1, True)
    ratio = energy - (0.5 * (p1 * p1).sum(1) - v1)
    accepted = jnp.log(jax.random.uniform(k2, (C,), DT)) < ratio
    keep = accepted[:, None]
    state = jnp.where(keep, q1, q), jnp.where(accepted, v1, v), jnp.where(keep, g1, g)
    return state, (state[0], ratio)


iterations = max(2, round(200_000 / C / L))
block = jax.jit(lambda state, key: jax.lax.scan(transition, state, jax.random.split(key, iterations)))
q = jnp.asarray(0.1 * np.sin(7.3 * np.arange(C * D)).reshape(C, D), DT)
started = time.perf_counter()
state = (q, *gradient(q, True))
jax.block_until_ready(block(state, jax.random.key(0)))
ready = time.perf_counter() - started
times = []
for turn in range(5):
    before = time.process_time()
    jax.block_until_ready(block(state, jax.random.key(turn)))
    times.append(time.process_time() - before)
times = [1e6 * t / (iterations * L * C) for t in sorted(times)]
print(json.dumps(dict(us=times[2], us_least=times[0], ready_seconds=round(ready, 2), jax=jax.__version__)))
