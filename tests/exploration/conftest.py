"""A theory with proved laws, before any exploration."""

from __future__ import annotations

import pytest

from lemmata.dsl.load import load
from lemmata.engine.budget import Budget
from lemmata.engine.checker import Theorem
from lemmata.engine.exploration.development import Development
from lemmata.engine.theory import Theory
from lemmata.engine.verdict import Proved
from lemmata.provers.prove import prove_all
from tests.conftest import ROOT

from .found import developed


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


@pytest.fixture(scope="session")
def development(peano: Theory, proved: tuple[Theorem, ...]) -> Development:
    """What an exploration that found exactly these laws would return."""
    return developed(peano, proved)
