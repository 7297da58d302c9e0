"""Proving the conjectures of a theory, one after the other: what is proved helps what follows."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from lemmata.engine.budget import Budget
from lemmata.engine.grid_report import GridReport
from lemmata.engine.theory import Statement, Theory
from lemmata.engine.verdict import Proved, Unknown, Verdict

from .assistance import Assistance
from .commutation import complete, learn
from .consistency import contradiction
from .portfolio import settle
from .workers import prove_in_waves
from .workspace import Workspace

_DEPTH = 200_000
"""Terms may be thousands of symbols deep, and what walks them is recursive."""


def prove(
    theory: Theory, goal: str | Statement, budget: Budget | None = None, *, lemmas: bool = True
) -> Verdict:
    """Settles one goal of a theory within a budget.

    ``goal`` names a conjecture, or is a statement over the theory's signature. With ``lemmas`` the
    conjectures that stand before it are tried first, each with the same budget, and help if they
    are proved. ``UsageError`` if there is no such conjecture.
    """
    statement = theory.conjecture(goal) if isinstance(goal, str) else goal
    earlier: tuple[Statement, ...] = ()
    if lemmas and isinstance(goal, str):
        earlier = theory.conjectures[: theory.conjectures.index(statement)]
    *_, (verdict, _) = prove_all(theory, (*earlier, statement), budget, lemmas=lemmas)
    return verdict


def prove_all(
    theory: Theory,
    goals: tuple[Statement, ...] | None = None,
    budget: Budget | None = None,
    *,
    lemmas: bool = True,
    jobs: int = 1,
    explore: bool = False,
    assistance: Assistance | None = None,
) -> Iterator[tuple[Verdict, GridReport]]:
    """Settles goals in order, each within the budget, and yields each verdict as it comes.

    With ``jobs`` above one, that many goals at a time are settled in other processes. With
    ``explore`` a stuck goal's part of the theory is explored for most of its budget. With each
    verdict comes the report of the blocks that led to it. Goals that stay open are given to
    ``assistance``, if there is one, in this process, while others go on. Axioms found to be
    inconsistent make every goal ``Unknown`` with that reason: everything would follow from them.
    """
    budget = Budget() if budget is None else budget
    with deep_recursion():
        work = Workspace(theory)
        for axiom in work.axioms:
            complete(work, axiom, budget.start())
        falsity = contradiction(work, Budget(min(1.0, budget.seconds)).start())
        goals = theory.conjectures if goals is None else goals
        if falsity is not None:
            detail = f"the axioms contradict each other: {', '.join(falsity.axioms)}"
            for statement in goals:
                yield Unknown(statement.name, "inconsistent", detail), work.grid.report("")
        elif jobs > 1:
            from concurrent.futures import ProcessPoolExecutor  # loaded only where it is wanted

            with ProcessPoolExecutor(jobs, initializer=_begin_worker) as executor:
                yield from prove_in_waves(
                    work,
                    goals,
                    budget,
                    lemmas,
                    executor,
                    jobs,
                    explore=explore,
                    assistance=assistance,
                )
        else:
            for statement in goals:
                verdict = settle(work, statement, budget, explore=explore)
                if assistance is not None and isinstance(verdict, Unknown):
                    verdict = assistance.help(work, verdict, statement, budget)
                yield verdict, work.grid.report(type(verdict).__name__.lower())
                if isinstance(verdict, Proved) and lemmas:
                    learn(work, verdict.theorem, budget.start())


def _begin_worker() -> None:
    """Prepares a worker: an interrupt ends it without a word, since the run speaks for all."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    recurse_deeply()


def recurse_deeply() -> None:
    """Allows recursion as deep as terms are."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _DEPTH))


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Allows recursion as deep as terms are, for a while."""
    before = sys.getrecursionlimit()
    recurse_deeply()
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
