#!/usr/bin/env bash
# ArviZ 1.3 (arviz-stats 1.3.3): `az.summary` refuses a posterior in which one variable is boolean.
# Guess: a boolean is summarised as 0 and 1 (NumPy's mean and sd do), or left out. Seen: TypeError of NumPy ("boolean subtract"), which
# names no variable; one indicator (`mu > 0`) hides the summary of all others. As int8 it is summarised.
# Needs: Python 3.12 or later as PYTHON (default: python3.12).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.12}" -m venv venv
venv/bin/pip install -q --disable-pip-version-check arviz==1.3.0 arviz-base==1.3.1 arviz-stats==1.3.3 numpy==2.5.5 xarray==2026.9.0
cat > look.py <<'PY'
import warnings
from importlib.metadata import version

import arviz
import numpy

warnings.filterwarnings("ignore")
mu = numpy.random.default_rng(1).normal(size=(4, 200))


def outcome(indicator):
    try:
        return sorted(arviz.summary(arviz.from_dict({"posterior": {"mu": mu, "is_positive": indicator}})).index)
    except TypeError as error:
        return f"TypeError: {str(error)[:35]}"


print("arviz", version("arviz"), "arviz-stats", version("arviz-stats"))
seen = {"bool": outcome(mu > 0), "int8": outcome((mu > 0).astype("int8"))}
print(seen)
assert seen["bool"].startswith("TypeError: numpy boolean subtract"), "this has changed"
assert seen["int8"] == ["is_positive", "mu"], "this has changed"
PY
venv/bin/python look.py
