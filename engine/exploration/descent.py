"""What grows or falls with a number: laws of objects that belong to an initial part of the numbers.

If x is in the set up to n, then in the set up to the next number; if f is a sequence up to the next
number, then what it is restricted to is one up to n. Induction over statements that speak of such
objects rests on laws of this kind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ..clause import Holds
from ..formula import And, Exists, Formula, Implies
from ..term import App, Term, Var
from ..theory import Function, Predicate, Signature


def descents(
    signature: Signature, predicates: Sequence[Predicate], relations: Collection[str] = ()
) -> Iterator[Formula]:
    """For each predicate of an abstract object what may follow for the number before or after.

    ``relations`` are the predicates that give each number one value.

    >>> from ..theory import Sort
    >>> step, upto = Function("s", ("N",), "N"), Function("upto", ("N",), "Set")
    >>> sorts = (Sort("N", ("0", "s")), Sort("Set"))
    >>> member = Predicate("member", ("N", "Set"))
    >>> found = descents(Signature(sorts, (step, upto), (member,)), (member,))
    >>> next(found).right.args[1]
    App(symbol='upto', args=(App(symbol='s', args=(Var(name='n', sort='N'),), sort='N'),), sort='Set')
    """
    for step in signature.functions:
        if step.name in signature.constructors and step.arguments == (step.result,):
            n = Var("n", step.result)
            after = App(step.name, (n,), step.result)
            for predicate in predicates:
                yield from _growth(signature, predicate, n, after)
                yield from _fall(signature, predicate, n, after)
                for content in predicates:
                    given = [each for each in predicates if each.name in relations]
                    yield from _values(given, predicate, content, n, after)


def _growth(signature: Signature, predicate: Predicate, n: Var, after: Term) -> Iterator[Formula]:
    """p(x, u(n)) → p(x, u(s(n)))."""
    for place, sort in enumerate(predicate.arguments):
        for family in _families(signature, n.sort, sort):
            others = _others(predicate)
            before, later = (
                Holds(predicate.name, (*others[:place], _at(family, x), *others[place + 1 :]))
                for x in (n, after)
            )
            yield Implies(before, later)


def _fall(signature: Signature, predicate: Predicate, n: Var, after: Term) -> Iterator[Formula]:
    """p(f, s(n)) → p(r(f, u(n)), n), where a set of numbers may stand for the number."""
    if len(predicate.arguments) != 2:
        return
    for place, sort in enumerate(predicate.arguments):
        other = predicate.arguments[1 - place]
        if signature.sort[sort].is_inductive:
            continue
        made = Var("f", sort)
        indices: list[tuple[Term, Term]] = [(n, after)] if other == n.sort else []
        indices += [(_at(u, n), _at(u, after)) for u in _families(signature, n.sort, other)]
        for low, high in indices:
            for smaller in (made, *_parts(signature, made, n)):
                pairs = ((made, high), (smaller, low))
                one, two = (Holds(predicate.name, p if place == 0 else p[::-1]) for p in pairs)
                yield Implies(one, two)


def _values(
    relations: Sequence[Predicate], predicate: Predicate, content: Predicate, n: Var, after: Term
) -> Iterator[Formula]:
    """p(f, s(n)) → ∃y. m(n, y, f), and if m(n, y, f), too, then r(n, y)."""
    holder = content.arguments[-1] if content.arguments else ""
    if predicate.arguments != (holder, n.sort) or content.arguments[:-1] != (n.sort, n.sort):
        return
    if holder == n.sort:
        return
    made, value = Var("f", holder), Var("y", n.sort)
    longer = Holds(predicate.name, (made, after))
    inside = Holds(content.name, (n, value, made))
    yield Implies(longer, Exists((value,), inside))
    for relation in relations:
        if relation.arguments == (n.sort, n.sort):
            yield Implies(And(longer, inside), Holds(relation.name, (n, value)))


def _parts(signature: Signature, made: Var, n: Var) -> Iterator[Term]:
    """What functions of an object and a number, or what belongs to the number, make of it."""
    for function in signature.functions:
        if function.result != made.sort or len(function.arguments) != 2:
            continue
        for place in (0, 1):
            if function.arguments[place] != made.sort:
                continue
            other = function.arguments[1 - place]
            by: list[Term] = [n] if other == n.sort else []
            by += [_at(family, n) for family in _families(signature, n.sort, other)]
            for term in by:
                yield _at(function, *((made, term) if place == 0 else (term, made)))


def _families(signature: Signature, number: str, sort: str) -> Iterator[Function]:
    """The functions that give each number an object of an abstract sort."""
    if not signature.sort[sort].is_inductive:
        for function in signature.functions:
            if function.arguments == (number,) and function.result == sort:
                yield function


def _others(predicate: Predicate) -> list[Term]:
    return [Var(f"x{number}", sort) for number, sort in enumerate(predicate.arguments)]


def _at(function: Function, *args: Term) -> App:
    return App(function.name, args, function.result)
