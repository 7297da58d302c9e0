"""One operation on parameters and constants alone, whatever the constants cost.

Enumeration by cost comes late to ``s.replace('.', '-')``: two constants and an operation of three
arguments cost as much as millions of other terms. There are few such terms, so all are tried first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from .bank import FAILED, Term, total
from .operation import Operation
from .work import Work

_MOST = 30_000
"""Choices of arguments of one operation."""

_OVERHEAD = 8


def immediate(
    leaves: Sequence[Term],
    operations: Iterable[Operation],
    kinds: set[str],
    work: Work,
    until: float,
) -> Iterator[Term]:
    """Terms of these kinds, made of one operation of several arguments of which one varies.

    Commuting arguments are tried in one order. ``work`` is spent as by a bank, up to ``until``.
    """
    by_kind: dict[str, list[Term]] = {}
    for leaf in leaves:
        by_kind.setdefault(leaf.kind, []).append(leaf)
    places = {id(leaf): place for place, leaf in enumerate(leaves)}
    varying = {id(leaf) for leaf in leaves if any(v is not leaf.values[0] for v in leaf.values)}
    for operation in operations:
        arity = len(operation.arguments)
        choices = [by_kind.get(kind, []) for kind in operation.arguments]
        if arity < 2 or operation.result not in kinds or math.prod(map(len, choices)) > _MOST:
            continue
        function = total(operation.function, arity)
        for terms in product(*choices):
            if varying.isdisjoint(map(id, terms)):
                continue
            if operation.is_commutative and places[id(terms[0])] > places[id(terms[1])]:
                continue
            values = tuple(map(function, *[term.values for term in terms]))
            work.spend(len(values) + _OVERHEAD)
            work.candidates += 1
            if work.is_past(until):
                return
            cost = operation.cost + sum(term.cost for term in terms)
            yield Term(operation.result, values, cost, None, operation, terms, FAILED in values)
