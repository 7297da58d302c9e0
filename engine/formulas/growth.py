"""Logarithms of q_n, errors and gcds of many fractions at once.

Sizes come from one forward and one backward float64 recurrence. With K the backward continuant,
p_N q_n − p_n q_N = ±K_{n+2..N} ∏_{k ≤ n+1} b_k, so the logarithm of |p_N/q_N − p_n/q_n| is a sum of
four logarithms and nothing cancels. Values are rescaled by powers of two only, so small integers
stay exact. A row where the recurrence itself cancels is flagged and left to exact integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .convergents import convergent_matrices

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

_LN2 = log(2.0)
_CANCELLED = 2.0**-26
_EXACT = 5


@dataclass(frozen=True, slots=True)
class Growth:
    """For m fractions and s depths: logarithms of |q_n| and of |p_N/q_N − p_n/q_n|, each m × s.

    ``log_last`` is log |q_N|; ``suspect`` marks rows whose float recurrence lost half its digits,
    which includes every row with a vanishing q_n, n > 5 (earlier ones are exact in floats).
    """

    depths: tuple[int, ...]
    log_denominator: Floats
    log_error: Floats
    log_last: Floats
    suspect: NDArray[np.bool_]


def growth(a: Integers, b: Integers, depths: tuple[int, ...], last: int) -> Growth:
    """Measure the fractions whose coefficients are the rows of a and b (highest degree first).

    ``depths`` are increasing indices n < last; all b(k), k ≤ last, must differ from zero.

    >>> import numpy as np
    >>> g = growth(np.array([[2]]), np.array([[1]]), (5, 10), 40)
    >>> np.round(np.exp(g.log_denominator), 6)
    array([[  70., 5741.]])
    """
    a_float = np.ascontiguousarray(a.T, dtype=np.float64)
    b_float = np.ascontiguousarray(b.T, dtype=np.float64)
    stride = _stride(a_float, b_float, last)
    log_q, log_b, log_last, lost = _forward(a_float, b_float, depths, last, stride)
    log_k, lost_back = _backward(a_float, b_float, depths, last, stride)
    log_error = log_b + log_k - log_last[:, None] - log_q
    return Growth(depths, log_q, log_error, log_last, lost | lost_back)


def log_gcds(a: tuple[int, ...], b: tuple[int, ...], depths: tuple[int, ...]) -> list[float]:
    """log gcd(p_n, q_n) at each depth, from exact integers."""
    out = []
    for matrix in convergent_matrices(a, b, depths):
        p, _, q, _ = matrix.entries()
        common = p.gcd(q)
        out.append(log(int(common)) if common > 1 else 0.0)
    return out


def _stride(a: Floats, b: Floats, last: int) -> int:
    """How many steps fit into the exponent range between two rescalings."""
    powers_a = float(last) ** np.arange(len(a))[::-1]
    powers_b = float(last) ** np.arange(len(b))[::-1]
    biggest = float(max((abs(a).T @ powers_a).max(), (abs(b).T @ powers_b).max(), 1.0))
    return max(1, int(480 / (np.log2(biggest) + 1)))


def _horner(p: Floats, n: int) -> Floats:
    value: Floats = p[0].copy()
    for row in p[1:]:
        value *= n
        value += row
    return value


def _forward(
    a: Floats, b: Floats, depths: tuple[int, ...], last: int, stride: int
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    rows = a.shape[1]
    wanted = {n: i for i, n in enumerate(depths)}
    log_q = np.empty((rows, len(depths)))
    log_b = np.empty((rows, len(depths)))
    before, now = np.zeros(rows), np.ones(rows)
    exponent = np.zeros(rows)
    product, product_exponent = np.ones(rows), np.zeros(rows)
    worst = np.ones(rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        if 0 in wanted:
            log_q[:, wanted[0]] = 0.0
            log_b[:, wanted[0]] = np.log(np.abs(_horner(b, 1)))
        for n in range(1, last + 1):
            bn = _horner(b, n)
            first = _horner(a, n)
            first *= now
            second = bn * before
            before, now = now, first + second
            kept = np.abs(now) / np.maximum(np.abs(first), np.abs(second))
            if n <= _EXACT:
                kept[now == 0] = 1.0
            np.fmin(worst, kept, out=worst)
            product *= bn
            if n % stride == 0:
                before, now, step = _rescale(before, now)
                exponent += step
                product, shift = np.frexp(product)
                product_exponent += shift
            if n in wanted:
                log_q[:, wanted[n]] = np.log(np.abs(now)) + exponent * _LN2
            if n - 1 in wanted:
                log_b[:, wanted[n - 1]] = np.log(np.abs(product)) + product_exponent * _LN2
        log_last = np.log(np.abs(now)) + exponent * _LN2
    return log_q, log_b, log_last, ~(worst > _CANCELLED)


def _backward(
    a: Floats, b: Floats, depths: tuple[int, ...], last: int, stride: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """log |K_{n+2..N}| where K_{N+1} = 1, K_{N+2} = 0, K_m = a_m K_{m+1} + b_{m+1} K_{m+2}."""
    rows = a.shape[1]
    wanted = {n + 2: i for i, n in enumerate(depths)}
    log_k = np.empty((rows, len(depths)))
    after, now = np.zeros(rows), np.ones(rows)
    exponent = np.zeros(rows)
    worst = np.ones(rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        if last + 1 in wanted:
            log_k[:, wanted[last + 1]] = 0.0
        for m in range(last, min(wanted) - 1, -1):
            first = _horner(a, m)
            first *= now
            second = _horner(b, m + 1)
            second *= after
            after, now = now, first + second
            kept = np.abs(now) / np.maximum(np.abs(first), np.abs(second))
            np.minimum(worst, kept, out=worst)
            if m % stride == 0:
                after, now, step = _rescale(after, now)
                exponent += step
            if m in wanted:
                log_k[:, wanted[m]] = np.log(np.abs(now)) + exponent * _LN2
    return log_k, ~(worst > _CANCELLED)


def _rescale(one: Floats, two: Floats) -> tuple[Floats, Floats, Any]:
    """Both divided by the power of two that brings the larger into [1/2, 1)."""
    _, step = np.frexp(np.maximum(np.abs(one), np.abs(two)))
    return np.ldexp(one, -step), np.ldexp(two, -step), step
