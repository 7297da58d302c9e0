"""Products of some thirty consecutive steps, for many fractions at once.

The product of the step matrices [[a_k, 1], [b_k, 0]] over a block has the rows (x, x'), (y, y'),
each of which obeys x ← a_k x + b_k x'. All blocks of all fractions take their steps side by side in
numpy, on integers in base 2³² held as signed 64-bit limbs, lowest first. One pass of carries after
each step keeps a limb below 2³³, so that elements below 2²⁸ never overflow. Only whole blocks become
flint integers: an interpreter's work a fraction shrinks from a thousand steps to thirty blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any, TypeAlias

import numpy as np
from flint import fmpz_mat
from numpy.typing import NDArray

from .convergents import convergent_matrices, first_matrix
from .polynomial import Polynomial

Integers: TypeAlias = NDArray[np.int64]
Formula: TypeAlias = tuple[Polynomial, Polynomial]

_ELEMENT_BITS = 28
_BASE_BITS = 32
_MASK = (1 << _BASE_BITS) - 1
_STEPS = 48
_ROWS = 4096
"""Blocks that take their steps together; more would leave the processor's cache."""


def many_convergent_matrices(
    formulas: list[Formula], depths: tuple[int, ...]
) -> Iterator[list[Any]]:
    """P_n at each of the increasing depths, for one fraction after the other.

    >>> [[m.entries() for m in found] for found in many_convergent_matrices([((1,), (1,))], (2, 5))]
    [[[3, 2, 2, 1], [13, 8, 8, 5]]]
    """
    blocks, ends = _blocks(depths)
    together = max(1, _ROWS // max(1, len(blocks)))
    for start in range(0, len(formulas), together):
        chunk = formulas[start : start + together]
        if not blocks or _largest(chunk, depths[-1]).bit_length() > _ELEMENT_BITS:
            for a, b in chunk:
                yield convergent_matrices(a, b, depths)
            continue
        products = _products(chunk, blocks)
        for (a, _), mine in zip(chunk, products, strict=True):
            yield _joined(first_matrix(a), mine, ends)


def _blocks(depths: tuple[int, ...]) -> tuple[list[tuple[int, int]], list[int]]:
    """The blocks (first step, number of steps), and how many of them lead to each depth."""
    blocks: list[tuple[int, int]] = []
    ends = []
    reached = 0
    for n in depths:
        parts = -(-(n - reached) // _STEPS)
        cuts = [reached + (n - reached) * k // parts for k in range(parts + 1)] if parts else []
        blocks += [(here + 1, there - here) for here, there in pairwise(cuts)]
        ends.append(len(blocks))
        reached = n
    return blocks, ends


def _largest(formulas: list[Formula], n: int) -> int:
    """A bound for every |a_k| and |b_k|, k ≤ n."""
    largest: int = max(
        sum(abs(value) * n**power for power, value in enumerate(reversed(p)))
        for pair in formulas
        for p in pair
    )
    return largest


def _products(formulas: list[Formula], blocks: list[tuple[int, int]]) -> list[list[Any]]:
    """Each fraction's block products, as flint matrices."""
    a, b = (_columns([pair[i] for pair in formulas]) for i in (0, 1))
    bits = _largest(formulas, sum(blocks[-1])).bit_length()
    found: list[list[Any]] = [[None] * len(blocks) for _ in formulas]
    for length in {length for _, length in blocks}:
        chosen = [i for i, block in enumerate(blocks) if block[1] == length]
        firsts = np.array([blocks[i][0] for i in chosen], dtype=np.int64)
        entries = zip(*_take_steps(a, b, firsts, length, bits), strict=True)
        for place, four in zip(product(range(len(formulas)), chosen), entries, strict=True):
            found[place[0]][place[1]] = fmpz_mat(2, 2, four)
    return found


def _take_steps(
    a: Integers, b: Integers, firsts: Integers, length: int, bits: int
) -> list[list[int]]:
    """x, x', y and y' after so many steps, one integer a fraction and first step."""
    columns = a.shape[1] * len(firsts)
    limbs = (bits + 1) * length // _BASE_BITS + 2
    # x and y side by side, as they take the same steps.
    now = np.zeros((limbs, 2, columns), dtype=np.int64)
    before = np.zeros_like(now)
    now[0, 0] = before[0, 1] = 1
    for step in range(length):
        used = min(limbs, (bits + 1) * (step + 1) // _BASE_BITS + 2)
        an, bn = (_values(p, firsts + step) for p in (a, b))
        following = before[:used]
        following *= bn
        following += an * now[:used]
        carries = following[:-1] >> _BASE_BITS
        following[:-1] &= _MASK
        following[1:] += carries
        now, before = before, now
    return [_whole(rows[:, i]) for i in (0, 1) for rows in (now, before)]


def _columns(polynomials: list[Polynomial]) -> Integers:
    """One column of coefficients a polynomial, highest degree first."""
    out = np.zeros((max(map(len, polynomials)), len(polynomials)), dtype=np.int64)
    for i, p in enumerate(polynomials):
        out[-len(p) :, i] = p
    return out


def _values(p: Integers, n: Integers) -> Integers:
    """All values of every polynomial, the first polynomial's first."""
    value = np.zeros((p.shape[1], len(n)), dtype=np.int64)
    for row in p:
        value *= n
        value += row[:, None]
    return value.ravel()


def _whole(limbs: Integers) -> list[int]:
    """The integer of each column of limbs."""
    digits = np.empty((limbs.shape[1], len(limbs)), dtype=np.uint32)
    carry: Integers = np.zeros(limbs.shape[1], dtype=np.int64)
    for i, row in enumerate(limbs):
        carry += row
        digits[:, i] = carry & _MASK
        carry >>= _BASE_BITS
    width = 4 * len(limbs)
    text = digits.astype("<u4", copy=False).tobytes()
    return [
        int.from_bytes(text[at : at + width], "little", signed=True)
        for at in range(0, len(text), width)
    ]


def _joined(matrix: Any, products: list[Any], ends: list[int]) -> list[Any]:
    """The convergents at each depth from the first matrix and the block products."""
    out = []
    reached = 0
    for end in ends:
        part = products[reached:end]
        reached = end
        while len(part) > 1:
            paired = [x * y for x, y in zip(part[::2], part[1::2], strict=False)]
            part = paired + part[len(part) & ~1 :]
        matrix = matrix * part[0] if part else matrix
        out.append(matrix)
    return out
