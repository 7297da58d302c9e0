"""The loop of proposing, selecting and refining; the same one in all domains.

As in hypothesis refinement (Qiu et al., arXiv 2310.08559): several ideas are proposed, a symbolic
referee selects, and its counterexamples go back to the proposer, for a number of rounds. Who
proposes a rule never applies it: that is the referee's work alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeAlias

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
    told: Sequence[Feedback] = (),
    observe: Callable[[Decision], None] = lambda decision: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Refinement:
    """Plays rounds of at most ``count`` ideas until the referee is over, or nothing new comes.

    In each round every new idea is screened; those left open are established, the one with the
    highest score first. What is not decided then waits for the next round, and after the last one
    for as long as waiting decides something. An idea that was decided before, or waits (the same
    text), is passed over. ``told`` is what the proposer heard in an earlier refinement; ``observe`` is
    told each decision as it falls.
    """
    play = _Play(referee, observe, is_stopped, feedback=list(told))
    play.settled.update(one.text for one in told if one.status != "open")
    for number in range(1, rounds + 1):
        play.round = number
        if referee.is_over():
            return play.end("decided", number - 1)
        if is_stopped():
            return play.end("interrupted", number - 1)
        batch = proposer.propose(count, tuple(play.feedback))
        play.notes.update(dict.fromkeys(batch.notes))
        is_new = play.screen(batch.proposals, count)
        is_moving = play.establish()
        if play.was_stopped:
            return play.end("interrupted")
        if referee.is_over():
            return play.end("decided")
        if batch.is_last:
            return play.finish("proposer ended")
        if not is_new and not is_moving and not batch.notes:
            return play.end("nothing new")
    return play.finish("rounds")


@dataclass
class _Play(Generic[Content]):
    """One refinement under way."""

    referee: Referee[Content]
    observe: Callable[[Decision], None]
    is_stopped: Callable[[], bool]
    round: int = 0
    feedback: list[Feedback] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    waiting: dict[str, tuple[Proposal[Content], Feedback]] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    was_stopped: bool = False

    def screen(self, proposals: Sequence[Proposal[Content]], count: int) -> bool:
        """Screens at most so many new ideas; whether there were any."""
        fresh: dict[str, Proposal[Content]] = {}
        for proposal in proposals:
            known = proposal.text in self.settled or proposal.text in self.waiting
            if not known and len(fresh) < count:
                fresh.setdefault(proposal.text, proposal)
        for proposal in fresh.values():
            if self.is_stopped():
                self.was_stopped = True
                break
            answer = self.referee.screen(proposal)
            if answer.status == "open":
                self.waiting[proposal.text] = proposal, answer
            else:
                self.decide(proposal, answer)
        return bool(fresh)

    def establish(self) -> bool:
        """Has what waits decided, the best first; whether anything was."""
        before = len(self.decisions)
        if self.waiting and not self.referee.is_over() and not self.was_stopped:
            ranked = sorted(self.waiting.values(), key=lambda pair: -pair[1].score)
            for proposal, answer in self.referee.establish([pair[0] for pair in ranked]):
                del self.waiting[proposal.text]
                self.decide(proposal, answer)
                if self.is_stopped():
                    self.was_stopped = True
                    break
        return len(self.decisions) > before

    def decide(self, proposal: Proposal[Content], answer: Feedback) -> None:
        """Notes a decision; what is left open may be proposed again when more is known."""
        if answer.status != "open":
            self.settled.add(proposal.text)
        decision = Decision(self.round, proposal.origin, proposal.text, proposal.reason, answer)
        self.feedback.append(answer)
        self.decisions.append(decision)
        self.observe(decision)

    def finish(self, stop: Stop) -> Refinement:
        """Goes on with what waits, without new ideas, as long as that decides something."""
        while self.waiting and self.establish() and not self.was_stopped:
            pass
        if self.was_stopped:
            return self.end("interrupted")
        return self.end("decided" if self.referee.is_over() else stop)

    def end(self, stop: Stop, rounds: int | None = None) -> Refinement:
        """The refinement; what was not decided any more keeps what the screening said."""
        if not self.was_stopped:
            for proposal, screened in list(self.waiting.values()):
                self.decide(proposal, screened)
        played = self.round if rounds is None else rounds
        return Refinement(tuple(self.decisions), tuple(self.notes), played, stop)
