"""Makes golden.json: values of every elementary function at random arguments, from mpmath at 60 digits.

`python3 make.py` (mpmath 1.x). Arguments are float64 or float32 numbers; values are rounded to float64.
Layout: {function: {"float64": [[x, ...], [value, ...]], "float32": ...}}; pow has [[x, ...], [y, ...], [value, ...]].
Values that the precision cannot hold as normal numbers are left out: the tests list edges by hand.
"""
import json
import math
import random
import struct
from pathlib import Path

from mpmath import mp, mpf

mp.dps = 60
PER_RANGE = 60


def float32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def normal_cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def erfinv(u):
    q = 1 - abs(u)
    x = mp.sqrt(mp.pi) / 2 * abs(u) if q > 0.3 else mp.sqrt(-mp.log(q * mp.sqrt(mp.pi) * mp.sqrt(-mp.log(q / 2))))
    for _ in range(60):
        step = -(mp.erfc(x) - q) if q < 0.5 else mp.erf(x) - abs(u)
        step *= mp.sqrt(mp.pi) / 2 * mp.exp(x * x)
        x -= step / (1 + x * step)
        if abs(step) <= x * mpf(10) ** -45:
            return x if u > 0 else -x
    raise ValueError(f"no convergence at {u}")


def uniform(a, b):
    return lambda: random.uniform(a, b)


def log_uniform(a, b, sign=(1,)):
    return lambda: random.choice(sign) * 10 ** random.uniform(a, b)


def beside(c, a, b, sign=(-1, 1)):
    return lambda: c + random.choice(sign) * 10 ** random.uniform(a, b)


BOTH = (-1, 1)
ROOT = 1.4616321449683622
FUNCTIONS = {
    "exp": (mp.exp, [uniform(-708, 709.7), log_uniform(-20, 1, BOTH)], [uniform(-87, 88.7), log_uniform(-8, 1, BOTH)]),
    "expm1": (
        mp.expm1,
        [uniform(-60, 709.7), log_uniform(-20, 1, BOTH), uniform(-2, 2)],
        [uniform(-30, 88.7), log_uniform(-9, 1, BOTH), uniform(-2, 2)],
    ),
    "log": (
        mp.log,
        [log_uniform(-322, 308), uniform(0.3, 3), beside(1, -15, -1)],
        [log_uniform(-44, 38), uniform(0.3, 3), beside(1, -7, -1)],
    ),
    "log1p": (
        mp.log1p,
        [uniform(-1, 3), log_uniform(-30, -0.01, BOTH), log_uniform(-2, 300), beside(-1, -15.5, -1, (1,))],
        [uniform(-1, 3), log_uniform(-9, -0.01, BOTH), log_uniform(-2, 37), beside(-1, -7, -1, (1,))],
    ),
    "expm1mx": (
        lambda x: mp.expm1(x) - x,
        [uniform(-60, 709.7), log_uniform(-20, 1, BOTH), uniform(-2, 2)],
        [uniform(-30, 88.7), log_uniform(-9, 1, BOTH), uniform(-2, 2)],
    ),
    "log1pmx": (
        lambda x: mp.log1p(x) - x,
        [uniform(-1, 3), log_uniform(-20, -0.01, BOTH), log_uniform(-2, 300), beside(-1, -15.5, -1, (1,))],
        [uniform(-1, 3), log_uniform(-9, -0.01, BOTH), log_uniform(-2, 37), beside(-1, -7, -1, (1,))],
    ),
    "log1mExp": (
        lambda x: mp.log1p(-mp.exp(x)) if x < -1 else mp.log(-mp.expm1(x)),
        [uniform(-700, 0), log_uniform(-300, 1, (-1,))],
        [uniform(-86, 0), log_uniform(-30, 1, (-1,))],
    ),
    "sigmoid": (
        lambda x: 1 / (1 + mp.exp(-x)),
        [uniform(-667, 50), uniform(-40, 40), log_uniform(-20, 1, BOTH)],
        [uniform(-69, 50), log_uniform(-8, 1, BOTH)],
    ),
    "softplus": (
        lambda x: mp.log1p(mp.exp(x)),
        [uniform(-707, 800), uniform(-40, 40), log_uniform(-20, 1, BOTH), uniform(-2, 2)],
        [uniform(-86, 100), log_uniform(-8, 1, BOTH), uniform(-2, 2)],
    ),
    "logSigmoid": (
        lambda x: -mp.log1p(mp.exp(-x)),
        [uniform(-800, 707), uniform(-40, 40), log_uniform(-20, 1, BOTH)],
        [uniform(-100, 86), log_uniform(-8, 1, BOTH), uniform(-2, 2)],
    ),
    "tanh": (
        mp.tanh,
        [uniform(-25, 25), log_uniform(-20, 1, BOTH), uniform(-1, 1)],
        [uniform(-12, 12), log_uniform(-9, 1, BOTH), uniform(-1, 1)],
    ),
    "erf": (
        mp.erf,
        [uniform(-6, 6), log_uniform(-20, 0, BOTH), uniform(-1, 1)],
        [uniform(-4, 4), log_uniform(-9, 0, BOTH), uniform(-1, 1)],
    ),
    "erfc": (
        mp.erfc,
        [uniform(-6, 26.5), log_uniform(-20, 0, BOTH), uniform(-1, 2)],
        [uniform(-4, 9.1), log_uniform(-9, 0, BOTH), uniform(-1, 2)],
    ),
    "erfinv": (
        erfinv,
        [uniform(-1, 1), log_uniform(-20, -0.01, BOTH), beside(1, -15.9, -1, (-1,)), beside(-1, -15.9, -1, (1,))],
        [uniform(-1, 1), log_uniform(-8, -0.01, BOTH), beside(1, -7, -1, (-1,)), beside(-1, -7, -1, (1,))],
    ),
    "normalCdf": (
        normal_cdf,
        [uniform(-37.5, 8), log_uniform(-20, 0, BOTH), uniform(-3, 3)],
        [uniform(-12.9, 6), log_uniform(-9, 0, BOTH), uniform(-3, 3)],
    ),
    "normalLogCdf": (
        lambda x: mp.log1p(-normal_cdf(-x)) if x > 0 else mp.log(normal_cdf(x)),
        [uniform(-50, 37), log_uniform(0, 8, (-1,)), uniform(-3, 3)],
        [uniform(-50, 12.9), log_uniform(0, 8, (-1,)), uniform(-3, 3)],
    ),
    "inverseMills": (
        lambda x: mp.npdf(x) / normal_cdf(x),
        [uniform(-50, 37), log_uniform(0, 8, (-1,)), uniform(-3, 3)],
        [uniform(-50, 12.9), log_uniform(0, 8, (-1,)), uniform(-3, 3)],
    ),
    "lgamma": (
        mp.loggamma,
        [log_uniform(-300, 305), uniform(0, 12), beside(1, -15, -1), beside(2, -15, -1), log_uniform(0, 3)],
        [log_uniform(-30, 36), uniform(0, 12), beside(1, -6.9, -1), beside(2, -6.6, -1), log_uniform(0, 3)],
    ),
    "digamma": (
        lambda x: mp.psi(0, x),
        [log_uniform(-300, 300), uniform(0, 12), beside(ROOT, -15, -1), log_uniform(0, 3)],
        [log_uniform(-30, 36), uniform(0, 12), beside(ROOT, -6, -1), log_uniform(0, 3)],
    ),
    "trigamma": (
        lambda x: mp.psi(1, x),
        [log_uniform(-150, 300), uniform(0, 12), log_uniform(0, 3)],
        [log_uniform(-18, 36), uniform(0, 12), log_uniform(0, 3)],
    ),
    "stirlingRest": (
        lambda x: mp.loggamma(x) - (x - mpf("0.5")) * mp.log(x) + x - mp.log(2 * mp.pi) / 2,
        [log_uniform(-300, 15), uniform(0, 12), log_uniform(-1, 3)],
        [log_uniform(-30, 15), uniform(0, 12), log_uniform(-1, 3)],
    ),
    "stirlingRestSlope": (
        lambda x: mp.psi(0, x) - mp.log(x) + 1 / (2 * x),
        [log_uniform(-300, 10), uniform(0, 12), log_uniform(-1, 3)],
        [log_uniform(-30, 10), uniform(0, 12), log_uniform(-1, 3)],
    ),
}


def kept(value, precision):
    bounds = {"float64": (2.0**-1021, 1.79e308), "float32": (2.0**-125, 3.4e38)}[precision]
    return mp.isfinite(value) and bounds[0] <= abs(value) <= bounds[1]


def unary(function, generators, precision):
    xs, values = [], []
    for generate in generators:
        for _ in range(PER_RANGE):
            x = generate()
            x = float32(x) if precision == "float32" else x
            value = mp.re(function(mpf(x))) if x != 0 and not (function is erfinv and abs(x) >= 1) else mp.inf
            if kept(value, precision):
                xs.append(x)
                values.append(float(value))
    return [xs, values]


def powers(precision):
    top = 700 if precision == "float64" else 86
    rows = [], [], []
    for i in range(4 * PER_RANGE):
        x = 10 ** (random.uniform(-30, 30) if i % 4 == 0 else random.uniform(-2, 2))
        x = x if i % 4 != 1 else 1 + random.uniform(-1e-3, 1e-3)
        x = float32(x) if precision == "float32" else x
        y = random.uniform(-1, 1) * (top if i % 2 else 20) / (math.log(x) or 1)
        y = float32(y) if precision == "float32" else y
        value = mpf(x) ** mpf(y)
        if kept(value, precision):
            for row, entry in zip(rows, (x, y, float(value))):
                row.append(entry)
    return rows


def main():
    random.seed(20261124)
    golden = {}
    for name, (function, wide, narrow) in FUNCTIONS.items():
        golden[name] = {"float64": unary(function, wide, "float64"), "float32": unary(function, narrow, "float32")}
    golden["pow"] = {precision: powers(precision) for precision in ("float64", "float32")}
    text = ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in golden.items())
    Path(__file__).with_name("golden.json").write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    main()
