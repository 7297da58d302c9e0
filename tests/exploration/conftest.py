"""A theory with proved laws, before any exploration."""

from __future__ import annotations

import pytest

from lemmata.dsl.load import load
from lemmata.engine.budget import Budget
from lemmata.engine.checker import Theorem
from lemmata.engine.theory import Theory
from lemmata.engine.verdict import Proved
from lemmata.provers.prove import prove_all
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def peano() -> Theory:
    """The example of arithmetic."""
    return load(ROOT / "examples" / "peano.mpl")


@pytest.fixture(scope="session")
def proved(peano: Theory) -> tuple[Theorem, ...]:
    """Its conjectures, proved."""
    verdicts = [verdict for verdict, _ in prove_all(peano, budget=Budget(seconds=60))]
    found = tuple(verdict.theorem for verdict in verdicts if isinstance(verdict, Proved))
    assert len(found) == len(peano.conjectures)
    return found
