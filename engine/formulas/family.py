"""Parametric families behind labelled formulas: found, tested outside the box, proved where possible.

Formulas are sorted by *shape* (module ``shape``). In each shape, a congruence on a
small linear form of the coordinates is sought that decides the constant. A congruence class whose
screened members all carry one constant (or are rational) is a family; members outside the box test
it, and until it is proved it is a conjecture.

Proof. The differential equations of Gauss and Kummer give every member a value
c·F(u; c; z)/F(u+1; c+1; z) with one z for the whole shape. Where the fractional parts of u and c
are the same throughout the congruence class, all these functions are contiguous: by Gauss's
relations each is a combination, with rational coefficients, of F and F(u+1; c+1) of one member. If
that member's value is a Möbius image of K, found by exact rewriting, so is (or is rational) every
other member's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import gcd, lcm
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError
from .behaviour import behaviour
from .constants import CONSTANTS, Constant
from .hypergeometric import proved_value, relation_holds
from .limit import Limit, limit
from .relation import algebraic_relation, mobius_relation
from .shape import Shape, coordinates

Status: TypeAlias = Literal["proved", "conjectured"]


@dataclass(frozen=True, slots=True)
class Congruence:
    """form · coordinates ≡ residue (mod modulus); modulus 1 means no condition."""

    form: tuple[int, ...]
    modulus: int
    residue: int

    def holds(self, point: tuple[int, ...]) -> bool:
        """Whether a point meets it."""
        total = sum(f * x for f, x in zip(self.form, point, strict=True))
        return total % self.modulus == self.residue

    def text(self, names: tuple[str, ...]) -> str:
        """The condition in the parameters' names, empty if there is none."""
        if self.modulus == 1:
            return ""
        terms = [
            name if f == 1 else f"{f}{name}" for f, name in zip(self.form, names, strict=True) if f
        ]
        return f"{' + '.join(terms)} ≡ {self.residue} (mod {self.modulus})"


@dataclass(frozen=True, slots=True)
class Family:
    """A shape with a condition and a constant: every member is a Möbius image of it, or rational.

    ``inside`` members lie in the sweep, ``outside`` were tested beyond it; ``digits`` is how far
    each was verified. ``proof`` names the theorem of a proved family and the member it rests on.
    """

    shape: Shape
    condition: Congruence
    constant: str
    symbol: str
    inside: int
    rational_inside: int
    outside: int
    digits: int
    status: Status
    proof: str

    def __str__(self) -> str:
        condition = self.condition.text(self.shape.names())
        where = f", {condition}" if condition else ""
        return f"{self.shape}{where}: Möbius image of {self.symbol} or rational ({self.status})"


def shapes(folder: Path) -> dict[Shape, dict[tuple[int, ...], str | None]]:
    """For each shape, its screened members with their constants (None: not identified)."""
    from .label import LABELS
    from .query import connect

    if not (folder / LABELS).exists():
        raise UsageError(f"{folder} has no labels yet; make them with: lemmata pcf label {folder}")
    rows = connect(folder).execute(
        "SELECT a, b, constant FROM formulas WHERE scale = 1 AND digits >= 40 "
        "AND status NOT IN ('terminates', 'oscillates')"
    )
    shapes: dict[Shape, dict[tuple[int, ...], str | None]] = {}
    while batch := rows.fetchmany(10_000):
        for a, b, constant in batch:
            place = coordinates(tuple(a), tuple(b))
            if place is not None:
                known = constant if constant in CONSTANTS or constant == "rational" else None
                shapes.setdefault(place[0], {})[place[1]] = known
    return shapes


def rules(
    members: dict[tuple[int, ...], str | None], least: int
) -> Iterator[tuple[Congruence, str, int, int]]:
    """The congruence that explains most members of a shape, one rule a pure residue class."""
    labelled = sum(value is not None and value != "rational" for value in members.values())
    if labelled < least:
        return
    points = np.array(list(members))
    names = sorted({value for value in members.values() if value not in (None, "rational")})
    codes = {None: _UNKNOWN, "rational": _RATIONAL} | {name: k for k, name in enumerate(names)}
    values = np.array([codes[value] for value in members.values()])
    best: tuple[int, list[tuple[Congruence, str, int, int]]] = (0, [])
    for modulus in (1, 2, 3, 4, 6):
        for form in product(range(modulus), repeat=points.shape[1]):
            if modulus > 1 and gcd(modulus, *form) != 1:
                continue
            residues = points @ np.array(form, dtype=points.dtype) % modulus
            rules = [
                (Congruence(form, modulus, residue), names[code], size, rational)
                for residue in range(modulus)
                if (pure := _pure(values[residues == residue], least)) is not None
                for code, size, rational in (pure,)
            ]
            score = sum(inside for _, _, inside, _ in rules)
            if score > best[0]:
                best = (score, rules)
        if best[0] == len(members):
            break
    yield from best[1]


_UNKNOWN, _RATIONAL = -2, -1


def _pure(values: NDArray[np.int64], least: int) -> tuple[int, int, int] | None:
    """The one constant of a residue class, its size and its rational members; None if mixed."""
    named = values[values != _RATIONAL]
    if len(named) < least or named[0] == _UNKNOWN or (named != named[0]).any():
        return None
    return int(named[0]), len(values), len(values) - len(named)


def confirmed(
    shape: Shape,
    condition: Congruence,
    constant: Constant,
    inside: int,
    rational: int,
    members: Mapping[tuple[int, ...], str | None],
    outside: int,
    digits: int,
    generator: random.Random,
) -> Family | None:
    """The family, once ``outside`` members beyond those known agree; None if one does not."""
    reach = max(max(map(abs, point)) for point in members) + 4
    width = len(next(iter(members)))
    tested = 0
    for _ in range(60 * outside):
        point = tuple(generator.randint(-reach, reach) for _ in range(width))
        if not condition.holds(point) or tuple(point) in members:
            continue
        a, b = shape.formula(point)
        if not any(a) or not behaviour(a, b).converges or behaviour(a, b).kind == "terminates":
            continue
        value = limit(a, b, digits)
        if not isinstance(value, Limit) or value.digits < digits:
            continue
        sure = digits - len(str(int(abs(float(value)))))
        if (
            mobius_relation(value.ball, constant, sure, least_margin=8) is None
            and algebraic_relation(value.ball, sure, 1, least_margin=8) is None
        ):
            return None
        tested += 1
        if tested == outside:
            break
    if tested < min(3, outside):
        return None
    proof = prove(shape, condition, constant, members)
    return Family(
        shape,
        condition,
        constant.name,
        constant.symbol,
        inside,
        rational,
        tested,
        digits,
        "proved" if proof else "conjectured",
        proof,
    )


def prove(
    shape: Shape,
    condition: Congruence,
    constant: Constant,
    members: Mapping[tuple[int, ...], str | None],
) -> str:
    """The proof of a family in one sentence, empty where none was found."""
    chosen = [
        p
        for p, value in sorted(members.items(), key=lambda item: sum(map(abs, item[0])))
        if condition.holds(p) and value == constant.name
    ]
    for point in chosen[:6]:
        a, b = shape.formula(point)
        value = proved_value(a, b)
        if value is None or not relation_holds(value.theorem):
            continue
        if not _is_contiguous(shape, condition, point):
            return ""
        if is_mobius_image(value.closed_form(), constant):
            from .fraction import PCF

            return (
                f"{value.theorem} at z = {value.z}; all members are contiguous to "
                f"{PCF(a, b).text} = {value}, which is a Möbius image of {constant.symbol} by exact "
                "rewriting"
            )
    return ""


def _is_contiguous(shape: Shape, condition: Congruence, origin: tuple[int, ...]) -> bool:
    """Whether the parameters of all members differ from the origin's by integers.

    The parameters are affine in the coordinates, so it is enough to look at the coordinates
    modulo the common denominator of their slopes.
    """
    slopes = _parameter_slopes(shape)
    if slopes is None:
        return False
    period = lcm(condition.modulus, *(s.denominator for row in slopes for s in row))
    width = len(origin)
    if period**width > 200_000:
        return False
    for step in product(range(period), repeat=width):
        moved = tuple(x + s for x, s in zip(origin, step, strict=True))
        if condition.holds(moved) and any(
            sum(c * s for c, s in zip(row, step, strict=True)).denominator != 1 for row in slopes
        ):
            return False
    return True


def _parameter_slopes(shape: Shape) -> list[list[Fraction]] | None:
    """How each hypergeometric parameter moves with each coordinate, from unit steps."""
    width = len(shape.names())
    # Far from degenerate points, with the roots of b in one order, so that they do not swap.
    free = shape.degree_a or 1
    for first in (5003, -5003):
        base = tuple(first + 17 * i if i < free else 40 + 20 * i for i in range(width))
        start = _parameters(shape, base)
        if start is not None:
            break
    else:
        return None
    columns = []
    for i in range(width):
        here = _parameters(shape, tuple(x + (j == i) for j, x in enumerate(base)))
        if here is None or len(here) != len(start):
            return None
        columns.append([h - s for h, s in zip(here, start, strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


def _parameters(shape: Shape, point: tuple[int, ...]) -> list[Fraction] | None:
    a, b = shape.formula(point)
    value = proved_value(a, b)
    return None if value is None else [*value.upper, value.lower]


def is_mobius_image(expression: Any, constant: Constant) -> bool:
    """Whether a sympy expression is (αK + β)/(γK + δ), decided by exact simplification."""
    import sympy

    root = sympy.sqrt(2)
    # A quotient of two linear forms in such a pair is a Möbius image of its own quotient.
    pairs = {
        "I0(2)/I1(2)": (sympy.besseli(0, 2), sympy.besseli(1, 2), 1),
        "I0(1)/I1(1)": (sympy.besseli(0, 1), sympy.besseli(1, 1), 1),
        "J0(2)/J1(2)": (sympy.besselj(0, 2), sympy.besselj(1, 2), 1),
        "J0(1)/J1(1)": (sympy.besselj(0, 1), sympy.besselj(1, 1), 1),
        "tan1": (sympy.sin(1), sympy.cos(1), 1),
        "tan(1/2)": (sympy.sin(sympy.Rational(1, 2)), sympy.cos(sympy.Rational(1, 2)), 1),
        "sqrt2*tan(sqrt2)": (sympy.sin(root), sympy.cos(root), root),
        "sqrt2*tanh(sqrt2)": (sympy.sinh(root), sympy.cosh(root), root),
    }
    known = {
        "pi": sympy.pi, "ln2": sympy.log(2), "ln3": sympy.log(3), "ln5": sympy.log(5),
        "pi*sqrt3": sympy.pi * sympy.sqrt(3), "pi*sqrt2": sympy.pi * sympy.sqrt(2),
        "e": sympy.E, "e^2": sympy.E**2, "sqrt(e)": sympy.exp(sympy.Rational(1, 2)),
        "sqrt2*ln(1+sqrt2)": sympy.sqrt(2) * sympy.log(1 + sympy.sqrt(2)),
        "sqrt5*ln(phi)": sympy.sqrt(5) * sympy.log((1 + sympy.sqrt(5)) / 2),
        "sqrt3*ln(2+sqrt3)": sympy.sqrt(3) * sympy.log(2 + sympy.sqrt(3)),
        "sqrt2*atan(sqrt2)": sympy.sqrt(2) * sympy.atan(sympy.sqrt(2)),
    }  # fmt: skip
    if expression is None or constant.name not in {*known, *pairs}:
        return False
    x = sympy.Symbol("x", positive=True)
    if constant.name in pairs:
        top, bottom, factor = pairs[constant.name]
        plain = sympy.expand_func(expression).subs({top: x / factor, bottom: 1})
    else:
        plain = sympy.expand_log(sympy.simplify(expression.rewrite(sympy.exp)), force=True)
        plain = plain.subs(known[constant.name], x)
    for part in sympy.fraction(sympy.cancel(sympy.together(sympy.expand(plain)))):
        if not part.is_polynomial(x):
            return False
        coefficients = sympy.Poly(part, x).all_coeffs()
        if len(coefficients) > 2 or not all(c.is_rational for c in coefficients):
            return False
    return True
