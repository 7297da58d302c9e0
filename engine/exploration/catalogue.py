"""The conditional laws that people look for, woven from a theory's symbols.

Whether they are true is for the caller to find out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from ..formula import Formula
from ..term import App
from ..theory import Function, Predicate
from .conditional import Condition, Relation, constants
from .order import adjunctions, bounds, closures, extremes, is_order, laws, order
from .solving import cancellations, inverses, reached, selections, solutions

Shaped: TypeAlias = tuple[str, Formula]


def relations(
    predicates: Sequence[Predicate],
    functions: Sequence[Function],
    flat: frozenset[str] = frozenset(),
    holds: Callable[[Formula], bool] = lambda formula: False,
) -> Iterator[Shaped]:
    """Laws of relations and functions with the name of their shape, the simplest first.

    Functions into ``flat`` sorts, which have constants only, are read as relations, too. ``holds``
    tells whether values allow a formula, for laws that go without saying where it is true.

    >>> [name for name, _ in relations([Predicate("<=", ("N", "N"))], ())][:3]
    ['reflexivity', 'symmetry', 'antisymmetry']
    """
    known = [Relation.of(predicate) for predicate in predicates]
    values = constants(functions)
    known += [
        Relation.of(function, value)
        for function in functions
        if function.result in flat and function.result not in function.arguments
        for value in values.get(function.result, ())
    ]
    plain, told = known[: len(predicates)], known[len(predicates) :]
    for law in (
        *laws(plain, functions),
        *(law for relation in told if is_order(relation) for law in order(relation)),
        *closures(told, functions, 1),
        *_conditions(functions, values),
        *(
            law
            for relation in filter(is_order, plain)
            for function in functions
            for law in extremes(relation, function, holds)
        ),
    ):
        yield law.name, law.formula
    for relation in filter(is_order, plain):
        yield from bounds(relation, functions, holds)
        yield from adjunctions(relation, functions)
    for function in functions:
        yield from solutions(function)


def _conditions(functions: Sequence[Function], values: dict[str, list[App]]) -> Iterator[Condition]:
    """Cancellation, and when a function of two arguments has a certain value."""
    for function in functions:
        for place in range(len(function.arguments)):
            yield next(cancellations(function, place, {}))
        if function.arguments == (function.result, function.result):
            sort = function.result
            for value in values.get(sort, ()):
                yield from reached(function, {sort: [value]})
                for place in (0, 1):
                    _, but_for = cancellations(function, place, {sort: [value]})
                    yield but_for
    yield from inverses(functions)
    for function in functions:
        yield from selections(function)
