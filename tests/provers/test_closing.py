"""Case splits: which choices an attempt pays for."""

from __future__ import annotations

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.provers.commutation import complete
from lemmata.provers.portfolio import attempt
from lemmata.provers.workspace import Effort, Workspace

ORDER = """
theory order
sort N = 0 | s(N)
op + : N, N -> N  infix 50
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom add_comm: a + b = b + a
define a <= b: exists p. a + p = b
"""

LESS = "define a < b: s(a) <= b\n"


@pytest.mark.parametrize("more", ["", LESS])
def test_a_decision_that_closes_one_way_at_once_is_no_split(more: str) -> None:
    # The step of the induction needs two splits: which way the hypothesis holds, and whether the
    # number that is added to is zero. Where there is <, its definition asks for a decision, too;
    # one way it says what is to be shown.
    theory = parse_theory(f"{ORDER}{more}conjecture total: a <= b or b <= a\n")
    work = Workspace(theory)
    clock = Budget(seconds=60).start()
    for axiom in theory.axioms:
        complete(work, axiom, clock)
    work.prepare(clock)
    (clause,) = theory.conjectures[0].clauses
    assert attempt(work, clause, Effort(3, 1, 0), clock) is None
    found = attempt(work, clause, Effort(3, 2, 0), clock)
    assert found is not None
    assert found[1] == "induction on a"
