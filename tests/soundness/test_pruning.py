"""tidy: any valid derivation becomes canonical and still proves the same."""

from __future__ import annotations

import pytest

from lemmata.engine.checker import certify
from lemmata.engine.citation import rewrite
from lemmata.engine.derivation import (
    Chain,
    Congruence,
    Derivation,
    Link,
    Reflexivity,
    Step,
    Subproof,
    Transport,
)
from lemmata.engine.errors import CheckError
from lemmata.engine.formula import Equal as Equation
from lemmata.engine.pruning import tidy
from lemmata.engine.theory import Statement

from .builder import Proof, equal
from .samples import THEORY, plus, s, theorems, zero

ZEROS = plus(zero, zero)
GOAL = equal(s(ZEROS), s(zero))


def untidy() -> Derivation:
    """s(0 + 0) = s(0) with a repetition, a detour, an idle link, a turned link and idle steps."""
    proof = Proof()
    one = proof.law(equal(ZEROS, zero), "add_zero", (zero,))
    again = proof.law(equal(ZEROS, zero), "add_zero", (zero,))
    back = proof.chain(zero, ZEROS, -again)
    proof.step(equal(s(s(zero)), s(s(zero))), Reflexivity())
    same = proof.step(equal(zero, zero), Transport(one, (Link(again), None)))
    round_trip = proof.chain(ZEROS, zero, -back, same, back, one)
    proof.step(GOAL, Congruence((Link(round_trip),)))
    return proof.done()


def test_an_untidy_derivation_becomes_canonical() -> None:
    statement = Statement("goal", Equation(s(ZEROS), s(zero)), (GOAL,), "conjecture")
    with pytest.raises(CheckError):
        certify(THEORY, {}, statement, untidy())
    theorem = certify(THEORY, {}, statement, tidy(untidy()))
    assert [type(step.rule).__name__ for step in theorem.derivation.steps] == [
        "Instance",
        "Congruence",
    ]
    assert tidy(tidy(untidy())) == tidy(untidy())


def test_renumbered_proofs_are_numbered_again() -> None:
    """Numbers with gaps become 1, 2, 3, …; nothing else changes."""
    theorem = theorems()["add_comm"]
    text = theorem.derivation

    def enter(proof: Subproof) -> Subproof:
        hypotheses = tuple((10 * number, clause) for number, clause in proof.hypotheses)
        steps = tuple(map(spread, proof.steps))
        return Subproof(proof.constants, hypotheses, steps, 10 * proof.result)

    def spread(step: Step) -> Step:
        rule = rewrite(step.rule, lambda number: 10 * number, enter)
        return Step(10 * step.number, step.conclusion, rule)

    wide = Derivation(tuple(map(spread, text.steps)), tuple(10 * n for n in text.results))
    assert wide != text
    assert tidy(wide) == text


def test_what_is_cited_but_missing_is_named() -> None:
    step = Step(1, equal(zero, zero), Chain((Link(7),)))
    with pytest.raises(CheckError, match="cites 7"):
        tidy(Derivation((step,), (1,)))
