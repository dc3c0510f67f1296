"""Opens draws.zarr of a results folder with xarray and ArviZ and prints what they see as one JSON document.

Usage: python open_results.py RESULTS
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import arviz  # noqa: E402
import numpy  # noqa: E402
import xarray  # noqa: E402


def described(array):
    values = array.values
    return {
        "dims": list(array.dims),
        "shape": list(array.shape),
        "dtype": str(array.dtype),
        "values": values.ravel().tolist() if values.size <= 64 else [],
    }


def groups_of(data):
    return {
        name: {
            "variables": {key: described(array) for key, array in data[name].data_vars.items()},
            "coordinates": {key: array.values.tolist() for key, array in data[name].coords.items()},
            "attributes": {key: str(value) for key, value in data[name].attrs.items()},
        }
        for name in data.groups()
    }


def chain_digests(posterior):
    """SHA-256 of each chain's draws: draw after draw, variables in run.json's order, little-endian."""
    run = json.loads((results / "run.json").read_text())
    variables = [variable["name"] for variable in run["layout"]["variables"]]
    digests = []
    draws = posterior.sizes["draw"]
    for chain in range(posterior.sizes["chain"] if draws > 0 else 0):
        rows = [
            numpy.ascontiguousarray(posterior[name].isel(chain=chain).values).reshape(draws, -1).view(numpy.uint8)
            for name in variables
        ]
        digests.append(hashlib.sha256(numpy.concatenate(rows, axis=1).tobytes()).hexdigest())
    return digests


results = Path(sys.argv[1])
store = str(results / "draws.zarr")
data = arviz.from_zarr(store)
posterior = xarray.open_zarr(store, group="posterior", consolidated=True)
summary = arviz.summary(data, round_to="none", stat_focus="mean") if posterior.sizes["draw"] >= 4 else None
print(
    json.dumps(
        {
            "groups": groups_of(data),
            "xarray": {"sizes": dict(posterior.sizes), "variables": list(posterior.data_vars)},
            "digests": chain_digests(posterior),
            "summary": None if summary is None else json.loads(summary.to_json(orient="index", double_precision=15)),
        }
    )
)
