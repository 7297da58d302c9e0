"""Millions of small lattices reduced in machine words, to tell which deserve exact reduction.

Integers x₁ … x_k below 2⁶² stand for reals of 18 digits. The lattice of rows (e_i, x_i) is reduced
three times, first with the upper 20 bits of the numbers, then with 40, then with all: so that the
entries stay small and double precision decides every swap soundly. Products that pass through 2⁶⁴
are exact in the end, as the result is small. Compiled by numba at first use.
"""

from __future__ import annotations

from math import log10
from typing import Any, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Integers: TypeAlias = NDArray[np.int64]

BITS = 61
"""The largest number of a lattice has so many bits."""

DIGITS = BITS * log10(2)
_STAGES = (41, 21, 0)
_MOST_STEPS = 2000
_DELTA = 0.8


def scaled_to_words(values: list[int]) -> list[int]:
    """The numbers divided by one power of two, so that the largest has `BITS` bits.

    >>> scaled_to_words([1 << 80, 3 << 70]) == [1 << 60, 3 << 50]
    True
    """
    spare = max(value.bit_length() for value in values) - BITS
    return [value >> spare if spare > 0 else value << -spare for value in values]


def shortest_heights(numbers: Integers) -> NDArray[np.int64]:
    """For each row of numbers the height of the shortest relation found.

    >>> import numpy as np
    >>> third = 2**60 // 3
    >>> shortest_heights(np.array([[third, 2**60]])).tolist()
    [3]
    """
    found = np.empty(len(numbers), dtype=np.int64)
    _heights(np.ascontiguousarray(numbers), np.array(_STAGES), _MOST_STEPS, _DELTA, found)
    return found


def largest_coefficient(size: int, least_margin: float) -> int:
    """The height up to which a relation of so many numbers has the margin.

    >>> largest_coefficient(4, 2.0)
    6161
    """
    return int(10 ** ((DIGITS - least_margin) / size) / 2)


def _compiled(function: Any) -> Any:
    return njit(cache=True, fastmath=False)(function)


@_compiled
def _heights(numbers: Any, stages: Any, most_steps: int, delta: float, out: Any) -> None:
    size = numbers.shape[1]
    basis = np.zeros((size, size + 1), dtype=np.int64)
    mu = np.zeros((size, size))
    star = np.zeros((size, size + 1))
    norms = np.zeros(size)
    for row in range(numbers.shape[0]):
        basis[:] = 0
        for i in range(size):
            basis[i, i] = 1
        for drop in stages:
            for i in range(size):
                total = np.int64(0)
                for j in range(size):
                    total += basis[i, j] * (numbers[row, j] >> drop)
                basis[i, size] = total
            k = 1
            # Rows below this one have their orthogonal parts.
            known = 0
            for _ in range(most_steps):
                if k >= size:
                    break
                for i in range(known, k + 1):
                    # Reduce row i by the rows before it, until nothing changes.
                    for _ in range(40):
                        for c in range(size + 1):
                            star[i, c] = basis[i, c]
                        for j in range(i):
                            dot = 0.0
                            for c in range(size + 1):
                                dot += star[j, c] * basis[i, c]
                            mu[i, j] = dot / norms[j]
                            for c in range(size + 1):
                                star[i, c] -= mu[i, j] * star[j, c]
                        changed = False
                        for j in range(i - 1, -1, -1):
                            factor = np.rint(mu[i, j])
                            if factor != 0.0:
                                changed = True
                                whole = np.int64(factor)
                                for c in range(size + 1):
                                    basis[i, c] -= whole * basis[j, c]
                                for c in range(j):
                                    mu[i, c] -= factor * mu[j, c]
                        if not changed:
                            break
                    norm = 0.0
                    for c in range(size + 1):
                        norm += star[i, c] * star[i, c]
                    norms[i] = max(norm, 1e-30)
                if norms[k] >= (delta - mu[k, k - 1] * mu[k, k - 1]) * norms[k - 1]:
                    k += 1
                    known = k
                else:
                    for c in range(size + 1):
                        swap = basis[k, c]
                        basis[k, c] = basis[k - 1, c]
                        basis[k - 1, c] = swap
                    known = k - 1
                    k = max(k - 1, 1)
        smallest = np.int64(np.iinfo(np.int64).max)
        for i in range(size):
            height = np.int64(0)
            for c in range(size):
                height = max(height, abs(basis[i, c]))
            # The numbers are cut, so a true relation leaves a remainder of a few heights.
            whole_height = max(height, abs(basis[i, size]) // (size + 1))
            if whole_height < smallest:
                smallest = whole_height
        out[row] = smallest
