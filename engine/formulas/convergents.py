"""Convergents p_n / q_n as exact integers, by binary splitting.

With p₋₁ = 1, p₀ = a₀, q₋₁ = 0, q₀ = 1 and x_n = a_n x_{n-1} + b_n x_{n-2} for both, the matrix
P_n = [[p_n, p_{n-1}], [q_n, q_{n-1}]] is P₀ times the product of [[a_k, 1], [b_k, 0]], k = 1..n.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from flint import fmpz_mat

from .polynomial import Polynomial, evaluate

_WORD = 2**62
_IDENTITY = (1, 0, 0, 1)


def step_product(a: Polynomial, b: Polynomial, start: int, stop: int) -> Any:
    """The product of [[a_k, 1], [b_k, 0]] for k = start .. stop − 1, as a flint integer matrix."""
    if stop <= start:
        return fmpz_mat(2, 2, list(_IDENTITY))
    leaves = _leaves(a, b, start, stop)
    while len(leaves) > 1:
        paired = [x * y for x, y in zip(leaves[::2], leaves[1::2], strict=False)]
        if len(leaves) % 2:
            paired.append(leaves[-1])
        leaves = paired
    return leaves[0]


def first_matrix(a: Polynomial) -> Any:
    """P₀ = [[a₀, 1], [1, 0]]."""
    return fmpz_mat(2, 2, [a[-1], 1, 1, 0])


def convergent_matrix(a: Polynomial, b: Polynomial, n: int) -> Any:
    """P_n = [[p_n, p_{n-1}], [q_n, q_{n-1}]] for n ≥ 0.

    >>> convergent_matrix((1,), (1,), 5)
    [13, 8]
    [ 8, 5]
    """
    return first_matrix(a) * step_product(a, b, 1, n + 1)


def convergent_matrices(a: Polynomial, b: Polynomial, depths: Iterable[int]) -> list[Any]:
    """P_n for each of the increasing depths, sharing the work between them."""
    out: list[Any] = []
    matrix, reached = first_matrix(a), 0
    for n in depths:
        matrix = matrix * step_product(a, b, reached + 1, n + 1)
        reached = n
        out.append(matrix)
    return out


def numerators_denominators(
    a: Polynomial, b: Polynomial, depth: int
) -> tuple[list[int], list[int]]:
    """p₋₁ … p_depth and q₋₁ … q_depth, one by one; for checking and for vanishing q_n."""
    p, q = [1, a[-1]], [0, 1]
    for n in range(1, depth + 1):
        an, bn = evaluate(a, n), evaluate(b, n)
        p.append(an * p[-1] + bn * p[-2])
        q.append(an * q[-1] + bn * q[-2])
    return p, q


def _leaves(a: Polynomial, b: Polynomial, start: int, stop: int) -> list[Any]:
    size = max(abs(start), abs(stop))
    bound_a = sum(abs(value) * size**power for power, value in enumerate(reversed(a)))
    bound_b = sum(abs(value) * size**power for power, value in enumerate(reversed(b)))
    if bound_a * max(bound_a, bound_b) + bound_b >= _WORD:
        return [fmpz_mat(2, 2, [evaluate(a, k), 1, evaluate(b, k), 0]) for k in range(start, stop)]
    n = np.arange(start, stop, dtype=np.int64)
    an, bn = np.polyval(a, n), np.polyval(b, n)
    even = len(n) - len(n) % 2
    x, y, u, v = an[:even:2], bn[:even:2], an[1:even:2], bn[1:even:2]
    flat = np.empty((even // 2, 4), dtype=np.int64)
    flat[:, 0] = x * u + v
    flat[:, 1] = x
    flat[:, 2] = y * u
    flat[:, 3] = y
    leaves = [fmpz_mat(2, 2, row) for row in flat.tolist()]
    if len(n) % 2:
        leaves.append(fmpz_mat(2, 2, [int(an[-1]), 1, int(bn[-1]), 0]))
    return leaves
