"""A table of constants, each an expression that flint evaluates as a ball to any precision."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import flint
from flint import arb

from ..errors import SourceError, Span

Family: TypeAlias = Literal["algebraic", "periods", "exponential"]
"""Where a constant turns up: values of fractions that converge geometrically or more slowly are
quotients of G-functions (periods: π, logarithms, Γ quotients), factorially converging ones are
quotients of E-functions (exponential: e, tan 1, Bessel quotients)."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A named real number given by an expression over integers and known functions.

    ``name`` is plain text for tables and queries, ``symbol`` what formulas show.
    """

    name: str
    expression: str
    family: Family = "periods"
    symbol: str = ""

    def ball(self, digits: int) -> Any:
        """A ball of relative width below 10^−digits."""
        return _evaluate(self.expression, int(digits * 3.33) + 64)


def constant(name: str, expression: str, family: Family = "periods") -> Constant:
    """A constant of your own, checked by evaluating it once.

    >>> constant("ln 5", "log(5)").ball(15)
    [1.60943791243410 +/- 3.75e-16]
    >>> constant("oops", "log(n)")
    Traceback (most recent call last):
        ...
    lemmata.engine.errors.SourceError: <constant>:1:5: 'n' is not a known constant
      1 | log(n)
        |     ^
      expected: one of agm, airy, atan, bessel_i, bessel_j, catalan, cos, cosh, e, erfc, euler, exp, gamma, log, pi, sin, sinh, sqrt, tan, tanh, zeta
    """
    made = Constant(name, expression, family, name)
    value = made.ball(30)
    if not value.is_finite():
        raise SourceError(
            f"the value of '{name}' is not a finite real number", path="<constant>", text=expression
        )
    return made


def parse_constant(text: str) -> Constant:
    """A constant from "name = expression".

    >>> parse_constant("ln 7 = log(7)").name
    'ln 7'
    """
    name, equals, expression = text.partition("=")
    if not equals or not name.strip() or not expression.strip():
        raise SourceError(
            "a constant is given as a name and an expression",
            path="<constant>",
            text=text,
            expected='"name = expression", such as "ln 7 = log(7)"',
            found=repr(text),
        )
    return constant(name.strip(), expression.strip())


def _table() -> Mapping[str, Constant]:
    rows = [
        ("pi", "π", "pi", "periods"),
        ("ln2", "ln 2", "log(2)", "periods"),
        ("ln3", "ln 3", "log(3)", "periods"),
        ("ln5", "ln 5", "log(5)", "periods"),
        ("pi*sqrt3", "π√3", "pi*sqrt(3)", "periods"),
        ("pi*sqrt2", "π√2", "pi*sqrt(2)", "periods"),
        ("sqrt2*ln(1+sqrt2)", "√2 ln(1+√2)", "sqrt(2)*log(1+sqrt(2))", "periods"),
        ("sqrt3*ln(2+sqrt3)", "√3 ln(2+√3)", "sqrt(3)*log(2+sqrt(3))", "periods"),
        ("sqrt5*ln(phi)", "√5 ln φ", "sqrt(5)*log((1+sqrt(5))/2)", "periods"),
        ("sqrt2*atan(sqrt2)", "√2 atan √2", "sqrt(2)*atan(sqrt(2))", "periods"),
        ("zeta3", "ζ(3)", "zeta(3)", "periods"),
        ("catalan", "Catalan", "catalan", "periods"),
        ("pi^2", "π²", "pi**2", "periods"),
        ("gauss", "ϖ/π", "1/agm(1,sqrt(2))", "periods"),
        ("lemniscate", "ϖ", "pi/agm(1,sqrt(2))", "periods"),
        ("lemniscate^2/pi", "ϖ²/π", "pi/agm(1,sqrt(2))**2", "periods"),
        ("gamma(1/3)^3/pi", "Γ(1/3)³/π", "gamma(1/3)**3/pi", "periods"),
        ("gamma(1/3)^3/(pi*sqrt3)", "Γ(1/3)³/(π√3)", "gamma(1/3)**3/(pi*sqrt(3))", "periods"),
        ("gamma(1/4)^2/sqrt(pi)", "Γ(1/4)²/√π", "gamma(1/4)**2/sqrt(pi)", "periods"),
        ("euler", "γ", "euler", "periods"),
        ("sqrt2", "√2", "sqrt(2)", "algebraic"),
        ("sqrt3", "√3", "sqrt(3)", "algebraic"),
        ("phi", "φ", "(1+sqrt(5))/2", "algebraic"),
        ("e", "e", "e", "exponential"),
        ("e^2", "e²", "e**2", "exponential"),
        ("sqrt(e)", "√e", "sqrt(e)", "exponential"),
        ("tan1", "tan 1", "tan(1)", "exponential"),
        ("tan(1/2)", "tan 1/2", "tan(1/2)", "exponential"),
        ("sqrt2*tan(sqrt2)", "√2 tan √2", "sqrt(2)*tan(sqrt(2))", "exponential"),
        ("sqrt2*tanh(sqrt2)", "√2 tanh √2", "sqrt(2)*tanh(sqrt(2))", "exponential"),
        ("I0(2)/I1(2)", "I₀(2)/I₁(2)", "bessel_i(0,2)/bessel_i(1,2)", "exponential"),
        ("I0(1)/I1(1)", "I₀(1)/I₁(1)", "bessel_i(0,1)/bessel_i(1,1)", "exponential"),
        ("J0(2)/J1(2)", "J₀(2)/J₁(2)", "bessel_j(0,2)/bessel_j(1,2)", "exponential"),
        ("J0(1)/J1(1)", "J₀(1)/J₁(1)", "bessel_j(0,1)/bessel_j(1,1)", "exponential"),
        (
            "sqrt(pi*e/2)*erfc(1/sqrt2)",
            "√(πe/2)·erfc(1/√2)",
            "sqrt(pi*e/2)*erfc(1/sqrt(2))",
            "exponential",
        ),
        ("e*sqrt(pi)*erfc(1)", "e√π·erfc 1", "e*sqrt(pi)*erfc(1)", "exponential"),
    ]
    return MappingProxyType({n: Constant(n, x, f, s) for n, s, x, f in rows})  # type: ignore[arg-type]


_UNARY = {
    "sqrt": "sqrt", "log": "log", "exp": "exp", "gamma": "gamma", "zeta": "zeta", "atan": "atan",
    "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
    "erfc": "erfc", "airy": "airy_ai",
}  # fmt: skip
_NAMED = {
    "pi": lambda: arb.pi(),
    "e": lambda: arb.const_e(),
    "euler": lambda: arb.const_euler(),
    "catalan": lambda: arb.const_catalan(),
}
_KNOWN = sorted({*_UNARY, *_NAMED, "agm", "bessel_i", "bessel_j"})


@lru_cache(maxsize=4096)
def _evaluate(expression: str, bits: int) -> Any:
    with flint.ctx.workprec(bits):
        try:
            tree = ast.parse(expression, mode="eval").body
        except SyntaxError as error:
            column = error.offset or 1
            raise _refuse(expression, "this is not an expression", column - 1, column) from None
        return _value(tree, expression)


def _value(node: ast.expr, text: str) -> Any:
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return arb(value)
        case ast.Name(id=name) if name in _NAMED:
            return _NAMED[name]()
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, text)
        case ast.BinOp(left=left, op=op, right=right):
            x, y = _value(left, text), _value(right, text)
            match op:
                case ast.Add():
                    return x + y
                case ast.Sub():
                    return x - y
                case ast.Mult():
                    return x * y
                case ast.Div():
                    return x / y
                case ast.Pow():
                    return x**y
        case ast.Call(func=ast.Name(id=name), args=[only]) if name in _UNARY:
            return getattr(_value(only, text), _UNARY[name])()
        case ast.Call(func=ast.Name(id="agm"), args=[one, two]):
            return _value(one, text).agm(_value(two, text))
        case ast.Call(func=ast.Name(id=("bessel_i" | "bessel_j") as name), args=[order, at]):
            return getattr(_value(at, text), name)(_value(order, text))
    found = ast.get_source_segment(text, node) or text
    raise _refuse(
        text, f"'{found}' is not a known constant", node.col_offset, node.end_col_offset or 0
    )


def _refuse(text: str, message: str, start: int, stop: int) -> SourceError:
    # The parser counts columns in UTF-8 bytes.
    first = len(text.encode()[:start].decode(errors="ignore")) + 1
    last = max(first + 1, len(text.encode()[:stop].decode(errors="ignore")) + 1)
    return SourceError(
        message,
        path="<constant>",
        text=text,
        span=Span(1, first, 1, last),
        expected="one of " + ", ".join(_KNOWN),
    )


CONSTANTS = _table()
"""The built-in constants by name."""
