"""Truth values taken apart: the answer as an equation between two known terms.

Terms that agree on all rows that are true are found by looking up their values there, which
reaches twice as deep as enumeration does. Where one equation leaves rows open, it is kept as a
predicate, and conjunctions are learnt like any other conditional.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .agreement import key as column_key
from .bank import FAILED, Term
from .operation import Operation
from .work import Work

_MOST_TERMS = 30_000
_MOST_IN_A_CLASS = 60
_PARTNERS = 12  # cheapest terms of a class that are set against all others of it


def equations(
    terms: Sequence[Term], target: Sequence[Any], rows: int, work: Work, until: float
) -> Iterator[tuple[Term, bool]]:
    """Equations and inequations between these terms, all of one type, the cheapest terms first.

    With each comes whether it is right on every row; the others hold on all true rows (or on all
    false ones, for inequations) and are wrong on some of the rest.
    """
    count = len(target)
    holds = [row for row in range(count) if target[row] is True]
    fails = [row for row in range(count) if target[row] is False]
    if len(holds) + len(fails) != count or not holds or not fails:
        return
    known = [term for term in terms[:_MOST_TERMS] if FAILED not in term.values[:count]]
    for alike, unlike, sign in ((holds, fails, "=="), (fails, holds, "!=")):
        if len(alike) < 2:
            continue
        operation = Operation(f"{{0}} {sign} {{1}}", ("T", "T"), "bool", 1)
        for left, right in _pairs(known, alike, work, until):
            differ = [left.values[row] != right.values[row] for row in unlike]
            work.spend(len(unlike))
            if any(differ):
                yield _equation(operation, left, right, rows), all(differ)
        if work.is_past(until):
            return


def _pairs(
    terms: list[Term], alike: list[int], work: Work, until: float
) -> Iterator[tuple[Term, Term]]:
    """Pairs of terms with the same values on these rows, and not everywhere the same."""
    classes: dict[Any, list[Term]] = {}
    for term in terms:
        work.spend(len(alike) + 4)
        values = tuple(term.values[row] for row in alike)
        key: Any = values if term.kind in ("int", "str", "bool") else column_key(values)
        known = classes.setdefault(key, [])
        if len(known) >= _MOST_IN_A_CLASS:
            continue
        known.append(term)
        for other in known[:_PARTNERS]:
            if other is not term:
                yield other, term
        if work.is_past(until):
            return


def _equation(operation: Operation, left: Term, right: Term, rows: int) -> Term:
    is_equal = operation.template == "{0} == {1}"
    values = [
        FAILED if one is FAILED or two is FAILED else (one == two) is is_equal
        for one, two in zip(left.values, right.values, strict=True)
    ]
    assert len(values) == rows
    cost = left.cost + right.cost + 1
    return Term("bool", values, cost, None, operation, (left, right), FAILED in values)
