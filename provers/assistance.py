"""A goal that stays open is given to a proposer of lemmas: each is used only once it is proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lemmata.engine.budget import Budget
from lemmata.engine.errors import LemmataError
from lemmata.engine.proposal import Feedback, Proposal, Proposer
from lemmata.engine.refinement import Decision, Refinement, refine
from lemmata.engine.theory import Statement
from lemmata.engine.verdict import Proved, Refuted, Unknown, Verdict

from .commutation import learn
from .portfolio import retry, settle
from .workspace import Workspace

Read = Callable[[str, str], Statement]
"""Makes a statement of a text and a name of ours; raises ``LemmataError`` if it is none."""

SCREENING, QUICK, LEMMA, GOAL = 0.05, 0.025, 0.2, 0.05
"""The parts of a goal's budget that one lemma's screening, a first and a second attempt at its proof,
and one more attempt at the goal with it may take."""

LONGEST = 2_000
"""Characters that a proposed law may have."""


@dataclass
class LawReferee:
    """Decides about laws of a theory: parsed, sort-checked, refuted or proved, and then learnt.

    The names are ours, whatever a proposer calls its laws. With a ``goal`` each new law is tried on
    it at once, and once the goal is proved the referee is over.
    """

    work: Workspace
    read: Read
    budget: Budget
    goal: Statement | None = None
    verdict: Proved | None = None
    proved: list[Proved] = field(default_factory=list)
    prefix: str = "proposed"
    _waiting: dict[str, Statement] = field(default_factory=dict)
    _count: int = 0

    def is_over(self) -> bool:
        """Whether the goal is proved."""
        return self.verdict is not None

    def screen(self, proposal: Proposal[str]) -> Feedback:
        """Reads a law and looks for a counterexample for a moment."""
        if len(proposal.content) > LONGEST:
            return Feedback(proposal.text, "refused", f"longer than {LONGEST} characters")
        try:
            statement = self.read(proposal.content, self._name())
        except LemmataError as error:
            return Feedback(proposal.text, "refused", str(error)[:1_000])
        from .refuters import refute  # z3 is loaded only where it is needed

        found = refute(self.work.theory, statement, self._part(SCREENING))
        if isinstance(found, Refuted):
            return Feedback(proposal.text, "refuted", _counterexample(found), 0.0, found)
        self._waiting[proposal.text] = statement
        return Feedback(proposal.text, "open", "", 1.0 - min(len(proposal.text), 1_000) / 2_000)

    def establish(
        self, waiting: Sequence[Proposal[str]]
    ) -> Iterator[tuple[Proposal[str], Feedback]]:
        """Tries to prove laws in order; what the checker accepts helps from now on.

        Each gets a short attempt before any gets a long one, so that a claim that nobody can decide
        does not use up what the others need.
        """
        hard: list[Proposal[str]] = []
        for proposal in waiting:
            if self.is_over():
                return
            answer = self._settle(proposal, QUICK)
            if answer.status == "open":
                hard.append(proposal)
            else:
                yield proposal, answer
        for proposal in hard:
            if self.is_over():
                return
            yield proposal, self._settle(proposal, LEMMA)

    def _settle(self, proposal: Proposal[str], share: float) -> Feedback:
        statement = self._waiting[proposal.text]
        verdict = settle(self.work, statement, self._part(share))
        match verdict:
            case Refuted():
                return Feedback(proposal.text, "refuted", _counterexample(verdict), 0.0, verdict)
            case Unknown(_, reason):
                return Feedback(
                    proposal.text, "open", f"neither proved nor refuted ({reason})", 0.5
                )
            case Proved():
                self.proved.append(verdict)
                learn(self.work, verdict.theorem, self.budget.start())
                if self.goal is not None:
                    self.verdict = retry(self.work, self.goal, self._part(GOAL))
                helped = ", and the goal with it" if self.verdict is not None else ""
                return Feedback(proposal.text, "accepted", f"proved{helped}", 1.0, verdict)

    def _part(self, share: float) -> Budget:
        return replace(self.budget, seconds=max(0.05, share * self.budget.seconds))

    def _name(self) -> str:
        head = f"{self.goal.name}.{self.prefix}" if self.goal is not None else self.prefix
        while True:
            self._count += 1
            name = f"{head}.{self._count}"
            if name not in self.work.theorems and name not in self.work.theory.statements:
                return name


def _counterexample(verdict: Refuted) -> str:
    values = ", ".join(f"{name} = {value}" for name, value in verdict.assignment)
    rows = "; ".join((*verdict.model, verdict.explanation))
    return f"false for {values}: {rows}"[:1_000] if values else rows[:1_000]


@dataclass
class Assistance:
    """Helps goals that stay open: a proposer is asked for lemmas, and the goal tried with them.

    ``propose`` makes the proposer for a goal. A goal may spend its budget once more on this, so
    nothing that is proved without help is lost. What happened stands in ``record``.
    """

    propose: Callable[[Statement], Proposer[str]]
    read: Read
    rounds: int = 3
    count: int = 5
    observe: Callable[[Statement, Decision], None] = lambda statement, decision: None
    record: dict[str, Refinement] = field(default_factory=dict)

    def help(self, work: Workspace, verdict: Unknown, goal: Statement, budget: Budget) -> Verdict:
        """The verdict with help, or the same one with what was tried."""
        referee = LawReferee(work, self.read, budget, goal)
        clock = budget.start()
        proposer = self.propose(goal)
        found = refine(
            proposer,
            referee,
            rounds=self.rounds,
            count=self.count,
            observe=lambda decision: self.observe(goal, decision),
            is_stopped=lambda: clock.is_over,
        )
        self.record[goal.name] = found
        spent = verdict.cpu_seconds + clock.spent
        if referee.verdict is not None:
            method = f"{referee.verdict.method}, lemmas proposed by {proposer.name}"
            return replace(referee.verdict, method=method, cpu_seconds=spent)
        counts = f"{len(found.decisions)} lemmas proposed, {len(found.accepted)} proved"
        detail = "; ".join(filter(None, (verdict.detail, counts, *found.notes)))
        return replace(verdict, detail=detail, cpu_seconds=spent)
