"""One writing for all writings of a law: up to names, sides, and the order of premises and cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations, product
from typing import TypeAlias, TypeVar, assert_never

from ..clause import Clause, Equal, Holds, Literal, atom_terms
from ..formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from ..term import App, Term, Var

Key: TypeAlias = tuple[object, ...]
Names: TypeAlias = Mapping[str, Sequence[str]]
"""For each sort the names that its variables get, in the order of their occurrence."""

_T = TypeVar("_T")


def canonical_key(clause: Clause) -> Key:
    """The same key for clauses that differ in names, sides of equations, or order alone.

    >>> a, b = Var("a", "N"), Var("b", "N")
    >>> def law(left, right):
    ...     return Clause((a, b), (), (Case((), (Literal(Equal(left, right)),)),))
    >>> plus = lambda x, y: App("+", (x, y), "N")
    >>> canonical_key(law(plus(a, b), plus(b, a))) == canonical_key(law(plus(b, a), plus(a, b)))
    True
    """
    return min(_keys(clause), key=repr)


def _keys(clause: Clause) -> Iterator[Key]:
    for premises in _orders(clause.premises):
        for cases in _orders(clause.cases):
            literals = [*premises, *(literal for case in cases for literal in case.literals)]
            shape = (len(premises), *((len(c.exists), len(c.literals)) for c in cases))
            for turned in product(*map(_turns, literals)):
                names: dict[Var, int] = {}
                yield shape, *(_literal(literal, names) for literal in turned)


def _orders(parts: tuple[_T, ...]) -> Iterator[tuple[_T, ...]]:
    """All orders of few parts; many keep theirs."""
    yield from permutations(parts) if len(parts) < 4 else (parts,)


def _turns(literal: Literal) -> tuple[Literal, ...]:
    atom = literal.atom
    if isinstance(atom, Equal) and atom.left != atom.right:
        return literal, Literal(Equal(atom.right, atom.left), literal.positive)
    return (literal,)


def _literal(literal: Literal, names: dict[Var, int]) -> Key:
    head = "=" if isinstance(literal.atom, Equal) else literal.atom.predicate
    return (literal.positive, head, *(_term(t, names) for t in atom_terms(literal.atom)))


def _term(term: Term, names: dict[Var, int]) -> Key:
    if isinstance(term, Var):
        return names.setdefault(term, len(names)), term.sort
    return (term.symbol, *(_term(arg, names) for arg in term.args))


def renamed(formula: Formula, names: Names) -> Formula:
    """The formula with its variables named afresh for their sorts, in the order of occurrence.

    >>> x, y = Var("x", "N"), Var("y", "N")
    >>> renamed(Equal(y, x), {"N": "ab"})
    Equal(left=Var(name='a', sort='N'), right=Var(name='b', sort='N'))
    """
    found: dict[Var, Var] = {}
    used: dict[str, int] = {}

    def var(old: Var) -> Var:
        if old not in found:
            number = used[old.sort] = used.get(old.sort, 0) + 1
            listed = names.get(old.sort, ())
            text = listed[number - 1] if number <= len(listed) else f"{old.sort.lower()}{number}"
            found[old] = Var(text, old.sort)
        return found[old]

    def term(part: Term) -> Term:
        if isinstance(part, Var):
            return var(part)
        return App(part.symbol, tuple(map(term, part.args)), part.sort)

    def visit(part: Formula) -> Formula:
        match part:
            case Equal(left, right):
                return Equal(term(left), term(right))
            case Holds(predicate, args):
                return Holds(predicate, tuple(map(term, args)))
            case Truth():
                return part
            case Not(body):
                return Not(visit(body))
            case And(left, right):
                return And(visit(left), visit(right))
            case Or(left, right):
                return Or(visit(left), visit(right))
            case Implies(left, right):
                return Implies(visit(left), visit(right))
            case Iff(left, right):
                return Iff(visit(left), visit(right))
            case Forall(bound, body):
                return Forall(tuple(map(var, bound)), visit(body))
            case Exists(bound, body):
                return Exists(tuple(map(var, bound)), visit(body))
            case _:
                assert_never(part)

    return visit(formula)
