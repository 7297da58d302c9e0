"""What refutes claims: running the axioms on small values, and finite models."""

from __future__ import annotations

from dataclasses import replace

from lemmata.engine.budget import Budget
from lemmata.engine.theory import Statement, Theory
from lemmata.engine.verdict import Refuted, Unknown

from .evaluation import Evaluator
from .model import infinite_sort, refute_by_model
from .refutation import refute_by_evaluation

__all__ = ["Evaluator", "refute"]


def refute(
    theory: Theory, goal: str | Statement, budget: Budget | None = None
) -> Refuted | Unknown:
    """A counterexample to the goal in a model of all axioms, or why none was found.

    ``goal`` names a conjecture of the theory, or is a statement over its signature.
    A theory over inductive sorts is run on values of growing size; a theory all of whose sorts
    can be finite is searched for models of growing size.
    """
    statement = theory.conjecture(goal) if isinstance(goal, str) else goal
    clock = (budget or Budget()).start()
    if infinite_sort(theory.signature) is None:
        verdict = refute_by_model(theory, statement, clock)
    else:
        verdict = refute_by_evaluation(theory, statement, clock)
    return replace(verdict, cpu_seconds=clock.spent)
