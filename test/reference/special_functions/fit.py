"""Minimax polynomials of src/elementary: `python3 fit.py NAME...` prints coefficients (lowest power first) and errors.

Remez exchange in mpmath at 60 digits on the weighted absolute error, then rounding to float64 or float32.
"""
import struct
import sys

import numpy
from mpmath import mp, mpf

mp.dps = 60


def rounded(value, precision):
    x = float(value)
    return x if precision == 64 else struct.unpack("f", struct.pack("f", x))[0]


def grid(a, b, n):
    return [(a + b) / 2 - (b - a) / 2 * mp.cos(mp.pi * i / n) for i in range(n + 1)]


def remez(f, w, a, b, powers, rounds=12):
    n = len(powers)
    points = [(a + b) / 2 - (b - a) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * n + 2)) for i in range(n + 1)]
    dense = grid(a, b, 40 * (n + 1))
    values = [(x, f(x), w(x)) for x in dense]
    best = None
    for _ in range(rounds):
        matrix = mp.matrix(n + 1, n + 1)
        right = mp.matrix(n + 1, 1)
        for i, x in enumerate(points):
            for j, p in enumerate(powers):
                matrix[i, j] = x**p
            matrix[i, n] = (-1) ** i / w(x)
            right[i] = f(x)
        solution = mp.lu_solve(matrix, right)
        c = [solution[j] for j in range(n)]
        error = [(x, (y - sum(cj * x**p for cj, p in zip(c, powers))) * wx) for x, y, wx in values]
        worst = max(abs(e) for _, e in error)
        if best is None or worst < best[0]:
            best = (worst, c)
        extrema = []
        for x, e in error:
            if extrema and (extrema[-1][1] > 0) == (e > 0):
                if abs(e) > abs(extrema[-1][1]):
                    extrema[-1] = (x, e)
            else:
                extrema.append((x, e))
        while len(extrema) > n + 1:
            extrema.pop(0 if abs(extrema[0][1]) < abs(extrema[-1][1]) else -1)
        if len(extrema) < n + 1 or worst < abs(solution[n]) * mpf("1.001"):
            break
        points = [x for x, _ in extrema]
    return best


def refit_rounded(f, w, a, b, c):
    """Round to float32 one by one from the lowest power; after each, fit the rest anew by least squares."""
    xs = grid(a, b, 400)
    x = numpy.array([float(t) for t in xs])
    weight = numpy.array([float(w(t)) for t in xs])
    ideal = numpy.array([float(f(t)) for t in xs])
    minimax = numpy.polyval([float(t) for t in reversed(c)], x)
    done = []
    for k in range(len(c)):
        rest = (minimax - sum(ck * x**j for j, ck in enumerate(done))) * weight
        basis = numpy.stack([x**j * weight for j in range(k, len(c))], axis=1)
        done.append(rounded(numpy.linalg.lstsq(basis, rest, rcond=None)[0][0], 32))
    plain = [rounded(t, 32) for t in c]
    worst = [numpy.max(numpy.abs((numpy.polyval(t[::-1], x) - ideal) * weight)) for t in (done, plain)]
    return done if worst[0] < worst[1] else plain


def fit(f, a, b, degree, precision, w=lambda x: mpf(1)):
    """Coefficients of powers 0..degree, the ideal error and the error after rounding."""
    a, b = mpf(a), mpf(b)
    ideal, c = remez(f, w, a, b, list(range(degree + 1)))
    c = [rounded(t, 64) for t in c] if precision == 64 else refit_rounded(f, w, a, b, c)
    error = max(abs((f(x) - sum(mpf(cj) * x**j for j, cj in enumerate(c))) * w(x)) for x in grid(a, b, 997))
    return c, float(ideal), float(error)


LN2 = mp.log(2)


def exp_tail(r):
    """(e^r - 1 - r)/r^2 by its series."""
    return sum(r**k / mp.factorial(k + 2) for k in range(45))


def half_coth(v):
    """(r coth(r/2) - 2)/v with v = r^2: e^r = (c + r)/(c - r) for c = r coth(r/2)."""
    r = mp.sqrt(max(v, mpf("1e-20")))
    return (r * mp.coth(r / 2) - 2) / r**2


def atanh_tail(z):
    """(log((1+s)/(1-s))/s - 2)/z with z = s^2."""
    z = max(z, mpf("1e-20"))
    s = mp.sqrt(z)
    return (mp.log((1 + s) / (1 - s)) / s - 2) / z


zmax = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mpf("1.0001")


def erfinv_of_w(w):
    """erfinv(u)/u with w = -log(1 - u^2)."""
    w = max(mpf(w), mpf("1e-25"))
    u2 = -mp.expm1(-w)
    u = mp.sqrt(u2)
    # complement 1 - u without cancellation
    q = mp.exp(-w) / (1 + u)
    x = mp.sqrt(mp.pi) / 2 * u if w < 1e-10 else mp.sqrt(max(w - mp.log(mp.sqrt(mp.pi * max(w, mpf(1)))), mpf("0.1") * w))
    for _ in range(100):
        if u < mpf("0.5"):
            step = (mp.erf(x) - u) * mp.sqrt(mp.pi) / 2 * mp.exp(x * x)
        else:
            step = -(mp.erfc(x) - q) * mp.sqrt(mp.pi) / 2 * mp.exp(x * x)
        step = step / (1 + x * step)
        x -= step
        if abs(step) < mpf(10) ** -45 * x:
            break
    return x / u


def gamma_t(t):
    y = mpf(t) + mpf("0.5")
    y = min(max(y, mpf("1e-25")), 1 - mpf("1e-25"))
    return mp.loggamma(1 + y) / (y * (y - 1))


def gamma_s(t):
    y = max(mpf(t) + mpf("0.5"), mpf("1e-25"))
    return mp.loggamma(2 + y) / y


def bernoulli_series(t, term):
    """An asymptotic series in t = 1/x^2 <= 1/64: far more exact at x >= 8 after 20 terms than float64 needs."""
    return sum(term(k) * t ** (k - 1) for k in range(1, 21))


def stirling(t):
    return bernoulli_series(t, lambda k: mp.bernoulli(2 * k) / (2 * k * (2 * k - 1)))


def digamma_tail(t):
    return bernoulli_series(t, lambda k: mp.bernoulli(2 * k) / (2 * k))


def trigamma_tail(t):
    return bernoulli_series(t, lambda k: mp.bernoulli(2 * k))


def stirling_rest(t):
    """x (log Gamma(x) - (x - 1/2) log x + x - log(2 pi)/2) in t = 1/x^2."""
    if t < mpf("1e-6"):
        return stirling(t)
    x = 1 / mp.sqrt(t)
    return x * (mp.loggamma(x) - (x - mpf("0.5")) * mp.log(x) + x - mp.log(2 * mp.pi) / 2)


def stirling_rest_slope(t):
    """-x^2 (psi(x) - log x + 1/(2x)) in t = 1/x^2."""
    if t < mpf("1e-6"):
        return digamma_tail(t)
    x = 1 / mp.sqrt(t)
    return -x * x * (mp.psi(0, x) - mp.log(x) + 1 / (2 * x))


ROOT = mp.findroot(lambda x: mp.psi(0, x), mpf("1.4616321449683622"))


def digamma_h(t):
    y = mpf(t) + mpf("1.5")
    if abs(y - ROOT) < mpf("1e-20"):
        y = ROOT + mpf("1e-20")
    return mp.psi(0, y) / (y - ROOT) * y


def erfc_scaled(t):
    if t > 1 - mpf("1e-6"):
        return 2 / mp.sqrt(mp.pi) * (1 + (1 - t) / 15)
    x = mpf("3.75") * (1 + t) / (1 - t)
    if x > 60:
        series, term = mpf(1), mpf(1)
        for k in range(1, 20):
            term *= -(2 * k - 1) / (2 * x * x)
            series += term
        return (1 + 2 * x) * series / (x * mp.sqrt(mp.pi))
    return (1 + 2 * x) * mp.exp(x * x) * mp.erfc(x)


def erf_ratio(t):
    z = max(mpf(t) + mpf("0.5"), mpf("1e-30"))
    return mp.erf(mp.sqrt(z)) / mp.sqrt(z)


def erfinv_piece(f, near, a, b, degree):
    """A fit around a centre beside `near` at which f is almost a float64: its leading coefficient loses nothing."""
    def loss(k):
        value = f(near + mpf(k) / 2**20)
        return abs(value - mpf(float(value)))
    centre = near + mpf(min(range(300), key=loss)) / 2**20
    print("centre", repr(float(centre)))
    return fit(lambda t: f(t + centre), a - centre, b - centre, degree, 64)


FITS = {
    "exp64": lambda: fit(exp_tail, -LN2 / 2 * mpf("1.0001"), LN2 / 2 * mpf("1.0001"), 9, 64),
    "exp32": lambda: fit(exp_tail, -LN2 / 2 * mpf("1.0001"), LN2 / 2 * mpf("1.0001"), 4, 32),
    # (e^x - 1 - x)/x^2 on -1..1, relative
    "expm1mx64": lambda: fit(exp_tail, -1, 1, 13, 64, lambda r: 1 / exp_tail(r)),
    "expm1mx32": lambda: fit(exp_tail, -1, 1, 6, 32, lambda r: 1 / exp_tail(r)),
    "coth64": lambda: fit(half_coth, 0, (LN2 / 2 * mpf("1.0001")) ** 2, 4, 64, lambda v: v),
    "coth32": lambda: fit(half_coth, 0, (LN2 / 2 * mpf("1.0001")) ** 2, 1, 32, lambda v: v),
    # erfinv(u)/u, w = -log(1-u^2): a polynomial in w - 1.5 up to 6.25, then in sqrt(w) - 3.25, then in sqrt(w) - 5
    "erfinv64a": lambda: erfinv_piece(lambda w: erfinv_of_w(w), mpf("1.5"), 0, mpf("6.25"), 24),
    "erfinv64b": lambda: erfinv_piece(lambda s: erfinv_of_w(s**2), mpf("3.25"), mpf("2.49"), mpf("4.01"), 20),
    "erfinv64c": lambda: erfinv_piece(lambda s: erfinv_of_w(s**2), mpf("5"), mpf("3.99"), mpf("6.02"), 20),
    "erfinv32a": lambda: fit(lambda t: erfinv_of_w(t + mpf("2.5")), mpf("-2.5"), mpf("2.5"), 9, 32),
    "erfinv32b": lambda: fit(lambda t: erfinv_of_w((t + mpf("3.125")) ** 2), mpf("-0.9"), mpf("0.9"), 9, 32),
    # lgamma(1 + y) = y (y - 1) T(y) and lgamma(2 + y) = y S(y) on 0..1, in y - 1/2
    "lgammaT64": lambda: fit(gamma_t, mpf("-0.5"), mpf("0.5"), 20, 64),
    "lgammaT32": lambda: fit(gamma_t, mpf("-0.5"), mpf("0.5"), 9, 32),
    "lgammaS64": lambda: fit(gamma_s, mpf("-0.5"), mpf("0.5"), 15, 64),
    "lgammaS32": lambda: fit(gamma_s, mpf("-0.5"), mpf("0.5"), 7, 32),
    # x >= 8: lgamma(x) = (x - 1/2)(log x - 1) + (log(2 pi) - 1)/2 + W(1/x^2)/x
    "stirling64": lambda: fit(stirling, 0, mpf(1) / 64, 5, 64, lambda t: mpf("0.03")),
    "stirling32": lambda: fit(stirling, 0, mpf(1) / 64, 1, 32, lambda t: mpf("0.03")),
    # digamma(y) = (y - root) H(y)/y on 1..2, in y - 3/2
    "digamma64": lambda: fit(digamma_h, mpf("-0.5"), mpf("0.5"), 16, 64),
    "digamma32": lambda: fit(digamma_h, mpf("-0.5"), mpf("0.5"), 7, 32),
    # digamma(x) = log x - 1/(2x) - P(1/x^2)/x^2, x >= 8; trigamma(x) = 1/x + 1/(2x^2) + Q(1/x^2)/x^3, x >= 8
    "digammaTail64": lambda: fit(digamma_tail, 0, mpf(1) / 64, 6, 64, lambda t: mpf(1) / 64),
    "digammaTail32": lambda: fit(digamma_tail, 0, mpf(1) / 64, 1, 32, lambda t: mpf(1) / 64),
    "trigammaTail64": lambda: fit(trigamma_tail, 0, mpf(1) / 64, 7, 64, lambda t: mpf(1) / 64),
    "trigammaTail32": lambda: fit(trigamma_tail, 0, mpf(1) / 64, 1, 32, lambda t: mpf(1) / 64),
    # x >= 2: what Stirling's leading terms leave of log Gamma, times x, and minus its derivative times x^2, in 1/x^2
    "rest64": lambda: fit(stirling_rest, 0, mpf("0.25"), 14, 64),
    "rest32": lambda: fit(stirling_rest, 0, mpf("0.25"), 3, 32),
    "restSlope64": lambda: fit(stirling_rest_slope, 0, mpf("0.25"), 14, 64),
    "restSlope32": lambda: fit(stirling_rest_slope, 0, mpf("0.25"), 4, 32),
    # (1 + 2x) exp(x^2) erfc(x) in t = (x - 3.75)/(x + 3.75) [Shepherd & Laframboise 1981], relative; erf(x)/x in x^2 - 1/2
    "erfc64": lambda: fit(erfc_scaled, -1, 1, 24, 64, lambda t: 1 / erfc_scaled(t)),
    "erfc32": lambda: fit(erfc_scaled, -1, 1, 11, 32, lambda t: 1 / erfc_scaled(t)),
    "erf64": lambda: fit(erf_ratio, mpf("-0.5"), mpf("0.5"), 11, 64),
    "erf32": lambda: fit(erf_ratio, mpf("-0.5"), mpf("0.5"), 6, 32),
    "log64": lambda: fit(atanh_tail, 0, zmax, 6, 64),
    "log32": lambda: fit(atanh_tail, 0, zmax, 2, 32),
    # the same for |s| <= 1/3: log(1 + x) - x = s (s^2 tail - x) with s = x/(2 + x), -1/2 <= x <= 1
    "log1pmx64": lambda: fit(atanh_tail, 0, mpf(1) / 9, 9, 64),
    "log1pmx32": lambda: fit(atanh_tail, 0, mpf(1) / 9, 4, 32),
}


def main():
    for name in sys.argv[1:] or FITS:
        coefficients, ideal, error = FITS[name]()
        print(f"{name}: ideal {ideal:.2e}, rounded {error:.2e}")
        for c in coefficients:
            print(f"  {c!r},")


if __name__ == "__main__":
    main()
