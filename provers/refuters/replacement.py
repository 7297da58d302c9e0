"""Formulas with their free variables replaced, and the calls inside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from lemmata.engine.clause import Equal, Holds
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.term import App, Term, Var, substitute, subterms


def instantiated(formula: Formula, names: Mapping[Var, Term]) -> Formula:
    """The formula with its free variables replaced by terms that no quantifier captures."""
    match formula:
        case Equal(left, right):
            return Equal(substitute(left, names), substitute(right, names))
        case Holds(predicate, args):
            return Holds(predicate, tuple(substitute(arg, names) for arg in args))
        case Truth():
            return formula
        case Not(body):
            return Not(instantiated(body, names))
        case And(one, two):
            return And(instantiated(one, names), instantiated(two, names))
        case Or(one, two):
            return Or(instantiated(one, names), instantiated(two, names))
        case Implies(one, two):
            return Implies(instantiated(one, names), instantiated(two, names))
        case Iff(one, two):
            return Iff(instantiated(one, names), instantiated(two, names))
        case Forall(bound, body):
            return Forall(bound, instantiated(body, _without(names, bound)))
        case Exists(bound, body):
            return Exists(bound, instantiated(body, _without(names, bound)))
        case _:
            assert_never(formula)


def _without(names: Mapping[Var, Term], bound: tuple[Var, ...]) -> dict[Var, Term]:
    return {var: term for var, term in names.items() if var not in bound}


def calls_of(symbol: str, value: Term | Formula) -> Iterator[tuple[Term, ...]]:
    """The arguments of each application of a function or predicate."""
    match value:
        case Var() | App():
            for part in subterms(value):
                if isinstance(part, App) and part.symbol == symbol:
                    yield part.args
        case Equal(left, right):
            yield from calls_of(symbol, left)
            yield from calls_of(symbol, right)
        case Holds(predicate, args):
            if predicate == symbol:
                yield args
            for arg in args:
                yield from calls_of(symbol, arg)
        case Truth():
            return
        case Not(body) | Forall(_, body) | Exists(_, body):
            yield from calls_of(symbol, body)
        case And(one, two) | Or(one, two) | Implies(one, two) | Iff(one, two):
            yield from calls_of(symbol, one)
            yield from calls_of(symbol, two)
        case _:
            assert_never(value)
