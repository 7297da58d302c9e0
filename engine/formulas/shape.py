"""What formulas of a family have in common, and the coordinates that tell its members apart.

A formula whose b splits into linear factors over the integers has coordinates: the free
coefficients of a (all but the first, or the constant itself) and the constant terms of b's
factors. Formulas that agree in everything else form a *shape*.
"""

from __future__ import annotations

from dataclasses import dataclass

from .polynomial import Polynomial, degree, multiply


@dataclass(frozen=True, slots=True)
class Shape:
    """What the members have in common: a's degree and first coefficient, b's content and slopes."""

    degree_a: int
    lead_a: int
    content_b: int
    slopes: tuple[int, ...]

    def formula(self, point: tuple[int, ...]) -> tuple[Polynomial, Polynomial]:
        """The member at a point of coordinates.

        >>> Shape(0, 0, 1, (1, 1)).formula((3, 1, 2))
        ((3,), (1, 3, 2))
        """
        free = self.degree_a if self.degree_a else 1
        a = (self.lead_a, *point[:free]) if self.degree_a else point[:1]
        b: Polynomial = (self.content_b,)
        for slope, constant in zip(self.slopes, point[free:], strict=True):
            b = multiply(b, (slope, constant))
        return a, b

    def names(self) -> tuple[str, ...]:
        """The parameters: k, l, … for a and α, β, … for the factors of b."""
        free = self.degree_a if self.degree_a else 1
        return (*"klmpqr"[:free], *"αβγδεζ"[: len(self.slopes)])

    def __str__(self) -> str:
        names = list(self.names())
        if self.degree_a == 0:
            a = names.pop(0)
        else:
            powers = [f"n^{p}" if p > 1 else "n" for p in range(self.degree_a, 0, -1)]
            a = f"{'' if self.lead_a == 1 else self.lead_a}{powers[0]}"
            for power in [*powers[1:], ""]:
                a += f" + {names.pop(0)}{power}"
        factors = "".join(
            f"({'' if u == 1 else u}n + {name})" for u, name in zip(self.slopes, names, strict=True)
        )
        head = {1: "", -1: "-"}.get(self.content_b, str(self.content_b))
        return f"{a} | {head}{factors}" if factors else f"{a} | {self.content_b}"


def coordinates(a: Polynomial, b: Polynomial) -> tuple[Shape, tuple[int, ...]] | None:
    """The shape and the coordinates of a formula, None where b does not split.

    >>> shape, point = coordinates((3,), (1, 3, 2))
    >>> str(shape), point
    ('k | (n + α)(n + β)', (3, 1, 2))
    """
    from flint import fmpz_poly

    content, factors = fmpz_poly(list(reversed(b))).factor()
    linear: list[tuple[int, int]] = []
    for factor, times in factors:
        if factor.degree() != 1:
            return None
        linear += [(int(factor[1]), int(factor[0]))] * times
    linear.sort()
    shape = Shape(
        degree(a), a[0] if degree(a) else 0, int(content), tuple(slope for slope, _ in linear)
    )
    return shape, (*(a[1:] if degree(a) else a), *(constant for _, constant in linear))
