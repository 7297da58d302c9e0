"""Laws that others propose to an exploration, treated as its own: tabled, refuted, proved, learnt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lemmata.engine.clause import atom_terms, clause_literals
from lemmata.engine.errors import LemmataError
from lemmata.engine.exploration.exploration import PATIENCE, Exploration
from lemmata.engine.exploration.proposal import Conjecture
from lemmata.engine.exploration.referee import NEAR
from lemmata.engine.exploration.truth import tried
from lemmata.engine.proposal import Feedback, Proposal, Proposer
from lemmata.engine.refinement import Decision, Refinement, Stop, refine
from lemmata.engine.term import size as term_size
from lemmata.engine.theory import Statement

from .assistance import LONGEST, Read

_VARIABLES, _WITNESSES, _LITERALS = 8, 2, 6
"""What a clause may have at most: its table and its canonical form grow exponentially with these."""


@dataclass
class ProposedLaws:
    """Asks a proposer once after each round of an exploration, and after the last one to the end.

    ``propose`` makes the proposer, from the laws that are known and the statements that are open by
    then. Its ideas are read, brought into canonical form, tried on all small values, dropped if they
    are known, and otherwise tried like any conjecture; what became of each is told in the next round.
    """

    propose: Callable[[Sequence[str], Sequence[str]], Proposer[str]]
    read: Read
    rounds: int = 3
    count: int = 5
    decisions: list[Decision] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    played: int = 0
    stop: Stop = "rounds"
    _has_ended: bool = False

    def play(self, run: Exploration, *, is_last: bool) -> bool:
        """One round of proposing, or all that remain; False if the exploration's time ended."""
        referee = _Referee(run, self.read)
        while not self._has_ended and self.played < self.rounds and not referee.is_over():
            laws = [run.notation.formula(law.conjecture.formula) for law in run.laws]
            proposer = self.propose(laws, [one.statement for one in run.still_open()])
            told = [decision.feedback for decision in self.decisions]
            referee.origin = proposer.name
            found = refine(proposer, referee, rounds=1, count=self.count, told=told)
            self.played += 1
            self.decisions += [replace(one, round=self.played) for one in found.decisions]
            self.notes.update(dict.fromkeys(found.notes))
            if found.stop in ("proposer ended", "nothing new"):
                self._has_ended, self.stop = True, found.stop
            if not is_last:
                break
        return not referee.is_over()

    @property
    def refinement(self) -> Refinement:
        """All rounds as one."""
        return Refinement(tuple(self.decisions), tuple(self.notes), self.played, self.stop)


@dataclass
class _Referee:
    """Decides about laws as the exploration does, in the middle of it."""

    run: Exploration
    read: Read
    origin: str = ""
    _waiting: dict[str, Conjecture] = field(default_factory=dict)

    def is_over(self) -> bool:
        """Whether the exploration's time is used up."""
        return self.run.clock.is_over

    def screen(self, proposal: Proposal[str]) -> Feedback:
        """Reads a law, and looks whether it is new and small values allow it."""
        text = proposal.text
        if len(proposal.content) > LONGEST:
            return Feedback(text, "refused", f"longer than {LONGEST} characters")
        try:
            statement = self.read(proposal.content, "proposed")
        except LemmataError as error:
            return Feedback(text, "refused", str(error)[:1_000])
        literals = [one for clause in statement.clauses for one in clause_literals(clause)]
        if _is_large(statement):
            return Feedback(text, "refused", "it has too many variables, witnesses or literals")
        run = self.run
        terms = [term for one in literals for term in atom_terms(one.atom)]
        conjecture = Conjecture.of(
            statement.formula, sum(map(term_size, terms)), run.proposer.names
        )
        conjecture.origin = self.origin
        trial = tried(conjecture.clauses, [*run.worlds, *run.referee.models])
        is_new = conjecture.key not in run.proposer.proposed
        run.proposer.proposed.add(conjecture.key)
        run.proposer.tally.proposed += is_new
        if trial.counterexample is not None:
            run.proposer.tally.refuted += is_new
            if is_new and len(run.referee.near) < NEAR:
                run.referee.miss(conjecture.formula, trial)
            shown = ", ".join(f"{var.name} = {value}" for var, value in trial.counterexample)
            written = run.notation.formula(conjecture.formula)
            return Feedback(text, "refuted", f"{written} is false for {shown}"[:1_000])
        if not is_new:
            return Feedback(text, "refused", self._known(conjecture))
        conjecture.is_tested = True
        if trial.is_vacuous and any(clause.cases for clause in conjecture.clauses):
            run.proposer.tally.vacuous += 1
            return Feedback(text, "refused", "no small values meet its premises")
        if run.fate(conjecture) == "redundant":
            run.count(redundant=run.progress.redundant + 1)
            return Feedback(text, "answered", "true, but it follows from what is known already")
        self._waiting[text] = conjecture
        return Feedback(text, "open", "no small values refute it", 0.5)

    def establish(
        self, waiting: Sequence[Proposal[str]]
    ) -> Iterator[tuple[Proposal[str], Feedback]]:
        """Tries to prove laws in order; those that stay open are tried again with the others."""
        for proposal in waiting:
            if self.is_over():
                return
            conjecture = self._waiting.pop(proposal.text)
            self.run.settle([conjecture], PATIENCE - 1, 1)
            laws = [law for law in self.run.laws if law.conjecture is conjecture]
            if laws:
                told = Feedback(proposal.text, "accepted", f"proved ({laws[0].found.method})", 1.0)
            else:
                told = Feedback(proposal.text, "open", "neither proved nor refuted so far", 0.5)
            yield proposal, told

    def _known(self, conjecture: Conjecture) -> str:
        """What is known of a conjecture that was looked at before."""
        key = conjecture.key
        if any(law.conjecture.key == key for law in self.run.laws):
            return "it is proved already"
        if any(one.key == key for one in self.run.open):
            return "it was looked at already, and is open"
        return "it was looked at already"


def _is_large(statement: Statement) -> bool:
    return any(
        len(clause.variables) > _VARIABLES
        or len(list(clause_literals(clause))) > _LITERALS
        or sum(len(case.exists) for case in clause.cases) > _WITNESSES
        for clause in statement.clauses
    )
