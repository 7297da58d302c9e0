"""What a run of the block grid says about itself: an object first, shown as trace or page second.

Names of rules are the user's: the axiom, lemma or hypothesis that the rule stands for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleReport:
    """How often one rule matched in a block, and the CPU seconds spent on it."""

    name: str
    matches: int
    seconds: float


@dataclass(frozen=True, slots=True)
class BlockReport:
    """One block of the grid when the run ended.

    ``parent`` is the name of the enclosing block, None at the root. ``hypotheses`` are what the
    block adds to it, in the user's notation. ``stop`` is the reason why the block came to rest.
    """

    name: str
    parent: str | None
    hypotheses: tuple[str, ...]
    cycles: int
    mail_in: int
    mail_out: int
    rows: int
    merges: int
    matches: int
    seconds: float
    rules: tuple[RuleReport, ...] = ()
    stop: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What one block posted to another, and in which cycle; ``text`` is in the user's notation."""

    sender: str
    receiver: str
    cycle: int
    text: str


@dataclass(frozen=True, slots=True)
class GridReport:
    """All blocks, parents before children, and the messages in the order they were posted."""

    blocks: tuple[BlockReport, ...]
    messages: tuple[Message, ...] = ()
    stop: str = ""
