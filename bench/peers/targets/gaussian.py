"""Independent normals, standard deviations from 0.1 to 100 in 100 dimensions, evenly on the log scale."""
import numpy as np

from .data import stan_code

D = 100
SD = 0.1 * 1000 ** (np.arange(D) / (D - 1))


class Gaussian:
    sites = {"x": (D,)}

    def z(self, get):
        return get("x")

    def log_density(self, z):
        return -0.5 * np.sum((z / SD) ** 2) - np.sum(np.log(SD)) - 0.5 * D * np.log(2 * np.pi)

    def jax(self, dtype):
        import jax.numpy as jnp
        inverse = jnp.asarray(1 / SD, dtype)
        const = self.log_density(np.zeros(D))
        return lambda z: const - 0.5 * jnp.sum((z * inverse) ** 2)

    def numpyro(self, dtype):
        import jax.numpy as jnp
        import numpyro
        import numpyro.distributions as dist

        def model(sd):
            numpyro.sample("x", dist.Normal(jnp.zeros(D, dtype), sd).to_event(1))
        return model, (jnp.asarray(SD, dtype),)

    def stan(self, glm):
        return stan_code("gaussian"), dict(D=D, sd=SD.tolist())

    def pymc(self):
        import pymc as pm
        with pm.Model() as model:
            pm.Normal("x", 0, SD, shape=D)
        return model
