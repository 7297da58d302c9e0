"""Whether the axioms contradict each other, as far as a short search on ground terms can see."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from lemmata.engine.budget import Clock
from lemmata.engine.checker import Theorem
from lemmata.engine.clause import FALSUM, atom_terms, clause_literals
from lemmata.engine.formula import Truth
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Signature, Statement

from .workspace import Workspace
from .writing import write_theorem

_FACTS = 3_000
_INSTANCES = 64


def contradiction(work: Workspace, clock: Clock) -> Theorem | None:
    """A theorem that states falsity, if the axioms at small ground terms lead to it."""
    work.grid.begin()
    block = work.grid.open(work.root, "consistency")
    small = {
        sort.name: _small_terms(work.theory.signature, sort.name)
        for sort in work.theory.signature.sorts
    }
    for axiom in work.theory.axioms:
        for clause in axiom.clauses:
            choices = product(*(small[var.sort] for var in clause.variables))
            for _, terms in zip(range(_INSTANCES), choices, strict=False):
                binding = dict(zip(clause.variables, terms, strict=True))
                for literal in clause_literals(clause.at(binding)):
                    for term in atom_terms(literal.atom):
                        if _is_closed(term):
                            block.database.intern(term, 0)
    if block.run(2, _FACTS, clock) != "contradiction":
        return None
    statement = Statement("inconsistency", Truth(False), (FALSUM,), "lemma")
    database = block.database
    return write_theorem(work, statement, [lambda writer: writer.contradiction(database)])


def _small_terms(signature: Signature, sort: str) -> list[Term]:
    """Constants of a sort, and each of its unary constructors or functions over one of them."""
    constants: list[Term] = [
        App(f.name, (), sort) for f in signature.functions if f.result == sort and not f.arguments
    ]
    return constants[:2] + list(_successors(signature, sort, constants[:1]))[:2]


def _successors(signature: Signature, sort: str, below: list[Term]) -> Iterator[Term]:
    for function in signature.functions:
        if function.result == sort and function.arguments == (sort,):
            for term in below:
                yield App(function.name, (term,), sort)


def _is_closed(term: Term) -> bool:
    return not isinstance(term, Var) and all(_is_closed(arg) for arg in term.args)
