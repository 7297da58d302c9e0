"""The conditional laws that people look for, woven from a theory's symbols.

For exploration those of all its relations and functions, for the discovery of a lemma those that
equations alone can state. Whether they are true is for the caller to find out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from ..clause import Equal
from ..formula import Formula
from ..term import App, Var
from ..theory import Function, Predicate
from .conditional import Condition, Relation, constants
from .order import adjunctions, bounds, closures, extremes, is_order, laws, order
from .solving import cancellations, identities, inverses, reached, selections, solutions

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


def conditions(functions: Sequence[Function], values: Sequence[Function]) -> Iterator[Condition]:
    """Conditional laws that equations alone can state, the sharper ones first.

    ``functions`` are those whose laws are wanted, ``values`` the constants that they may reach.

    >>> plus, zero = Function("+", ("N", "N"), "N"), Function("0", (), "N")
    >>> first = next(conditions([plus], [zero]))
    >>> [case.left.name for case in first.cases], [case.right.name for case in first.cases]
    (['y'], ['z'])
    """
    known = constants(values)
    for f in functions:
        for place in range(len(f.arguments)):
            yield from cancellations(f, place, known)
        yield from identities(f, known)
    for f in functions:
        yield from reached(f, known)
        for value in known.get(f.result, ()):
            if len(f.arguments) == 2 and f.arguments[0] == f.arguments[1] != f.result:
                yield from _consequences(f, value, known[f.result])


def _consequences(f: Function, value: App, values: Sequence[App]) -> Iterator[Condition]:
    """For f(x, y) = c: transitive, antisymmetric, an equality; with another constant exchanged."""
    relation = Relation.of(f, value)
    yield from (law for law in order(relation) if len(law.premises) == 2)
    x, y = (Var(name, f.arguments[0]) for name in "xy")
    yield Condition((relation.at(x, y),), (Equal(x, y),))
    for other in values:
        yield Condition((relation.at(x, y),), (Relation.of(f, other).at(y, x),))
