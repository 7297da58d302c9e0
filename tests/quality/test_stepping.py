"""The hardest attempts of an exploration use laws that are not mailed, and terms that none mentions."""

from __future__ import annotations

import pytest

from lemmata.dsl.load import load, parse_formula
from lemmata.engine.exploration.triage import is_step
from lemmata.engine.lowering import lower
from lemmata.engine.theory import Statement, Theory
from lemmata.provers.blocks import LAST, Local
from lemmata.provers.prove import deep_recursion
from tests.conftest import ROOT


def _statement(theory: Theory, text: str, name: str = "goal") -> Statement:
    formula = parse_formula(theory, text)
    return Statement(name, formula, lower(formula).clauses, "lemma")


@pytest.fixture(scope="module")
def theory() -> Theory:
    return load(ROOT / "examples" / "order.mpl")


def _learnt(theory: Theory, laws: list[str], reserved: list[str]) -> Local:
    blocks = Local(theory)
    for number, text in enumerate([*laws, *reserved]):
        found = blocks.prove(_statement(theory, text, f"law_{number}"), 1)
        assert found is not None, text
        if text in reserved:
            blocks.reserve(found.theorem)
        else:
            blocks.learn(found.theorem)
    return blocks


ADDITION = ["0 + a = a", "s(a) + b = s(a + b)", "a + b = b + a", "a <= a"]


def test_an_induction_step_rests_on_a_law_that_is_not_mailed(theory: Theory) -> None:
    with deep_recursion():
        laws = [*ADDITION, "min(a, b) = min(b, a)"]
        blocks = _learnt(theory, laws, ["a <= b -> s(a) <= s(b)"])
        goal = _statement(theory, "min(a, b) <= a")
        assert blocks.prove(goal, LAST - 1) is None
        found = blocks.prove(goal, LAST)
        assert found is not None
        assert "law_5" in found.theorem.lemmas


def test_small_witnesses_and_what_laws_offer_are_tried(theory: Theory) -> None:
    with deep_recursion():
        laws = [*ADDITION, "min(a, b) = a or min(a, b) = b", "max(a, 0) = a"]
        blocks = _learnt(theory, laws, ["a <= b -> s(a) <= s(b)"])
        assert blocks.stepping is not None
        divides = _statement(theory, "divides(a, a)")
        assert blocks.prove(divides, LAST - 1) is None
        found = blocks.prove(divides, LAST)
        assert found is not None
        least = blocks.prove(_statement(theory, "min(a, b) <= a", "least"), LAST)
        other = blocks.prove(_statement(theory, "min(b, a) <= a", "other"), LAST)
        assert least is not None
        assert other is not None
        blocks.learn(least.theorem)
        blocks.learn(other.theorem)
        (total,) = _statement(theory, "a <= b or b <= a").clauses
        proved = blocks.stepping.prove(total)
        assert proved is not None
        assert proved[1] == "saturation"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a <= b -> s(a) <= s(b)", True),
        ("divides(a, b) -> divides(s(a), s(b))", True),
        ("a <= b -> a <= s(b)", False),
        ("a <= b -> s(a) < s(b)", False),
        ("a <= b -> a * c <= b * c", False),
        ("a <= b and b <= c -> a <= c", False),
        ("s(a) <= s(b)", False),
    ],
)
def test_what_leads_from_elements_to_larger_ones_is_a_step(
    theory: Theory, text: str, expected: bool
) -> None:
    assert is_step(_statement(theory, text).clauses, theory.signature.constructors) == expected
