"""Summarises a store and a NetCDF file with ArviZ 1.x and prints what it sees as one JSON document.

Usage: python arviz1.py DRAWS_ZARR FILE_NC
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import arviz  # noqa: E402
import xarray  # noqa: E402


def seen(tree):
    summary = arviz.summary(tree, ci_prob=0.9, round_to="none")
    return {
        "groups": sorted(tree.children),
        "types": {name: str(array.dtype) for name, array in tree["posterior"].data_vars.items()},
        "warmup": dict(tree["warmup_posterior"].sizes),
        "diverging": str(tree["sample_stats"]["diverging"].dtype),
        "summary": json.loads(summary.to_json(orient="index", double_precision=15)),
    }


store, file = sys.argv[1:]
print(
    json.dumps(
        {
            "store": seen(xarray.open_datatree(store, engine="zarr")),
            "netcdf": seen(arviz.from_netcdf(file)),
        }
    )
)
