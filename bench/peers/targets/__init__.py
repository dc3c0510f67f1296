"""The posteriors that peers and manychain are run on, one file each; index.js says with which config manychain runs them.

A target has
- `sites`: parameter -> shape, in the order in which Stan declares them, as NumPyro and PyMC name them too;
- `z(get)`: the unconstrained vectors, `get(name)` being the draws `(chains, draws, *shape)` of a parameter;
- `log_density(z)`: of one z, with Jacobian and all constants, in numpy's float64;
- `jax()`, `numpyro()`, `stan(glm)`, `pymc()`: the same for the peers."""
from . import eight_schools, gaussian, kidiq, sparse_logistic

TARGETS = {
    "bc": sparse_logistic.breast_cancer,
    "gc": sparse_logistic.german_credit,
    "es": eight_schools.EightSchools,
    "gauss": gaussian.Gaussian,
    "kidiq": kidiq.Kidiq,
}


def target(model):
    return TARGETS[model]()


def dimension(t):
    return int(sum(_size(shape) for shape in t.sites.values()))


def from_columns(t, columns):
    """`get` of draws whose last axis holds the parameters one after another, each flattened."""
    at, first = {}, 0
    for name, shape in t.sites.items():
        at[name] = (first, first + _size(shape), shape)
        first += _size(shape)

    def get(name):
        a, b, shape = at[name]
        return columns[..., a:b].reshape(columns.shape[:-1] + shape)
    return get


def _size(shape):
    n = 1
    for k in shape:
        n *= k
    return n
