"""Constructors that a program cannot tell apart: what is true of some is true of all."""

from __future__ import annotations

from collections.abc import Iterator

from lemmata.engine.clause import atom_terms
from lemmata.engine.formula import And, Equal, Exists, Forall, Formula, Holds, Iff, Implies, Not, Or
from lemmata.engine.term import App, Term, Var, subterms

from .program import Bind, Leaf, Program, Switch, Test, Tree


def interchangeable(program: Program, formula: Formula) -> dict[str, tuple[str, ...]]:
    """Of each sort, two or more constants among its constructors that nothing mentions.

    They are compared at most, so a permutation of them changes no truth value.
    """
    mentioned = set(_in_formula(formula))
    for routine in program.routines.values():
        mentioned |= set(_in_tree(routine.tree))
    for axiom in (*program.assumptions, *program.checks):
        mentioned |= set(_in_formula(axiom.formula))
    signature = program.signature
    found = {}
    for sort in signature.sorts:
        alike = tuple(
            name
            for name in sort.constructors
            if name not in mentioned and not signature.function[name].arguments
        )
        if len(alike) > 1 and sort.name != "Bool":
            found[sort.name] = alike
    return found


def _in_term(term: Term) -> Iterator[str]:
    return (part.symbol for part in subterms(term) if isinstance(part, App))


def _in_formula(formula: Formula) -> Iterator[str]:
    match formula:
        case Equal() | Holds():
            for term in atom_terms(formula):
                yield from _in_term(term)
        case Not(body) | Forall(_, body) | Exists(_, body):
            yield from _in_formula(body)
        case And(left, right) | Or(left, right) | Implies(left, right) | Iff(left, right):
            yield from _in_formula(left)
            yield from _in_formula(right)
        case _:
            return


def _in_tree(tree: Tree | None) -> Iterator[str]:
    match tree:
        case Leaf(Var() | App() as value):
            yield from _in_term(value)
        case Leaf(value):
            yield from _in_formula(value)  # type: ignore[arg-type]  # no term, as seen above
        case Switch(_, cases, default):
            for name, (_, inner) in cases.items():
                yield name
                yield from _in_tree(inner)
            yield from _in_tree(default)
        case Bind(_, term, rest):
            yield from _in_term(term)
            yield from _in_tree(rest)
        case Test(atom, then, other):
            yield from _in_formula(atom)
            yield from _in_tree(then)
            yield from _in_tree(other)
        case None:
            return
