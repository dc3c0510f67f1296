"""Reads an export of ours and writes it anew: as it is, and with the first 10 draws of each chain.

Usage: python rewrite_export.py netcdf|parquet|arrow FILE
"""

import sys
import warnings

warnings.filterwarnings("ignore")

import pyarrow.compute  # noqa: E402
import pyarrow.feather  # noqa: E402
import pyarrow.parquet  # noqa: E402
import xarray  # noqa: E402

kind, file = sys.argv[1:]
if kind == "netcdf":
    tree = xarray.open_datatree(file, engine="h5netcdf").load()
    tree.to_netcdf(f"{file}.same", engine="h5netcdf")
    posterior = tree["posterior"].to_dataset().isel(draw=slice(10))
    xarray.DataTree.from_dict({"/posterior": posterior}).to_netcdf(f"{file}.half", engine="h5netcdf")
else:
    read = pyarrow.parquet.read_table if kind == "parquet" else pyarrow.feather.read_table
    table = read(file)
    for name, each in [("same", table), ("half", table.filter(pyarrow.compute.less(table["draw"], 10)))]:
        if kind == "parquet":
            pyarrow.parquet.write_table(each, f"{file}.{name}")
        else:
            pyarrow.feather.write_feather(each, f"{file}.{name}", compression="uncompressed")
print("{}")
