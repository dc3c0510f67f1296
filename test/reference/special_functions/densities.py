"""Makes densities.json: log densities and their slopes over the arguments that data can have, from mpmath at 80 digits.

`python3 densities.py` (mpmath 1.x). Arguments are float32 numbers. Layout: {distribution: {"slopes": [argument, ...], "rows":
[[[argument, ...], log density, unit, [slope, ...], [unit, ...]], ...]}}; argument 0 is the value, the others are the parameters.

A unit is what one rounding may cost, times the precision's epsilon:
  of the log density   max(1, |log density|) and what the rounding of each argument makes of it, the sum of |x_j df/dx_j|;
  of slope i           its size, the same sum for the slope, the root of the curvature, and max(1, |log density|)/x_i of a
                       positive parameter (chains see the slope in its logarithm: over a step of 1 it errs as the log density).
"""
import json
import random
import struct
from pathlib import Path

from mpmath import mp, mpf

mp.dps = 80
ROWS = 44
HALF_LOG_TWO_PI = mp.log(2 * mp.pi) / 2
T = [0, 0.02, -0.1, 0.5, -0.5, 1, -1, 2, -2, 3.5, -3.5, 6, -6, 12, -30]
FAR = T + [1e3, -1e3, 1e6, -1e6]


def float32(x):
    return struct.unpack("f", struct.pack("f", float(x)))[0]


def power(a, b):
    return 10 ** random.uniform(a, b)


def sign():
    return random.choice((-1, 1))


def location(scale):
    return random.choice((0, sign() * scale * power(-3, 4), sign() * scale * power(-1, 1), random.uniform(-3, 3)))


def softplus(x):
    return mp.log1p(mp.exp(x))


def lbeta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def normal(x, m, s):
    return -(((x - m) / s) ** 2) / 2 - mp.log(s) - HALF_LOG_TWO_PI


def student(x, v, m, s):
    constants = mp.loggamma((v + 1) / 2) - mp.loggamma(v / 2) - mp.log(mp.pi * v) / 2 - mp.log(s)
    return constants - (v + 1) / 2 * mp.log1p(((x - m) / s) ** 2 / v)


def gamma(x, a, r):
    return a * mp.log(r) - mp.loggamma(a) + (a - 1) * mp.log(x) - r * x


def negative_binomial(k, eta, phi):
    rising = mp.loggamma(k + phi) - mp.loggamma(phi) - mp.loggamma(k + 1)
    return rising + k * (eta - mp.log(phi)) - (k + phi) * softplus(eta - mp.log(phi))


def binomial(k, n, x):
    return -mp.log(n + 1) - lbeta(k + 1, n - k + 1) + k * x - n * softplus(x)


def around(centre, spread, t):
    return max(centre + t * spread, centre * 10 ** random.uniform(-3, 0))


def shaped(shape, t):
    """A value about 1 that a gamma variable of mean 1 takes."""
    if random.random() < 0.15:
        return power(-4, 4)
    return around(1, shape**-0.5, t) if shape > 0.5 else power(-4, 1) / max(shape, 0.1)


def counted(mean, variance, t):
    return max(0, round(mean + t * variance**0.5))


def of_location(t):
    s = power(-10, 10)
    m = location(s)
    return m + t * s, m, s


def of_student(t):
    s = power(-10, 10)
    m = location(s)
    return m + t * s, random.choice((power(-3, 8), power(-1, 2))), m, s


def of_gamma(t):
    a, r = random.choice((power(-3, 8), power(0, 3))), power(-10, 10)
    return a / r * shaped(a, t), a, r


def of_inverse_gamma(t):
    a, s = random.choice((power(-3, 8), power(0, 3))), power(-10, 10)
    return s / (a * shaped(a, t)), a, s


def of_beta(t):
    a, b = random.choice(((power(-3, 8), power(-3, 8)), (power(0, 3), power(0, 3)), (power(3, 7), power(3, 7))))
    mean = a / (a + b)
    if random.random() < 0.15:
        return random.random(), a, b
    x = around(mean, (mean * (1 - mean) / (a + b + 1)) ** 0.5, t) if min(a, b) > 0.5 else random.random()
    return min(x, 1 - 2.0**-24), a, b


def of_binomial(t):
    n = round(random.choice((power(0, 8), power(0, 3))))
    p = random.choice((random.random(), power(-7, 0)))
    n = int(float32(n))
    p = min(max(p, 1e-7), 1 - 1e-7)
    return min(counted(n * p, n * p * (1 - p), t), n), n, mp.log(p) - mp.log1p(-p)


def of_poisson(t):
    eta = random.choice((random.uniform(-10, 21), random.uniform(0, 7)))
    return counted(float(mp.exp(eta)), float(mp.exp(eta)), t), eta


def of_negative_binomial(t):
    eta, phi = random.choice((random.uniform(-5, 20), random.uniform(0, 14))), random.choice((power(-3, 8), power(-1, 2)))
    m = float(mp.exp(eta))
    k = counted(m, m + m * m / phi, t) if phi > 0.5 else round(m * power(-4, 1))
    return k, eta, phi


def of_log_normal(t):
    m, s = random.uniform(-20, 20), power(-3, 1)
    return mp.exp(m + t * s), m, s


def of_weibull(t):
    # beyond, float32's neighbours lie further apart than the density is wide
    k, s = power(-3, 5), power(-10, 10)
    return s * mp.exp(min(t, 4) / k), k, s


def positive(generate):
    return lambda t: tuple(abs(v) for v in generate(t))


def without_location(generate, at):
    def made(t):
        row = generate(t)
        x, m = row[0] - row[at], row[at]
        return tuple(abs(v) for i, v in enumerate((x, *row[1:])) if i != at)
    return made


def of_uniform(t):
    width = power(-10, 10)
    lower = location(width)
    return lower + random.random() * width, lower, lower + width


# the density, the arguments for a position t, the values of t, the arguments with slopes, positive parameters
DISTRIBUTIONS = {
    "normal": (normal, of_location, T, (0, 1, 2), (2,)),
    "halfNormal": (lambda x, s: normal(x, 0, s) + mp.log(2), without_location(of_location, 1), T, (0, 1), (1,)),
    "logNormal": (lambda x, m, s: normal(mp.log(x), m, s) - mp.log(x), of_log_normal, T, (0, 1, 2), (2,)),
    "studentT": (student, of_student, FAR, (0, 1, 2, 3), (1, 3)),
    "halfStudentT": (lambda x, v, s: student(x, v, 0, s) + mp.log(2), without_location(of_student, 2), FAR, (0, 1, 2), (1, 2)),
    "cauchy": (lambda x, m, s: -mp.log1p(((x - m) / s) ** 2) - mp.log(mp.pi * s), of_location, FAR, (0, 1, 2), (2,)),
    "halfCauchy": (
        lambda x, s: mp.log(2) - mp.log1p((x / s) ** 2) - mp.log(mp.pi * s),
        without_location(of_location, 1), FAR, (0, 1), (1,),
    ),
    "gamma": (gamma, of_gamma, T, (0, 1, 2), (1, 2)),
    "inverseGamma": (lambda x, a, s: gamma(1 / x, a, s) - 2 * mp.log(x), of_inverse_gamma, T, (0, 1, 2), (1, 2)),
    "exponential": (lambda x, r: mp.log(r) - x * r, lambda t: (lambda r: (power(-5, 2) / r, r))(power(-10, 10)), T, (0, 1), (1,)),
    "weibull": (
        lambda x, k, s: mp.log(k / s) + (k - 1) * mp.log(x / s) - (x / s) ** k, of_weibull, T, (0, 1, 2), (1, 2),
    ),
    "beta": (lambda x, a, b: (a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x) - lbeta(a, b), of_beta, T, (0, 1, 2), (1, 2)),
    "uniform": (lambda x, a, b: -mp.log(b - a), of_uniform, T, (0, 1, 2), ()),
    "laplace": (lambda x, m, s: -abs(x - m) / s - mp.log(2 * s), of_location, FAR[1:], (0, 1, 2), (2,)),
    "logistic": (
        lambda x, m, s: (x - m) / s - 2 * softplus((x - m) / s) - mp.log(s), of_location, FAR, (0, 1, 2), (2,),
    ),
    "bernoulli": (lambda y, x: y * x - softplus(x), lambda t: (random.choice((0, 1)), random.uniform(-30, 30)), T, (1,), ()),
    "binomial": (binomial, of_binomial, T, (2,), ()),
    "poisson": (lambda k, x: k * x - mp.exp(x) - mp.loggamma(k + 1), of_poisson, T, (1,), ()),
    "negativeBinomial": (negative_binomial, of_negative_binomial, T, (1, 2), (2,)),
}


def derivative(f, args, i):
    """Central difference: half of the digits are exact."""
    h = mpf(10) ** -20 * (abs(args[i]) if args[i] != 0 else 1)
    moved = [[a + s * h if j == i else a for j, a in enumerate(args)] for s in (1, -1)]
    return (f(*moved[0]) - f(*moved[1])) / (2 * h)


def shortened(x):
    return float(f"{float(x):.3g}")


def row_of(f, args, slopes, positives):
    exact = [mpf(a) for a in args]
    lp = f(*exact)
    every = range(len(args))
    first = [derivative(f, exact, i) for i in every]
    unit = max(1, abs(lp)) + sum(abs(exact[i] * first[i]) for i in every)
    units = []
    for i in slopes:
        second = [derivative(lambda *a: derivative(f, list(a), i), exact, j) for j in every]
        size = abs(first[i]) + sum(abs(exact[j] * second[j]) for j in every) + mp.sqrt(abs(second[i]))
        units.append(shortened(size + (max(1, abs(lp)) / abs(exact[i]) if i in positives else 0)))
    return [list(args), float(lp), shortened(unit), [float(first[i]) for i in slopes], units]


def fits(args, row, discrete):
    """Within float32, the slopes too, and inside of the support after rounding."""
    sizes = [abs(a) for a in args if a != 0] + [abs(row[1])] + [abs(s) for s in row[3] if s != 0]
    return all(1e-36 < size < 1e36 for size in sizes)


def main():
    random.seed(20261201)
    tables = {}
    for name, (f, generate, positions, slopes, positives) in DISTRIBUTIONS.items():
        rows = []
        while len(rows) < ROWS:
            args = [float32(a) for a in generate(positions[len(rows) % len(positions)])]
            if any(a != 0 and not 1e-36 < abs(a) < 1e36 for a in args):
                continue
            try:
                row = row_of(f, args, slopes, positives)
            except (ValueError, ZeroDivisionError, TypeError):
                continue
            if all(mp.isfinite(v) for v in (row[1], *row[3])) and fits(args, row, 0 not in slopes):
                rows.append(row)
        tables[name] = {"slopes": list(slopes), "rows": rows}
    text = ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in tables.items())
    Path(__file__).with_name("densities.json").write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    main()
