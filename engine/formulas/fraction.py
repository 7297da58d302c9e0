"""One polynomial continued fraction, with everything that can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from ..errors import SourceError, UsageError
from .behaviour import Behaviour, behaviour
from .polynomial import Polynomial, mathml, parse, polynomial, render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .asymptotics import Asymptotics
    from .constants import Constant
    from .equivalence import Equivalent
    from .hypergeometric import ProvedValue
    from .limit import Limit, NoLimit
    from .metrics import Metrics
    from .relation import Identification


@dataclass(frozen=True, slots=True, init=False)
class PCF:
    """The continued fraction a(0) + b(1)/(a(1) + b(2)/(a(2) + …)) of two integer polynomials.

    Each polynomial is a string, an integer, a list of coefficients from the highest degree down, or
    a sympy expression. Zero polynomials are refused.

    >>> f = PCF("2*n + 1", "n**2")
    >>> f
    PCF('2*n + 1', 'n^2')
    >>> print(f.limit(20), f.identify())
    1.27323954473516268615 4/π
    >>> PCF([2, 1], [1, 0, 0]) == f
    True
    """

    a: Polynomial
    b: Polynomial

    def __init__(self, a: object, b: object) -> None:
        object.__setattr__(self, "a", polynomial(a))
        object.__setattr__(self, "b", polynomial(b))
        for name in ("a", "b"):
            if not any(getattr(self, name)):
                raise UsageError(
                    f"{name} is the zero polynomial; a continued fraction needs both different "
                    "from zero"
                )

    @classmethod
    def parse(cls, text: str) -> PCF:
        """Read "a | b", the two polynomials separated by a bar.

        >>> PCF.parse("2n+1 | n^2")
        PCF('2*n + 1', 'n^2')
        """
        left, bar, right = text.partition("|")
        if not bar or "|" in right:
            raise SourceError(
                "a continued fraction is written as two polynomials with a bar between",
                path="<formula>",
                text=text,
                expected="a | b, such as 2n+1 | n^2",
                found=repr(text),
            )
        return cls(parse(left, whole=text), parse(right, whole=text, offset=len(left) + 1))

    @property
    def text(self) -> str:
        """The fraction as `parse` reads it."""
        return f"{render(self.a)} | {render(self.b)}"

    @property
    def behaviour(self) -> Behaviour:
        """How it converges, decided from the polynomials."""
        return behaviour(self.a, self.b)

    def convergent(self, n: int) -> Fraction | None:
        """p_n/q_n as an exact fraction, None where q_n = 0.

        >>> PCF("1", "1").convergent(5)
        Fraction(13, 8)
        """
        from .convergents import convergent_matrix

        if n < 0:
            raise UsageError(f"a convergent has an index n ≥ 0, found {n}")
        p, _, q, _ = convergent_matrix(self.a, self.b, n).entries()
        return Fraction(int(p), int(q)) if q else None

    def vanishing_denominators(self, depth: int = 200) -> tuple[int, ...]:
        """The indices 1 ≤ n ≤ depth at which q_n = 0.

        >>> PCF("n - 1", "1").vanishing_denominators(5)
        (1,)
        """
        from .convergents import numerators_denominators

        _, q = numerators_denominators(self.a, self.b, depth)
        return tuple(n for n in range(1, depth + 1) if q[n + 1] == 0)

    def limit(self, digits: int = 60) -> Limit | NoLimit:
        """The limit to ``digits`` decimals, every one certain, or the reason why there is none."""
        from .limit import limit

        return limit(self.a, self.b, digits)

    def metrics(self, depth: int = 2000) -> Metrics:
        """The metrics of convergence at a depth, as defined in arXiv 2412.16818."""
        from .metrics import metrics

        return metrics(self.a, self.b, depth)

    def asymptotics(self) -> Asymptotics:
        """The exact exponents where the theory gives them."""
        from .asymptotics import asymptotics

        return asymptotics(self.a, self.b)

    def delta(self, depth: int = 2000) -> float:
        """The irrationality measure from the reduced convergents at a depth."""
        return self.metrics(depth).reduced_delta

    def identify(
        self, constants: Iterable[Constant] | None = None, *, digits: int = 80
    ) -> Identification | None:
        """A closed form verified numerically, or None: rational, algebraic, Möbius in a constant."""
        from .limit import NoLimit
        from .relation import identify

        found = self.limit(digits)
        if isinstance(found, NoLimit) or found.digits < 25:
            return None
        return identify(found.ball, found.digits, constants)

    def prove(self) -> ProvedValue | None:
        """The value by a theorem of Gauss, Kummer or Bessel, None where none of them applies.

        >>> print(PCF("3n + 2", "-2n^2").prove())
        F(0, 0; 1; -1)/F(1, 1; 2; -1)
        """
        from .hypergeometric import proved_value

        return proved_value(self.a, self.b)

    def equivalents(self) -> tuple[Equivalent, ...]:
        """Fractions of the same class, each with the Möbius map to this one's value."""
        from .equivalence import equivalents

        return equivalents(self.a, self.b)

    def mathml(self) -> str:
        """The fraction's first terms and its two polynomials as MathML."""
        from .polynomial import evaluate

        inner = "<mo>⋱</mo>"
        for n in range(3, 0, -1):
            top, bottom = evaluate(self.b, n), evaluate(self.a, n)
            inner = (
                f"<mfrac displaystyle='true'><mn>{top}</mn>"
                f"<mrow><mn>{bottom}</mn><mo>+</mo>{inner}</mrow></mfrac>"
            )
        return (
            "<math display='block'><mrow>"
            f"<mn>{evaluate(self.a, 0)}</mn><mo>+</mo>{inner}<mspace width='2em'/>"
            f"<msub><mi>a</mi><mi>n</mi></msub><mo>=</mo>{mathml(self.a)}<mo>,</mo>"
            f"<mspace width='1em'/><msub><mi>b</mi><mi>n</mi></msub><mo>=</mo>{mathml(self.b)}"
            "</mrow></math>"
        )

    def __repr__(self) -> str:
        return f"PCF({render(self.a)!r}, {render(self.b)!r})"

    def _repr_html_(self) -> str:
        value = escape(str(self.limit(20)))
        return f"<div>{self.mathml()}<p>{value} — {escape(self.behaviour.reason)}</p></div>"
