"""Writes test/export/fixtures: small stores by programs that need a newer Python than the tests have.

Made with Python 3.12, arviz 1.3.0, xarray 2026.9.0, zarr 3.4.2, nutpie 0.16.11 and polars 2.1.0.
Usage: python make_fixtures.py FOLDER
"""

import base64
import json
import sys
import tempfile
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import arviz  # noqa: E402
import numpy  # noqa: E402
import nutpie  # noqa: E402
import polars  # noqa: E402
import xarray  # noqa: E402
from nutpie.compiled_pyfunc import from_pyfunc  # noqa: E402

target = Path(sys.argv[1])
chains, draws = 2, 20
noise = numpy.random.default_rng(1)
coords = {"school": ["A", "größe"]}


def save(name, path, expected, keep=lambda key: True):
    """A folder, or a file, as one JSON document: files by their path, in base64."""
    paths = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    keys = {each: each.name if path.is_file() else each.relative_to(path).as_posix() for each in paths}
    files = {key: base64.b64encode(each.read_bytes()).decode() for each, key in keys.items() if keep(key)}
    (target / f"{name}.json").write_text(json.dumps({"files": files, "expected": expected}) + "\n")


def values(array):
    return numpy.asarray(array).astype(float).tolist()


with tempfile.TemporaryDirectory() as temporary:
    folder = Path(temporary)
    mu = noise.normal(size=(chains, draws))
    theta = noise.normal(size=(chains, draws, 2))
    diverging = noise.random(size=(chains, draws)) < 0.1
    energy = noise.normal(size=(chains, draws))
    data = arviz.from_dict(
        {"posterior": {"mu": mu, "theta": theta}, "sample_stats": {"diverging": diverging, "energy": energy}},
        coords=coords,
        dims={"theta": ["school"]},
    )
    expected = {
        "mu": values(mu),
        "theta[A]": values(theta[:, :, 0]),
        "theta[größe]": values(theta[:, :, 1]),
        "diverging": values(diverging),
        "energy": values(energy),
    }
    data.to_zarr(folder / "three.zarr")
    save("arviz-zarr3", folder / "three.zarr", expected)
    data.to_zarr(folder / "two.zarr", zarr_format=2)
    save("arviz-zarr2", folder / "two.zarr", expected)
    data.to_netcdf(folder / "arviz.nc")
    save("arviz-netcdf", folder / "arviz.nc", expected)
    chunked = {"chunks": (1, 10), "shards": (2, 20)}
    encoding = {"/posterior": {"mu": chunked, "theta": {"chunks": (1, 7, 2), "shards": (2, 21, 2)}}}
    data.to_zarr(folder / "shards.zarr", encoding=encoding)
    save("xarray-sharded", folder / "shards.zarr", expected)

    model = from_pyfunc(
        3,
        lambda: lambda x: (-0.5 * float((x**2).sum()), -x),
        lambda *_: lambda x: {"mu": numpy.array(x[0]), "theta": numpy.array(x[1:])},
        ["float64", "float64"],
        [(), (2,)],
        ["mu", "theta"],
        dims={"theta": ("school",)},
        coords=coords,
    )
    path = folder / "nutpie.zarr"
    path.mkdir()
    store = nutpie.zarr_store.LocalStore(str(path))
    nutpie.sample(model, draws=40, tune=60, chains=2, seed=1, zarr_store=store, progress_bar=False)
    tree = xarray.open_datatree(path, engine="zarr", consolidated=False)
    kept = ("zarr.json", "posterior/", "sample_stats/zarr.json")
    kept += tuple(f"sample_stats/{name}/" for name in ["diverging", "energy", "depth", "logp", "divergence_message"])
    expected = {
        "mu": values(tree["posterior/mu"]),
        "theta[A]": values(tree["posterior/theta"][:, :, 0]),
        "theta[größe]": values(tree["posterior/theta"][:, :, 1]),
        "diverging": values(tree["sample_stats/diverging"]),
        "energy": values(tree["sample_stats/energy"]),
        "tree_depth": values(tree["sample_stats/depth"]),
        "lp": values(tree["sample_stats/logp"]),
    }
    save("nutpie", path, expected, lambda key: key.startswith(kept))

    on = noise.random(size=(chains, draws)) < 0.5
    count = noise.integers(0, 9, size=(chains, draws))
    frame = polars.DataFrame(
        {
            "chain": numpy.repeat(numpy.arange(chains), draws),
            "draw": numpy.tile(numpy.arange(draws), chains),
            "mu": mu.ravel(),
            "on": on.ravel(),
            "count": count.ravel().astype("int32"),
        }
    )
    expected = {"mu": values(mu), "on": values(on), "count": values(count)}
    frame.write_parquet(folder / "polars.parquet")
    save("polars", folder / "polars.parquet", expected)
    frame.write_parquet(folder / "lz4.parquet", compression="lz4")
    save("polars-lz4", folder / "lz4.parquet", {})
    frame.write_ipc(folder / "polars.arrow")
    save("polars-arrow", folder / "polars.arrow", expected)
