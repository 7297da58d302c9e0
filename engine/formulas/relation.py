"""Integer relations by lattice reduction, with a bound on how likely a spurious one is.

For reals x₁ … x_k known to D digits, the lattice spanned by the rows (e_i, ⌊10^D x_i⌉) is reduced
with flint's LLL; a short row gives integers c with Σ c_i x_i ≈ 0. Of the (2H+1)^k integer vectors
of height ≤ H, about (2H+1)^k·10^−D satisfy such a relation to D digits by accident, so a relation
has a *margin* of D − k·log₁₀(2H+1) digits: the digits beyond its own cost. T tests accept about
T·10^−margin false relations at a given least margin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import gcd, inf, log10
from typing import Any

import flint
from flint import arb, fmpz, fmpz_mat

from .constants import CONSTANTS, Constant

LEAST_MARGIN = 20.0
"""Digits beyond its own cost that a relation must have to be reported."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Integers with Σ c_i x_i = 0 to ``digits`` digits; ``margin`` of them beyond the cost."""

    coefficients: tuple[int, ...]
    digits: int
    margin: float

    @property
    def height(self) -> int:
        """The largest coefficient."""
        return max(map(abs, self.coefficients))


def integer_relation(
    values: Sequence[Any], digits: int, *, least_margin: float = LEAST_MARGIN
) -> Relation | None:
    """A relation between the balls that holds to ``digits`` digits with the margin asked for.

    >>> import flint
    >>> with flint.ctx.workprec(300):
    ...     found = integer_relation([arb.pi() * 3 + 5, arb.pi(), arb(1)], 60)
    >>> found.coefficients
    (-1, 3, 5)
    """
    with flint.ctx.workprec(int(digits * 3.33) + 64):
        power = arb(10) ** digits
        scaled = [(value * power).mid().floor().unique_fmpz() for value in values]
        if None in scaled:
            return None
        for shown in _looks(digits):
            cut = fmpz(10) ** (digits - shown)
            coefficients = shortest_relation([x // cut for x in scaled])
            margin = relation_margin(coefficients, digits)
            if margin >= least_margin and _holds(coefficients, values, power):
                break
        else:
            return None
    common = gcd(*coefficients)
    first = next(c for c in coefficients if c)
    # Written so that the first coefficient is negative, as −L + … = 0.
    sign = -1 if first > 0 else 1
    return Relation(tuple(sign * c // common for c in coefficients), digits, margin)


def _looks(digits: int) -> Iterator[int]:
    """How many digits to reduce: a short relation shows in the first ones, at a fraction of the cost."""
    shown = 25
    while 3 * shown < 2 * digits:
        yield shown
        shown *= 2
    yield digits


def shortest_relation(scaled: Sequence[Any]) -> tuple[int, ...]:
    """The first row of the reduced lattice spanned by (e_i, scaled_i): small c with Σ c_i x_i small.

    >>> shortest_relation([3141592653, 1000000000])
    (113, -355)
    """
    size = len(scaled)
    entries = []
    for i, value in enumerate(scaled):
        entries += [0] * size
        entries[-size + i] = 1
        entries.append(value)
    reduced = fmpz_mat(size, size + 1, entries).lll()
    return tuple([int(reduced[0, i]) for i in range(size)])


def relation_margin(coefficients: Sequence[int], digits: int) -> float:
    """The digits of a relation beyond its own cost; −∞ for the zero vector."""
    height = max(map(abs, coefficients))
    return digits - len(coefficients) * log10(2 * height + 1) if height else -inf


def _holds(coefficients: Sequence[int], values: Sequence[Any], power: Any) -> bool:
    """Whether the ball of the sum holds zero and is no wider than the digits claimed."""
    total = arb(0)
    for c, value in zip(coefficients, values, strict=True):
        total += c * value
    bound = 4 * len(values) * max(map(abs, coefficients))
    return bool(total.contains(0) and total.rad() * power < bound)


def expected_spurious(tests: int, least_margin: float) -> float:
    """How many of ``tests`` accepted-at-``least_margin`` relations would be accidents, at most.

    >>> expected_spurious(1_000_000, 20)
    1e-14
    """
    return float(tests * 10.0**-least_margin)


@dataclass(frozen=True, slots=True)
class Identification:
    """A closed form L = (αK + β)/(γK + δ), or an algebraic number, *verified to N digits*.

    ``mobius`` is (α, β, γ, δ) for a constant K, else None; ``polynomial`` (highest degree first)
    has L as a root for algebraic and rational values. It is numerical evidence, not a proof.
    """

    constant: str
    mobius: tuple[int, int, int, int] | None
    polynomial: tuple[int, ...] | None
    digits: int
    margin: float
    symbol: str = ""

    @property
    def status(self) -> str:
        """The words for how sure this is."""
        return f"verified to {self.digits} digits"

    def _repr_html_(self) -> str:
        return f"<div>{escape(str(self))} <small>({self.status})</small></div>"

    def __str__(self) -> str:
        if self.mobius is not None:
            return format_mobius(self.mobius, self.symbol)
        assert self.polynomial is not None
        if len(self.polynomial) == 2:
            p, q = -self.polynomial[1], self.polynomial[0]
            p, q = (p, q) if q > 0 else (-p, -q)
            return str(p) if q == 1 else f"{p}/{q}"
        from .polynomial import render

        return f"root of {render(self.polynomial, 'x')}"


def with_positive_lead(mobius: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The same map written with a positive first coefficient below.

    >>> with_positive_lead((0, -1, -1, 0))
    (0, 1, 1, 0)
    """
    alpha, beta, gamma, delta = mobius
    return mobius if (gamma or delta) > 0 else (-alpha, -beta, -gamma, -delta)


def format_mobius(mobius: tuple[int, int, int, int], name: str) -> str:
    """(αK + β)/(γK + δ) as text.

    >>> format_mobius((0, 4, 1, 0), "π"), format_mobius((1, 2, 0, 1), "e")
    ('4/π', 'e + 2')
    """
    top, bottom = _linear(mobius[0], mobius[1], name), _linear(mobius[2], mobius[3], name)
    if bottom == "1":
        return top
    wrap_top = f"({top})" if " " in top else top
    wrap_bottom = f"({bottom})" if any(c in bottom for c in " /·-") else bottom
    return f"{wrap_top}/{wrap_bottom}"


def _linear(slope: int, offset: int, name: str) -> str:
    if slope == 0:
        return str(offset)
    factor = f"({name})" if "/" in name else name
    head = name if slope == 1 else f"-{name}" if slope == -1 else f"{slope}·{factor}"
    if offset == 0:
        return head
    return f"{head} {'-' if offset < 0 else '+'} {abs(offset)}"


def identify(
    ball: Any,
    digits: int,
    constants: Iterable[Constant] | None = None,
    *,
    algebraic_degree: int = 4,
    least_margin: float = LEAST_MARGIN,
) -> Identification | None:
    """Recognise a value known to ``digits`` digits: rational, algebraic, or Möbius in a constant."""
    algebraic = algebraic_relation(ball, digits, algebraic_degree, least_margin=least_margin)
    if algebraic is not None:
        return algebraic
    for constant in constants if constants is not None else CONSTANTS.values():
        found = mobius_relation(ball, constant, digits, least_margin=least_margin)
        if found is not None:
            return found
    return None


def algebraic_relation(
    ball: Any, digits: int, degree: int, *, least_margin: float = LEAST_MARGIN
) -> Identification | None:
    """The integer polynomial of least degree ≤ ``degree`` with the value as a root."""
    with flint.ctx.workprec(int(digits * 3.33) + 64):
        for d in range(1, degree + 1):
            powers = [ball**k if k else arb(1) for k in range(d, -1, -1)]
            found = integer_relation(powers, digits, least_margin=least_margin)
            if found is not None and found.coefficients[0]:
                c = found.coefficients
                kind = "rational" if d == 1 else "algebraic"
                return Identification(kind, None, tuple(-x for x in c), digits, found.margin)
    return None


def mobius_relation(
    ball: Any, constant: Constant, digits: int, *, least_margin: float = LEAST_MARGIN
) -> Identification | None:
    """Integers with L = (αK + β)/(γK + δ), of non-zero determinant."""
    with flint.ctx.workprec(int(digits * 3.33) + 64):
        k = constant.ball(digits + 10)
        found = integer_relation([ball * k, ball, k, arb(1)], digits, least_margin=least_margin)
    if found is None:
        return None
    # γ L K + δ L − α K − β = 0
    gamma, delta, alpha, beta = found.coefficients
    alpha, beta = -alpha, -beta
    if alpha * delta == beta * gamma:
        return None
    mobius = with_positive_lead((alpha, beta, gamma, delta))
    return Identification(
        constant.name, mobius, None, digits, found.margin, constant.symbol or constant.name
    )
