"""Rules: every clause of a theory becomes something a block can apply."""

from __future__ import annotations

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.verdict import Proved
from lemmata.provers import prove, prove_all
from lemmata.provers.induction import prove_directly
from lemmata.provers.workspace import EFFORTS, Workspace


def test_a_premise_that_equates_two_variables_binds_nothing() -> None:
    theory = parse_theory(
        "sort N = 0 | s(N)\nsort C\nop f : C, C -> N\n"
        "axiom same: x = y -> f(x, y) = 0\n"
        "conjecture c: f(x, x) = 0\nconjecture d: x = y -> f(y, x) = 0\n"
    )
    for goal in ("c", "d"):
        assert isinstance(prove(theory, goal, Budget(seconds=20)), Proved)


def test_a_definition_is_opened_at_once() -> None:
    theory = parse_theory(
        "sort N = 0 | s(N)\nop + : N, N -> N\n"
        "axiom add_zero: a + 0 = a\naxiom add_succ: a + s(b) = s(a + b)\n"
        "define a <= b: exists p. a + p = b\n"
        "conjecture more: a <= b -> a <= s(b)\nconjecture same: a <= a\n"
    )
    work = Workspace(theory)
    clause = theory.conjecture("more").clauses[0]
    assert prove_directly(work, work.root, clause, EFFORTS[1], Budget(seconds=20).start())


def test_laws_about_large_numbers_serve_as_lemmas() -> None:
    theory = parse_theory(
        "sort N = 0 | s(N)\nop + : N, N -> N\nop f : N -> N\n"
        "axiom add_zero: a + 0 = a\naxiom add_succ: a + s(b) = s(a + b)\n"
        "axiom far: f(60) = 90\n"
        "conjecture sum: 30 + 60 = 90\nconjecture joined: f(30 + 30) = 45 + 45\n"
    )
    verdicts = [verdict for verdict, _ in prove_all(theory, budget=Budget(seconds=20))]
    assert all(isinstance(verdict, Proved) for verdict in verdicts)
