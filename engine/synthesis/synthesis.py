"""Synthesis: the enumeration, and whoever else has ideas, in conversation with a hidden function."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from ..budget import Budget
from ..errors import UsageError
from ..proposal import Batch, Feedback, Proposer, Seat, Together
from ..refinement import Decision, Refinement, refine
from ..verdict import Refuted
from .conversation import Conversation, Event
from .dialogue import NotRefuted, Oracle
from .enumerated import MOST_RIVALS, EnumeratedPrograms
from .operation import Library
from .refereeing import Idea, ProgramReferee

ALL_ROUNDS = 1_000_000
"""More rounds than any budget lasts."""


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The end of a search: a program that was not refuted, or an honest ``not found``.

    ``program`` is the accepted source, ``None`` if there is none; ``rejected`` holds candidates
    that were submitted and refuted; ``trace`` tells the dialogue step by step.
    """

    program: str | None
    verdict: NotRefuted | Refuted | None
    reason: str
    trace: tuple[Event, ...]
    rejected: tuple[str, ...]
    queries: int
    submissions: int
    candidates: int
    cpu_seconds: float
    code: str = ""

    @property
    def found(self) -> bool:
        """Whether there is a program."""
        return self.program is not None

    def __repr__(self) -> str:
        if self.program is None:
            return f"not found ({self.reason}; {self.candidates} candidates, {self.cpu_seconds:.1f} CPU s)"
        return (
            f"{self.program}# {self.verdict!r}; {self.queries} queries, "
            f"{self.candidates} candidates, {self.cpu_seconds:.1f} CPU s"
        )

    def _repr_html_(self) -> str:
        head, _, tail = repr(self).rpartition("# ")
        steps = "".join(f"<li>{escape(e.kind)}: {escape(e.text)}</li>" for e in self.trace)
        return (
            f"<pre>{escape(head)}</pre><p>{escape(tail)}</p>"
            f"<details><summary>Dialogue</summary><ol>{steps}</ol></details>"
        )

    def to_json(self) -> dict[str, Any]:
        """The result and its trace as JSON data."""
        return {
            "found": self.found,
            "program": self.program,
            "reason": self.reason,
            "verdict": repr(self.verdict) if self.verdict else None,
            "rejected": list(self.rejected),
            "queries": self.queries,
            "submissions": self.submissions,
            "candidates": self.candidates,
            "cpu_seconds": round(self.cpu_seconds, 3),
            "trace": [
                {"kind": e.kind, "text": e.text, "rivals": e.rivals, "at": round(e.cpu_seconds, 3)}
                for e in self.trace
            ],
        }


def synthesize(
    oracle: Oracle,
    *,
    library: Library | None = None,
    constants: Sequence[object] = (),
    seed: int = 0,
    budget: Budget | None = None,
    beside: Proposer[Idea] | None = None,
    rounds: int = 3,
    count: int = 5,
    observe: Callable[[Decision], None] = lambda decision: None,
) -> Synthesis:
    """A program that the oracle does not refute, or an honest ``not found``, with its trace.

    ``library`` holds the operations to build from; ``constants`` are worth trying beside those
    the examples suggest. Seconds are CPU seconds of this process.

    Whoever proposes ``beside`` the enumeration shares the oracle with it: programs that fit all
    answers are told apart by queries whoever had them, and where nothing tells them apart the
    enumeration's goes first. It is asked in at most ``rounds`` rounds for ``count`` ideas, and its
    CPU time is not taken from the enumeration's.
    """
    if not oracle.examples:
        raise UsageError("synthesis needs at least one example: ask the oracle, or give it some")
    talk = Conversation(oracle, seed)
    seconds = (budget or Budget(seconds=20)).seconds
    enumeration = EnumeratedPrograms(talk, seconds, library or Library.standard(), tuple(constants))
    talk.begin()
    seats: list[Seat[Idea]] = [Seat(enumeration, ALL_ROUNDS, MOST_RIVALS)]
    if beside is not None:
        seats.append(Seat(_Excused(beside, talk), rounds, count))
    found, referee = converse(talk, Together(seats), ALL_ROUNDS, MOST_RIVALS + count, observe)
    return conclude(talk, referee, found, enumeration.work.candidates)


def converse(
    talk: Conversation,
    proposer: Proposer[Idea],
    rounds: int,
    count: int,
    observe: Callable[[Decision], None] = lambda decision: None,
) -> tuple[Refinement, ProgramReferee]:
    """Plays rounds with any proposer against the oracle of a conversation."""
    referee = ProgramReferee(talk)
    return refine(proposer, referee, rounds=rounds, count=count, observe=observe), referee


def conclude(
    talk: Conversation, referee: ProgramReferee, found: Refinement, enumerated: int = 0
) -> Synthesis:
    """What a conversation came to; ``enumerated`` counts the terms that were looked at."""
    reason = ""
    if referee.program is None:
        reason = "no program of the library fits the examples within the budget"
        if referee.rejected:
            reason = "every submitted candidate was refuted"
        elif found.notes:
            reason = found.notes[0]
    return Synthesis(
        referee.program,
        referee.verdict,
        reason,
        tuple(talk.events),
        tuple(referee.rejected),
        talk.queries,
        talk.submissions,
        enumerated + referee.guesses,
        talk.spent,
        referee.code,
    )


@dataclass(frozen=True, slots=True)
class _Excused:
    """A proposer whose CPU time does not count against the enumeration beside it."""

    proposer: Proposer[Idea]
    talk: Conversation

    @property
    def name(self) -> str:
        return self.proposer.name

    def propose(self, count: int, feedback: Sequence[Feedback]) -> Batch[Idea]:
        started = time.process_time()
        try:
            return self.proposer.propose(count, feedback)
        finally:
            self.talk.excused += time.process_time() - started
