"""Whether a case of a head holds in a database, and with which elements."""

from __future__ import annotations

from collections.abc import Iterator

from .clause import Case, Equal, Holds, Literal
from .database import Database
from .shape import EQUALS
from .term import App, Term, Var


def satisfy(database: Database, case: Case, binding: dict[Term, int]) -> tuple[int, ...] | None:
    """The nodes that stand for the case's elements, or None when it is not known to hold."""
    if not case.exists:
        holds = all(database.holds(literal, binding) for literal in case.literals)
        return () if holds else None
    for found in _solve(database, case.literals, dict(binding)):
        if all(var in found for var in case.exists):
            return tuple(database.best[database.root[found[var]]] for var in case.exists)
    return None


def _solve(
    database: Database, literals: tuple[Literal, ...], binding: dict[Term, int]
) -> Iterator[dict[Term, int]]:
    if not literals:
        yield binding
        return
    # The literal with the fewest unknown variables is solved first.
    chosen = min(literals, key=lambda literal: len(_unknown(literal, binding)))
    rest = tuple(literal for literal in literals if literal is not chosen)
    if not _unknown(chosen, binding):
        if database.holds(chosen, binding):
            yield from _solve(database, rest, binding)
        return
    for found in _literal(database, chosen, binding):
        yield from _solve(database, rest, found)


def _unknown(literal: Literal, binding: dict[Term, int]) -> set[Var]:
    stack: list[Term] = []
    match literal.atom:
        case Equal(left, right):
            stack += [left, right]
        case Holds(_, args):
            stack += args
    found: set[Var] = set()
    while stack:
        term = stack.pop()
        if isinstance(term, Var):
            if term not in binding:
                found.add(term)
        else:
            stack += term.args
    return found


def _literal(
    database: Database, literal: Literal, binding: dict[Term, int]
) -> Iterator[dict[Term, int]]:
    match literal:
        case Literal(Equal(left, right), True):
            for known, other in ((left, right), (right, left)):
                root = database.find(known, binding)
                if root is not None:
                    yield from _term(database, other, root, binding)
                    return
            if isinstance(left, Var):
                left, right = right, left
            for found in _rows(database, left, binding):
                root = database.find(left, found)
                assert root is not None
                yield from _term(database, right, root, found)
        case Literal(Equal(left, right), False):
            yield from _atom(database, EQUALS, (left, right), False, binding)
        case Literal(Holds(predicate, args), positive):
            yield from _atom(database, predicate, args, positive, binding)


def _atom(
    database: Database,
    symbol: str,
    args: tuple[Term, ...],
    positive: bool,
    binding: dict[Term, int],
) -> Iterator[dict[Term, int]]:
    truth = database.root[database.true if positive else database.false]
    for row in list(database.outs[truth].get(symbol, ())):
        if database.is_row[row]:
            yield from _args(database, args, database.key[row], binding)


def _rows(database: Database, term: Term, binding: dict[Term, int]) -> Iterator[dict[Term, int]]:
    """All ways in which an application can be matched by a row."""
    if not isinstance(term, App):
        return
    for row in list(database.table.get(term.symbol, {}).values()):
        yield from _args(database, term.args, database.key[row], binding)


def _term(
    database: Database, term: Term, root: int, binding: dict[Term, int]
) -> Iterator[dict[Term, int]]:
    """All ways in which a term can be matched by a class."""
    if term in binding:
        if database.root[binding[term]] == root:
            yield binding
    elif isinstance(term, Var):
        if database.sort[root] == term.sort:
            yield {**binding, term: root}
    else:
        for row in list(database.outs[root].get(term.symbol, ())):
            if database.is_row[row]:
                yield from _args(database, term.args, database.key[row], binding)


def _args(
    database: Database, args: tuple[Term, ...], key: tuple[int, ...], binding: dict[Term, int]
) -> Iterator[dict[Term, int]]:
    if not args:
        yield binding
        return
    for found in _term(database, args[0], key[0], binding):
        yield from _args(database, args[1:], key[1:], found)
