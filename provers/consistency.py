"""Whether the axioms contradict each other, as far as a short search on ground terms can see."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from lemmata.engine.budget import Clock
from lemmata.engine.checker import Theorem
from lemmata.engine.clause import Equal, atom_terms, clause_literals
from lemmata.engine.derivation import Introduction
from lemmata.engine.explanation import Writer
from lemmata.engine.formula import Formula, Implies, Not, Truth
from lemmata.engine.lowering import lower
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
    signature = work.theory.signature
    empty = [sort.name for sort in signature.sorts if not _constants(signature, sort.name)]
    variables = tuple(Var(block.fresh(f"x{n}"), sort) for n, sort in enumerate(empty, 1))
    elements = tuple(App(var.name, (), var.sort) for var in variables)
    block.introduce(elements)
    small = {sort.name: _small_terms(signature, sort.name, elements) for sort in signature.sorts}
    for axiom in work.axioms:
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
    database = block.database
    # About arbitrary elements, falsity is stated as "no element equals itself".
    formula: Formula = Truth(False)
    for var in reversed(variables):
        same = Equal(var, var)
        formula = Not(same) if isinstance(formula, Truth) else Implies(same, formula)
    (clause,) = lower(formula).clauses
    statement = Statement("inconsistency", formula, (clause,), "lemma")

    def write(writer: Writer) -> int:
        if not variables:
            return writer.contradiction(database)
        there = clause.at(dict(zip(variables, elements, strict=True)))
        numbered = writer.begin(
            [(-number, premise.fact) for number, premise in enumerate(there.premises, 1)]
        )
        result = writer.contradiction(database)
        return writer.emit(clause, Introduction(writer.end(elements, numbered, result)))

    return write_theorem(work, statement, [write])


def _small_terms(signature: Signature, sort: str, elements: tuple[App, ...]) -> list[Term]:
    """Constants of a sort (or one arbitrary element), and unary functions over one of them."""
    constants: list[Term] = [*_constants(signature, sort)]
    constants += [element for element in elements if element.sort == sort]
    return constants[:2] + list(_successors(signature, sort, constants[:1]))[:2]


def _constants(signature: Signature, sort: str) -> list[App]:
    return [
        App(f.name, (), sort) for f in signature.functions if f.result == sort and not f.arguments
    ]


def _successors(signature: Signature, sort: str, below: list[Term]) -> Iterator[Term]:
    for function in signature.functions:
        if function.result == sort and function.arguments == (sort,):
            for term in below:
                yield App(function.name, (term,), sort)


def _is_closed(term: Term) -> bool:
    return not isinstance(term, Var) and all(_is_closed(arg) for arg in term.args)
