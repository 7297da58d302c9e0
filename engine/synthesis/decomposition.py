"""Numbers taken apart: the answers as a sum, difference, product or quotient of two known terms.

For each known term, the other operand that the answers call for is computed and looked up, which
reaches twice as deep as enumeration does for the same work.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .bank import FAILED, Term
from .operation import Operation
from .work import Work

Number = Any
_Inverse = Callable[[Number, Number], Number]


def _exact(dividend: Number, divisor: Number) -> Number:
    if type(dividend) is int and type(divisor) is int:
        quotient, rest = divmod(dividend, divisor)
        if rest:
            raise ValueError
        return quotient
    return dividend / divisor


_WAYS: tuple[tuple[str, _Inverse, bool, bool], ...] = (
    ("{0} + {1}", lambda t, a: t - a, True, False),
    ("{1} - {0}", lambda t, a: t + a, True, False),
    ("{0} - {1}", lambda t, a: a - t, True, False),
    ("{0} * {1}", _exact, True, False),
    ("{1} // {0}", lambda t, a: t * a, True, False),
    ("{1} / {0}", lambda t, a: t * a, False, True),
    ("{0} / {1}", lambda t, a: a / t, False, True),
)
"""Template over the known term and the other one, the other one's value from the answer and the
known one's, whether integers give an integer, and whether the answer must be a float."""

_MOST = 6000
_LEAST_ROWS, _ALIKE = 3, 12


def _rounded(values: Iterable[Number]) -> tuple[Number, ...]:
    return tuple(float(f"{value:.10e}") for value in values)


def decompositions(
    terms: list[Term], target: list[Any], rows: int, work: Work, until: float
) -> Iterator[Term]:
    """Terms of two parts that give the target on its rows, cheapest known terms first."""
    if not target or any(type(value) not in (int, float) for value in target):
        return
    is_float = any(type(value) is float for value in target)
    count = len(target)
    index: dict[tuple[Number, ...], Term] = {}
    try:
        for term in terms:
            values = term.values[:count]
            if all(type(value) in (int, float) for value in values):
                index.setdefault(_rounded(values), term)
        work.spend(len(terms) * count // 2)
        for known in terms[:_MOST]:
            if work.is_past(until):
                return
            values = known.values[:count]
            work.spend(3 * count)
            for template, inverse, keeps_integers, makes_floats in _WAYS:
                if (makes_floats and not is_float) or (is_float and "//" in template):
                    continue
                try:
                    wanted = [inverse(t, a) for t, a in zip(target, values, strict=True)]
                    other = index.get(_rounded(wanted))
                except (ArithmeticError, ValueError, TypeError):
                    continue
                if other is None or not (known.cost <= other.cost or keeps_integers):
                    continue
                kind = "float" if is_float else "int"
                made = _combined(template, kind, known, other, rows)
                if made is not None and all(map(_is_close, made.values, target)):
                    yield made
    except OverflowError:
        return


def products(
    terms: list[Term], target: list[Any], rows: int, work: Work, until: float
) -> Iterator[Term]:
    """Products where some answers are 0: the other factor is looked up on the remaining rows."""
    count = len(target)
    if any(type(value) is not int for value in target) or 0 not in target:
        return
    kept = [row for row in range(count) if target[row]]
    if len(kept) < _LEAST_ROWS:
        return
    index: dict[tuple[int, ...], list[Term]] = {}
    usable = [
        term for term in terms[:_MOST] if all(type(value) is int for value in term.values[:count])
    ]
    for term in usable:
        known = index.setdefault(tuple(term.values[row] for row in kept), [])
        if len(known) < _ALIKE:
            known.append(term)
    work.spend(len(usable) * count)
    for term in usable:
        work.spend(count)
        if work.is_past(until):
            return
        if any(not term.values[row] or target[row] % term.values[row] for row in kept):
            continue
        for other in index.get(tuple(target[row] // term.values[row] for row in kept), ()):
            if term.cost <= other.cost:
                made = _combined("{0} * {1}", "int", term, other, rows)
                if made is not None and all(map(_is_close, made.values, target)):
                    yield made


def _is_close(one: Number, other: Number) -> bool:
    if type(one) is int and type(other) is int:
        return one == other  # rounding made the look-up possible, and is no excuse
    return type(one) in (int, float) and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def _combined(template: str, kind: str, known: Term, other: Term, rows: int) -> Term | None:
    operation = Operation(template, (known.kind, other.kind), kind, 2)
    function = operation.function
    values: list[Any] = []
    for one, two in zip(known.values, other.values, strict=True):
        try:
            values.append(FAILED if FAILED in (one, two) else function(one, two))
        except Exception:
            values.append(FAILED)
    if values.count(FAILED) * 2 > rows:
        return None
    cost = known.cost + other.cost + 1
    return Term(kind, values, cost, None, operation, (known, other), FAILED in values)
