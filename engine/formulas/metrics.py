"""Metrics of convergence, as defined in arXiv 2412.16818 and its published script.

At depth D the sequences are those of p₋₁ … p_{D−1}, entry z of the list being p_{z−1}; entries with
q = 0 are left out. With H = half of the last index, the five sample points are z = 6, H/8, H/4, H/2
and H, and the limit is approximated by the last entry:

- naive delta: −log |L − p/q| / log |q| − 1 at z = H; reduced delta: the same with q/gcd(p, q);
- growth of the reduced denominators: log |q/gcd| ≈ γ' z + η' z log z by least squares; where
  |η'| < 0.05 it is taken as 0 and γ' is fitted alone;
- convergence rate: log |L − p/q| ≈ β log z + γ z + η z log z by least squares;
- eigenvalue ratio: log |λ₁/λ₂| of the step matrix at n = 10⁶;
- predicted delta: 10⁶ log |λ₁/λ₂| / (γ' z + η' z log z) − 1 at z = 10⁶.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import log, nan
from typing import Any

import numpy as np

from ..errors import UsageError
from .convergents import numerators_denominators
from .growth import Floats, Integers, growth, log_gcds
from .polynomial import Polynomial, evaluate, integer_roots

FAR = 10**6
"""Where the eigenvalues are taken, as a stand-in for infinity."""

_FLAT = 0.05


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics of one fraction; NaN where a metric is not defined (see ``note``)."""

    naive_delta: float = nan
    reduced_delta: float = nan
    predicted_delta: float = nan
    growth_linear: float = nan
    growth_factorial: float = nan
    log_eigenvalue_ratio: float = nan
    rate_power: float = nan
    rate_linear: float = nan
    rate_factorial: float = nan
    complex_eigenvalues: bool = False
    note: str = ""

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{name}</th><td>{getattr(self, name):.10g}</td></tr>"
            for name in METRIC_NAMES
            if getattr(self, name) == getattr(self, name)
        )
        return f"<table>{rows}</table>" + (f"<p>{self.note}</p>" if self.note else "")

    def as_dict(self) -> dict[str, float | bool | str]:
        """The metrics by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


METRIC_NAMES = tuple(f.name for f in fields(Metrics) if f.type == "float")
"""The names of the numeric metrics, in order."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """Where metrics are taken: positions in the script's list, and the convergents found there."""

    positions: tuple[int, ...]
    depths: tuple[int, ...]


def sampling(depth: int, dropped: int = 0) -> Sampling:
    """The five sample points when ``dropped`` entries with q = 0 are left out before them all.

    >>> sampling(2000).depths, sampling(2000, 1).depths
    ((5, 124, 249, 499, 999), (6, 124, 249, 499, 999))
    """
    if depth < 112:
        raise UsageError(f"the depth of the metrics must be at least 112, found {depth}")
    half = (depth - dropped) // 2
    positions = (6, half // 8, half // 4, half // 2, half)
    return Sampling(positions, tuple(z - 1 + dropped for z in positions))


def early_zeros(a: Polynomial, b: Polynomial) -> int:
    """How many of q₁ … q₅ vanish.

    >>> early_zeros((1, -1), (1,))
    1
    """
    before, now, count = 0, 1, 0
    for n in range(1, 6):
        before, now = now, evaluate(a, n) * now + evaluate(b, n) * before
        count += now == 0
    return count


def metrics(a: Polynomial, b: Polynomial, depth: int = 2000) -> Metrics:
    """The metrics of one fraction.

    >>> m = metrics((2,), (1,))
    >>> round(m.naive_delta, 6), round(m.log_eigenvalue_ratio, 6)
    (1.001181, 1.762747)
    """
    points = sampling(depth, early_zeros(a, b))
    if integer_roots(b, at_least=1):
        return Metrics(note="terminates: the value is rational")
    size = (_row(a), _row(b))
    measured = growth(*size, points.depths, depth - 1)
    if measured.suspect[0]:
        return exact_metrics(a, b, depth)
    gcds = np.array([log_gcds(a, b, points.depths)])
    return from_table(
        table(*size, measured.log_denominator, measured.log_error, gcds, points.positions), 0
    )


def from_table(columns: dict[str, Any], row: int) -> Metrics:
    """One row of `table` as an object."""
    complex_flag = bool(columns["complex_eigenvalues"][row])
    return Metrics(
        **{name: float(columns[name][row]) for name in METRIC_NAMES},
        complex_eigenvalues=complex_flag,
        note="complex eigenvalues: no limit" if complex_flag else "",
    )


def table(
    a: Integers,
    b: Integers,
    log_q: Floats,
    log_error: Floats,
    log_gcd: Floats,
    positions: tuple[int, ...],
) -> dict[str, Any]:
    """The metrics of many fractions, one array a metric; each argument has one row a fraction."""
    z = np.array(positions, dtype=np.float64)
    complex_flag, ratio = _eigenvalues(a, b)
    growth_linear, growth_factorial = _fit_growth(z, log_q - log_gcd)
    basis = np.linalg.pinv(np.stack([np.log(z), z, z * np.log(z)], axis=1)).T
    # An error of exactly zero has the logarithm −∞; its metrics come out as NaN.
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = log_error @ basis
        columns: dict[str, Any] = {
            "naive_delta": -log_error[:, -1] / log_q[:, -1] - 1,
            "reduced_delta": -log_error[:, -1] / (log_q - log_gcd)[:, -1] - 1,
            "predicted_delta": _predicted(ratio, growth_linear, growth_factorial),
            "growth_linear": growth_linear,
            "growth_factorial": growth_factorial,
            "log_eigenvalue_ratio": ratio,
            "rate_power": rate[:, 0],
            "rate_linear": rate[:, 1],
            "rate_factorial": rate[:, 2],
        }
    for name, values in columns.items():
        if name not in ("growth_linear", "growth_factorial"):
            values[complex_flag] = nan
    columns["complex_eigenvalues"] = complex_flag
    return columns


def exact_metrics(a: Polynomial, b: Polynomial, depth: int = 2000) -> Metrics:
    """The same metrics from exact integers alone, vanishing q_n left out as the script does."""
    from math import gcd

    sampling(depth)
    p_all, q_all = numerators_denominators(a, b, depth - 1)
    # The list index 0 is p₋₁/q₋₁ = 1/0, which the script keeps; only later zeros are left out.
    kept = [z for z in range(len(q_all)) if z == 0 or q_all[z]]
    p, q = [p_all[z] for z in kept], [q_all[z] for z in kept]
    last = len(q) - 1
    half = last // 2
    points = [6, half // 8, half // 4, half // 2, half]
    log_q = np.array([[log(abs(q[z])) for z in points]])
    log_gcd = np.array([[log(gcd(p[z], q[z])) for z in points]])
    gaps = [abs(p[last] * q[z] - p[z] * q[last]) for z in points]
    log_error = np.array(
        [
            [
                (log(gap) - log(abs(q[last])) - log(abs(q[z]))) if gap else -np.inf
                for gap, z in zip(gaps, points, strict=True)
            ]
        ]
    )
    coefficients = (_row(a), _row(b))
    columns = table(*coefficients, log_q, log_error, log_gcd, tuple(points))
    return from_table(columns, 0)


def _row(p: Polynomial) -> Any:
    """One row of coefficients, as Python's integers where they exceed a machine word."""
    fits = all(-(2**63) <= value < 2**63 for value in p)
    return np.array([p], dtype=np.int64 if fits else object)


def _fit_growth(z: Floats, values: Floats) -> tuple[Floats, Floats]:
    both = values @ np.linalg.pinv(np.stack([z, z * np.log(z)], axis=1)).T
    flat = np.abs(both[:, 1]) < _FLAT
    linear = np.where(flat, values @ z / (z @ z), both[:, 0])
    return linear, np.where(flat, 0.0, both[:, 1])


def _predicted(ratio: Floats, linear: Floats, factorial: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        predicted: Floats = FAR * np.abs(ratio) / (linear * FAR + factorial * FAR * log(FAR)) - 1
    return predicted


def _eigenvalues(a: Integers, b: Integers) -> tuple[Any, Floats]:
    """Whether the eigenvalues at n = 10⁶ are complex, and log |λ₁/λ₂| from exact discriminants."""
    flags = np.zeros(len(a), dtype=bool)
    ratio = np.empty(len(a))
    for i, (one, two) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        top, low = evaluate(tuple(one), FAR), evaluate(tuple(two), FAR)
        discriminant = top * top + 4 * low
        flags[i] = discriminant < 0
        ratio[i] = _log_ratio(top, low, abs(discriminant))
    return flags, ratio


def _log_ratio(top: int, low: int, discriminant: int) -> float:
    """log |(A + √Δ)/(A − √Δ)| with A² − Δ = ∓4B taken exactly, since A − √Δ may cancel."""
    root = float(discriminant) ** 0.5
    gap = top * top - discriminant
    larger = abs(top) + root
    if gap == 0:
        return float("inf") if top > 0 else float("-inf")
    if abs(gap) < 1e-3 * float(top) * float(top):
        value = 2 * log(larger) - log(abs(gap))
    else:
        value = float(
            np.log1p(2 * root / (abs(top) - root))
            if abs(top) > root
            else log(larger / (root - abs(top)))
        )
    return value if top > 0 else -value
