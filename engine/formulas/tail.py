"""Certain bounds for a tail t_n = a_n + b_{n+1}/t_{n+1} of a convergent continued fraction.

The fraction is reflected first, so that a is positive in the end. Then b has one sign in the end,
and a pair of functions u ≤ v encloses every late tail when the step t ↦ a_n + b_{n+1}/t carries
[u_{n+1}, v_{n+1}] into [u_n, v_n] for all n from some start. Each such condition is one polynomial
inequality in n; it is shown for all real n ≥ start by the signs of the coefficients after the
substitution n = start + x, in exact arithmetic.

Plain bounds are [a_n, a_n + b_{n+1}/a_{n+1}] for b > 0, and [a_n/2, a_n] for b < 0 (the parabola
condition) or, on its boundary, [a_n (1/2 − 1/(4n)), a_n].

Where convergence is slow, the tail's asymptotic series in 1/n, cut after k terms and widened by a
multiple of the next power, is such a pair too: this turns the acceleration of convergence (the
modified convergents of Wynn, and of Thron and Waadeland) into a proved enclosure. The coefficients
of the series live in a quadratic field Q(√D) and are computed there exactly.

Why enclosure follows. For b > 0 a modified convergent with a positive tail lies between two
classical ones. For b < 0 the step is increasing: a sequence with u_n ≤ step(u_{n+1}) is a lower
bound, since the classical convergents start from +∞. For the upper bound let v_n ≥ step(v_{n+1})
and suppose t > v at all late n; then t_m − v_m ≤ (t_N − v_N) ∏ |b_k|/v_k², and t_N ≤ a_N, so that
a_N ∏_{k≤N} |b_k|/v_k² → 0 gives t_m ≤ v_m. The series starts with the larger root of its first
equation, for which this product vanishes (its terms are 1 − s/k + …, and s exceeds the degree of a).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

from flint import arb, fmpq, fmpq_poly

from .behaviour import Behaviour, boundary_defect, boundary_delta
from .polynomial import (
    Polynomial,
    add,
    degree,
    evaluate,
    multiply,
    positive_from,
    scale,
    shift,
)

_PLAIN_START_LIMIT = 1 << 14


@dataclass(frozen=True, slots=True)
class PlainTail:
    """Elementary bounds that hold for every n ≥ start."""

    a: Polynomial
    b: Polynomial
    start: int
    on_boundary: bool = False

    def enclose(self, n: int) -> Any:
        """A ball that holds t_n; n ≥ start."""
        top = arb(evaluate(self.a, n))
        if self.b[0] > 0:
            return top.union(top + arb(evaluate(self.b, n + 1)) / arb(evaluate(self.a, n + 1)))
        share = arb(2 * n - 1) / (4 * n) if self.on_boundary else arb(1) / 2
        return top.union(top * share)


def plain_tail(a: Polynomial, b: Polynomial) -> PlainTail | None:
    """The elementary bounds of a fraction with a > 0 in the end, or None where none applies."""
    positive = positive_from(a, strictly=True)
    if positive is None:
        return None
    if b[0] > 0:
        sign = positive_from(b, strictly=True)
        return None if sign is None else PlainTail(a, b, max(positive, sign))
    inside = positive_from(boundary_defect(a, b))
    if inside is not None:
        return PlainTail(a, b, max(positive, inside))
    # (2n+1)² a(n) a(n+1) + 16 n (n+1) b(n+1) ≥ 0: the condition for [a_n (1/2 − 1/(4n)), a_n].
    on_edge = add(
        multiply((4, 4, 1), multiply(a, shift(a, 1))),
        scale(multiply((1, 1, 0), shift(b, 1)), 16),
    )
    edge = positive_from(on_edge)
    if edge is None or edge > _PLAIN_START_LIMIT:
        return None
    return PlainTail(a, b, max(positive, edge), on_boundary=True)


@dataclass(frozen=True, slots=True)
class Surd:
    """x + y·√d with rational x, y and a fixed positive integer d."""

    x: Any
    y: Any
    d: int

    def __add__(self, other: Surd) -> Surd:
        return Surd(self.x + other.x, self.y + other.y, self.d)

    def __sub__(self, other: Surd) -> Surd:
        return Surd(self.x - other.x, self.y - other.y, self.d)

    def __mul__(self, other: Surd) -> Surd:
        if not self.y and not other.y:
            return Surd(self.x * other.x, self.y, self.d)
        return Surd(
            self.x * other.x + self.d * self.y * other.y,
            self.x * other.y + self.y * other.x,
            self.d,
        )

    def times(self, factor: Any) -> Surd:
        """This number times a rational."""
        return Surd(self.x * factor, self.y * factor, self.d)

    def inverse(self) -> Surd:
        """One over this number."""
        norm = self.x * self.x - self.d * self.y * self.y
        return Surd(self.x / norm, -self.y / norm, self.d)

    def is_nonnegative(self) -> bool:
        """Whether x + y√d ≥ 0, decided exactly."""
        if self.x >= 0 and self.y >= 0:
            return True
        if self.x <= 0 and self.y <= 0:
            return not (self.x or self.y)
        gap = self.x * self.x - self.d * self.y * self.y
        return bool(gap >= 0) if self.x > 0 else bool(gap <= 0)

    def ball(self) -> Any:
        """The number as a ball at the present precision."""
        return arb(self.x) + arb(self.y) * arb(self.d).sqrt()


@dataclass(frozen=True, slots=True)
class TailSeries:
    """The asymptotic series t_n ~ Σ s_j n^(lead − j)."""

    a: Polynomial
    b: Polynomial
    lead: int
    coefficients: tuple[Surd, ...]

    def enclose(self, n: int) -> Any | None:
        """A ball proved to hold t_n, or None where the series does not serve at this n."""
        kept = self.coefficients[:-1]
        k = len(kept)
        scale_of_next = abs(float(self.coefficients[-1].ball().mid())) or 1.0
        for widen in (2, 16, 256):
            slack = fmpq(max(1, int(scale_of_next * widen * 1024)), 1024)
            if self._holds_from(n, kept, slack):
                power = arb(n) ** self.lead
                value = arb(0)
                for coefficient in reversed(kept):
                    value = value / n + coefficient.ball()
                return power * value + arb(0, 1) * arb(slack) * arb(n) ** (self.lead - k + 1)
        return None

    def _holds_from(self, n: int, kept: tuple[Surd, ...], slack: Any) -> bool:
        k, d = len(kept), kept[0].d
        whole = fmpq_poly([0, *[s.x for s in reversed(kept)]])
        surd = fmpq_poly([0, *[s.y for s in reversed(kept)]])
        # The slack is slack·n^(lead − k + 1): where the step nearly keeps distances, a slack of the
        # order of the first neglected term would cancel out of the condition.
        margin = fmpq_poly([0, slack])
        lower, upper = (whole - margin, surd), (whole + margin, surd)
        if self.b[0] > 0:
            return self._step_gap(lower, upper, k, d, n, 1) and self._step_gap(
                upper, lower, k, d, n, -1
            )
        return self._step_gap(lower, lower, k, d, n, 1) and self._step_gap(
            upper, upper, k, d, n, -1
        )

    def _step_gap(
        self, here: tuple[Any, Any], there: tuple[Any, Any], k: int, d: int, n: int, sign: int
    ) -> bool:
        """Whether sign · ((a_x − here_x) · there_{x+1} + b_{x+1}) ≥ 0 for all x ≥ n."""
        variable = fmpq_poly([n, 1])
        following = fmpq_poly([n + 1, 1])
        power = variable ** (k - self.lead)
        power_next = following ** (k - self.lead)
        a_here = fmpq_poly(list(reversed(self.a)))(variable) * power
        b_next = fmpq_poly(list(reversed(self.b)))(following) * power * power_next
        first, first_surd = a_here - here[0](variable), -here[1](variable)
        second, second_surd = there[0](following), there[1](following)
        plain = first * second + d * first_surd * second_surd + b_next
        with_root = first * second_surd + first_surd * second
        for i in range(max(plain.degree(), with_root.degree()) + 1):
            if not Surd(sign * plain[i], sign * with_root[i], d).is_nonnegative():
                return False
        return True


def tail_series(a: Polynomial, b: Polynomial, how: Behaviour, terms: int) -> TailSeries | None:
    """The tail's series to ``terms`` coefficients, None where it has no series in powers of 1/n.

    ``a`` must be positive in the end and the fraction convergent, with deg b even or ≤ 2 deg a.
    """
    p, r = degree(a), degree(b)
    if how.kind not in ("factorial", "geometric", "power") or (r > 2 * p and r != 2 * p + 2):
        return None
    lead = p if r <= 2 * p else p + 1
    start = _leading(a, b, lead)
    if start is None:
        return None
    fixed, linear = start
    d = fixed[0].d
    size = terms + 3
    known: list[Surd] = []
    # gap holds the coefficients of a_n − t_n, following those of t_{n+1}, from what is known.
    gap = [Surd(fmpq(_coefficient(a, lead - j)), fmpq(0), d) for j in range(size)]
    following = [Surd(fmpq(0), fmpq(0), d)] * size
    b_shifted = shift(b, 1)
    while len(known) < terms + 1:
        j = len(known)
        if j < len(fixed):
            value = fixed[j]
        else:
            # s_j is the first unknown of the coefficient of n^(2·lead − order) in the equation
            # a_n t_{n+1} + b_{n+1} − t_n t_{n+1} = 0, where it stands with the factor −linear(j).
            order = j if len(fixed) == 1 else j + 1
            total = Surd(fmpq(_coefficient(b_shifted, 2 * lead - order)), fmpq(0), d)
            for i in range(order + 1):
                total = total + gap[i] * following[order - i]
            value = total * linear(j).inverse()
        known.append(value)
        gap[j] = gap[j] - value
        binomial = fmpq(1)
        for back in range(size - j):
            if not binomial:
                break
            following[j + back] = following[j + back] + value.times(binomial)
            binomial = binomial * (lead - j - back) / (back + 1)
    return TailSeries(a, b, lead, tuple(known))


def _leading(a: Polynomial, b: Polynomial, lead: int) -> tuple[list[Surd], Any] | None:
    """The first coefficients and, for each later j, minus the factor by which s_j enters."""
    p, r = degree(a), degree(b)
    top_a, top_b = a[0], b[0] if r == 2 * lead else 0
    if lead > p:
        d, factor = _square_free(top_b)
        root = Surd(fmpq(0), fmpq(factor), d) if d > 1 else Surd(fmpq(factor), fmpq(0), 1)
        return [root], lambda j: root.times(fmpq(2))
    discriminant = top_a * top_a + 4 * top_b
    if discriminant > 0:
        d, factor = _square_free(discriminant)
        if d > 1:
            first = Surd(fmpq(top_a, 2), fmpq(factor, 2), d)
        else:
            first = Surd(fmpq(top_a + factor, 2), fmpq(0), 1)
        entering = first.times(fmpq(2)) - Surd(fmpq(top_a), fmpq(0), d)
        return [first], lambda j: entering
    square: Fraction = 1 + 4 * boundary_delta(a, b)
    if square <= 0:
        return None
    d, factor = _square_free(square.numerator * square.denominator)
    root = (
        Surd(fmpq(0), fmpq(factor, square.denominator), d)
        if d > 1
        else Surd(fmpq(factor, square.denominator), fmpq(0), 1)
    )
    # t_n = a_n (1/2 + α/n + …) with α = (−1 + √(1 + 4δ))/4.
    alpha = (root - Surd(fmpq(1), fmpq(0), d)).times(fmpq(1, 4))
    second_a = _coefficient(a, p - 1)
    first = Surd(fmpq(top_a, 2), fmpq(0), d)
    second = Surd(fmpq(second_a, 2), fmpq(0), d) + alpha.times(fmpq(top_a))
    base = second.times(fmpq(2)) - Surd(fmpq(second_a), fmpq(0), d)
    return [first, second], lambda j: base + Surd(fmpq(top_a * j, 2), fmpq(0), d)


def _coefficient(p: Polynomial, power: int) -> int:
    return p[degree(p) - power] if 0 <= power <= degree(p) else 0


def _square_free(value: int) -> tuple[int, int]:
    """(d, f) with value = d·f² and d square-free.

    >>> _square_free(72)
    (2, 6)
    """
    factor = 1
    for f in range(isqrt(value), 1, -1):
        if value % (f * f) == 0:
            factor = f
            break
    return value // (factor * factor), factor
