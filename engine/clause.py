"""Coherent clauses: what axioms, lemmas and goals are lowered to.

    A1 ∧ … ∧ An  →  (∃y. B ∧ …) ∨ … ∨ (∃z. C ∧ …)

No premises and one case is a fact, no case at all a denial, a case that is an equality a merge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from .errors import CheckError
from .term import App, Substitution, Term, Var, substitute, subterms, variables


@dataclass(frozen=True, slots=True)
class Equal:
    """The atom left = right, both of one sort."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Holds:
    """A predicate applied to terms."""

    predicate: str
    args: tuple[Term, ...]


Atom: TypeAlias = Equal | Holds


@dataclass(frozen=True, slots=True)
class Literal:
    """An atom or its negation."""

    atom: Atom
    positive: bool = True

    def negated(self) -> Literal:
        """The complementary literal."""
        return Literal(self.atom, not self.positive)

    def at(self, substitution: Substitution) -> Literal:
        """The literal with its variables replaced."""
        terms = tuple(substitute(term, substitution) for term in atom_terms(self.atom))
        return Literal(with_terms(self.atom, terms), self.positive)

    @property
    def fact(self) -> Clause:
        """The clause that states this literal and nothing else."""
        return Clause((), (), (Case((), (self,)),))


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which a clause's head can hold: elements that exist, and what is true of them."""

    exists: tuple[Var, ...]
    literals: tuple[Literal, ...]

    def at(self, substitution: Substitution) -> Case:
        """The case with its free variables replaced; what it binds itself stays."""
        free = substitution
        if self.exists:
            free = {var: term for var, term in substitution.items() if var not in self.exists}
        return Case(self.exists, tuple(literal.at(free) for literal in self.literals))

    def opened(self, terms: tuple[Term, ...]) -> tuple[Literal, ...]:
        """The literals with the elements that exist named by ``terms``."""
        names = dict(zip(self.exists, terms, strict=True))
        return tuple(literal.at(names) for literal in self.literals)


@dataclass(frozen=True, slots=True)
class Clause:
    """For all ``variables``: if all ``premises`` hold, then one of the ``cases`` does.

    >>> a = Var("a", "N")
    >>> Clause((a,), (), (Case((), (Literal(Equal(a, a)),)),)).is_fact
    False
    """

    variables: tuple[Var, ...]
    premises: tuple[Literal, ...]
    cases: tuple[Case, ...]

    @property
    def is_head(self) -> bool:
        """Whether the clause has neither variables nor premises."""
        return not self.variables and not self.premises

    @property
    def is_fact(self) -> bool:
        """Whether the clause states one literal and nothing else."""
        return self.is_head and self.is_literal_head

    @property
    def head(self) -> Clause:
        """The clause that states the cases without conditions."""
        return Clause((), (), self.cases)

    @property
    def is_literal_head(self) -> bool:
        """Whether the head is a single literal with nothing to choose."""
        return (
            len(self.cases) == 1 and not self.cases[0].exists and len(self.cases[0].literals) == 1
        )

    @property
    def literal(self) -> Literal:
        """The literal of a clause whose head is one literal."""
        (case,) = self.cases
        (literal,) = case.literals
        return literal

    def at(self, substitution: Substitution) -> Clause:
        """The clause with the variables that ``substitution`` names replaced, no longer bound.

        The terms must be closed, so that nothing can be captured.
        """
        return Clause(
            tuple(var for var in self.variables if var not in substitution),
            tuple(premise.at(substitution) for premise in self.premises),
            tuple(case.at(substitution) for case in self.cases),
        )

    @property
    def sides(self) -> tuple[App, App]:
        """The closed terms of a clause that states an equation; ``CheckError`` if it does not."""
        match self:
            case Clause(
                (), (), (Case((), (Literal(Equal(App() as left, App() as right), True),)),)
            ):
                return left, right
            case _:
                raise CheckError("an equality is needed here")


FALSUM = Clause((), (), ())
"""The empty clause: a contradiction."""


def atom_terms(atom: Atom) -> tuple[Term, ...]:
    """The outermost terms of an atom, from left to right."""
    match atom:
        case Equal(left, right):
            return (left, right)
        case Holds(_, args):
            return args


def with_terms(atom: Atom, terms: tuple[Term, ...]) -> Atom:
    """The atom with other outermost terms, in the order of ``atom_terms``."""
    match atom:
        case Equal():
            left, right = terms
            return Equal(left, right)
        case Holds(predicate, _):
            return Holds(predicate, terms)


def clause_literals(clause: Clause) -> Iterator[Literal]:
    """All literals of a clause: premises first, then the cases in order."""
    yield from clause.premises
    for case in clause.cases:
        yield from case.literals


def clause_terms(clause: Clause) -> Iterator[Term]:
    """All terms and subterms that occur in a clause, with repetition."""
    for literal in clause_literals(clause):
        for term in atom_terms(literal.atom):
            yield from subterms(term)


def clause_variables(clause: Clause) -> Iterator[Var]:
    """All variables that occur in a clause, with repetition."""
    for literal in clause_literals(clause):
        for term in atom_terms(literal.atom):
            yield from variables(term)


def clause_symbols(clause: Clause) -> frozenset[str]:
    """The function symbols, constants and predicates that a clause mentions."""
    functions = {term.symbol for term in clause_terms(clause) if isinstance(term, App)}
    predicates = {
        literal.atom.predicate
        for literal in clause_literals(clause)
        if isinstance(literal.atom, Holds)
    }
    return frozenset(functions | predicates)
