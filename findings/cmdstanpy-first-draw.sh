#!/usr/bin/env bash
# CmdStanPy 1.3.2: `from_csv` passes over the first draw after warm-up where it counts divergences and trees of full depth.
# Guess: a divergent first draw counts as any other. Seen: `divergences` is 0 for it and 1 for the same in the second draw, while
# `method_variables()` has a 1 in both. Counts of few draws, and of many short chains, come out too small.
# Source: cmdstanpy/utils/stancsv.py, extract_max_treedepth_and_divergence_counts (it skips a header that is not among the lines).
# Needs: Python 3.9 to 3.13 with venv.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check cmdstanpy==1.3.2
cat > look.py <<'PY'
import logging

import cmdstanpy

logging.getLogger("cmdstanpy").setLevel(logging.CRITICAL)
HEAD = """# stan_version_major = 2
# stan_version_minor = 36
# stan_version_patch = 0
# model = line_model
# method = sample (Default)
#   sample
#     num_samples = 4
#     num_warmup = 100
#     save_warmup = false (Default)
#     thin = 1 (Default)
#     algorithm = hmc (Default)
#       hmc
#         engine = nuts (Default)
#           nuts
#             max_depth = 10 (Default)
#         metric = diag_e (Default)
# id = 1 (Default)
lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,mu
# Adaptation terminated
# Step size = 0.5
# Diagonal elements of inverse mass matrix:
# 1.25
"""
TAIL = """#
#  Elapsed Time: 0.01 seconds (Warm-up)
#                0.01 seconds (Sampling)
#                0.02 seconds (Total)
#
"""


def counted(divergent_draw):
    rows = [f"-1,0.9,0.5,{10 if i == divergent_draw else 3},7,{int(i == divergent_draw)},2,0.{i}\n" for i in range(4)]
    with open("chain.csv", "w") as file:
        file.write(HEAD + "".join(rows) + TAIL)
    fit = cmdstanpy.from_csv("chain.csv")
    return int(fit.divergences[0]), int(fit.max_treedepths[0]), int(fit.method_variables()["divergent__"].sum())


seen = [counted(draw) for draw in range(4)]
print("cmdstanpy", cmdstanpy.__version__)
print("divergent draw 1 to 4: (divergences, max_treedepths, sum of divergent__) =", seen)
assert seen == [(0, 0, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1)], "this has changed"
PY
venv/bin/python look.py 2>warnings.txt || { cat warnings.txt; exit 1; }
