"""Opens an exported file with software of others and prints the draws that it sees as one JSON document.

Usage: python open_export.py netcdf|parquet|arrow|cmdstan FILE...
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")


def numbers(values):
    return [[float(number) for number in row] for row in values]


def table(frame):
    chains = [rows.sort_values("draw") for _, rows in frame.groupby("chain")]
    names = [name for name in frame.columns if name not in ("chain", "draw")]
    return {
        "quantities": {name: numbers(rows[name] for rows in chains) for name in names},
        "types": {name: str(frame[name].dtype) for name in frame.columns},
        "draws": chains[0]["draw"].tolist(),
    }


def inference_data(data):
    groups = {}
    for group in data.groups():
        groups[group] = {
            name: {"dims": list(array.dims), "dtype": str(array.dtype), "values": numbers([array.values.ravel()])[0]}
            for name, array in data[group].data_vars.items()
        }
    posterior = data.posterior
    coordinates = {name: array.values.tolist() for name, array in posterior.coords.items()}
    return {"groups": groups, "coordinates": coordinates, "attributes": dict(posterior.attrs)}


kind, *files = sys.argv[1:]
if kind == "parquet":
    import pyarrow.parquet

    result = table(pyarrow.parquet.read_table(files[0]).to_pandas())
elif kind == "arrow":
    import pyarrow.ipc

    with pyarrow.OSFile(files[0]) as source:
        result = table(pyarrow.ipc.open_file(source).read_all().to_pandas())
elif kind == "netcdf":
    import arviz
    import netCDF4

    result = inference_data(arviz.from_netcdf(files[0]))
    with netCDF4.Dataset(files[0]) as file:
        result["netCDF4"] = {name: list(variable.dimensions) for name, variable in file["posterior"].variables.items()}
else:
    import arviz

    result = inference_data(arviz.from_cmdstan(files))
print(json.dumps(result))
