"""What an exploration refutes by a model is false there; what the axioms give is never refuted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.clause import Equal, Holds
from lemmata.engine.exploration.development import Development, NearMiss
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or
from lemmata.engine.term import Term, Var
from lemmata.engine.theory import Theory
from lemmata.provers.exploration import explore

LOANS = """
theory loans
sort Reader
sort Book
sort Shelf = low | high
const ann, bob : Reader
const emma, faust : Book
op on : Book -> Shelf
pred lent : Book, Reader
pred knows : Reader, Reader
axiom lent_emma: lent(emma, ann)
axiom lent_faust: lent(faust, bob)
axiom once: lent(b, x), lent(b, y) -> x = y
axiom differ: ann != bob
axiom friends: knows(ann, bob)
axiom mutual: knows(x, y) -> knows(y, x)
axiom emma_low: on(emma) = low
"""


class Printed:
    """A model as it is printed, read without any help of what found it."""

    def __init__(self, theory: Theory, lines: tuple[str, ...]) -> None:
        self.theory = theory
        self.elements = {s.name: list(s.constructors) for s in theory.signature.sorts}
        self.values: dict[str, str] = {
            name: name for sort in self.elements.values() for name in sort
        }
        self.true: set[str] = set()
        for line in lines:
            if match := re.fullmatch(r"(\w+) = \{(.*)\}", line):
                self.elements[match[1]] = match[2].split(", ")
            elif match := re.fullmatch(r"\w+: (.*)", line):
                self.true |= set(re.findall(r"\w+\([^)]*\)", match[1]))
            else:
                found = re.findall(r"(\w+(?:\([^)]*\))?) = (\w+)", line)
                self.values.update(found)

    def value(self, term: Term, names: Mapping[Var, str]) -> str:
        if isinstance(term, Var):
            return names[term]
        args = ", ".join(self.value(arg, names) for arg in term.args)
        return self.values[f"{term.symbol}({args})" if args else term.symbol]

    def holds(self, formula: Formula, names: Mapping[Var, str]) -> bool:
        match formula:
            case Equal(left, right):
                return self.value(left, names) == self.value(right, names)
            case Holds(predicate, args):
                inside = ", ".join(self.value(arg, names) for arg in args)
                return f"{predicate}({inside})" in self.true
            case Not(body):
                return not self.holds(body, names)
            case And(left, right):
                return self.holds(left, names) and self.holds(right, names)
            case Or(left, right):
                return self.holds(left, names) or self.holds(right, names)
            case Implies(left, right):
                return not self.holds(left, names) or self.holds(right, names)
            case Iff(left, right):
                return self.holds(left, names) == self.holds(right, names)
            case Exists(bound, body) | Forall(bound, body):
                pools = product(*(self.elements[var.sort] for var in bound))
                inner = (
                    self.holds(body, {**names, **dict(zip(bound, p, strict=True))}) for p in pools
                )
                return any(inner) if isinstance(formula, Exists) else all(inner)
            case _:
                raise AssertionError(formula)

    def everywhere(self, formula: Formula, free: tuple[Var, ...]) -> bool:
        return self.holds(Forall(free, formula), {})


@pytest.fixture(scope="module")
def theory() -> Theory:
    return parse_theory(LOANS)


@pytest.fixture(scope="module")
def development(theory: Theory) -> Development:
    return explore(theory, Budget(seconds=600), size=4)


def _stated(miss: NearMiss) -> tuple[Formula, tuple[Var, ...]]:
    (statement,) = parse_theory(f"{LOANS}\n{miss.mpl}\n").conjectures
    free = {var: None for clause in statement.clauses for var in clause.variables}
    formula = statement.formula
    return formula, tuple(free)


def test_each_printed_model_satisfies_the_axioms_and_not_the_statement(
    theory: Theory, development: Development
) -> None:
    shown = [miss for miss in development.near_misses if miss.model]
    assert len(shown) > 10
    for miss in shown:
        model = Printed(theory, miss.model)
        for axiom in theory.axioms:
            free = {var: None for clause in axiom.clauses for var in clause.variables}
            assert axiom.kind == "constructor" or model.everywhere(axiom.formula, tuple(free)), miss
        formula, free_variables = _stated(miss)
        assert not model.everywhere(formula, free_variables), miss
        values = dict(miss.counterexample)
        assert all(values[v.name] in model.elements[v.sort] for v in free_variables)


def test_what_holds_of_enumerated_elements_is_not_refuted(development: Development) -> None:
    refuted = {miss.statement for miss in development.near_misses}
    assert not refuted & {"on(b) = low or on(b) = high", "knows(bob, ann)", "emma != faust"}
    assert "knows(bob, ann)" in {law.statement for law in development.laws()}


def test_no_model_without_induction_refutes_what_only_induction_proves() -> None:
    # In a model with one more element beyond all numbers, 0 + a = a may fail: that is no witness.
    theory = parse_theory(
        "sort N = 0 | s(N)\nop + : N, N -> N infix 50\n"
        "axiom z: a + 0 = a\naxiom s: a + s(b) = s(a + b)\nconjecture left: 0 + a = a\n"
    )
    development = explore(theory, Budget(seconds=600), size=2)
    assert all(miss.model == () for miss in development.near_misses)
    assert [one.found for one in development.stated] == [True]
