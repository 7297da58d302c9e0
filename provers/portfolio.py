"""One goal, one budget: attempts from cheap to dear, until one proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lemmata.engine.budget import Budget, Clock
from lemmata.engine.citation import subproofs
from lemmata.engine.clause import Clause
from lemmata.engine.derivation import Cases, Step
from lemmata.engine.proof_file import with_lemmas
from lemmata.engine.term import Var
from lemmata.engine.theory import Statement
from lemmata.engine.verdict import Proved, Reason, Refuted, Unknown, Verdict

from .induction import candidates, prove_by_induction, prove_directly
from .workspace import EFFORTS, Effort, Proof, Workspace
from .writing import write_theorem

if TYPE_CHECKING:
    from .refuters import Refutation

CHEAP, DISCOVER, DEAR, EXPLORE = 0.1, 0.5, 0.6, 0.9
"""The parts of a budget that are used up at most when the cheap attempts, the discovery of lemmas
and the dear attempts end; the rest goes to a long search for a counterexample. Where exploring is
wanted, lemmas are looked for until ``EXPLORE``, and then there is one more attempt."""

COMPLETE = 0.6
"""The part that completion may use up, in theories that nothing computes in."""

FIRST, MOST = 4_000, 250_000
"""How many matches completion tries before it looks at the goal for the first time, and how many at
most between two looks; the number doubles from one to the next."""

SHORT = 0.03
"""The part of a budget that the first search for a counterexample may take."""

AGAIN, LONGER = 0.4, 0.1
"""When this part is used up in the discovery of lemmas, a counterexample is looked for once more, for
``LONGER``: most lemmas that can be found are found by then."""

LONG, NATIVE = 0.6, 0.1
"""Where a goal computes with the built-in integers: the part that the first search for a counterexample
may take, and what discovery and the dear attempts together may take after it. Evaluation knows the
integers, but there are no axioms for a proof."""

MINIMUM = 0.05
"""CPU seconds that every method gets at least."""

RETRY = 0.05
"""The part of a budget that one more attempt with newly found lemmas may take."""


def settle(
    work: Workspace, statement: Statement, budget: Budget, *, explore: bool = False
) -> Verdict:
    """Proves or refutes a statement within a budget, from what a workspace knows.

    Cheap attempts come first, among them some completion where nothing computes, then a short
    search for a counterexample, then more completion, then the discovery of lemmas, interrupted once
    for a counterexample, then the dear attempts, then a long search for a counterexample. With
    ``explore`` nearly all of the budget goes to lemmas, and an open goal's verdict names those that
    were found.
    """
    work.goal, work.found = statement.name, 0
    search = _Search(work, statement, budget.start())
    work.prepare(search.until(CHEAP))
    discovered, dear, short = DISCOVER, DEAR, SHORT
    if explore:
        discovered, dear = EXPLORE, 1.0
    elif search.is_native():
        short, discovered, dear = LONG, LONG + NATIVE, LONG + NATIVE
    verdict = (
        search.prove(EFFORTS[:1], CHEAP)
        or search.complete(CHEAP)
        or search.prove(EFFORTS[1:2], CHEAP if work.equational is None else 2 * CHEAP)
        or search.refute(search.used + short)
        or search.complete(COMPLETE)
        or search.discover(discovered)
        or search.prove(EFFORTS[2:], dear + search.paused)
        or search.refute(1.0)
    )
    if verdict is not None:
        return verdict
    reason: Reason = "time" if search.clock.is_over else "saturated"
    found = f"{len(search.lemmas)} lemmas found on the way" if search.lemmas else ""
    if explore and search.lemmas:
        found += ": " + "; ".join(work.notation.formula(one.formula) for one in search.lemmas)
    used, given = len(work.axioms), len(work.theory.axioms)
    if used < given:
        found = "; ".join(filter(None, [found, f"with the nearest {used} of {given} axioms"]))
    return Unknown(statement.name, reason, found, search.clock.spent)


def retry(work: Workspace, statement: Statement, budget: Budget) -> Proved | None:
    """Tries a statement once more with what a workspace has learnt; no lemma is looked for."""
    return _Search(work, statement, budget.start()).prove(EFFORTS, 1.0)


@dataclass
class _Search:
    """One statement on its way to a verdict."""

    work: Workspace
    statement: Statement
    clock: Clock
    proofs: dict[int, tuple[Proof, str]] = field(default_factory=dict)
    lemmas: list[Statement] = field(default_factory=list)
    refutation: Refutation | None = None
    looked: bool = False
    """Whether the discovery of lemmas was interrupted for a counterexample."""
    paused: float = 0.0
    """The part of the budget for which discovery was interrupted."""

    @property
    def used(self) -> float:
        """The part of the budget that is spent."""
        return self.clock.spent / self.clock.budget.seconds

    def until(self, share: float) -> Clock:
        """A clock that ends when this part of the budget is used up."""
        return self.clock.slice(self.clock.budget.seconds * share - self.clock.spent)

    def is_native(self) -> bool:
        """Whether the statement's part of the theory computes with the built-in integers."""
        from .refuters.program import native_operations
        from .refuters.refutation import cone

        native = native_operations(self.work.theory.signature)
        return bool(native and native & cone(self.work.theory, self.statement))

    def prove(self, efforts: tuple[Effort, ...], share: float) -> Proved | None:
        """All methods with growing effort on the clauses that are still open."""
        for effort in efforts:
            clock = self.until(share)
            for place, clause in enumerate(self.statement.clauses):
                if place in self.proofs:
                    continue
                found = attempt(self.work, clause, effort, clock)
                if found is None:
                    break
                self.proofs[place] = found
            if len(self.proofs) == len(self.statement.clauses):
                return self.proved()
            if clock.is_over:
                return None
        return None

    def proved(self) -> Proved:
        """The verdict, once every clause has its proof."""
        found = [self.proofs[place] for place in sorted(self.proofs)]
        theorem = write_theorem(self.work, self.statement, [proof for proof, _ in found])
        methods = list(dict.fromkeys(method for _, method in found)) or ["nothing to show"]
        if splits_cases(theorem.derivation.steps):
            methods.append("case splits")
        if self.lemmas:
            methods.append("lemmas found on the way")
        return Proved(
            self.statement.name,
            theorem,
            with_lemmas(theorem)[:-1],
            ", ".join(methods),
            self.clock.spent,
        )

    def refute(self, share: float) -> Refuted | None:
        """Looks for a counterexample, from where the last look stopped."""
        from .refuters import Refutation  # z3 is loaded only where it is needed

        if self.refutation is None:
            self.refutation = Refutation(self.work.theory, self.statement)
        verdict = self.refutation.look(self.until(share))
        if isinstance(verdict, Refuted):
            return replace(verdict, cpu_seconds=self.clock.spent)
        return None

    def complete(self, share: float) -> Proved | None:
        """Completes the theory's equations until they prove every clause that is open."""
        equational = self.work.equational
        if equational is None:
            return None
        clock, matches = self.until(share), FIRST
        while True:
            for place, clause in enumerate(self.statement.clauses):
                if place not in self.proofs:
                    proof = equational.prove(clause, matches)
                    if proof is None:
                        break
                    self.proofs[place] = proof, "completion"
            if len(self.proofs) == len(self.statement.clauses):
                return self.proved()
            if clock.is_over or not equational.advance(matches):
                return None
            matches = min(2 * matches, MOST)

    def discover(self, share: float) -> Proved | Refuted | None:
        """Finds lemmas in the goal's part of the theory, and tries the goal again with each.

        In between, a counterexample is looked for once.
        """
        from .discovery import discover

        clock = self.until(share)
        began, retried = self.used, 0.0
        verdict: Proved | Refuted | None = None

        def pause() -> None:
            nonlocal began, verdict
            if self.looked or self.used < AGAIN:
                return
            self.looked, before = True, self.used
            verdict = self.refute(before + LONGER)
            # What follows has the time that it would have had, unless that is nearly all there is.
            began += self.used - before
            if share < EXPLORE:
                self.paused = self.used - before
                clock.started += self.paused * self.clock.budget.seconds
            if verdict is not None:
                clock.end()

        def hear(lemma: Statement) -> None:
            nonlocal retried, verdict
            if verdict is not None:
                return
            self.lemmas.append(lemma)
            before = self.used
            if retried > (before - began) / 2:
                return  # the next lemmas are worth more than the goal's next attempt
            verdict = self.prove(EFFORTS[1:2], before + RETRY)
            if verdict is not None:
                clock.end()
            retried += self.used - before

        discover(self.work, self.statement, clock, hear, pause)
        if verdict is None and self.lemmas:
            verdict = self.prove(EFFORTS[1:2], self.used + RETRY)
        return verdict


def splits_cases(steps: Sequence[Step]) -> bool:
    """Whether a derivation distinguishes cases somewhere."""
    return any(
        isinstance(step.rule, Cases) or any(splits_cases(sub.steps) for sub in subproofs(step.rule))
        for step in steps
    )


def attempt(
    work: Workspace, clause: Clause, effort: Effort, clock: Clock
) -> tuple[Proof, str] | None:
    """All methods once with one effort."""
    variables = list(candidates(work, clause))
    methods: list[Var | None] = [None, *variables]
    for number, on in enumerate(methods):
        # What is left is shared among the methods, so that one that drowns does not starve others.
        share = clock.slice(max(clock.left / (len(methods) - number), MINIMUM))
        work.grid.begin()
        if on is None:
            proof = prove_directly(work, work.root, clause, effort, share)
        else:
            proof = prove_by_induction(work, work.root, clause, on, effort, share)
        if proof is not None:
            return proof, "saturation" if on is None else f"induction on {on.name}"
        if clock.is_over:
            break
    return None
