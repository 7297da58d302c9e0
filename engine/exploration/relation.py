"""The shapes of conditional laws that people look for: orders, congruence, cancellation, solving."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TypeAlias

from ..clause import Equal, Holds
from ..formula import And, Exists, Formula, Implies, Or
from ..term import App, Term, Var
from ..theory import Function, Predicate

Shaped: TypeAlias = tuple[str, Formula]


def relations(predicates: Sequence[Predicate], functions: Sequence[Function]) -> Iterator[Shaped]:
    """Laws of relations and functions with the name of their shape, the simplest first.

    >>> [name for name, _ in relations([Predicate("<=", ("N", "N"))], ())][:3]
    ['reflexivity', 'symmetry', 'antisymmetry']
    """
    binary = [p for p in predicates if len(p.arguments) == 2 and len(set(p.arguments)) == 1]
    for relation in binary:
        yield from _order(relation)
    for relation in binary:
        for function in functions:
            yield from _monotonicity(relation, function)
    for function in functions:
        yield from _cancellation(function)
        for constant in functions:
            if not constant.arguments and constant.result == function.result:
                yield from _divisors(function, constant)
    yield from _inverses(functions)
    for function in functions:
        yield from _solution(function)


def _order(relation: Predicate) -> Iterator[Shaped]:
    x, y, z = _variables(relation.arguments[0])

    def holds(one: Term, two: Term) -> Formula:
        return Holds(relation.name, (one, two))

    yield "reflexivity", holds(x, x)
    yield "symmetry", Implies(holds(x, y), holds(y, x))
    yield "antisymmetry", Implies(And(holds(x, y), holds(y, x)), Equal(x, y))
    yield "transitivity", Implies(And(holds(x, y), holds(y, z)), holds(x, z))
    yield "totality", Or(holds(x, y), holds(y, x))


def _monotonicity(relation: Predicate, function: Function) -> Iterator[Shaped]:
    """In each argument of the relation's sort, and in two at once."""
    sort = relation.arguments[0]
    places = [n for n, given in enumerate(function.arguments) if given == sort]
    if function.result != sort or not places:
        return
    x, y, z = _variables(sort)
    w = Var("w", sort)
    others = [Var(f"u{n}", given) for n, given in enumerate(function.arguments)]

    def at(values: dict[int, Term]) -> Term:
        args = tuple(values.get(n, other) for n, other in enumerate(others))
        return App(function.name, args, function.result)

    for place in places:
        premise = Holds(relation.name, (x, y))
        head = Holds(relation.name, (at({place: x}), at({place: y})))
        yield "monotonicity", Implies(premise, head)
    if len(places) == 2:
        one, two = places
        premises = And(Holds(relation.name, (x, y)), Holds(relation.name, (z, w)))
        head = Holds(relation.name, (at({one: x, two: z}), at({one: y, two: w})))
        yield "monotonicity", Implies(premises, head)


def _cancellation(function: Function) -> Iterator[Shaped]:
    for place, sort in enumerate(function.arguments):
        others = [Var(f"u{n}", given) for n, given in enumerate(function.arguments)]
        x, y, _ = _variables(sort)

        def at(value: Term, place: int = place, others: list[Var] = others) -> Term:
            args = (*others[:place], value, *others[place + 1 :])
            return App(function.name, args, function.result)

        yield "cancellation", Implies(Equal(at(x), at(y)), Equal(x, y))


def _divisors(function: Function, constant: Function) -> Iterator[Shaped]:
    """When a function of two arguments has a certain value, and cancels but for a constant."""
    sort = function.result
    if function.arguments != (sort, sort):
        return
    x, y, z = _variables(sort)
    c = App(constant.name, (), sort)

    def at(one: Term, two: Term) -> Term:
        return App(function.name, (one, two), sort)

    yield "divisors", Implies(Equal(at(x, y), c), Equal(x, c))
    yield "divisors", Implies(Equal(at(x, y), c), Equal(y, c))
    yield "divisors", Implies(Equal(at(x, y), c), Or(Equal(x, c), Equal(y, c)))
    for left, right in ((at(x, z), at(y, z)), (at(z, x), at(z, y))):
        yield "cancellation", Implies(Equal(left, right), Or(Equal(x, y), Equal(z, c)))


def _inverses(functions: Sequence[Function]) -> Iterator[Shaped]:
    """What is inverse to x, by one operation or by two with a constant each, is h(x) alone."""
    for h in functions:
        if h.arguments != (h.result,):
            continue
        x, y, _ = _variables(h.result)
        closed = [f for f in functions if f.arguments == (h.result,) * 2 and f.result == h.result]
        constants = [c for c in functions if not c.arguments and c.result == h.result]
        reached = {
            f.name: [
                Equal(App(f.name, (x, y), h.result), App(c.name, (), h.result)) for c in constants
            ]
            for f in closed
        }
        head = Equal(y, App(h.name, (x,), h.result))
        for f in closed:
            for premise in reached[f.name]:
                yield "inverse", Implies(premise, head)
        for number, f in enumerate(closed):
            for g in closed[number + 1 :]:
                for one, two in product(reached[f.name], reached[g.name]):
                    yield "inverse", Implies(And(one, two), head)


def _solution(function: Function) -> Iterator[Shaped]:
    """For some argument, whatever the others are, every value is reached."""
    target = Var("z", function.result)
    for place, sort in enumerate(function.arguments):
        others = [Var(f"u{n}", given) for n, given in enumerate(function.arguments)]
        x = Var("x", sort)
        args = (*others[:place], x, *others[place + 1 :])
        yield "solvability", Exists((x,), Equal(App(function.name, args, function.result), target))


def _variables(sort: str) -> tuple[Var, Var, Var]:
    return Var("x", sort), Var("y", sort), Var("z", sort)
