"""Opens CmdStan CSV files with CmdStanPy and prints what it sees as one JSON document.

Usage: python read_cmdstan.py FILE...
"""

import json
import sys

import cmdstanpy

fit = cmdstanpy.from_csv(sys.argv[1:])
print(
    json.dumps(
        {
            "columns": list(fit.column_names),
            "shape": list(fit.draws().shape),
            "mu": fit.draws_pd("mu")["mu"].tolist(),
            "theta": list(fit.stan_variable("theta").shape),
            "step_size": fit.step_size.tolist(),
            "inverse_metric": fit.inv_metric.tolist(),
            "divergences": fit.divergences.tolist(),
            "max_treedepths": fit.max_treedepths.tolist(),
            "seconds": fit.time,
        }
    )
)
