#!/usr/bin/env bash
# ArviZ 0.23.4: a parameter that never moves has as many effective draws as there are draws.
# Guess: ESS of draws that are all equal is not defined (R's posterior gives NA) or 1. Seen: 4000 of 4000 in bulk and tail, with an MCSE
# of 0 and an R-hat of NaN, which no `r_hat > 1.01` finds: a sampler that stands still looks perfect. ArviZ 1.3 does the same.
# Needs: Python 3.11 or 3.12 with venv.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check arviz==0.23.4 numpy==2.4.6 xarray==2025.6.1 scipy==1.17.1
cat > look.py <<'PY'
import warnings

warnings.filterwarnings("ignore")
import arviz
import numpy

moving = numpy.random.default_rng(1).normal(size=(4, 1000))
data = arviz.from_dict(posterior={"stuck": numpy.full((4, 1000), 3.5), "moving": moving})
summary = arviz.summary(data, stat_focus="mean", round_to="none")
row = summary.loc["stuck"]
print("arviz", arviz.__version__)
print(summary[["mean", "sd", "mcse_mean", "ess_bulk", "ess_tail", "r_hat"]].to_string())
bad = summary[(summary.r_hat > 1.01) | (summary.ess_bulk < 400)]
print("rows with r_hat > 1.01 or ess_bulk < 400:", list(bad.index))
assert row.ess_bulk == 4000 and row.ess_tail == 4000 and row.mcse_mean == 0 and numpy.isnan(row.r_hat), "this has changed"
assert "stuck" not in bad.index, "this has changed"
PY
venv/bin/python look.py
