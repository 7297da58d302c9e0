"""Values that are proved: fractions that come from the differential equations of Gauss and Kummer.

Write F_n for a hypergeometric function with all parameters raised by n, and T_n = (c+n) F_n/F_{n+1}.
Since F' is a multiple of F_1, the differential equation itself is a three-term relation:

- ₂F₁: T_n = c+n − (a+b+2n+1) z + (a+n+1)(b+n+1)(z − z²)/T_{n+1}   (Gauss; Nörlund 1924)
- ₁F₁: T_n = c+n − z + (a+n+1) z/T_{n+1}                            (Kummer)
- ₀F₁: T_n = c+n + z/T_{n+1}                                        (Bessel, Lambert)

So a(n) = d·(…), b(n) = d²·(…) has the value d·T₀, provided T is the tail sequence to which the
convergents tend. It is, where T_n grows like the larger root of the step's equation: for ₂F₁ with
z < 1/2, where F_n/F_{n+1} → 1 − z; for ₁F₁ and ₀F₁ always, where F_n/F_{n+1} → 1 (Pincherle). At
z = 1/2 the elements and T_n are positive in the end, and Seidel–Stern's theorem applies. The three
relations are not taken on trust: `relation_holds` compares all coefficients of the power series as
rational functions, and the tests run it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Any, Literal, TypeAlias

import flint
from flint import arb

from .behaviour import behaviour
from .polynomial import Polynomial, degree

Theorem: TypeAlias = Literal["Gauss–Nörlund 2F1", "Kummer 1F1", "Bessel–Lambert 0F1"]


@dataclass(frozen=True, slots=True)
class ProvedValue:
    """L = scale · c · F(upper; c; z)/F(upper + 1; c + 1; z), proved by the named theorem.

    ``closed_form`` is an elementary form found by exact rewriting, empty where none was found.
    """

    theorem: Theorem
    upper: tuple[Fraction, ...]
    lower: Fraction
    z: Fraction
    scale: Fraction

    def ball(self, digits: int) -> Any:
        """The value as a ball, straight from the hypergeometric functions."""
        with flint.ctx.workprec(int(digits * 3.33) + 96):
            top, bottom = self._function(0), self._function(1)
            return _arb(self.scale) * _arb(self.lower) * top / bottom

    def _function(self, step: int) -> Any:
        c, z = _arb(self.lower + step), _arb(self.z)
        up = [_arb(x + step) for x in self.upper]
        match self.theorem:
            case "Gauss–Nörlund 2F1":
                return z.hypgeom_2f1(up[0], up[1], c)
            case "Kummer 1F1":
                return z.hypgeom_1f1(up[0], c)
            case "Bessel–Lambert 0F1":
                return z.hypgeom_0f1(c)

    def __str__(self) -> str:
        def function(step: int) -> str:
            up = ", ".join(str(x + step) for x in self.upper)
            return f"F({up}; {self.lower + step}; {self.z})"

        head = self.scale * self.lower
        return f"{'' if head == 1 else f'{head}·'}{function(0)}/{function(1)}"

    def closed_form(self) -> Any | None:
        """The value as an elementary sympy expression, by exact rewriting; None if not reached."""
        import sympy

        def function(step: int) -> Any:
            up = [sympy.Rational(x.numerator, x.denominator) + step for x in self.upper]
            low = [sympy.Rational(self.lower.numerator, self.lower.denominator) + step]
            z = sympy.Symbol("z")
            generic = sympy.hyperexpand(sympy.hyper(up, low, z))
            return generic.subs(z, sympy.Rational(self.z.numerator, self.z.denominator))

        head = self.scale * self.lower
        value = sympy.Rational(head.numerator, head.denominator) * function(0) / function(1)
        if value.has(sympy.hyper, sympy.nan, sympy.zoo):
            return None
        return value


def proved_value(a: Polynomial, b: Polynomial) -> ProvedValue | None:
    """The proved value of a fraction with deg a ≤ 1 and deg b ≤ 2, None where no theorem applies.

    b of degree 2 needs rational roots and a square a₁² + 4b₂ (also 4b₂ for constant a).

    >>> print(proved_value((2, 1), (1, 0, 0)))
    None
    >>> print(proved_value((3, 2), (-2, 0, 0)))
    F(0, 0; 1; -1)/F(1, 1; 2; -1)
    >>> print(proved_value((4, 2), (1,)))
    2·F(; 1/2; 1/16)/F(; 3/2; 1/16)
    """
    if degree(a) > 1 or degree(b) > 2 or not behaviour(a, b).converges:
        return None
    if behaviour(a, b).kind == "terminates":
        return None
    slope, start = (a[0], a[1]) if degree(a) == 1 else (0, a[0])
    match degree(b):
        case 0:
            return _bessel(slope, start, b[0])
        case 1:
            return _kummer(slope, start, b)
        case _:
            return _gauss(slope, start, b)


def _bessel(slope: int, start: int, constant: int) -> ProvedValue | None:
    if slope == 0:
        return None
    c = Fraction(start, slope)
    return _made("Bessel–Lambert 0F1", (), c, Fraction(constant, slope**2), Fraction(slope))


def _kummer(slope: int, start: int, b: Polynomial) -> ProvedValue | None:
    if slope == 0:
        return None
    z = Fraction(b[0], slope**2)
    c = Fraction(start, slope) + z
    return _made("Kummer 1F1", (Fraction(b[1], b[0]),), c, z, Fraction(slope))


def _gauss(slope: int, start: int, b: Polynomial) -> ProvedValue | None:
    square = slope * slope + 4 * b[0]
    spread = b[1] * b[1] - 4 * b[0] * b[2]
    if square <= 0 or spread < 0 or isqrt(square) ** 2 != square or isqrt(spread) ** 2 != spread:
        return None
    # d of the sign that makes z ≤ 1/2.
    d = isqrt(square) * (-1 if slope < 0 or (slope == 0 and start < 0) else 1)
    z = (1 - Fraction(slope, d)) / 2
    one = Fraction(b[1] + isqrt(spread), 2 * b[0])
    two = Fraction(b[1] - isqrt(spread), 2 * b[0])
    c = Fraction(start, d) + (one + two + 1) * z
    return _made("Gauss–Nörlund 2F1", (one, two), c, z, Fraction(d))


def _made(
    theorem: Theorem, upper: tuple[Fraction, ...], c: Fraction, z: Fraction, scale: Fraction
) -> ProvedValue | None:
    # Where c is 0, −1, −2, … the functions themselves are not defined.
    if c.denominator == 1 and c <= 0:
        return None
    return ProvedValue(theorem, upper, c, z, scale)


@lru_cache(maxsize=8)
def relation_holds(theorem: Theorem) -> bool:
    """Whether the theorem's relation c F₀ = A₀ F₁ + B₁/(c+1) F₂ holds, coefficient by coefficient.

    Let f_j be the coefficient of z^j in F₀ and u run over the upper parameters. Then z^j has in F₁
    and F₂ the coefficients f_j ∏(u+j)/u · c/(c+j) and f_j ∏(u+j)(u+j+1)/(u(u+1)) ·
    c(c+1)/((c+j)(c+j+1)), and f_{j−1} = f_j (c+j−1) j/∏(u+j−1). Divided by f_j and multiplied by
    ∏u·(c+j), both sides are polynomials in j, c and the u, which flint compares exactly.

    >>> relation_holds("Gauss–Nörlund 2F1"), relation_holds("Kummer 1F1")
    (True, True)
    """
    from flint import Ordering, fmpz_mpoly_ctx

    context = fmpz_mpoly_ctx.get(("a", "b", "c", "j"), Ordering.lex)
    a, b, c, j = context.gens()
    from_f1 = j * (c + j)  # (1/c) · the coefficient of z F₁
    match theorem:
        case "Gauss–Nörlund 2F1":
            raised, product = (a + j) * (b + j), a * b
            from_f2 = j * raised - j * (j - 1) * (c + j)  # … of (a+1)(b+1)(z − z²) F₂/(c(c+1))
            total = c * raised - (a + b + 1) * from_f1 + from_f2
        case "Kummer 1F1":
            raised, product = a + j, a
            total = c * raised - from_f1 + j * raised
        case "Bessel–Lambert 0F1":
            product = context.constant(1)
            total = c + j
    return bool(total == product * (c + j))


def _arb(value: Fraction) -> Any:
    return arb(value.numerator) / arb(value.denominator)
