"""What refutes claims: running the axioms on small values, and finite models."""

from __future__ import annotations

from dataclasses import replace

from lemmata.engine.budget import Budget
from lemmata.engine.theory import Statement, Theory
from lemmata.engine.verdict import Refuted, Unknown

from .refutation import refute_by_evaluation

__all__ = ["refute"]


def refute(theory: Theory, statement: Statement, budget: Budget | None = None) -> Refuted | Unknown:
    """A counterexample to the statement in a model of all axioms, or why none was found.

    A theory whose functions are defined by equations is run on values of growing size; where
    symbols or sorts are left open by the axioms, finite models of growing size are looked for.
    """
    clock = (budget or Budget()).start()
    verdict = refute_by_evaluation(theory, statement, clock)
    if isinstance(verdict, Unknown):
        return replace(verdict, cpu_seconds=clock.spent)
    return verdict
