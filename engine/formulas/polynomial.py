"""Integer polynomials in n as tuples of coefficients, highest degree first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import TypeAlias

from ..errors import SourceError, Span, UsageError

Polynomial: TypeAlias = tuple[int, ...]
"""Coefficients from the highest degree down; no leading zero, except that zero itself is (0,)."""

_TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z_]\w*)|(\*\*|[-+*^()−·]))")
_MAX_DEGREE = 50


def polynomial(source: object) -> Polynomial:
    """The polynomial a string, an integer, a coefficient list or a sympy expression stands for.

    >>> polynomial("2n + 1"), polynomial([1, 0, 0]), polynomial(7)
    ((2, 1), (1, 0, 0), (7,))
    """
    if isinstance(source, str):
        return parse(source)
    if isinstance(source, bool):
        raise UsageError(f"a polynomial in n was expected, found {source}")
    if isinstance(source, int):
        return (source,)
    if hasattr(source, "dtype"):
        # A numpy array, without importing numpy for it.
        source = getattr(source, "tolist", list)()
    if isinstance(source, Sequence):
        return trim(tuple(_integer(value, source) for value in source))
    if hasattr(source, "free_symbols") and hasattr(source, "as_poly"):
        return _from_sympy(source)
    raise UsageError(
        "a polynomial is a string such as '2*n + 1', a list of integers (highest degree first) "
        f"or a sympy expression; found {source!r}"
    )


def trim(coefficients: Sequence[int]) -> Polynomial:
    """The same polynomial without leading zeros.

    >>> trim((0, 0, 3, 1)), trim((0, 0))
    ((3, 1), (0,))
    """
    values = list(coefficients) or [0]
    start = next((i for i, value in enumerate(values) if value), len(values) - 1)
    return tuple(values[start:])


def degree(p: Polynomial) -> int:
    """The degree; the zero polynomial counts as degree 0."""
    return len(p) - 1


def evaluate(p: Polynomial, n: int) -> int:
    """The value at n.

    >>> evaluate((1, 0, -2), 5)
    23
    """
    value = 0
    for coefficient in p:
        value = value * n + coefficient
    return value


def shift(p: Polynomial, k: int) -> Polynomial:
    """The polynomial n ↦ p(n + k).

    >>> shift((1, 0, 0), 1)
    (1, 2, 1)
    """
    values = list(p)
    for end in range(len(values), 1, -1):
        for i in range(1, end):
            values[i] += k * values[i - 1]
    return tuple(values)


def add(p: Polynomial, q: Polynomial) -> Polynomial:
    """The sum."""
    total = [x + y for x, y in zip_longest(reversed(p), reversed(q), fillvalue=0)]
    return trim(total[::-1])


def multiply(p: Polynomial, q: Polynomial) -> Polynomial:
    """The product.

    >>> multiply((1, 1), (1, -1))
    (1, 0, -1)
    """
    out = [0] * (len(p) + len(q) - 1)
    for i, x in enumerate(p):
        for j, y in enumerate(q):
            out[i + j] += x * y
    return trim(out)


def scale(p: Polynomial, factor: int) -> Polynomial:
    """The polynomial times an integer."""
    return trim([factor * value for value in p])


def is_eventually_positive(p: Polynomial) -> bool:
    """Whether p(n) > 0 for all large n."""
    return p[0] > 0


def is_positive_from(p: Polynomial, start: int, *, strictly: bool = False) -> bool:
    """Whether p(n) ≥ 0 for all real n ≥ start, by the signs of the shifted coefficients.

    A sufficient condition: ``False`` means only that this test does not show it. With
    ``strictly``, p(n) > 0.

    >>> is_positive_from((1, -3, 1), 3), is_positive_from((1, -3, 1), 1)
    (True, False)
    """
    moved = shift(p, start)
    if any(value < 0 for value in moved):
        return False
    return moved[-1] > 0 if strictly else True


def positive_from(p: Polynomial, *, strictly: bool = False) -> int | None:
    """The first power-of-two start ≥ 1 at which `is_positive_from` holds, None if p(n) < 0 finally."""
    if not any(p):
        return None if strictly else 1
    if p[0] < 0:
        return None
    start = 1
    while not is_positive_from(p, start, strictly=strictly):
        start *= 2
    return start


def integer_roots(p: Polynomial, *, at_least: int) -> tuple[int, ...]:
    """The integer roots ≥ ``at_least``, in increasing order.

    >>> integer_roots((1, -3, 2), at_least=1), integer_roots((1, 0, 0), at_least=1)
    ((1, 2), ())
    """
    values = list(p)
    roots: set[int] = set()
    while len(values) > 1 and values[-1] == 0:
        values.pop()
        if at_least <= 0:
            roots.add(0)
    if len(values) > 1:
        roots |= _nonzero_integer_roots(tuple(values), at_least)
    return tuple(sorted(roots))


def _nonzero_integer_roots(p: Polynomial, at_least: int) -> set[int]:
    from flint import fmpz_poly

    _, factors = fmpz_poly(list(reversed(p))).factor()
    found: set[int] = set()
    for factor, _ in factors:
        if factor.degree() == 1 and abs(int(factor[1])) == 1:
            root = -int(factor[0]) * int(factor[1])
            if root >= at_least:
                found.add(root)
    return found


def render(p: Polynomial, variable: str = "n") -> str:
    """The polynomial as text that `parse` reads back.

    >>> render((2, 0, -1)), render((-1, 0)), render((0,))
    ('2*n^2 - 1', '-n', '0')
    """
    text = ""
    for power, value in zip(range(degree(p), -1, -1), p, strict=True):
        if value == 0:
            continue
        sign = ("-" if value < 0 else "") if not text else (" - " if value < 0 else " + ")
        name = "" if power == 0 else variable if power == 1 else f"{variable}^{power}"
        size = abs(value)
        body = str(size) if not name else name if size == 1 else f"{size}*{name}"
        text += sign + body
    return text or "0"


def mathml(p: Polynomial) -> str:
    """The polynomial as presentation MathML."""
    out: list[str] = []
    for power, value in zip(range(degree(p), -1, -1), p, strict=True):
        if value == 0:
            continue
        if out or value < 0:
            out.append(f"<mo>{'−' if value < 0 else '+'}</mo>")
        if power == 0 or abs(value) != 1:
            out.append(f"<mn>{abs(value)}</mn>")
        if power == 1:
            out.append("<mi>n</mi>")
        elif power > 1:
            out.append(f"<msup><mi>n</mi><mn>{power}</mn></msup>")
    return "<mrow>" + ("".join(out) or "<mn>0</mn>") + "</mrow>"


def parse(text: str, *, whole: str | None = None, offset: int = 0) -> Polynomial:
    """Read a polynomial in n: integers, n, + - * ^ ** and parentheses; 2n means 2*n.

    ``whole`` and ``offset`` place the text inside a longer line, for the caret of an error.

    >>> parse("(n+1)^2 - 3n")
    (1, -1, 1)
    >>> parse("n^2 + x")
    Traceback (most recent call last):
        ...
    lemmata.engine.errors.SourceError: <formula>:1:7: unknown name 'x'
      1 | n^2 + x
        |       ^
      expected: the variable n
      found: 'x'
    """
    return _Reader(text, whole if whole is not None else text, offset).read()


class _Reader:
    """A recursive-descent reader over the tokens of one polynomial."""

    def __init__(self, text: str, whole: str, offset: int) -> None:
        self.whole = whole
        self.tokens: list[tuple[str, int]] = []
        self.at = 0
        position = 0
        end = len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                while text[position].isspace():
                    position += 1
                raise self._error(
                    f"'{text[position]}' does not belong in a polynomial",
                    offset + position,
                    "a polynomial with integer coefficients, such as 2*n + 1",
                    f"'{text[position]}'",
                    "write fractions by scaling: a/b | c is the same as k·a | k²·c divided by k"
                    if text[position] in "/."
                    else "",
                )
            token = match.group(match.lastindex or 0)
            self.tokens.append((token, offset + match.start(match.lastindex or 0)))
            position = match.end()
        self.tokens.append(("", offset + end))

    def _error(
        self,
        message: str,
        at: int,
        expected: str = "",
        found: str = "",
        hint: str = "",
        width: int = 1,
    ) -> SourceError:
        span = Span(1, at + 1, 1, at + 1 + width)
        return SourceError(
            message,
            path="<formula>",
            text=self.whole or " ",
            span=span,
            expected=expected,
            found=found,
            hint=hint,
        )

    def read(self) -> Polynomial:
        value = self._sum()
        token, at = self.tokens[self.at]
        if token:
            raise self._error(f"'{token}' comes unexpectedly", at, "the end of the polynomial")
        return value

    def _sum(self) -> Polynomial:
        value: Polynomial = (0,)
        sign = 1
        token = self.tokens[self.at][0]
        if token in "+-−" and token:
            sign = 1 if token == "+" else -1
            self.at += 1
        while True:
            value = add(value, scale(self._product(), sign))
            token = self.tokens[self.at][0]
            if not token or token not in "+-−":
                return value
            sign = 1 if token == "+" else -1
            self.at += 1

    def _product(self) -> Polynomial:
        value = self._power()
        while True:
            token = self.tokens[self.at][0]
            if token in ("*", "·"):
                self.at += 1
            elif not (token == "(" or token[:1].isalnum() or token[:1] == "_"):
                return value
            value = multiply(value, self._power())

    def _power(self) -> Polynomial:
        base = self._atom()
        if self.tokens[self.at][0] not in ("^", "**"):
            return base
        self.at += 1
        token, at = self.tokens[self.at]
        if not token.isdigit() or int(token) > _MAX_DEGREE:
            raise self._error(
                "an exponent must be a small whole number",
                at,
                f"an integer from 0 to {_MAX_DEGREE}",
                f"'{token}'" if token else "the end",
                width=max(1, len(token)),
            )
        self.at += 1
        value: Polynomial = (1,)
        for _ in range(int(token)):
            value = multiply(value, base)
        return value

    def _atom(self) -> Polynomial:
        token, at = self.tokens[self.at]
        self.at += 1
        if token.isdigit():
            return (int(token),)
        if token == "n":
            return (1, 0)
        if token == "(":
            value = self._sum()
            closing, where = self.tokens[self.at]
            if closing != ")":
                raise self._error("a parenthesis is not closed", where, "')'", f"'{closing}'")
            self.at += 1
            return value
        if token[:1].isalpha() or token[:1] == "_":
            raise self._error(
                f"unknown name '{token}'", at, "the variable n", f"'{token}'", width=len(token)
            )
        raise self._error(
            "a number, n or a parenthesis is missing here",
            at,
            "a term such as 3, n or (n + 1)",
            f"'{token}'" if token else "the end of the text",
        )


def _integer(value: object, source: object) -> int:
    if isinstance(value, bool):
        raise UsageError(f"a coefficient must be an integer, found {value} in {source!r}")
    if isinstance(value, int):
        return value
    try:
        exact = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise UsageError(
            f"a coefficient must be an integer, found {value!r} in {source!r}"
        ) from None
    if exact.denominator != 1:
        raise UsageError(
            f"a coefficient must be an integer, found {value} in {source!r}; "
            "multiply a by k and b by k², which multiplies the value by k"
        )
    return exact.numerator


def _from_sympy(expression: object) -> Polynomial:
    import sympy

    symbols = sorted(getattr(expression, "free_symbols", ()), key=str)
    if len(symbols) > 1:
        names = ", ".join(map(str, symbols))
        raise UsageError(f"a polynomial in one variable was expected, found the variables {names}")
    variable = symbols[0] if symbols else sympy.Symbol("n")
    try:
        coefficients = sympy.Poly(expression, variable).all_coeffs()
    except sympy.PolynomialError:
        raise UsageError(f"{expression} is not a polynomial in {variable}") from None
    return trim([_integer(value, str(expression)) for value in coefficients])
