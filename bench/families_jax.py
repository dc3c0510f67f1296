"""JAX's side of bench/families.js: python families_jax.py FAMILY float32|float64 CHAINS. One JSON line: microseconds of processor
time of value_and_grad of the density, per chain, in a compiled loop of leapfrog steps over a vmapped batch."""
import json, sys, time
import numpy as np
import jax, jax.numpy as jnp

family, precision, chains = sys.argv[1], sys.argv[2], int(sys.argv[3])
jax.config.update("jax_enable_x64", precision == "float64")
DT = jnp.dtype(precision)
ROWS, COLUMNS, GROUPS, D = 1000, 20, 50, 100
rng = np.random.default_rng(1)
x = jnp.asarray(rng.uniform(-1, 1, (ROWS, COLUMNS)), DT)
y = jnp.asarray(rng.uniform(-1, 1, ROWS), DT)
counts = jnp.floor(3 * y * y)
group = jnp.arange(ROWS) % GROUPS
a = rng.uniform(-1, 1, (D, D))
matrix = jnp.asarray(0.01 * (a + a.T) + np.eye(D), DT)


def normal(value, mean, log_sd):
    return -0.5 * ((value - mean) * jnp.exp(-log_sd)) ** 2 - log_sd


def linear(z):
    beta, s = z[:COLUMNS], z[COLUMNS]
    return jnp.sum(normal(y, x @ beta, s)) - 0.5 * beta @ beta - 0.5 * jnp.exp(2 * s) + s


def poisson(z):
    rate = x @ z
    return jnp.sum(counts * rate - jnp.exp(rate)) - 0.5 * z @ z


def hierarchical(z):
    mu, t, theta, s = z[0], z[1], z[2:2 + GROUPS], z[2 + GROUPS]
    prior = -0.5 * mu * mu - 0.5 * jnp.exp(2 * t) + t - 0.5 * jnp.exp(2 * s) + s
    return prior + jnp.sum(normal(theta, mu, t)) + jnp.sum(normal(y, theta[group], s))


def dense(z):
    return -0.5 * z @ (matrix @ z)


density, n = {"linear": (linear, COLUMNS + 1), "poisson": (poisson, COLUMNS), "hierarchical": (hierarchical, GROUPS + 3),
              "dense": (dense, D)}[family]
gradient = jax.vmap(jax.value_and_grad(density))
step, steps = 1e-3, max(40, 40000 // chains)


@jax.jit
def run(q, p):
    def leap(_, state):
        q, p, g, total = state
        p = p + 0.5 * step * g
        q = q + step * p
        v, g = gradient(q)
        return q, p + 0.5 * step * g, g, total + v
    return jax.lax.fori_loop(0, steps, leap, (q, p, gradient(q)[1], jnp.zeros(chains, DT)))


q = jnp.asarray(0.1 * rng.standard_normal((chains, n)), DT)
p = jnp.asarray(rng.standard_normal((chains, n)), DT)
jax.block_until_ready(run(q, p))
times = []
for _ in range(7):
    before = time.process_time()
    jax.block_until_ready(run(q, p))
    times.append(time.process_time() - before)
print(json.dumps(dict(us=float(f"{sorted(times)[3] / steps / chains * 1e6:.4g}"))))
