"""A formula with placeholders becomes one whose sorts are all known."""

from __future__ import annotations

from typing import assert_never

from lemmata.engine.formula import (
    And,
    Equal,
    Exists,
    Forall,
    Formula,
    Holds,
    Iff,
    Implies,
    Not,
    Or,
    Truth,
)
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Predicate

from .expression import membership_name
from .meaning import NUMERAL, Meaning
from .sorts import is_unknown


class Completion:
    """Replaces the placeholders of one statement, once it has been read to its end.

    ``predicates`` are the membership predicates that it turned out to use, ``sorts`` the sorts of
    its variables.
    """

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.default = meaning.vocabulary.default_sort
        self.predicates: dict[str, Predicate] = {}
        self.sorts: dict[str, None] = {}
        self._terms: dict[Term, Term] = {}
        self._numerals: dict[str, list[App]] = {}

    def is_possible(self) -> bool:
        """Whether every sort is known; the variables that lack one are noted as errors."""
        meaning = self.meaning
        if meaning.has_failed:
            return False
        if self.default is not None:
            return True
        seen: set[str] = set()
        for var, (source, name) in sorted(meaning.places.items(), key=lambda one: one[1][1].start):
            if meaning.sorts.is_solved(var.sort) or name.text in seen:
                continue
            seen.add(name.text)
            meaning.source = source
            what = "numeral" if var.name.startswith(NUMERAL) else "variable"
            meaning.fail(
                name,
                f"the sort of the {what} '{name.text}' is not determined",
                expected="a use that tells its sort: " + ", ".join(meaning.vocabulary.sorts),
                hint=f"write forall {name.text} : SORT." if what == "variable" else "",
            )
        return not seen

    def sort(self, sort: str) -> str:
        """The sort that a placeholder stands for."""
        if is_unknown(sort):
            if self.default is not None:
                self.meaning.sorts.settle(sort, self.default)
            return self.meaning.sorts.show(sort)
        return sort

    def var(self, var: Var) -> Var:
        sort = self.sort(var.sort)
        self.sorts[sort] = None
        return Var(var.name, sort)

    def term(self, term: Term) -> Term:
        known = self._terms.get(term)
        if known is not None:
            return known
        match term:
            case Var():
                done: Term = self.var(term)
            case App(symbol) if symbol.startswith(NUMERAL):
                done = self.numeral(int(symbol[1:]), self.sort(term.sort))
            case App(symbol, args, sort):
                done = App(symbol, tuple(map(self.term, args)), sort) if args else term
        self._terms[term] = done
        return done

    def numeral(self, value: int, sort: str) -> App:
        """So many successors of the sort's zero; all numerals share their parts."""
        systems = self.meaning.vocabulary.numerals()
        zero, successor = systems.get(sort) or next(iter(systems.values()))
        known = self._numerals.setdefault(sort, [App(zero, (), sort)])
        while len(known) <= value:
            known.append(App(successor, (known[-1],), sort))
        return known[value]

    def formula(self, formula: Formula) -> Formula:
        """The formula with all sorts in place."""
        match formula:
            case Equal(left, right):
                return Equal(self.term(left), self.term(right))
            case Holds(predicate, args):
                return self.holds(predicate, tuple(map(self.term, args)))
            case Truth():
                return formula
            case Not(body):
                return Not(self.formula(body))
            case And(left, right):
                return And(self.formula(left), self.formula(right))
            case Or(left, right):
                return Or(self.formula(left), self.formula(right))
            case Implies(left, right):
                return Implies(self.formula(left), self.formula(right))
            case Iff(left, right):
                return Iff(self.formula(left), self.formula(right))
            case Forall(variables, body):
                return Forall(tuple(map(self.var, variables)), self.formula(body))
            case Exists(variables, body):
                return Exists(tuple(map(self.var, variables)), self.formula(body))
            case _:
                assert_never(formula)

    def holds(self, predicate: str, args: tuple[Term, ...]) -> Holds:
        if not predicate.startswith(NUMERAL):
            return Holds(predicate, args)
        sorts = tuple(arg.sort for arg in args)
        name = membership_name(predicate[1:], sorts[:-1])
        self.predicates[name] = Predicate(name, sorts)
        return Holds(name, args)
