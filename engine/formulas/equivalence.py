"""Transformations that keep a continued fraction's value, up to a Möbius map with integer entries.

- reflection: (−a, b) has the value −L;
- scaling and inflation: (c·a, c(n)·c(n−1)·b) has the value c(0)·L, for any polynomial c with
  c(n) ≠ 0 at n ≥ 0 (a constant c is a scaling);
- index shift: (a(n+1), b(n+1)) has the value L' with L = a(0) + b(1)/L'.

Every one preserves b(n)/(a(n)·a(n−1)) up to shift, the invariant of the class.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import floor, gcd
from typing import TypeAlias

from .polynomial import Polynomial, degree, evaluate, integer_roots, render, shift, trim

Mobius: TypeAlias = tuple[int, int, int, int]
"""(α, β, γ, δ) for x ↦ (αx + β)/(γx + δ)."""

IDENTITY: Mobius = (1, 0, 0, 1)


@dataclass(frozen=True, slots=True)
class Equivalent:
    """Another fraction and the map that turns *its* value into the value of the original."""

    a: Polynomial
    b: Polynomial
    mobius: Mobius
    how: str

    def __str__(self) -> str:
        return f"{render(self.a)} | {render(self.b)} ({self.how})"

    def _repr_html_(self) -> str:
        return f"<div>{escape(str(self))}</div>"


def compose(outer: Mobius, inner: Mobius) -> Mobius:
    """outer ∘ inner, divided by the common factor.

    >>> compose((0, 1, 1, 0), (0, 1, 1, 0))
    (1, 0, 0, 1)
    """
    a, b, c, d = outer
    e, f, g, h = inner
    out = (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)
    common = gcd(*out) or 1
    return (out[0] // common, out[1] // common, out[2] // common, out[3] // common)


def canonical(a: Polynomial, b: Polynomial) -> Equivalent:
    """The representative of the class under reflection, scaling, inflation and shift.

    For a fraction that terminates, no shift is made (it would cross a zero of b). Where a factor can
    be divided out in two ways, a class may keep two representatives: equal forms are equivalent, but
    not the other way round.

    >>> canonical((-2, -3), (1, 2, 1)).a
    (2, 1)
    """
    now = deflate(a, b)
    if integer_roots(now.b, at_least=1):
        return now
    k = _canonical_shift(now.a, now.b)
    # Shifting down stops where it would cross a zero of b; every member of the class stops there.
    while (moved := shifted(now.a, now.b, k)) is None:
        k += 1
    return Equivalent(moved.a, moved.b, compose(now.mobius, moved.mobius), f"{now.how}, shift {k}")


def deflate(a: Polynomial, b: Polynomial) -> Equivalent:
    """Divide out every scaling and inflation, and make a's first coefficient positive."""
    mobius, steps = IDENTITY, []
    constant = _square_content(a, b)
    if constant > 1:
        a = tuple(x // constant for x in a)
        b = tuple(x // constant**2 for x in b)
        mobius = compose(mobius, (constant, 0, 0, 1))
        steps.append(f"scaled by {constant}")
    while (found := _inflation(a, b)) is not None:
        c, a, b = found
        mobius = compose(mobius, (c[-1], 0, 0, 1))
        steps.append("inflated by a linear factor")
    if a[0] < 0:
        a = tuple(-x for x in a)
        mobius = compose(mobius, (-1, 0, 0, 1))
        steps.append("reflected")
    return Equivalent(a, b, mobius, ", ".join(steps) or "as given")


def scaled_class(a: Polynomial, b: Polynomial) -> tuple[Polynomial, Polynomial, int]:
    """(a', b', c) with a = c·a', b = c²·b', |c| as large as possible and a' positive at first.

    The smaller class under sign and scaling alone, in which every metric maps exactly.
    """
    c = _square_content(a, b)
    c = -c if a[0] < 0 else c
    return tuple(x // c for x in a), tuple(x // (c * c) for x in b), c


def shifted(a: Polynomial, b: Polynomial, k: int) -> Equivalent | None:
    """The fraction of (a(n+k), b(n+k)), None where the shift crosses a zero of b.

    >>> shifted((2, 1), (1, 0, 0), 1).mobius
    (1, 1, 1, 0)
    """
    mobius = IDENTITY
    if k >= 0:
        for n in range(k):
            if evaluate(b, n + 1) == 0:
                return None
            mobius = compose(mobius, (evaluate(a, n), evaluate(b, n + 1), 1, 0))
    else:
        for n in range(-1, k - 1, -1):
            # The value of the fraction begun at n is a(n) + b(n+1)/L, so L = b(n+1)/(L' − a(n)).
            if evaluate(b, n + 1) == 0:
                return None
            mobius = compose(mobius, (0, evaluate(b, n + 1), 1, -evaluate(a, n)))
    return Equivalent(shift(a, k), shift(b, k), mobius, f"shift {k}")


def equivalents(a: Polynomial, b: Polynomial) -> tuple[Equivalent, ...]:
    """A few simple members of the class: deflated, reflected, shifted by ±1, scaled by 2."""
    small = canonical(a, b)
    out = [
        small,
        deflate(a, b),
        Equivalent(tuple(-x for x in a), b, (-1, 0, 0, 1), "reflected"),
        Equivalent(tuple(2 * x for x in a), tuple(4 * x for x in b), (1, 0, 0, 2), "scaled by 2"),
        Equivalent(
            _times_linear(a, 1),
            _times_linear(_times_linear(b, 1), 0),
            IDENTITY,
            "inflated by n + 1",
        ),
    ]
    out += [moved for k in (1, -1) if (moved := shifted(a, b, k)) is not None]
    seen = {(a, b)}
    kept = []
    for item in out:
        if (item.a, item.b) not in seen:
            seen.add((item.a, item.b))
            kept.append(item)
    return tuple(kept)


def _times_linear(p: Polynomial, constant: int) -> Polynomial:
    """p·(n + constant)."""
    from .polynomial import multiply

    return multiply(p, (1, constant))


def _square_content(a: Polynomial, b: Polynomial) -> int:
    over_a, over_b = gcd(*a), gcd(*b)
    best = 1
    for c in range(2, over_a + 1):
        if c * c > over_b:
            break
        if over_a % c == 0 and over_b % (c * c) == 0:
            best = c
    return best


def _inflation(a: Polynomial, b: Polynomial) -> tuple[Polynomial, Polynomial, Polynomial] | None:
    """(c, a/c, b/(c(n)c(n−1))) for a linear c with c(0) ≠ 0, None if there is none."""
    if degree(a) < 1 or degree(b) < 2:
        return None
    from flint import fmpz_poly

    whole = fmpz_poly(list(reversed(b)))
    _, factors = fmpz_poly(list(reversed(a))).factor()
    for factor, _ in factors:
        if factor.degree() != 1 or factor[0] == 0:
            continue
        before = factor(fmpz_poly([-1, 1]))
        quotient, rest = divmod(whole, factor * before)
        if not rest:
            c = (int(factor[1]), int(factor[0]))
            reduced = fmpz_poly(list(reversed(a))) // factor
            return c, _tuple(reduced), _tuple(quotient)
    return None


def _tuple(p: object) -> Polynomial:
    coefficients = [int(x) for x in p.coeffs()]  # type: ignore[attr-defined]
    return trim(coefficients[::-1] or [0])


def _canonical_shift(a: Polynomial, b: Polynomial) -> int:
    """The shift that brings the mean root of a (of b where a is constant) into [0, 1)."""
    p = a if degree(a) else b
    if degree(p) == 0:
        return 0
    return floor(-p[1] / (degree(p) * p[0])) if abs(p[1]) < 2**50 else 0
