"""A box of fractions: all pairs of non-zero polynomials with bounded degrees and coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import gcd

from ..errors import UsageError
from .polynomial import Polynomial, trim


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees at most ``degree_a`` and ``degree_b``; coefficients in ``low`` … ``high``.

    >>> Box(2, 2, -5, 5).size
    1768900
    """

    degree_a: int
    degree_b: int
    low: int
    high: int

    def __post_init__(self) -> None:
        for name in ("degree_a", "degree_b"):
            if not 0 <= getattr(self, name) <= 12:
                raise UsageError(f"{name} must lie between 0 and 12, found {getattr(self, name)}")
        if self.low > self.high or (self.low == self.high == 0):
            raise UsageError(
                f"a box needs low ≤ high and a coefficient other than 0, found {self.low}…{self.high}"
            )

    @property
    def size(self) -> int:
        """How many pairs of non-zero polynomials the box holds."""
        width = self.high - self.low + 1
        zero = 1 if self.low <= 0 <= self.high else 0
        pairs: int = (width ** (self.degree_a + 1) - zero) * (width ** (self.degree_b + 1) - zero)
        return pairs

    def polynomials(self, degree: int) -> Iterator[Polynomial]:
        """All non-zero polynomials up to a degree, in lexicographic order of coefficients."""
        values = range(self.low, self.high + 1)
        for coefficients in product(values, repeat=degree + 1):
            if any(coefficients):
                yield trim(coefficients)

    def leaders(self) -> list[Polynomial]:
        """The a of the class representatives, by degree: those with a positive first coefficient.

        Where the box is not symmetric, an a whose reflection lies outside represents itself.
        """
        leading = [
            a
            for a in self.polynomials(self.degree_a)
            if a[0] > 0 or not self.holds(tuple(-x for x in a))
        ]
        return sorted(leading, key=len)

    def holds(self, p: Polynomial) -> bool:
        """Whether every coefficient lies in range; the degree is not looked at."""
        return all(self.low <= x <= self.high for x in p)

    def members(self, a: Polynomial, b: Polynomial) -> tuple[int, ...] | None:
        """The factors c for which (c·a, c²·b) lies in the box, if (a, b) represents its class.

        The representative is the member with the smallest |c|, positive in a if both signs lie in
        the box; None for any other member.

        >>> Box(2, 2, -5, 5).members((1, 0), (1,))
        (-2, -1, 1, 2)
        """
        common = gcd(*a)
        for c in range(2, common + 1):
            if common % c == 0 and all(x % (c * c) == 0 for x in b):
                smaller = tuple(x // c for x in a), tuple(x // (c * c) for x in b)
                mirrored = tuple(-x for x in smaller[0])
                if self.holds(smaller[1]) and (self.holds(smaller[0]) or self.holds(mirrored)):
                    return None
        widest = max(abs(self.low), abs(self.high)) // max(map(abs, a))
        return tuple(
            c
            for c in range(-widest, widest + 1)
            if c and self.holds(tuple(c * x for x in a)) and self.holds(tuple(c * c * x for x in b))
        )
