"""Answers as the smaller or the larger of two known terms.

A term that is never below the answers, and meets them on some rows, is one side of a minimum; the
other side has to meet them on the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .bank import FAILED, Term
from .operation import Operation
from .work import Work

_MOST = 8_000


def envelopes(
    terms: Sequence[Term], target: Sequence[Any], kind: str, work: Work, until: float
) -> Iterator[Term]:
    """``min`` and ``max`` of two of these terms, cheapest first, that give the target."""
    count = len(target)
    if any(type(value) not in (int, float) for value in target):
        return
    for name, is_within in (("min", _is_above), ("max", _is_below)):
        sides: dict[int, Term] = {}
        for term in terms[:_MOST]:
            values = term.values[:count]
            work.spend(count)
            if work.is_past(until):
                return
            if not is_within(values, target):
                continue
            mask = sum(1 << row for row in range(count) if values[row] == target[row])
            if mask and mask + 1 != 1 << count:
                sides.setdefault(mask, term)
        every = (1 << count) - 1
        for mask, term in list(sides.items()):
            other = next((t for m, t in sides.items() if m | mask == every), None)
            work.spend(len(sides) // 4)
            if other is not None and term.cost <= other.cost:
                yield _of_two(name, term, other, kind)


def _is_above(values: Sequence[Any], target: Sequence[Any]) -> bool:
    return all(type(v) in (int, float) and v >= t for v, t in zip(values, target, strict=True))


def _is_below(values: Sequence[Any], target: Sequence[Any]) -> bool:
    return all(type(v) in (int, float) and v <= t for v, t in zip(values, target, strict=True))


def _of_two(name: str, one: Term, other: Term, kind: str) -> Term:
    operation = Operation(f"{name}({{0}}, {{1}})", (one.kind, other.kind), kind, 2)
    values = [
        FAILED if FAILED in pair else operation.function(*pair)
        for pair in zip(one.values, other.values, strict=True)
    ]
    cost = one.cost + other.cost + 2
    return Term(kind, values, cost, None, operation, (one, other), FAILED in values)
