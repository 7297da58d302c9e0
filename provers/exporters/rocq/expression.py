"""Terms, clauses and formulas as Rocq terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from lemmata.engine.clause import Case, Clause, Equal, Holds, Literal
from lemmata.engine.formula import (
    And,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Truth,
)
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Signature

from .names import Names

HOLE = App("x0", (), "")
"""Stands in an expression for the variable of an anonymous function."""


@dataclass(frozen=True, slots=True)
class Expression:
    """Writes expressions over one signature; all applications are prefix and in parentheses.

    ``values`` are large closed terms that are defined once and then written as a name.
    """

    signature: Signature
    names: Names = field(default_factory=Names)
    values: dict[App, str] = field(default_factory=dict)

    def sort(self, sort: str) -> str:
        """The type of a sort's elements."""
        return self.names.of("sort", sort)

    def term(self, term: Term) -> str:
        """A term; variables and constants of a derivation have names of their own."""
        if isinstance(term, Var):
            return self.names.of("variable", term.name)
        if term is HOLE:
            return "x0"
        if term in self.values:
            return self.values[term]
        if term.symbol not in self.signature.function:
            return self.names.of("constant", term.symbol)
        return self.applied(self.names.of("symbol", term.symbol), map(self.term, term.args))

    def principle(self, sort: str) -> str:
        """The name of a sort's induction principle."""
        return self.names.of("principle", f"{sort}_induction")

    def applied(self, head: str, args: Iterable[str]) -> str:
        """A function applied to arguments that are written already."""
        parts = [head, *args]
        return f"({' '.join(parts)})" if len(parts) > 1 else head

    def atom(self, atom: Equal | Holds) -> str:
        """An equation or a predicate applied to terms."""
        match atom:
            case Equal(left, right):
                return f"({self.term(left)} = {self.term(right)})"
            case Holds(predicate, args):
                return self.applied(self.names.of("symbol", predicate), map(self.term, args))
            case _:
                assert_never(atom)

    def literal(self, literal: Literal) -> str:
        """An atom or its negation."""
        atom = self.atom(literal.atom)
        return atom if literal.positive else f"(~ {atom})"

    def binders(self, variables: Iterable[Var]) -> str:
        """Variables with their types."""
        return " ".join(
            f"({self.names.of('variable', var.name)} : {self.sort(var.sort)})" for var in variables
        )

    def case(self, case: Case) -> str:
        """The elements that exist, and a conjunction that leans to the right."""
        body = joined("/\\", map(self.literal, case.literals), "True")
        return f"(exists {self.binders(case.exists)}, {body})" if case.exists else body

    def head(self, cases: tuple[Case, ...]) -> str:
        """A disjunction that leans to the right."""
        return joined(r"\/", map(self.case, cases), "False")

    def clause(self, clause: Clause) -> str:
        """The clause as a closed proposition."""
        arrows = [*map(self.literal, clause.premises), self.head(clause.cases)]
        body = " -> ".join(arrows)
        return f"(forall {self.binders(clause.variables)}, {body})" if clause.variables else body

    def statement(self, formula: Formula) -> str:
        """The formula with its free variables bound in the order of the text."""
        free = tuple(free_variables(formula))
        body = self.formula(formula)
        return f"(forall {self.binders(free)}, {body})" if free else body

    def formula(self, formula: Formula) -> str:
        """The formula as it was written."""
        match formula:
            case Equal() | Holds():
                return self.atom(formula)
            case Truth(value):
                return "True" if value else "False"
            case Not(body):
                return f"(~ {self.formula(body)})"
            case And(left, right):
                return rf"({self.formula(left)} /\ {self.formula(right)})"
            case Or(left, right):
                return rf"({self.formula(left)} \/ {self.formula(right)})"
            case Implies(left, right):
                return f"({self.formula(left)} -> {self.formula(right)})"
            case Iff(left, right):
                return f"({self.formula(left)} <-> {self.formula(right)})"
            case Forall(variables, body):
                return f"(forall {self.binders(variables)}, {self.formula(body)})"
            case Exists(variables, body):
                return f"(exists {self.binders(variables)}, {self.formula(body)})"
            case _:
                assert_never(formula)


def joined(operator: str, parts: Iterable[str], empty: str) -> str:
    """The parts joined by an operator, leaning to the right."""
    *before, last = [*parts] or [empty]
    return "".join(f"({part} {operator} " for part in before) + last + ")" * len(before)


def nested(function: str, parts: Iterable[str], empty: str) -> str:
    """A function of two arguments applied to all parts, leaning to the right."""
    *before, last = [*parts] or [empty]
    return "".join(f"({function} {part} " for part in before) + last + ")" * len(before)


def projection(proof: str, index: int, count: int) -> str:
    """The proof of one part of a conjunction of ``count`` parts that leans to the right."""
    for _ in range(index):
        proof = f"(proj2 {proof})"
    return proof if index == count - 1 else f"(proj1 {proof})"
