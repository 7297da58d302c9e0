"""The one change of a proof that is accepted: it cites another law whose instance reads the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.checker import certify
from lemmata.engine.derivation import Derivation, Instance, Law, Step
from lemmata.engine.errors import CheckError
from lemmata.engine.term import App
from lemmata.engine.theory import Theory

THEORY = parse_theory(
    "sort N = 0 | s(N)\nop + : N, N -> N\naxiom right: a + 0 = a\naxiom left: 0 + a = a\n"
    "conjecture zero: 0 + 0 = 0\nconjecture one: s(0) + 0 = s(0)\n"
)


def proof(theory: Theory, goal: str, law: str, element: App) -> Derivation:
    (clause,) = theory.conjecture(goal).clauses
    return Derivation((Step(1, clause, Instance(Law(law), (element,), ())),), (1,))


def test_a_law_with_the_same_instance_may_be_cited_and_is_listed() -> None:
    zero = App("0", (), "N")
    for law in ("right", "left"):
        theorem = certify(THEORY, {}, THEORY.conjecture("zero"), proof(THEORY, "zero", law, zero))
        assert theorem.axioms == (law,)


def test_a_law_with_another_instance_is_refused() -> None:
    one = App("s", (App("0", (), "N"),), "N")
    good = proof(THEORY, "one", "right", one)
    assert certify(THEORY, {}, THEORY.conjecture("one"), good).axioms == ("right",)
    (step,) = good.steps
    for source in (Law("left"), Law("right", 1), Law("N.injective.s.1"), Law("no such law")):
        wrong = replace(good, steps=(replace(step, rule=Instance(source, (one,), ())),))
        with pytest.raises(CheckError):
            certify(THEORY, {}, THEORY.conjecture("one"), wrong)
