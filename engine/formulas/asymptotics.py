"""Exact leading behaviour of q_n and of the error, from the coefficients of a and b alone.

log |q_n| = η_q n log n + γ_q n + O(log n) and log |L − p_n/q_n| = η n log n + γ n + β log n + O(1).
The dominant ratio R_n = q_n/q_{n−1} = a_n + b_n/R_{n−1} has a formal series (Poincaré–Perron,
Birkhoff–Trjitzinsky); its first two coefficients give all five numbers. A fit of these numbers to
samples is then only a check.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

from .behaviour import behaviour
from .polynomial import Polynomial, degree


@dataclass(frozen=True, slots=True)
class Asymptotics:
    """The exact exponents; None where the theory gives none for this kind of convergence.

    ``rate_root`` is the coefficient of √n in log |error|, for errors that shrink like e^(−c√n).
    ``naive_delta_limit`` is the limit of the naive irrationality measure.
    """

    naive_growth_linear: float | None = None
    naive_growth_factorial: float | None = None
    rate_power: float | None = None
    rate_linear: float | None = None
    rate_factorial: float | None = None
    rate_root: float | None = None
    naive_delta_limit: float | None = None


def asymptotics(a: Polynomial, b: Polynomial) -> Asymptotics:
    """The exact exponents of a convergent fraction.

    >>> x = asymptotics((2, 1), (1, 0, 0))
    >>> round(x.rate_linear, 6), x.rate_factorial, round(x.naive_growth_linear, 6)
    (-1.762747, 0.0, -0.118626)
    """
    how = behaviour(a, b)
    if how.kind in ("terminates", "oscillates"):
        return Asymptotics()
    p, r = degree(a), degree(b)
    top_a, top_b = abs(a[0]), b[0]
    if r <= 2 * p and how.kind in ("factorial", "geometric"):
        return _separated(a, b)
    step = max(float(p), r / 2)
    size = top_a / 2 if r == 2 * p else sqrt(top_b)
    linear = log(size) - step
    if how.kind == "stretched":
        root = _stretched_rate(a, b)
        return Asymptotics(linear, step, None, 0.0, 0.0, root, -1.0)
    exponent = how.exponent if how.kind == "power" else 0.0
    return Asymptotics(linear, step, exponent, 0.0, 0.0, None, -1.0)


def _separated(a: Polynomial, b: Polynomial) -> Asymptotics:
    p, r = degree(a), degree(b)
    sign = 1 if a[0] > 0 else -1
    top_a, next_a = sign * a[0], sign * (a[1] if p else 0)
    top_b, next_b = b[0], (b[1] if r else 0)
    if r == 2 * p:
        size = (top_a + sqrt(top_a**2 + 4 * top_b)) / 2
        second = (next_a + next_b / size + p * top_b / size) / (1 + top_b / size**2)
    else:
        size = float(top_a)
        second = next_a + (top_b / top_a if r == 2 * p - 1 else 0.0)
    factorial = float(r - 2 * p)
    linear = log(abs(top_b)) - 2 * log(size) - factorial
    power = next_b / top_b + r - p - 2 * second / size + factorial / 2
    growth_linear, growth_factorial = log(size) - p, float(p)
    if p:
        delta = -factorial / growth_factorial - 1
    else:
        delta = -linear / growth_linear - 1 if growth_linear else float("inf")
    return Asymptotics(growth_linear, growth_factorial, power, linear, factorial, None, delta)


def _stretched_rate(a: Polynomial, b: Polynomial) -> float:
    p = degree(a)
    if degree(b) == 2 * p + 1:
        return -2 * abs(a[0]) / sqrt(b[0])
    from .behaviour import boundary_defect

    # −4b(n+1)/(a(n)a(n+1)) = 1 − κ/n + …: the ratio of the solutions is 1 − 2√(κ/n) + ….
    return -4 * sqrt(boundary_defect(a, b)[0] / a[0] ** 2)
