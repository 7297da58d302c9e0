"""The shapes of laws of relations: orders, and what functions keep of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TypeAlias

from ..clause import Equal
from ..formula import And, Exists, Formula, Iff, Or
from ..term import App, Term, Var
from ..theory import Function
from .conditional import Condition, Relation, at

Shaped: TypeAlias = tuple[str, Formula]

UNBOUNDED = "unbounded"
"""The shape of laws that something stands above or below: as rules they make elements without end."""

FEW = 3
"""Of more relations of one argument it is not asked how functions lead from some to others."""


def laws(known: Sequence[Relation], functions: Sequence[Function]) -> Iterator[Condition]:
    """Laws of some relations, of two of them, and of functions and relations, the simplest first."""
    orders = list(filter(is_order, known))
    for relation in orders:
        yield from order(relation)
        yield from _strictness(relation)
    for one, two in product(orders, orders):
        if one != two and one.arguments == two.arguments:
            x, y, z = _variables(one.arguments[0])
            yield Condition((one.at(x, y), two.at(y, z)), (one.at(x, z),), "transitivity")
            yield Condition((two.at(x, y), one.at(y, z)), (one.at(x, z),), "transitivity")
    for relation in orders:
        for function in functions:
            yield from _monotonicity(relation, function)
    yield from _sides(known)
    yield from closures(known, functions, FEW)


def order(relation: Relation) -> Iterator[Condition]:
    """Reflexive, symmetric, antisymmetric, transitive, total."""
    x, y, z = _variables(relation.arguments[0])
    holds = relation.at
    yield Condition((), (holds(x, x),), "reflexivity")
    yield Condition((holds(x, y),), (holds(y, x),), "symmetry")
    yield Condition((holds(x, y), holds(y, x)), (Equal(x, y),), "antisymmetry")
    yield Condition((holds(x, y), holds(y, z)), (holds(x, z),), "transitivity")
    yield Condition((), (holds(x, y), holds(y, x)), "totality")


def _strictness(relation: Relation) -> Iterator[Condition]:
    """Irreflexive, asymmetric, total but for equal elements."""
    x, y, _ = _variables(relation.arguments[0])
    holds = relation.at
    yield Condition((holds(x, x),), (), "irreflexivity")
    yield Condition((holds(x, y), holds(y, x)), (), "asymmetry")
    yield Condition((), (holds(x, y), Equal(x, y), holds(y, x)), "trichotomy")


def bounds(
    relation: Relation, functions: Sequence[Function], holds: Callable[[Formula], bool]
) -> Iterator[Shaped]:
    """Something stands above each element and above any two, and below; unless that is trivial.

    ``holds`` tells whether values allow a formula: below x stands x itself where the relation is
    reflexive, and where it is total one of two is above both. Where functions put two elements
    together, that one of them gives a bound says more.
    """
    x, y, z = _variables(relation.arguments[0])
    yield UNBOUNDED, Exists((y,), relation.at(x, y))
    if not holds(relation.at(x, x)):
        yield UNBOUNDED, Exists((y,), relation.at(y, x))
    is_given = any((*f.arguments, f.result) == (x.sort,) * 3 for f in functions)
    if not is_given and not holds(Or(relation.at(x, y), relation.at(y, x))):
        yield UNBOUNDED, Exists((z,), And(relation.at(x, z), relation.at(y, z)))
        yield UNBOUNDED, Exists((z,), And(relation.at(z, x), relation.at(z, y)))


def _monotonicity(relation: Relation, function: Function) -> Iterator[Condition]:
    """In each argument of the relation's sort and in two at once; and back in each."""
    sort = relation.arguments[0]
    places = [n for n, given in enumerate(function.arguments) if given == sort]
    if function.result != sort or not places:
        return
    x, y, z = _variables(sort)
    w = Var("w", sort)
    for place in places:
        premise = relation.at(x, y)
        head = relation.at(_with(function, {place: x}), _with(function, {place: y}))
        yield Condition((premise,), (head,), "monotonicity")
    if len(places) == 2:
        one, two = places
        premises = (relation.at(x, y), relation.at(z, w))
        head = relation.at(_with(function, {one: x, two: z}), _with(function, {one: y, two: w}))
        yield Condition(premises, (head,), "monotonicity")
        for place in places:
            both = relation.at(_with(function, {place: x}), _with(function, {place: y}))
            yield Condition((both,), (relation.at(x, y),), "cancellation")


def extremes(
    relation: Relation, function: Function, holds: Callable[[Formula], bool]
) -> Iterator[Condition]:
    """Of a function whose value at x and x is x: the greatest below two, or the least above them."""
    if (*function.arguments, function.result) == (relation.arguments[0],) * 3:
        x, y, z = _variables(function.result)
        if not holds(Equal(at(function, (x, x)), x)):
            return
        both = at(function, (x, y))
        for pair, head in (
            ((relation.at(z, x), relation.at(z, y)), relation.at(z, both)),
            ((relation.at(x, z), relation.at(y, z)), relation.at(both, z)),
        ):
            yield Condition(pair, (head,), "extreme")


def adjunctions(relation: Relation, functions: Sequence[Function]) -> Iterator[Shaped]:
    """f(x, y) stands below z just if x stands below g(y, z) or g(z, y)."""
    sort = relation.arguments[0]
    x, y, z = _variables(sort)
    closed = [f for f in functions if (*f.arguments, f.result) == (sort,) * 3]
    for f, g in product(closed, closed):
        if f != g:
            for right in ((y, z), (z, y)):
                below = relation.at(at(f, (x, y)), z)
                yield "adjunction", Iff(below, relation.at(x, at(g, right)))


def _sides(known: Sequence[Relation]) -> Iterator[Condition]:
    """Of two relations of one argument one holds, or never both do."""
    single = [relation for relation in known if len(relation.arguments) == 1]
    for number, one in enumerate(single):
        for two in single[number + 1 :]:
            if one.arguments == two.arguments:
                x = Var("x", one.arguments[0])
                yield Condition((), (one.at(x), two.at(x)), "alternative")
                yield Condition((one.at(x), two.at(x)), (), "exclusion")


def closures(
    known: Sequence[Relation], functions: Sequence[Function], most: int
) -> Iterator[Condition]:
    """If p holds of an argument, or q of another, then p or another one holds of the value."""
    single = [relation for relation in known if len(relation.arguments) == 1]
    for function in functions:
        ends = [r for r in single if r.arguments == (function.result,)]
        places = [n for n, sort in enumerate(function.arguments) if sort == function.result]
        args = [Var(f"u{n}", sort) for n, sort in enumerate(function.arguments)]
        whole = at(function, args)
        for one in ends:
            for place in places:
                yield Condition((one.at(args[place]),), (one.at(whole),), "closure")
        if len(places) != 2:
            continue
        first, second = (args[place] for place in places)
        for one in ends:
            yield Condition((one.at(first), one.at(second)), (one.at(whole),), "closure")
        mixed = product(ends, ends, ends) if len(ends) <= most else ()
        for one, two, three in mixed:
            if not one == two == three:
                yield Condition((one.at(first), two.at(second)), (three.at(whole),))


def is_order(relation: Relation) -> bool:
    """Whether a relation is between two elements of one sort."""
    return len(relation.arguments) == 2 and len(set(relation.arguments)) == 1


def _with(function: Function, values: dict[int, Term]) -> App:
    """A function applied to some terms, and to variables elsewhere."""
    others = [Var(f"u{n}", sort) for n, sort in enumerate(function.arguments)]
    return at(function, [values.get(n, other) for n, other in enumerate(others)])


def _variables(sort: str) -> tuple[Var, Var, Var]:
    return Var("x", sort), Var("y", sort), Var("z", sort)
