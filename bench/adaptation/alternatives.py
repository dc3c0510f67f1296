"""What else could move the chains: other integrators, isokinetic dynamics and other metrics on the main job, beside leapfrog
with the variances as metric. Counts, not seconds: least bulk ESS of the 61 dimensions per 1000 gradients, at several T.

    MANYCHAIN_REFERENCE=test/reference .venvs/blackjax/bin/python bench/adaptation/alternatives.py [what ...]

The environment is the one that `npm run bench:peers` makes. 64 chains, float32; ε by bisection to a harmonic mean of
acceptance of 0.75; two runs of 400 draws each, T jittered by the Halton sequence as in `chees`.

z position, p momentum (whitened: z = S u), g = S ∇log p, ε step size, h jitter, L steps.
"""
import os
import sys
from functools import partial

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import jax
import jax.numpy as jnp
import models_jax as mj
from common import _ess_rhat as ess_rhat

log_density, D = mj.bc()
density = jax.vmap(jax.value_and_grad(log_density))
C, DRAWS, TARGET = 64, 400, 0.75

# Kicks b and drifts a of one step: (b₀, a₀, b₁, a₁, …, b).
b_mclachlan, b_bcss = 0.1931833275037836, 0.21178
INTEGRATORS = {
    "leapfrog": ((0.5, 0.5), (1.0,)),
    "two-stage, McLachlan 1995": ((b_mclachlan, 1 - 2 * b_mclachlan, b_mclachlan), (0.5, 0.5)),
    "two-stage, Blanes et al. 2014": ((b_bcss, 1 - 2 * b_bcss, b_bcss), (0.5, 0.5)),
}


def hamiltonian(kicks, drifts, scale, key, z, l, g, steps, eps):
    """Returns the end, and log of the acceptance ratio."""
    p = jax.random.normal(key, z.shape, z.dtype)

    def step(_, state):
        z, p, l, g = state
        p = p + kicks[0] * eps * scale * g
        for kick, drift in zip(kicks[1:], drifts):
            z = z + drift * eps * scale * p
            l, g = density(z)
            p = p + kick * eps * scale * g
        return z, p, l, g

    z1, p1, l1, g1 = jax.lax.fori_loop(0, steps, step, (z, p, l, g))
    return (z1, l1, g1), l1 - l + 0.5 * (jnp.sum(p * p, 1) - jnp.sum(p1 * p1, 1))


def isokinetic(scale, key, z, l, g, steps, eps):
    """Metropolis-adjusted microcanonical dynamics [Robnik et al. 2025]: the velocity u keeps its length. ε counts √D."""
    eps = eps * np.sqrt(D)
    u = jax.random.normal(key, z.shape, z.dtype)
    u = u / jnp.linalg.norm(u, axis=1, keepdims=True)

    def kick(u, g):
        norm = jnp.linalg.norm(scale * g, axis=1, keepdims=True)
        e = scale * g / norm
        along, delta = jnp.sum(u * e, 1, keepdims=True), 0.5 * eps * norm / (D - 1)
        zeta = jnp.exp(-delta)
        turned = e * (1 - zeta) * (1 + zeta + along * (1 - zeta)) + 2 * zeta * u
        gained = (D - 1) * (delta - np.log(2) + jnp.log(1 + along + (1 - along) * zeta**2))
        return turned / jnp.linalg.norm(turned, axis=1, keepdims=True), gained[:, 0]

    def step(_, state):
        z, u, l, g, gained = state
        u, first = kick(u, g)
        z = z + eps * scale * u
        l, g = density(z)
        u, second = kick(u, g)
        return z, u, l, g, gained + first + second

    z1, _, l1, g1, gained = jax.lax.fori_loop(0, steps, step, (z, u, l, g, jnp.zeros(C, z.dtype)))
    return (z1, l1, g1), l1 - l - gained


@partial(jax.jit, static_argnums=(0,))
def sample(move, scale, state, key, jitter, eps, T):
    def transition(state, given):
        key, h = given
        move_key, accept_key = jax.random.split(key)
        steps = jnp.clip(jnp.ceil(h * T / eps), 1, 1000).astype(int)
        end, ratio = move(scale, move_key, *state, steps, eps)
        ratio = jnp.where(jnp.isfinite(ratio), ratio, -jnp.inf)
        accepted = jnp.log(jax.random.uniform(accept_key, (C,))) < ratio
        choose = lambda new, old: jnp.where(accepted.reshape((C,) + (1,) * (new.ndim - 1)), new, old)
        state = tuple(choose(new, old) for new, old in zip(end, state))
        return state, (state[0], jnp.minimum(1, jnp.exp(ratio)), steps)

    return jax.lax.scan(transition, state, (jax.random.split(key, jitter.shape[0]), jitter))


def halton(n):
    return jnp.asarray([sum((i >> k & 1) / 2 ** (k + 1) for k in range(10)) for i in range(1, n + 1)], mj.DT)


def tune(move, scale, state, T, start):
    low, high = np.log(start) - 2.5, np.log(start) + 2.5
    for i in range(9):
        middle = (low + high) / 2
        state, (_, a, _) = sample(move, scale, state, jax.random.key(i), halton(40), np.exp(middle), T)
        harmonic = np.mean(1 / np.mean(1 / np.maximum(np.asarray(a, float), 1e-10), axis=1))
        low, high = (middle, high) if harmonic > TARGET else (low, middle)
    return np.exp((low + high) / 2), state


def standard_deviations():
    """Of z over a long run, and of the scores; with chains that stand in the posterior."""
    z = jnp.asarray(np.random.default_rng(0).uniform(-2, 2, (C, D)), mj.DT)
    scale, state, move = jnp.ones(D, mj.DT), (z, *density(z)), partial(hamiltonian, *INTEGRATORS["leapfrog"])
    for turn in range(6):
        eps, state = tune(move, scale, state, 3.0, 0.04)
        state, (draws, _, _) = sample(move, scale, state, jax.random.key(100 + turn), halton(100 if turn < 5 else 1000), eps, 3.5)
        flat = np.asarray(draws, float).reshape(-1, D)
        scale = jnp.asarray(flat[len(flat) // 2 :].std(0), mj.DT)
    scores = np.asarray(density(jnp.asarray(flat[::10], mj.DT))[1], float)
    return flat, scores.std(0), state


def main():
    flat, score_sd, state = standard_deviations()
    sd = flat.std(0)
    spectrum = np.linalg.eigvalsh(np.corrcoef(flat.T))
    print(f"correlation of the draws: eigenvalues {spectrum[0]:.2f} to {spectrum[-1]:.2f}, so that a dense metric finds nothing")
    wide = np.r_[1, np.full(30, np.sqrt(2)), np.ones(30)]
    leapfrog = partial(hamiltonian, *INTEGRATORS["leapfrog"])
    ways = {name: (partial(hamiltonian, *rule), sd, len(rule[1])) for name, rule in INTEGRATORS.items()}
    ways |= {
        "isokinetic leapfrog": (isokinetic, sd, 1),
        "metric of log lambda doubled": (leapfrog, sd * wide, 1),
        "metric of log lambda halved": (leapfrog, sd / wide, 1),
        "metric halfway to Fisher's": (leapfrog, np.sqrt(sd * np.sqrt(sd / score_sd) * np.mean(sd * score_sd) ** 0.5), 1),
    }
    for name in sys.argv[1:] or ways:
        move, scale, stages = ways[name]
        scale = jnp.asarray(scale, mj.DT)
        eps, tuned = tune(move, scale, state, 3.0, 0.05 * stages)
        for T in (3.0, 3.5, 4.0):
            least = []
            for seed in (7, 8):
                _, (draws, a, steps) = sample(move, scale, tuned, jax.random.key(seed), halton(DRAWS), eps, T)
                ess, _ = ess_rhat(np.asarray(draws).transpose(1, 0, 2))
                least.append(1000 * ess.min() / (C * stages * float(np.sum(np.asarray(steps)))))
            texts = " ".join(f"{x:.2f}" for x in least)
            print(f"{name}, step size {eps:.3f}, T {T}: {texts} per 1000, acceptance {float(np.mean(a)):.3f}", flush=True)


if __name__ == "__main__":
    main()
