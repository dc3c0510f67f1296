"""Sparse logistic regression, z = [log tau, log lambda(D), beta(D)]: breast cancer (D = 30), German credit (24 and an intercept)."""
import numpy as np

from .data import stan_code, table

# a log b - lgamma(a) of a gamma prior with a = b = 1/2
LOG_GAMMA_C = 0.5 * np.log(0.5) - 0.5 * np.log(np.pi)


class SparseLogistic:
    def __init__(self, x, y):
        self.x, self.y, self.D = x, y, x.shape[1]
        self.sites = {"tau": (), "lambda": (self.D,), "beta": (self.D,)}

    def z(self, get):
        return np.concatenate([np.log(get("tau"))[..., None], np.log(get("lambda")), get("beta")], -1)

    def log_density(self, z):
        D = self.D
        lt, ll, b = z[0], z[1:1 + D], z[1 + D:]
        t, l = np.exp(lt), np.exp(ll)
        u = self.x @ (t * l * b)
        return (np.sum(self.y * u - np.logaddexp(0, u)) + (D + 1) * LOG_GAMMA_C - 0.5 * lt - 0.5 * t + lt
                + np.sum(-0.5 * ll - 0.5 * l + ll) - 0.5 * b @ b - 0.5 * D * np.log(2 * np.pi))

    def jax(self, dtype):
        import jax
        import jax.numpy as jnp
        D, x, y = self.D, jnp.asarray(self.x, dtype), jnp.asarray(self.y, dtype)

        def lp(z):
            lt, ll, b = z[0], z[1:1 + D], z[1 + D:]
            t, l = jnp.exp(lt), jnp.exp(ll)
            u = x @ (t * l * b)
            lik = jnp.sum(y * u - jax.nn.softplus(u))
            return (lik + (D + 1) * LOG_GAMMA_C + 0.5 * lt - 0.5 * t + jnp.sum(0.5 * ll - 0.5 * l)
                    - 0.5 * jnp.dot(b, b) - 0.5 * D * np.log(2 * np.pi))
        return lp

    def numpyro(self, dtype):
        import jax.numpy as jnp
        import numpyro
        import numpyro.distributions as dist
        D = self.D

        def model(x, y):
            tau = numpyro.sample("tau", dist.Gamma(0.5, 0.5))
            lam = numpyro.sample("lambda", dist.Gamma(jnp.full(D, 0.5), 0.5).to_event(1))
            beta = numpyro.sample("beta", dist.Normal(jnp.zeros(D), 1.).to_event(1))
            numpyro.sample("y", dist.Bernoulli(logits=x @ (tau * lam * beta)), obs=y)
        return model, (jnp.asarray(self.x, dtype), jnp.asarray(self.y, dtype))

    def stan(self, glm):
        data = dict(N=len(self.y), D=self.D, X=self.x.tolist(), y=self.y.astype(int).tolist())
        return stan_code("sparse_logistic_glm" if glm else "sparse_logistic"), data

    def pymc(self):
        import pymc as pm
        import pytensor.tensor as pt
        with pm.Model() as model:
            tau = pm.Gamma("tau", 0.5, 0.5)
            lam = pm.Gamma("lambda", 0.5, 0.5, shape=self.D)
            beta = pm.Normal("beta", 0, 1, shape=self.D)
            pm.Bernoulli("y", logit_p=pt.dot(self.x, tau * lam * beta), observed=self.y.astype(int))
        return model


def breast_cancer():
    return SparseLogistic(*table("breast_cancer", "breast_cancer.csv"))


def german_credit():
    x, y = table("german_credit", "german_credit_numeric.csv")
    return SparseLogistic(np.hstack([x, np.ones((len(x), 1))]), y - 1)
