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

_WORD_BITS = 62
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
    """Products of as many consecutive steps as surely fit into machine words, in order."""
    size = max(abs(start), abs(stop))
    bound_a = sum(abs(value) * size**power for power, value in enumerate(reversed(a)))
    bound_b = sum(abs(value) * size**power for power, value in enumerate(reversed(b)))
    # The largest row sum of a step bounds it as a norm, and norms multiply.
    norm = max(bound_a + 1, bound_b, 2)
    block = min(_WORD_BITS // norm.bit_length(), stop - start)
    if block < 1:
        return [fmpz_mat(2, 2, [evaluate(a, k), 1, evaluate(b, k), 0]) for k in range(start, stop)]
    n = np.arange(start, stop, dtype=np.int64)
    an, bn = np.polyval(a, n), np.polyval(b, n)
    whole = len(n) - len(n) % block
    leaves = _block_products(an[:whole].reshape(-1, block), bn[:whole].reshape(-1, block))
    if whole < len(n):
        leaves += _block_products(an[None, whole:], bn[None, whole:])
    return leaves


def _block_products(an: Any, bn: Any) -> list[Any]:
    """One matrix a row: the product of the row's steps."""
    flat = np.empty((len(an), 4), dtype=np.int64)
    p, p_before, q, q_before = an[:, 0], np.ones(len(an), dtype=np.int64), bn[:, 0], 0
    for k in range(1, an.shape[1]):
        p, p_before = p * an[:, k] + p_before * bn[:, k], p
        q, q_before = q * an[:, k] + q_before * bn[:, k], q
    flat[:, 0], flat[:, 1], flat[:, 2], flat[:, 3] = p, p_before, q, q_before
    return [fmpz_mat(2, 2, row) for row in flat.tolist()]
