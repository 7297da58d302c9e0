"""How a continued fraction converges, decided from its two polynomials alone.

The tests are classical: Seidel–Stern for positive elements, the parabola (Worpitzky) condition and
its refinement at the boundary 1/4 for negative ones, Poincaré–Perron and Birkhoff–Trjitzinsky for
the rates (Lorentzen and Waadeland, *Continued Fractions with Applications*, chapters III and IV).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal, TypeAlias

from .polynomial import Polynomial, add, degree, integer_roots, multiply, scale, shift

Kind: TypeAlias = Literal[
    "terminates", "factorial", "geometric", "stretched", "power", "logarithmic", "oscillates"
]
"""terminates: b vanishes, the value is rational. factorial, geometric, stretched (e^(−c√n)), power
and logarithmic are rates of convergence from fastest to slowest. oscillates: no limit."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The kind of convergence and why; ``exponent`` is the power of n in a power-law error."""

    kind: Kind
    reason: str
    exponent: float | None = None
    last: int | None = None

    @property
    def converges(self) -> bool:
        """Whether a limit exists (it may still be infinite)."""
        return self.kind != "oscillates"

    @property
    def is_slow(self) -> bool:
        """Whether digits cost exponentially many terms, so that convergence is accelerated."""
        return self.kind in ("power", "logarithmic")


def has_complex_eigenvalues(a: Polynomial, b: Polynomial) -> bool:
    """Whether the step matrix [[a_n, b_n], [1, 0]] has complex eigenvalues for all large n."""
    discriminant = add(multiply(a, a), scale(b, 4))
    return discriminant[0] < 0


def behaviour(a: Polynomial, b: Polynomial) -> Behaviour:
    """Decide how a₀ + b₁/(a₁ + b₂/(a₂ + …)) converges.

    >>> behaviour((2, 1), (1, 0, 0)).kind, behaviour((1,), (-1,)).kind, behaviour((2,), (4, 0, 1)).kind
    ('geometric', 'oscillates', 'power')
    """
    zeros = _zeros(b)
    if zeros:
        return Behaviour("terminates", f"b is zero at n = {zeros[0]}", last=zeros[0] - 1)
    p, r = degree(a), degree(b)
    if r < 2 * p:
        return Behaviour("factorial", f"b grows more slowly than a² (degree {r} < {2 * p})")
    if r == 2 * p:
        return _balanced(a, b)
    if b[0] < 0:
        return Behaviour("oscillates", "the eigenvalues are complex: b is negative and outgrows a²")
    if r == 2 * p + 1:
        return Behaviour(
            "stretched", "b outgrows a² by one degree, the error shrinks like e^(−c√n)"
        )
    if r == 2 * p + 2:
        exponent = -abs(a[0]) / b[0] ** 0.5
        return Behaviour("power", f"the error shrinks like n^{exponent:.4g}", exponent)
    return Behaviour(
        "oscillates", "b outgrows a² by more than two degrees: even and odd convergents part"
    )


@lru_cache(maxsize=65536)
def _zeros(b: Polynomial) -> tuple[int, ...]:
    return integer_roots(b, at_least=1)


def boundary_defect(a: Polynomial, b: Polynomial) -> Polynomial:
    """a(n)·a(n+1) + 4·b(n+1): its sign decides on the boundary of the parabola condition."""
    return add(multiply(a, shift(a, 1)), scale(shift(b, 1), 4))


def boundary_delta(a: Polynomial, b: Polynomial) -> Fraction:
    """δ where −4·b(n+1)/(a(n)·a(n+1)) = 1 − δ/n² + O(1/n³)."""
    defect, order = boundary_defect(a, b), 2 * degree(a) - 2
    if degree(defect) < order or order < 0:
        return Fraction(0)
    return Fraction(defect[0], a[0] ** 2)


def _balanced(a: Polynomial, b: Polynomial) -> Behaviour:
    discriminant = a[0] ** 2 + 4 * b[0]
    if discriminant > 0:
        return Behaviour("geometric", "two real eigenvalues of different size")
    if discriminant < 0:
        return Behaviour("oscillates", "the eigenvalues are complex")
    defect, order = boundary_defect(a, b), 2 * degree(a) - 2
    if any(defect) and degree(defect) == order + 1:
        if defect[0] > 0:
            return Behaviour("stretched", "equal eigenvalues, the error shrinks like e^(−c√n)")
        return Behaviour("oscillates", "equal eigenvalues that become complex in the next order")
    square = 1 + 4 * boundary_delta(a, b)
    if square < 0:
        return Behaviour("oscillates", "equal eigenvalues that become complex in the second order")
    if square == 0:
        return Behaviour("logarithmic", "equal eigenvalues, the error shrinks like 1/log n")
    exponent = -(float(square) ** 0.5)
    return Behaviour(
        "power", f"equal eigenvalues, the error shrinks like n^{exponent:.4g}", exponent
    )
