"""Goals settled in other processes, with the same answers as in this one.

A worker gets the theory, the theorems so far as derivations, and a goal; it sends back derivations,
which are certified again here. A wave holds as many goals as there are workers. A goal that was not
settled while an earlier one of its wave was proved is tried again in the next wave: the new theorem
may be the lemma it needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from lemmata.engine.budget import Budget
from lemmata.engine.checker import certify
from lemmata.engine.derivation import Derivation
from lemmata.engine.grid_report import GridReport
from lemmata.engine.proof_file import with_lemmas
from lemmata.engine.theory import Statement, Theory
from lemmata.engine.verdict import Proved, Refuted, Unknown, Verdict

from .assistance import Assistance
from .commutation import complete, learn
from .portfolio import settle
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict as it travels: derivations instead of theorems, the goal's last."""

    derivations: tuple[tuple[Statement, Derivation], ...]
    method: str
    cpu_seconds: float
    other: Refuted | Unknown | None
    report: GridReport


def prove_in_waves(
    work: Workspace,
    goals: Sequence[Statement],
    budget: Budget,
    lemmas: bool,
    executor: Executor,
    width: int,
    *,
    explore: bool = False,
    assistance: Assistance | None = None,
) -> Iterator[tuple[Verdict, GridReport]]:
    """Settles goals in order, ``width`` at a time, and yields their verdicts in order.

    Goals that stay open get ``assistance`` here, one at a time, while the workers go on.
    """
    waiting = list(goals)
    while waiting:
        wave = waiting[:width]
        known = tuple((t.statement, t.derivation) for t in work.theorems.values())
        futures = [
            executor.submit(answer, work.theory, known, statement, budget, explore=explore)
            for statement in wave
        ]
        proved = False
        for statement, future in zip(wave, futures, strict=True):
            found = future.result()
            if isinstance(found.other, Unknown) and proved and lemmas:
                break
            verdict = _verdict(work, found)
            if assistance is not None and isinstance(verdict, Unknown):
                verdict = assistance.help(work, verdict, statement, budget)
            waiting.pop(0)
            yield verdict, found.report
            if isinstance(verdict, Proved) and lemmas:
                proved = True
                learn(work, verdict.theorem, budget.start())
        for future in futures:
            future.cancel()


def answer(
    theory: Theory,
    known: tuple[tuple[Statement, Derivation], ...],
    goal: Statement,
    budget: Budget,
    *,
    explore: bool = False,
) -> Answer:
    """Settles one goal; runs in a worker."""
    work = Workspace(theory)
    for axiom in theory.axioms:
        complete(work, axiom, budget.start())
    for statement, derivation in known:
        if statement.name not in work.theorems:
            work.add(certify(theory, work.theorems, statement, derivation))
    verdict = settle(work, goal, budget, explore=explore)
    report = work.grid.report(type(verdict).__name__.lower())
    if not isinstance(verdict, Proved):
        return Answer((), "", verdict.cpu_seconds, verdict, report)
    derivations = tuple((t.statement, t.derivation) for t in with_lemmas(verdict.theorem))
    return Answer(derivations, verdict.method, verdict.cpu_seconds, None, report)


def _verdict(work: Workspace, found: Answer) -> Verdict:
    if found.other is not None:
        return found.other
    theorems = dict(work.theorems)
    for statement, derivation in found.derivations:
        if statement.name not in theorems:
            theorems[statement.name] = certify(work.theory, theorems, statement, derivation)
    theorem = theorems[found.derivations[-1][0].name]
    lemmas = with_lemmas(theorem)[:-1]
    return Proved(theorem.name, theorem, lemmas, found.method, found.cpu_seconds)
