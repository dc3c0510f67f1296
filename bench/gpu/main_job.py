"""The main job as JAX's peers are given it: its data, standardised, and the log density of one unconstrained point. Import after
jax's settings are made."""
import numpy as np
import jax, jax.numpy as jnp

D = 61


def main_job(path, dtype):
    """(log density, X, y)"""
    raw = np.genfromtxt(path, delimiter=",", skip_header=1)
    X_host, y_host = raw[:, :-1], raw[:, -1]
    X = jnp.asarray((X_host - X_host.mean(0)) / X_host.std(0), dtype)
    y = jnp.asarray(y_host, dtype)

    def log_density(z):
        log_tau, log_lambda, beta = z[0], z[1:31], z[31:]
        tau, lam = jnp.exp(log_tau), jnp.exp(log_lambda)
        u = X @ (tau * lam * beta)
        return (jnp.sum(y * u - jax.nn.softplus(u)) + 0.5 * log_tau - 0.5 * tau + jnp.sum(0.5 * log_lambda - 0.5 * lam)
                - 0.5 * jnp.dot(beta, beta))

    return log_density, X, y
