"""Goals of theories that nothing computes in, one at a time: completion proves them."""

from __future__ import annotations

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.verdict import Proved
from lemmata.provers import prove

GROUP = """sort G
const e : G
op inv : G -> G
op * : G, G -> G infix 60
axiom assoc: (a * b) * c = a * (b * c)
axiom left_identity: e * a = a
axiom left_inverse: inv(a) * a = e
"""

HUNTINGTON = """sort B
const o, i : B
op + : B, B -> B infix 50
op * : B, B -> B infix 60
op ~ : B -> B
axiom sum: a + b = b + a
axiom product: a * b = b * a
axiom spread: a + b * c = (a + b) * (a + c)
axiom share: a * (b + c) = a * b + a * c
axiom nothing: a + o = a
axiom all: a * i = a
axiom either: a + ~a = i
axiom both: a * ~a = o
"""


@pytest.mark.parametrize(
    ("axioms", "goal"),
    [
        (GROUP, "a * inv(a) = e"),
        (GROUP, "inv(a * b) = inv(b) * inv(a)"),
        (GROUP, "a * c = b * c -> a = b"),
        (GROUP, "exists x. a * x = b"),
        (GROUP + "axiom square: a * a = e\n", "a * b = b * a"),
        (HUNTINGTON, "a + a = a"),
        (HUNTINGTON, "(a + b) + c = a + (b + c)"),
    ],
)
def test_laws_are_proved_without_lemmas(axioms: str, goal: str) -> None:
    theory = parse_theory(axioms + f"conjecture goal: {goal}\n")
    verdict = prove(theory, "goal", Budget(seconds=60), lemmas=False)
    assert isinstance(verdict, Proved)
    assert set(verdict.theorem.axioms) <= {axiom.name for axiom in theory.axioms}


def test_completion_says_nothing_of_what_does_not_follow() -> None:
    theory = parse_theory(GROUP + "conjecture goal: a * b = b * a\n")
    assert not isinstance(prove(theory, "goal", Budget(seconds=1)), Proved)
