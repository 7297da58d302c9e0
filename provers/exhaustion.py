"""That constructors generate a sort: every element is made by one of them, by induction."""

from __future__ import annotations

from lemmata.engine.clause import Case, Clause, Equal, Literal
from lemmata.engine.derivation import Derivation, Induction, Present, Reflexivity, Step, Subproof
from lemmata.engine.formula import Exists, Formula, Or
from lemmata.engine.term import App, Var
from lemmata.engine.theory import Signature, Statement


def exhaustive_name(sort: str) -> str:
    """The name of a sort's exhaustion lemma."""
    return f"{sort}.exhaustive"


def exhaustion(signature: Signature, sort: str) -> tuple[Statement, Derivation]:
    """The lemma that each element of an inductive sort is made by a constructor, with its proof.

    >>> from lemmata.engine.theory import Function, Sort
    >>> two = Signature((Sort("B", ("t", "f")),), (Function("t", (), "B"), Function("f", (), "B")))
    >>> exhaustion(two, "B")[0].name
    'B.exhaustive'
    """
    names = signature.sort[sort].constructors
    element = Var("x", sort)
    cases: list[Case] = []
    formulas: list[Formula] = []
    for name in names:
        sorts = signature.function[name].arguments
        args = tuple(Var(f"x{n + 1}" if len(sorts) > 1 else "y", s) for n, s in enumerate(sorts))
        equation = Equal(element, App(name, args, sort))
        cases.append(Case(args, (Literal(equation),)))
        formulas.append(Exists(args, equation) if args else equation)
    formula = formulas[0]
    for other in formulas[1:]:
        formula = Or(formula, other)
    clause = Clause((element,), (), tuple(cases))
    statement = Statement(exhaustive_name(sort), formula, (clause,), "lemma")

    number = 0
    branches = []
    for index, name in enumerate(names):
        constants = tuple(App(f"{sort}.{var.name}", (), var.sort) for var in cases[index].exists)
        built = App(name, constants, sort)
        hypotheses = []
        for arg in constants:
            if arg.sort == sort:
                number += 1
                hypotheses.append((number, clause.at({element: arg})))
        there = clause.at({element: built})
        number += 1
        same = Step(number, Literal(Equal(built, built)).fact, Reflexivity())
        number += 1
        shown = Step(number, there, Present(index, constants, (same.number,)))
        branches.append(Subproof(constants, tuple(hypotheses), (same, shown), shown.number))
    number += 1
    step = Step(number, clause, Induction(element.name, tuple(branches)))
    return statement, Derivation((step,), (number,))
