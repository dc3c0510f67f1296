"""Where the data lie."""
import json
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
REF = os.environ.get("MANYCHAIN_REFERENCE", os.path.join(HERE, "..", "..", "..", "..", "shared", "reference"))


def table(*path):
    """Features, standardised by their population standard deviation, and the last column."""
    a = np.genfromtxt(os.path.join(REF, *path), delimiter=",", skip_header=1)
    x, y = a[:, :-1], a[:, -1]
    return np.ascontiguousarray((x - x.mean(0)) / x.std(0)), np.ascontiguousarray(y)


def posteriordb(name):
    return json.load(open(os.path.join(REF, "posteriordb", name, "data.json")))


def stan_code(name):
    return open(os.path.join(HERE, name + ".stan")).read()
