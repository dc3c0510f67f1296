"""posteriordb's kidiq-kidscore_interaction, z = [beta(4), log sigma]: raw predictors, flat beta, correlations of 0.99.
Half-Cauchy without its log 2, as Stan's."""
import numpy as np

from .data import posteriordb, stan_code


class Kidiq:
    sites = {"beta": (4,), "sigma": ()}

    def __init__(self):
        d = posteriordb("kidiq-kidscore_interaction")
        self.y = np.array(d["kid_score"], float)
        hs, iq = np.array(d["mom_hs"], float), np.array(d["mom_iq"], float)
        self.x = np.stack([np.ones(len(iq)), hs, iq, hs * iq], 1)

    def z(self, get):
        return np.concatenate([get("beta"), np.log(get("sigma"))[..., None]], -1)

    def log_density(self, z):
        sigma = np.exp(z[4])
        r = (self.y - self.x @ z[:4]) / sigma
        return (-0.5 * r @ r - len(r) * (z[4] + 0.5 * np.log(2 * np.pi))
                - np.log(np.pi * 2.5) - np.log1p((sigma / 2.5) ** 2) + z[4])

    def jax(self, dtype):
        import jax.numpy as jnp
        x, y = jnp.asarray(self.x, dtype), jnp.asarray(self.y, dtype)
        n = len(self.y)
        const = float(-0.5 * n * np.log(2 * np.pi) - np.log(np.pi * 2.5))

        def lp(z):
            sigma = jnp.exp(z[4])
            r = (y - x @ z[:4]) / sigma
            return const - 0.5 * jnp.dot(r, r) - (n - 1) * z[4] - jnp.log1p((sigma / 2.5) ** 2)
        return lp

    def numpyro(self, dtype):
        import jax.numpy as jnp
        import numpyro
        import numpyro.distributions as dist

        def model(x, y):
            beta = numpyro.sample("beta", dist.ImproperUniform(dist.constraints.real, (), (4,)))
            sigma = numpyro.sample("sigma", dist.HalfCauchy(2.5))
            numpyro.sample("y", dist.Normal(x @ beta, sigma), obs=y)
        return model, (jnp.asarray(self.x, dtype), jnp.asarray(self.y, dtype))

    def stan(self, glm):
        return (stan_code("kidiq_glm" if glm else "kidiq"),
                dict(N=len(self.y), x=self.x.tolist(), y=self.y.tolist()))

    def pymc(self):
        import pymc as pm
        import pytensor.tensor as pt
        with pm.Model() as model:
            beta = pm.Flat("beta", shape=4)
            sigma = pm.HalfCauchy("sigma", 2.5)
            pm.Normal("y", pt.dot(self.x, beta), sigma, observed=self.y)
        return model
