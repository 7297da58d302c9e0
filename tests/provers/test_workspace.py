"""What a workspace takes of a theory."""

from __future__ import annotations

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.verdict import Proved, Unknown
from lemmata.provers import prove, workspace

TEXT = """sort N = 0 | s(N)
op + : N, N -> N
op far : N -> N
axiom ground: far(0) = s(0)
axiom a1: far(far(a)) = far(a)
axiom a2: far(s(a)) = far(a)
axiom zero: a + 0 = a
axiom next: a + s(b) = s(a + b)
conjecture left: 0 + a = a
"""


def test_of_very_many_axioms_the_nearest_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    theory = parse_theory(TEXT)
    assert workspace.nearest(theory) == theory.axioms
    monkeypatch.setattr(workspace, "MOST_AXIOMS", 4)
    kept = [axiom.name for axiom in workspace.nearest(theory)]
    assert kept == ["N.distinct.0.s", "N.injective.s.1", "ground", "zero", "next"]
    assert isinstance(prove(theory, "left", Budget(seconds=60)), Proved)
    monkeypatch.setattr(workspace, "MOST_AXIOMS", 1)
    verdict = prove(theory, "left", Budget(seconds=0.2))
    assert isinstance(verdict, Unknown)
    assert "with the nearest 2 of 7 axioms" in verdict.detail
