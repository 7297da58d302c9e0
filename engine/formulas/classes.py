"""How many formulas and classes a box holds, counted exactly without evaluating anything.

Two classes are counted. The finer is what a sweep evaluates once: (a, b) ~ (c·a, c²·b) for a
rational c ≠ 0. The coarser is the least equivalence inside the box that joins formulas

- of one *invariant* b(n)/(a(n)·a(n−1)): sign, scaling and inflation (c(n)·a, c(n)·c(n−1)·b) by any
  rational function c, which together are exactly the pairs of equal invariant; and
- that are shifts (a(n+k), b(n+k)) of each other, k any integer, up to sign and scaling.

Chains may alternate both, but every link lies in the box. (Were links outside allowed, fewer
classes would remain: 715,766 instead of 718,784 for degree 2 and −5 … 5.) The classes are formal:
where a shift crosses a zero of b, the values need not be related.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np
from flint import fmpz_poly

from .behaviour import has_complex_eigenvalues
from .box import Box
from .equivalence import scaled_class
from .polynomial import Polynomial, degree, integer_roots, shift


@dataclass(frozen=True, slots=True)
class BoxCounts:
    """What a box holds: ``remaining`` formulas neither terminate nor have complex eigenvalues."""

    formulas: int
    terminating: int
    complex_eigenvalues: int
    remaining: int
    scaled_classes: int
    chained_classes: int


def count(box: Box) -> BoxCounts:
    """Count everything; some 60 µs a class.

    >>> count(Box(1, 1, -1, 1))
    BoxCounts(formulas=64, terminating=16, complex_eigenvalues=6, remaining=42, scaled_classes=32, chained_classes=14)
    """
    terminating = complex_rows = 0
    scaled: set[tuple[Polynomial, Polynomial]] = set()
    partners = [(b, bool(integer_roots(b, at_least=1))) for b in box.polynomials(box.degree_b)]
    for a in box.polynomials(box.degree_a):
        for b, stops in partners:
            terminating += stops
            complex_rows += not stops and has_complex_eigenvalues(a, b)
            scaled.add(scaled_class(a, b)[:2])
    return BoxCounts(
        box.size,
        terminating,
        complex_rows,
        box.size - terminating - complex_rows,
        len(scaled),
        _chained(scaled),
    )


def invariant(a: Polynomial, b: Polynomial) -> tuple[Polynomial, Polynomial]:
    """b(n)/(a(n)·a(n−1)) in lowest terms, with a positive first coefficient below.

    >>> invariant((2, 4), (4, 8)), invariant((1,), (1,))
    (((1,), (1, 1)), ((1,), (1,)))
    """
    top, bottom = _poly(b), _poly(a) * _poly(shift(a, -1))
    common = top.gcd(bottom)
    numerator, denominator = _coefficients(top // common), _coefficients(bottom // common)
    content = gcd(*numerator, *denominator)
    content = -content if denominator[0] < 0 else content
    return tuple(x // content for x in numerator), tuple(x // content for x in denominator)


def _chained(formulas: set[tuple[Polynomial, Polynomial]]) -> int:
    """The components that equal invariants and equal shifted forms join."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    numbers: dict[Hashable, int] = {}
    links = []
    for i, (a, b) in enumerate(sorted(formulas)):
        for key in (("invariant", invariant(a, b)), ("shift", _unshifted(a, b))):
            links.append((i, len(formulas) + numbers.setdefault(key, len(numbers))))
    rows, columns = np.array(links, dtype=np.int64).T
    size = len(formulas) + len(numbers)
    graph = coo_matrix((np.ones(len(links), dtype=bool), (rows, columns)), shape=(size, size))
    return int(connected_components(graph, directed=False)[0])


def _unshifted(a: Polynomial, b: Polynomial) -> tuple[Polynomial, Polynomial]:
    """The shift whose a (b where a is constant) has its mean root in [0, 1)."""
    p = a if degree(a) else b
    k = -p[1] // (degree(p) * p[0]) if degree(p) else 0
    return shift(a, k), shift(b, k)


def _poly(p: Polynomial) -> Any:
    return fmpz_poly(list(reversed(p)))


def _coefficients(p: Any) -> Polynomial:
    return tuple(int(x) for x in reversed(p.coeffs()))
