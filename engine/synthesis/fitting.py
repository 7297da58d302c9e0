"""Numbers with unknown constants: coefficients, moduli and divisors computed from the answers.

A constant that no example shows costs enumeration more than it has; a few rows determine it. The
coefficients of a linear combination come from exact elimination, a modulus from the greatest
common divisor of what is left over, a divisor from the bounds that the quotients set.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from .bank import FAILED, Term
from .operation import Operation
from .work import Work

_SINGLES, _PAIRED, _TRIPLED = 4_000, 45, 10
_SPARE = 3
"""Rows that must confirm a fit beyond those that determine it."""
_LARGEST = 10**6
_DIVISOR = 12


def fits(
    terms: Sequence[Term], target: Sequence[Any], rows: int, work: Work, until: float
) -> Iterator[Term]:
    """Terms over the given integer terms, cheapest first, that give the target on its rows."""
    count = len(target)
    if any(type(value) not in (int, float) for value in target) or len(set(target)) < 3:
        return
    if not all(map(math.isfinite, target)):
        return
    whole = all(type(value) is int for value in target)
    goal = [Fraction(value).limit_denominator(10**6) for value in target]
    varied = [term for term in terms if term.kind == "int" and _varies(term.values[:count])]
    for term in varied[:_SINGLES]:
        work.spend(2 * count)
        if work.is_past(until):
            return
        yield from _linear((term,), goal, rows, whole, count)
        if whole:
            yield from _remainder(term, target, rows)
            yield from _quotient(term, target, rows)
    for size, most in ((2, _PAIRED), (3, _TRIPLED)):
        for chosen in combinations(varied[:most], size):
            work.spend(8 * count)
            if work.is_past(until):
                return
            yield from _linear(chosen, goal, rows, whole, count)


def _varies(values: Sequence[Any]) -> bool:
    return all(type(value) is int for value in values) and len(set(values)) > 2


def _linear(
    terms: tuple[Term, ...], goal: list[Fraction], rows: int, whole: bool, count: int
) -> Iterator[Term]:
    """``a * t + b * u + ... + c`` where all rows agree on the coefficients."""
    unknowns = len(terms) + 1
    if count < unknowns + _SPARE:
        return
    found = _solved([[*(t.values[row] for t in terms), 1] for row in range(count)], goal)
    if found is None or any(c == 0 for c in found[:-1]):
        return
    if any(abs(c) > _LARGEST or c.denominator > (_DIVISOR if whole else 100) for c in found):
        return
    divisor = math.lcm(*(c.denominator for c in found)) if whole else 1
    found = [c * divisor for c in found]
    if len(terms) == 1 and found[0] == 1 and abs(found[1]) <= 2:
        return  # enumeration has those
    pieces, operations = [], 0
    for place, factor in enumerate(found[:-1]):
        operations += factor != 1
        pieces.append(f"{{{place}}}" if factor == 1 else f"{_number(factor)} * {{{place}}}")
    if found[-1]:
        pieces.append(_number(found[-1]))
        operations += 1
    template = " + ".join(pieces).replace("+ -", "- ")
    if divisor > 1:
        template = f"({template}) // {divisor}"
        operations += 2
    kind = "int" if whole else "float"
    weight = sum(len(str(abs(c.numerator))) for c in found if abs(c) != 1 and c)
    yield from _made(template, terms, kind, rows, 1 + operations + weight)


def _solved(matrix: list[list[int]], goal: list[Fraction]) -> list[Fraction] | None:
    """The one solution of a linear system with more rows than unknowns, or ``None``."""
    width = len(matrix[0])
    basis: list[tuple[int, list[Fraction]]] = []
    for values, wanted in zip(matrix, goal, strict=True):
        row = [Fraction(value) for value in values] + [wanted]
        for pivot, known in basis:
            if row[pivot]:
                factor = row[pivot]
                row = [a - factor * b for a, b in zip(row, known, strict=True)]
        pivot = next((place for place in range(width) if row[place]), -1)
        if pivot < 0:
            if row[width]:
                return None
            continue
        row = [a / row[pivot] for a in row]
        basis = [
            (
                place,
                [a - known[pivot] * b for a, b in zip(known, row, strict=True)]
                if known[pivot]
                else known,
            )
            for place, known in basis
        ]
        basis.append((pivot, row))
    if len(basis) < width:
        return None
    return [row[width] for _, row in sorted(basis)]


def _remainder(term: Term, target: Sequence[Any], rows: int) -> Iterator[Term]:
    """``t % c``: the modulus divides every difference, and is above every answer."""
    modulus = math.gcd(*(a - b for a, b in zip(term.values[: len(target)], target, strict=True)))
    low, high = min(target), max(target)
    if low >= 0 and high < modulus <= _LARGEST:
        yield from _made(f"{{0}} % {modulus}", (term,), "int", rows, 2 + len(str(modulus)))


def _quotient(term: Term, target: Sequence[Any], rows: int) -> Iterator[Term]:
    """``t // c``: each row bounds the divisor; the roundest within the bounds is taken."""
    low, high = 1, _LARGEST
    for value, answer in zip(term.values[: len(target)], target, strict=True):
        if value < 0 or answer < 0 or (answer > value):
            return
        low = max(low, value // (answer + 1) + 1)
        high = min(high, value // answer if answer else _LARGEST)
    if 2 < low <= high and high < _LARGEST:
        divisor = min(range(low, min(high, low + 1000) + 1), key=lambda c: len(str(c).rstrip("0")))
        yield from _made(f"{{0}} // {divisor}", (term,), "int", rows, 2 + len(str(divisor)))


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else repr(float(value))


def _made(
    template: str, terms: tuple[Term, ...], kind: str, rows: int, cost: int
) -> Iterator[Term]:
    operation = Operation(template, ("int",) * len(terms), kind, cost)
    function = operation.function
    values: list[Any] = []
    for column in zip(*(term.values for term in terms), strict=True):
        try:
            values.append(FAILED if FAILED in column else function(*column))
        except Exception:
            values.append(FAILED)
    if len(values) == rows:
        total = cost + sum(term.cost for term in terms)
        yield Term(kind, values, total, None, operation, terms, FAILED in values)
