"""The examples, from ground facts to arithmetic: what each promises comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

import lemmata
from lemmata.provers import prove_all

FALSE = {"list": {"append_comm", "rev_is_same"}}
"""Conjectures that are there to be refuted."""


def verdicts(path: Path) -> dict[str, lemmata.Proved | lemmata.Refuted | lemmata.Unknown]:
    theory = lemmata.load(path)
    return {verdict.goal: verdict for verdict, _ in prove_all(theory)}


@pytest.mark.parametrize("name", ["family", "group", "list", "peano"])
def test_each_conjecture_is_settled_as_it_should_be(examples: Path, name: str) -> None:
    path = examples / f"{name}.mpl"
    found = verdicts(path)
    assert list(found) == [statement.name for statement in lemmata.load(path).conjectures]
    refuted = FALSE.get(name, set())
    assert {goal for goal, v in found.items() if isinstance(v, lemmata.Refuted)} == refuted
    assert {goal for goal, v in found.items() if isinstance(v, lemmata.Proved)} == (
        set(found) - refuted
    )


def test_facts_and_rules_need_no_induction(examples: Path) -> None:
    for verdict in verdicts(examples / "family.mpl").values():
        assert isinstance(verdict, lemmata.Proved)
        assert verdict.method in ("saturation", "saturation, case splits")


def test_a_fact_rests_on_the_facts_that_lead_to_it(examples: Path) -> None:
    theory = lemmata.load(examples / "family.mpl")
    verdict = lemmata.prove(theory, "great_grandmother", lemmas=False)
    assert isinstance(verdict, lemmata.Proved)
    assert set(verdict.theorem.axioms) == {"ada_ben", "ben_dan", "dan_eve", "near", "far"}


def test_equations_need_no_induction(examples: Path) -> None:
    for verdict in verdicts(examples / "group.mpl").values():
        assert isinstance(verdict, lemmata.Proved)
        assert "induction" not in verdict.method


def test_reversing_twice_rests_on_the_law_before_it(examples: Path) -> None:
    verdict = lemmata.prove(lemmata.load(examples / "list.mpl"), "rev_rev")
    assert isinstance(verdict, lemmata.Proved)
    assert "induction on x" in verdict.method
    assert "rev_append" in {lemma.name for lemma in verdict.lemmas}


def test_counterexamples_are_the_smallest(examples: Path) -> None:
    verdict = lemmata.prove(lemmata.load(examples / "list.mpl"), "append_comm")
    assert isinstance(verdict, lemmata.Refuted)
    values = dict(verdict.assignment)
    assert set(values) == {"x", "y"}
    assert sum(value.count("cons") for value in values.values()) == 2
    assert sum(value.count("s(0)") for value in values.values()) == 1


def test_the_laws_of_arithmetic_use_what_was_proved_before(examples: Path) -> None:
    found = verdicts(examples / "peano.mpl")
    assert len(found) == 12
    mul_comm = found["mul_comm"]
    assert isinstance(mul_comm, lemmata.Proved)
    assert {"zero_mul", "succ_mul"} <= {lemma.name for lemma in mul_comm.lemmas}
    le_trans = found["le_trans"]
    assert isinstance(le_trans, lemmata.Proved)
    assert "add_assoc" in {lemma.name for lemma in le_trans.lemmas}
