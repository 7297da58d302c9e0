"""What a proposer says and what it is told: ideas without proof, and verdicts with reasons.

A proposer may be an enumeration, a person or a language model. Nothing it says is believed: a
referee of the domain screens each idea cheaply, establishes what survives, and answers with
counterexamples. The loop that joins both is ``lemmata.engine.refinement``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeAlias, TypeVar

Content = TypeVar("Content")
Made = TypeVar("Made", covariant=True)

Status: TypeAlias = Literal["accepted", "refuted", "open", "refused", "answered"]
"""``accepted``: established by whoever is trusted in the domain; ``refuted``: there is a
counterexample; ``open``: neither; ``refused``: not a well-formed idea at all; ``answered``: it was
a question, and here is the answer."""


@dataclass(frozen=True, slots=True)
class Proposal(Generic[Content]):
    """One idea. ``text`` is how the proposer put it, ``origin`` who it was, ``reason`` why."""

    content: Content
    text: str
    origin: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What became of one idea: its status and the reason in words, a counterexample if refuted.

    ``score`` tells, among ideas that are not accepted, how near each came, from 0 to 1;
    ``evidence`` holds what was found as an object (a verdict, a family), for our own use.
    """

    text: str
    status: Status
    reason: str = ""
    score: float = 0.0
    evidence: object = None


@dataclass(frozen=True, slots=True)
class Batch(Generic[Made]):
    """What a proposer answers. ``notes`` tell what went wrong on the way, each once, in words for
    the user; ``is_last`` says that nothing more will come, for instance since a budget is used
    up."""

    proposals: Sequence[Proposal[Made]] = ()
    notes: tuple[str, ...] = ()
    is_last: bool = False


class Proposer(Protocol[Made]):
    """Has ideas. It may be wrong, repeat itself, or lie; it must come to an end."""

    @property
    def name(self) -> str:
        """Who proposes, for the record."""
        ...

    def propose(self, count: int, feedback: Sequence[Feedback]) -> Batch[Made]:
        """About ``count`` new ideas, knowing what became of the earlier ones, oldest first.

        More than ``count`` are cut off by the caller, fewer are no fault. What fails on the way
        (a network, a server) is a note in the batch, not an exception.
        """
        ...


class Referee(Protocol[Content]):
    """Decides about ideas of one domain; the only one who may say ``accepted``."""

    def is_over(self) -> bool:
        """Whether nothing more can or need be decided: solved, or a budget is used up."""
        ...

    def screen(self, proposal: Proposal[Content]) -> Feedback:
        """A cheap look: ``refused``, ``refuted`` with a counterexample, ``answered`` or ``open``."""
        ...

    def establish(
        self, waiting: Sequence[Proposal[Content]]
    ) -> Iterator[tuple[Proposal[Content], Feedback]]:
        """The dear decisions about ideas whose screening left them ``open``, the best first.

        They are handed out as they fall, and the caller may stop in between. Ideas that are not
        decided wait for the next round, together with what is new there.
        """
        ...


@dataclass
class Seat(Generic[Content]):
    """A proposer among others: in how many rounds it is asked, for how many ideas each."""

    proposer: Proposer[Content]
    rounds: int = 3
    count: int = 5
    feedback: list[Feedback] = field(default_factory=list)
    has_ended: bool = False


@dataclass
class Together(Generic[Content]):
    """Several proposers as one: all are asked in each round, and each is told of its own ideas.

    An idea that several have belongs to the first. The whole has ended when all have.
    """

    seats: Sequence[Seat[Content]]
    _owner: dict[str, Seat[Content]] = field(default_factory=dict)
    _told: int = 0

    @property
    def name(self) -> str:
        """The names of all."""
        return ", ".join(seat.proposer.name for seat in self.seats)

    def propose(self, count: int, feedback: Sequence[Feedback]) -> Batch[Content]:
        """The ideas of all who have not ended, in the order of their seats."""
        for one in feedback[self._told :]:
            self._owner[one.text].feedback.append(one)
        self._told = len(feedback)
        proposals: list[Proposal[Content]] = []
        notes: list[str] = []
        for seat in self.seats:
            if seat.has_ended:
                continue
            batch = seat.proposer.propose(seat.count, tuple(seat.feedback))
            seat.rounds -= 1
            seat.has_ended = batch.is_last or seat.rounds <= 0
            notes += batch.notes
            for proposal in batch.proposals[: seat.count]:
                self._owner.setdefault(proposal.text, seat)
                proposals.append(proposal)
        return Batch(proposals, tuple(notes), all(seat.has_ended for seat in self.seats))
