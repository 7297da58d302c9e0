"""The loop of proposing, selecting and refining; the same one in all domains.

As in hypothesis refinement (Qiu et al., arXiv 2310.08559): several ideas are proposed, a symbolic
referee selects, and its counterexamples go back to the proposer, for a number of rounds. Who
proposes a rule never applies it: that is the referee's work alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .proposal import Content, Feedback, Proposal, Proposer, Referee

Stop: TypeAlias = Literal["decided", "rounds", "nothing new", "proposer ended", "interrupted"]
"""Why a refinement ended: the referee needs no more, all rounds were played, a round brought only
repetitions, the proposer had no more to say, or the caller stopped it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One idea and what became of it; ``round`` counts from 1."""

    round: int
    origin: str
    text: str
    reason: str
    feedback: Feedback


@dataclass(frozen=True, slots=True)
class Refinement:
    """All decisions in order, the notes of the proposer, and why the loop ended."""

    decisions: tuple[Decision, ...]
    notes: tuple[str, ...]
    rounds: int
    stop: Stop

    @property
    def accepted(self) -> tuple[Decision, ...]:
        """What was established."""
        return tuple(d for d in self.decisions if d.feedback.status == "accepted")

    def __repr__(self) -> str:
        counts: dict[str, int] = {}
        for decision in self.decisions:
            counts[decision.feedback.status] = counts.get(decision.feedback.status, 0) + 1
        told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
        return f"Refinement({told or 'nothing proposed'}; {self.rounds} rounds, {self.stop})"


def refine(
    proposer: Proposer[Content],
    referee: Referee[Content],
    *,
    rounds: int = 3,
    count: int = 5,
    observe: Callable[[Decision], None] = lambda decision: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Refinement:
    """Plays rounds of at most ``count`` ideas until the referee is over, or nothing new comes.

    In each round every new idea is screened; those left open are established, the one with the
    highest score first. An idea that was proposed before (the same text) is passed over.
    ``observe`` is told each decision as it falls.
    """
    known: set[str] = set()
    feedback: list[Feedback] = []
    decisions: list[Decision] = []
    notes: dict[str, None] = {}

    def decide(round_: int, proposal: Proposal[Content], answer: Feedback) -> None:
        decision = Decision(round_, proposal.origin, proposal.text, proposal.reason, answer)
        feedback.append(answer)
        decisions.append(decision)
        observe(decision)

    def end(round_: int, stop: Stop) -> Refinement:
        return Refinement(tuple(decisions), tuple(notes), round_, stop)

    for number in range(1, rounds + 1):
        if referee.is_over():
            return end(number - 1, "decided")
        if is_stopped():
            return end(number - 1, "interrupted")
        batch = proposer.propose(count, tuple(feedback))
        notes.update(dict.fromkeys(batch.notes))
        fresh: list[Proposal[Content]] = []
        for proposal in batch.proposals:
            if proposal.text not in known and len(fresh) < count:
                known.add(proposal.text)
                fresh.append(proposal)
        survivors: list[tuple[Proposal[Content], Feedback]] = []
        for proposal in fresh:
            if is_stopped():
                return end(number, "interrupted")
            answer = referee.screen(proposal)
            if answer.status == "open":
                survivors.append((proposal, answer))
            else:
                decide(number, proposal, answer)
        survivors.sort(key=lambda pair: -pair[1].score)
        for proposal, screened in survivors:
            if is_stopped():
                return end(number, "interrupted")
            # What is not decided any more keeps what the screening said.
            decide(number, proposal, screened if referee.is_over() else referee.establish(proposal))
        if referee.is_over():
            return end(number, "decided")
        if batch.is_last:
            return end(number, "proposer ended")
        if not fresh and not batch.notes:
            return end(number, "nothing new")
    return end(rounds, "rounds")
