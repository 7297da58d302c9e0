"""Worlds of sets and relations: a sum by a function on an interval has its values there."""

from __future__ import annotations

from pathlib import Path

import lemmata
from lemmata.engine.budget import Budget
from lemmata.engine.exploration.proposal import Proposer, theory_names
from lemmata.engine.notation import Notation
from lemmata.provers.tables import Tables
from lemmata.provers.world import containing, worlds


def test_a_sum_by_a_sequence_on_an_interval_has_its_values(examples: Path) -> None:
    theory = lemmata.load(examples / "set_sum.mpl")
    world = Tables(theory, containing(theory))
    found = [[v for v in range(17) if world.holds("sums", (n, v))] for n in range(6)]
    assert found == [[0], [1], [3], [6], [10], [15]]
    assert [function.name for function in world.relations] == ["sums"]
    assert world.apply("sums", (9,)) is None  # beyond the bound nothing is claimed


def test_the_summation_formula_is_proposed_from_the_definitions(examples: Path) -> None:
    theory = lemmata.load(examples / "set_sum.mpl")
    proposer = Proposer(theory, worlds(theory), theory_names(theory))
    notation = Notation.of(theory)
    for size in range(1, 5):
        list(proposer.equations(size))
    stated = {notation.formula(each.formula) for each in proposer.equations(5)}
    assert "sums(a, b) -> b + b = a * s(a)" in stated
    shaped = {notation.formula(each.formula) for each in proposer.shaped_relations()}
    assert "sequence(f, s(a)) -> sequence(restrict(f, upto(a)), a)" in shaped


def test_the_summation_formula_is_found_and_names_its_comprehension(examples: Path) -> None:
    theory = lemmata.load(examples / "set_sum.mpl")
    development = lemmata.explore(theory, Budget(seconds=600))
    law = next(
        law for law in development.laws() if law.statement == "sums(a, b) -> b + b = a * s(a)"
    )
    assert {"interval", "restriction", "sums", "sequence"} <= set(law.theorem.axioms)
