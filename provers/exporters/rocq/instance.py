"""Formulas at other terms, and clauses as formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from lemmata.engine.clause import Case, Clause, Equal, Holds, Literal, atom_terms, with_terms
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import Term, Var, substitute


def at(formula: Formula, names: Mapping[Var, Term]) -> Formula:
    """The formula with free variables replaced by terms that nothing in it can capture."""
    match formula:
        case Equal() | Holds():
            terms = tuple(substitute(term, names) for term in atom_terms(formula))
            return with_terms(formula, terms)
        case Truth():
            return formula
        case Not(body):
            return Not(at(body, names))
        case And(left, right) | Or(left, right) | Implies(left, right) | Iff(left, right):
            return type(formula)(at(left, names), at(right, names))
        case Forall(variables, body) | Exists(variables, body):
            inner = {var: term for var, term in names.items() if var not in variables}
            return type(formula)(variables, at(body, inner))


def closed(formula: Formula) -> Formula:
    """The formula with its free variables bound, as a statement means it."""
    free = tuple(free_variables(formula))
    return Forall(free, formula) if free else formula


def clause_formula(clause: Clause) -> Formula:
    """The clause as a formula that is written in Rocq exactly as the clause is."""

    def literal(each: Literal) -> Formula:
        return each.atom if each.positive else Not(each.atom)

    def conjunction(literals: tuple[Literal, ...]) -> Formula:
        *before, last = [*map(literal, literals)] or [Truth(True)]
        for each in reversed(before):
            last = And(each, last)
        return last

    def case(each: Case) -> Formula:
        body = conjunction(each.literals)
        return Exists(each.exists, body) if each.exists else body

    *before, result = [*map(case, clause.cases)] or [Truth(False)]
    for each in reversed(before):
        result = Or(each, result)
    for premise in reversed(clause.premises):
        result = Implies(literal(premise), result)
    return Forall(clause.variables, result) if clause.variables else result


def choices(variables: Sequence[Var], scope: Sequence[Term]) -> Iterator[tuple[Term, ...]]:
    """Values for the variables from the terms in scope, those of the same name first."""

    def ranked(variable: Var) -> list[Term]:
        fitting = [term for term in scope if term.sort == variable.sort]
        return sorted(fitting, key=lambda term: base(term) != base(variable))

    return product(*map(ranked, variables))


def base(term: Term) -> str:
    """The name that a variable was written with, before it was made different from others."""
    name = term.name if isinstance(term, Var) else term.symbol
    return name.split(".")[0].rstrip("'")
