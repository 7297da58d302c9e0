"""The limit of a continued fraction with a certain error bound.

L = (p_m + w p_{m-1}) / (q_m + w q_{m-1}) with w = b_{m+1}/t_{m+1}, where the tail t_{m+1} lies in a
proved interval (module ``tail``). Written as a convergent plus a correction that holds the exact
determinant, the width of the interval shrinks with the fraction's own convergence.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import e, log10, pi
from typing import Any, Literal, TypeAlias

import flint
from flint import arb, fmpq, fmpz

from ..errors import UsageError
from .behaviour import Behaviour, behaviour
from .convergents import convergent_matrix, first_matrix, step_product
from .polynomial import Polynomial, evaluate, scale
from .tail import PlainTail, plain_tail, tail_series

Method: TypeAlias = Literal["exact", "bracketed convergents", "accelerated by the tail's series"]

_MAX_PLAIN_DEPTH = 1 << 16
_SERIES_PLANS = ((512, 12), (1024, 20), (2048, 32), (4096, 48), (8192, 72), (16384, 110))
"""(terms of the fraction, terms of the tail's series), from cheap to dear."""


@dataclass(frozen=True, slots=True, repr=False)
class Limit:
    """A value with what is certain about it.

    ``ball`` is a flint ball that holds the limit; ``digits`` its decimals after the point, each one
    certain (the last is correctly rounded); ``exact`` is set for a rational value, ``depth`` is the
    number of terms used. ``text`` is empty where the limit was not enclosed.
    """

    text: str
    digits: int
    ball: Any
    method: Method
    depth: int
    behaviour: Behaviour
    exact: Any = None

    @property
    def is_accelerated(self) -> bool:
        """Whether the tail's asymptotic series was needed."""
        return self.method == "accelerated by the tail's series"

    def __str__(self) -> str:
        return self.text

    def __float__(self) -> float:
        return float(self.ball.mid())

    def __repr__(self) -> str:
        return f"<Limit {self.text}: {self.digits} certain decimals, {self.method}>"

    def _repr_html_(self) -> str:
        return (
            f"<div><code>{self.text}</code> ({self.digits} certain decimals, {self.method})</div>"
        )


@dataclass(frozen=True, slots=True)
class NoLimit:
    """There is no finite limit, or none could be enclosed; ``reason`` says which and why."""

    reason: str
    behaviour: Behaviour

    def __str__(self) -> str:
        return f"no limit: {self.reason}"

    def _repr_html_(self) -> str:
        return f"<div>no limit: {escape(self.reason)}</div>"


def limit(a: Polynomial, b: Polynomial, digits: int = 60) -> Limit | NoLimit:
    """The limit to ``digits`` decimals, every one certain, or the reason why there is none.

    Where convergence is too slow even for acceleration, fewer digits are returned, and
    ``Limit.digits`` says how many.

    >>> print(limit((2, 1), (1, 0, 0), 30))
    1.273239544735162686151070106980
    >>> print(limit((1,), (-1,)))
    no limit: the eigenvalues are complex
    """
    if not 1 <= digits <= 100_000:
        raise UsageError(f"digits must lie between 1 and 100000, found {digits}")
    how = behaviour(a, b)
    if how.kind == "terminates":
        return _rational(a, b, how, digits)
    if how.kind == "oscillates":
        return NoLimit(how.reason, how)
    if a[0] < 0:
        mirrored = _enclose(scale(a, -1), b, how, digits)
        return _present(mirrored, how, digits, negate=True)
    return _present(_enclose(a, b, how, digits), how, digits)


@dataclass(frozen=True, slots=True)
class _Enclosure:
    ball: Any
    method: Method
    depth: int


def _enclose(a: Polynomial, b: Polynomial, how: Behaviour, digits: int) -> _Enclosure | None:
    """The best enclosure found for a fraction whose a is positive in the end."""
    best: _Enclosure | None = None
    tail = plain_tail(a, b)
    if tail is not None:
        best = _by_convergents(a, b, tail, digits, 512 if how.kind == "power" else _MAX_PLAIN_DEPTH)
    if how.kind in ("power", "geometric") and (best is None or not _is_fine(best.ball, digits)):
        better = _by_series(a, b, how, digits)
        if better is not None and (best is None or better.ball.rad() < best.ball.rad()):
            best = better
    return best


def _by_convergents(
    a: Polynomial, b: Polynomial, tail: PlainTail, digits: int, deepest: int
) -> _Enclosure | None:
    best: _Enclosure | None = None
    depth, reached, matrix = max(tail.start, 16), 0, first_matrix(a)
    while True:
        matrix = matrix * step_product(a, b, reached + 1, depth + 1)
        reached = depth
        with _precision(digits):
            ball = modified_convergent(matrix, evaluate(b, depth + 1), tail.enclose(depth + 1))
        if ball is not None:
            best = _Enclosure(ball, "bracketed convergents", depth)
            if _is_fine(ball, digits):
                return best
        if depth >= deepest:
            return best
        depth *= 2


def _by_series(a: Polynomial, b: Polynomial, how: Behaviour, digits: int) -> _Enclosure | None:
    best: _Enclosure | None = None
    for depth, terms in _SERIES_PLANS:
        # The k-th coefficient grows about like k!/(2π)^k.
        promised = terms * log10(depth * 2 * pi * e / terms)
        if promised < digits and terms < _SERIES_PLANS[-1][1]:
            continue
        series = tail_series(a, b, how, terms)
        if series is None:
            return None
        with _precision(digits):
            tail = series.enclose(depth + 1)
            if tail is None:
                continue
            matrix = convergent_matrix(a, b, depth)
            ball = modified_convergent(matrix, evaluate(b, depth + 1), tail)
        if ball is not None:
            best = _Enclosure(ball, "accelerated by the tail's series", depth)
            if _is_fine(ball, digits):
                break
    return best


def modified_convergent(matrix: Any, b_next: int, tail: Any) -> Any | None:
    """(p_m + w p_{m-1})/(q_m + w q_{m-1}) for w = b_next/tail as a ball, None if unbounded.

    ``matrix`` is P_m; the result is as narrow as the convergents are close.
    """
    p, p_before, q, q_before = matrix.entries()
    w = arb(b_next) / tail
    determinant = arb(p_before * q - p * q_before)
    whole = arb(q) + w * q_before
    if abs(q) >= abs(q_before):
        ball = arb(fmpq(p, q)) + w * determinant / (arb(q) * whole) if q else None
    else:
        ball = arb(fmpq(p_before, q_before)) - determinant / (arb(q_before) * whole)
    return ball if ball is not None and ball.is_finite() else None


def _precision(digits: int) -> Any:
    return flint.ctx.workprec(int(digits * 3.33) + 96)


def _is_fine(ball: Any, digits: int) -> bool:
    """Whether a ball is small, and all of it rounds alike; halves are given up on at some point."""
    radius = ball.rad()
    if radius >= arb(10) ** (-digits - 2):
        return False
    with _precision(digits):
        rounded = (ball * arb(10) ** digits + arb(0.5)).floor().unique_fmpz()
    return rounded is not None or bool(radius < arb(10) ** (-digits - 20))


def _rational(a: Polynomial, b: Polynomial, how: Behaviour, digits: int) -> Limit | NoLimit:
    assert how.last is not None
    p, _, q, _ = convergent_matrix(a, b, how.last).entries()
    if q == 0:
        return NoLimit(f"{how.reason}, and the last denominator q_{how.last} is zero", how)
    value = fmpq(p, q)
    with _precision(digits):
        ball = arb(value)
    text = _decimal(round_half_even(value * fmpq(10**digits)), digits)
    return Limit(text, digits, ball, "exact", how.last, how, value)


def round_half_even(value: Any) -> int:
    """The nearest integer to a flint rational, ties to the even one."""
    twice = value * 2
    low = int(value.floor())
    if twice - 2 * low == 1:
        return low + low % 2
    return int((value + fmpq(1, 2)).floor())


def _present(
    found: _Enclosure | None, how: Behaviour, digits: int, *, negate: bool = False
) -> Limit | NoLimit:
    if found is None:
        return NoLimit(
            "the limit is infinite, or no bound for its tail was found within the depth tried", how
        )
    with _precision(digits):
        ball = -found.ball if negate else found.ball
        text, certain = certain_decimals(ball, digits)
    return Limit(text, certain, ball, found.method, found.depth, how)


def certain_decimals(ball: Any, digits: int) -> tuple[str, int]:
    """The longest decimal text, up to ``digits`` decimals, to which all of a ball rounds.

    Where even the units are uncertain, the text is empty and the count is −1.
    """
    if ball.rad() > 0:
        digits = min(
            digits, max(0, 1 - int(float((ball.rad().log() / arb(10).log()).ceil().mid())))
        )
    for decimals in range(digits, -1, -1):
        nearest = (ball * arb(10) ** decimals + arb(0.5)).floor().unique_fmpz()
        if nearest is not None:
            return _decimal(nearest, decimals), decimals
    return "", -1


def _decimal(scaled: Any, decimals: int) -> str:
    sign = "-" if scaled < 0 else ""
    # flint writes integers of any length; Python refuses beyond 4300 digits.
    text = str(fmpz(abs(scaled))).rjust(decimals + 1, "0")
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}" if decimals else sign + text
