"""Eight schools, non-centred, z = [theta_trans(8), mu, log tau]; half-Cauchy without its log 2, as Stan's."""
import numpy as np

from .data import posteriordb, stan_code


class EightSchools:
    sites = {"theta_trans": (8,), "mu": (), "tau": ()}

    def __init__(self):
        d = posteriordb("eight_schools-eight_schools_noncentered")
        self.y, self.sigma = np.array(d["y"], float), np.array(d["sigma"], float)

    def z(self, get):
        return np.concatenate([get("theta_trans"), get("mu")[..., None], np.log(get("tau"))[..., None]], -1)

    def log_density(self, z):
        tt, mu, lt = z[:8], z[8], z[9]
        tau = np.exp(lt)
        n = lambda x, m, sd: -0.5 * ((x - m) / sd) ** 2 - np.log(sd) - 0.5 * np.log(2 * np.pi)
        return (n(tt, 0, 1).sum() + n(mu, 0, 5) - np.log(np.pi * 5) - np.log1p((tau / 5) ** 2) + lt
                + n(self.y, mu + tau * tt, self.sigma).sum())

    def jax(self, dtype):
        import jax.numpy as jnp
        y, s = jnp.asarray(self.y, dtype), jnp.asarray(self.sigma, dtype)
        const = float(-np.sum(np.log(self.sigma)) - 2 * np.log(5) - np.log(np.pi) - 8.5 * np.log(2 * np.pi))

        def lp(z):
            tt, mu, lt = z[:8], z[8], z[9]
            tau = jnp.exp(lt)
            r = (y - mu - tau * tt) / s
            return (const - 0.5 * jnp.dot(tt, tt) - 0.5 * (mu / 5) ** 2 - jnp.log1p((tau / 5) ** 2) + lt
                    - 0.5 * jnp.dot(r, r))
        return lp

    def numpyro(self, dtype):
        import jax.numpy as jnp
        import numpyro
        import numpyro.distributions as dist

        def model(sigma, y):
            tt = numpyro.sample("theta_trans", dist.Normal(jnp.zeros(8), 1.).to_event(1))
            mu = numpyro.sample("mu", dist.Normal(0, 5))
            tau = numpyro.sample("tau", dist.HalfCauchy(5))
            numpyro.sample("y", dist.Normal(mu + tau * tt, sigma), obs=y)
        return model, (jnp.asarray(self.sigma, dtype), jnp.asarray(self.y, dtype))

    def stan(self, glm):
        return stan_code("eight_schools"), dict(J=8, y=self.y.tolist(), sigma=self.sigma.tolist())

    def pymc(self):
        import pymc as pm
        with pm.Model() as model:
            tt = pm.Normal("theta_trans", 0, 1, shape=8)
            mu = pm.Normal("mu", 0, 5)
            tau = pm.HalfCauchy("tau", 5)
            pm.Normal("y", mu + tau * tt, self.sigma, observed=self.y)
        return model
