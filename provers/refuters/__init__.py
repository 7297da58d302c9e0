"""What refutes claims: running the axioms on small values, and finite models."""

from __future__ import annotations

from dataclasses import replace

from lemmata.engine.budget import Budget
from lemmata.engine.theory import Statement, Theory
from lemmata.engine.verdict import Refuted, Unknown

from .evaluation import Evaluator
from .refutation import Refutation

__all__ = ["Evaluator", "Refutation", "refute"]


def refute(
    theory: Theory, goal: str | Statement, budget: Budget | None = None
) -> Refuted | Unknown:
    """A counterexample to the goal in a model of all axioms, or why none was found.

    ``goal`` names a conjecture of the theory, or is a statement over its signature.
    """
    statement = theory.conjecture(goal) if isinstance(goal, str) else goal
    clock = (budget or Budget()).start()
    return replace(Refutation(theory, statement).look(clock), cpu_seconds=clock.spent)
