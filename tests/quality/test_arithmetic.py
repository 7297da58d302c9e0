"""What must be found: laws of numbers, with and without lemmas, each certified."""

from __future__ import annotations

from pathlib import Path

import pytest

from lemmata.dsl.load import load, parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.verdict import Proved, Refuted
from lemmata.provers import prove, prove_all

PEANO = """
theory peano
sort N = 0 | s(N)
op + : N, N -> N
op * : N, N -> N
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a
define a <= b: exists p. a + p = b
"""


def test_the_twelve_laws_in_order(examples: Path) -> None:
    theory = load(examples / "peano.mpl")
    verdicts = [verdict for verdict, _ in prove_all(theory, budget=Budget(seconds=5))]
    assert [verdict.goal for verdict in verdicts if not isinstance(verdict, Proved)] == []
    assert len(verdicts) == 12


@pytest.mark.parametrize(
    "law",
    [
        "s(a) * b = a * b + b",
        "a * b = b * a",
        "a * (b + c) = a * b + a * c",
        "(a + b) * c = a * c + b * c",
        "(a * b) * c = a * (b * c)",
        "a + c = b + c -> a = b",
    ],
)
def test_the_six_hard_laws_without_lemmas(law: str) -> None:
    theory = parse_theory(f"{PEANO}\nconjecture goal: {law}")
    verdict = prove(theory, "goal", Budget(seconds=10))
    assert isinstance(verdict, Proved)
    stated = [lemma for lemma in verdict.lemmas if lemma.statement.kind == "conjecture"]
    assert stated == []


@pytest.mark.parametrize(
    "law",
    [
        "a <= a",
        "0 <= a",
        "a <= a + b",
        "not (s(a) <= 0)",
        "s(a) <= s(b) -> a <= b",
        "a * b = 0 -> a = 0 or b = 0",
        "a + b = 0 -> a = 0",
        "exists b. a + b = s(a)",
        "a != s(a)",
        "a = 0 or exists b. a = s(b)",
        "2 * 3 = 6",
        "not (2 + 2 = 5)",
    ],
)
def test_orders_existence_and_numerals(law: str) -> None:
    theory = parse_theory(f"{PEANO}\nconjecture goal: {law}")
    assert isinstance(prove(theory, "goal", Budget(seconds=6)), Proved)


@pytest.mark.parametrize(
    "law", ["a <= b or b <= a", "a <= b, b <= a -> a = b", "not s(a) <= a", "s(a) <= b -> a <= b"]
)
def test_laws_that_need_conditional_lemmas_or_witnesses(law: str) -> None:
    theory = parse_theory(f"{PEANO}\nconjecture goal: {law}")
    assert isinstance(prove(theory, "goal", Budget(seconds=20)), Proved)


@pytest.mark.parametrize(
    ("claim", "values"),
    [
        ("a + a = a", {"a": "s(0)"}),
        ("a <= b -> b <= a", {"a": "0", "b": "s(0)"}),
        ("a * b = a + a", {"a": "s(0)", "b": "0"}),
        ("a + b != s(0) or a = 0", {"a": "s(0)", "b": "0"}),
    ],
)
def test_false_claims_get_a_smallest_counterexample(claim: str, values: dict[str, str]) -> None:
    theory = parse_theory(f"{PEANO}\nconjecture goal: {claim}")
    verdict = prove(theory, "goal", Budget(seconds=6))
    assert isinstance(verdict, Refuted)
    assert dict(verdict.assignment) == values


ALTERNATIVE = """
theory alternative
sort N = 0 | s(N)
op + : N, N -> N
op * : N, N -> N
axiom zero_add: 0 + b = b
axiom succ_add: s(a) + b = a + s(b)
axiom zero_mul: 0 * b = 0
axiom mul_zero: s(a) * 0 = 0
axiom succ_mul: s(a) * s(b) = s(a) + (b + a * b)
"""


def test_functions_that_recur_in_their_own_way_are_understood_step_by_step() -> None:
    theory = parse_theory(f"{ALTERNATIVE}\nconjecture goal: a * (b * c) = (a * b) * c")
    verdict = prove(theory, "goal", Budget(seconds=60))
    assert isinstance(verdict, Proved)
