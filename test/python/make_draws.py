"""Writes the same draws in every format with software of others, and prints them as JSON.

Usage: python make_draws.py FOLDER
"""

import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import arviz  # noqa: E402
import numpy  # noqa: E402
import pandas  # noqa: E402
import pyarrow  # noqa: E402
import pyarrow.feather  # noqa: E402
import pyarrow.ipc  # noqa: E402

folder = Path(sys.argv[1])
chains, draws = 3, 50
noise = numpy.random.default_rng(1)
mu = noise.normal(size=(chains, draws))
theta = noise.normal(size=(chains, draws, 2)).astype("float32")
diverging = noise.random(size=(chains, draws)) < 0.1

data = arviz.from_dict(
    posterior={"mu": mu, "theta": theta},
    sample_stats={"diverging": diverging},
    coords={"school": ["A", "größe"]},
    dims={"theta": ["school"]},
)
data.to_netcdf(str(folder / "arviz.nc"))
data.to_netcdf(str(folder / "netcdf4.nc"), engine="netcdf4")

frame = pandas.DataFrame(
    {
        "chain": numpy.repeat(numpy.arange(1, chains + 1), draws),
        "draw": numpy.tile(numpy.arange(draws), chains),
        "mu": mu.ravel(),
        "theta[A]": theta[:, :, 0].ravel(),
        "theta[größe]": theta[:, :, 1].ravel(),
    }
).sample(frac=1, random_state=1)
frame.to_parquet(folder / "snappy.parquet", index=False)
frame.to_parquet(folder / "gzip.parquet", index=False, compression="gzip", row_group_size=40)
frame.to_parquet(folder / "plain.parquet", index=False, compression=None)
frame.to_csv(folder / "plain.csv", index=False)
table = pyarrow.Table.from_pandas(frame, preserve_index=False)
with pyarrow.OSFile(str(folder / "file.arrow"), "wb") as sink, pyarrow.ipc.new_file(sink, table.schema) as writer:
    writer.write_table(table, max_chunksize=40)
with pyarrow.OSFile(str(folder / "stream.arrows"), "wb") as sink, pyarrow.ipc.new_stream(sink, table.schema) as writer:
    writer.write_table(table)

print(json.dumps({"mu": mu.tolist(), "A": theta[:, :, 0].tolist(), "B": theta[:, :, 1].tolist(), "diverging": diverging.astype(float).tolist()}))
