"""Finite models for theories that nothing computes in: true to the axioms, and telling."""

from __future__ import annotations

from pathlib import Path

import pytest
import z3

import lemmata
from lemmata.dsl.load import parse_theory
from lemmata.engine.clause import Clause
from lemmata.engine.exploration.truth import tried
from lemmata.provers.finite import EFFORT, FiniteWorld, finite_worlds
from lemmata.provers.refuters.structure import Structure
from lemmata.provers.refuters.tabulation import Tabulation

FALSE = {
    "left_group": ["a * b = b * a", "a * a = e", "inv(a) = a"],
    "lattice": [
        "x /\\ (y \\/ z) = x /\\ y \\/ x /\\ z",
        "x <= y or y <= x",
        "x <= z -> x \\/ y /\\ z = (x \\/ y) /\\ z",
    ],
    "boolean_algebra": ["x = top or x = bot", "neg(x) = x"],
}


def clauses(examples: Path, name: str) -> tuple[lemmata.Theory, list[Clause]]:
    source = (examples / f"{name}.mpl").read_text("utf-8")
    lines = [f"conjecture false_{n}: {text}" for n, text in enumerate(FALSE[name])]
    theory = parse_theory("\n".join([source, *lines]))
    return theory, [s.clauses[0] for s in theory.conjectures]


@pytest.mark.parametrize("name", sorted(FALSE))
def test_what_is_false_fails_in_a_model_of_the_axioms(examples: Path, name: str) -> None:
    theory, false = clauses(examples, name)
    worlds = finite_worlds(theory, false, lambda clause: False)
    axioms = [clause for axiom in theory.axioms for clause in axiom.clauses]
    for world in worlds:
        assert tried(axioms, [world]).counterexample is None
    for clause in false:
        assert tried([clause], worlds).counterexample is not None


def test_each_question_leaves_the_models_as_they_were(examples: Path) -> None:
    theory, false = clauses(examples, "left_group")
    six = Tabulation(z3, theory, {"G": 6}, EFFORT)
    against = six.structure(false[0])
    assert isinstance(against, Structure)
    assert against.failure(false[0]) is not None
    assert six.structure(theory.axioms[0].clauses[0]) is None
    again = six.structure(false[0])
    assert isinstance(again, Structure)
    assert again.failure(false[0]) is not None


def test_sizes_without_models_are_known(examples: Path) -> None:
    theory, _ = clauses(examples, "boolean_algebra")
    three = Tabulation(z3, theory, {"B": 3}, EFFORT)
    assert three.structure() is None
    assert three.has_none


def test_models_do_not_depend_on_what_z3_was_asked_before(examples: Path) -> None:
    theory, false = clauses(examples, "left_group")
    found = []
    kept = []
    for number in (0, 7, 500):
        kept += [z3.Bool(f"other{n}") for n in range(number)]
        worlds = finite_worlds(theory, false, lambda clause: False)
        found.append([world.structure for world in worlds if isinstance(world, FiniteWorld)])
    assert len(found[0]) > 3
    assert found[1:] == found[:1] * 2
