"""Writes the same draws as NetCDF and Zarr in ways that xarray has, and prints them as JSON.

Usage: python make_arrays.py FOLDER
"""

import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import numpy  # noqa: E402
import xarray  # noqa: E402

folder = Path(sys.argv[1])
chains, draws = 3, 40
noise = numpy.random.default_rng(2)
mu = noise.normal(size=(chains, draws))
theta = noise.normal(size=(chains, draws, 2))
count = noise.integers(0, 50, size=(chains, draws))
missing = count == count[1, 7]
energy = noise.normal(size=(chains, draws))
diverging = noise.random(size=(chains, draws)) < 0.1
packed = numpy.round(mu / 0.001) * 0.001

posterior = xarray.Dataset(
    {
        "mu": (("draw", "chain"), mu.T),
        "theta": (("school", "draw", "chain"), theta.transpose(2, 1, 0)),
        "count": (("chain", "draw"), count),
        "packed": (("draw", "chain"), packed.T + 3),
        "gaps": (("chain", "draw"), numpy.where(missing, numpy.nan, count)),
        "positive": (("chain", "draw"), mu > 0),
        "only_draws": (("draw",), mu[0]),
    },
    coords={
        "chain": numpy.arange(chains) + 1,
        "draw": numpy.arange(draws),
        "school": ["A", "größe"],
        "latitude": (("school",), [1.0, 2.0]),
    },
)
stats = xarray.Dataset(
    {"energy": (("draw", "chain"), energy.T), "diverging": (("chain", "draw"), diverging)},
    coords={"chain": numpy.arange(chains) + 1, "draw": numpy.arange(draws)},
)
encoding = {
    "packed": {"dtype": "int16", "scale_factor": 0.001, "add_offset": 3.0, "_FillValue": -32767},
    "gaps": {"dtype": "int32", "_FillValue": -1},
}
tree = xarray.DataTree.from_dict({"/posterior": posterior, "/sample_stats": stats})
by_group = {"/posterior": encoding}
for engine in ["netcdf4", "h5netcdf"]:
    tree.to_netcdf(str(folder / f"{engine}.nc"), engine=engine, encoding=by_group)
for name, options in [("zarr2", {"consolidated": True}), ("zarr2-plain", {"consolidated": False})]:
    path = str(folder / f"{name}.zarr")
    chunked = {**encoding, "mu": {"chunks": (16, 1)}, "theta": {"chunks": (1, 16, 2)}}
    for key in ["packed", "gaps"]:
        posterior[key].encoding.clear()
    posterior.to_zarr(path, group="posterior", mode="a", encoding=chunked, **options)
    stats.to_zarr(path, group="sample_stats", mode="a", **options)
posterior.to_netcdf(str(folder / "dataset.nc"), encoding=encoding)
posterior.isel(chain=0, drop=True).to_netcdf(str(folder / "one-chain.nc"))
posterior.stack(sample=["chain", "draw"]).reset_index("sample").to_netcdf(str(folder / "stacked.nc"))
for name, time in [("time", numpy.datetime64("2020-01-01", "ns") + numpy.arange(draws)[None] * numpy.ones((chains, 1), int))]:
    posterior.assign(when=(("chain", "draw"), time)).to_netcdf(str(folder / f"{name}.nc"))
xarray.Dataset({"prior": ("x", [1.0])}).to_netcdf(str(folder / "other.nc"), group="prior")

print(
    json.dumps(
        {
            "quantities": {
                "mu": mu.tolist(),
                "theta[A]": theta[:, :, 0].tolist(),
                "theta[größe]": theta[:, :, 1].tolist(),
                "count": count.astype(float).tolist(),
                "packed": (packed + 3).tolist(),
                "gaps": [[None if gap else float(value) for gap, value in zip(*rows)] for rows in zip(missing, count)],
                "positive": (mu > 0).astype(float).tolist(),
            },
            "energy": energy.tolist(),
            "diverging": diverging.astype(float).tolist(),
        }
    )
)
