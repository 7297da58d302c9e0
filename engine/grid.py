"""The grid of blocks that work on one goal, with the mail between them."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from .block import Block
from .clause import Clause
from .grid_report import BlockReport, GridReport, Message, RuleReport
from .notation import Notation


@dataclass(slots=True)
class _Entry:
    block: Block
    parent: str | None
    hypotheses: tuple[str, ...]
    mail_in: int = 0
    mail_out: int = 0


@dataclass
class Grid:
    """A tree of blocks below one root; what it remembers is the attempt that is under way.

    Blocks never look inside each other: a child gets its parent's facts as its opening mail, laws
    are broadcast by the root, and a closed child posts that it is closed.
    """

    root: Block
    notation: Notation
    entries: dict[str, _Entry] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forgets all blocks but the root: a new attempt begins."""
        self.entries = {self.root.name: _Entry(self.root, None, ())}
        self.messages = []

    def open(
        self,
        parent: Block,
        name: str,
        hypotheses: tuple[Clause, ...] = (),
        ceiling: int = sys.maxsize,
    ) -> Block:
        """A child block with its parent's facts; the caller makes it assume its hypotheses.

        It is never asked for what costs more than the ceiling.
        """
        full, number = f"{parent.name}/{name}", 2
        while full in self.entries:
            full, number = f"{parent.name}/{name}.{number}", number + 1
        child = parent.child(full, ceiling)
        texts = tuple(self.notation.clause(clause) for clause in hypotheses)
        self.entries[full] = _Entry(child, parent.name, texts)
        self.post(parent, child, f"{len(parent.database)} facts")
        return child

    def adopt(self, parent: Block, block: Block, hypotheses: tuple[Clause, ...]) -> None:
        """Takes in a block of an earlier attempt, with all that it has derived."""
        if block.name not in self.entries:
            texts = tuple(self.notation.clause(clause) for clause in hypotheses)
            self.entries[block.name] = _Entry(block, parent.name, texts)
            self.post(parent, block, "laws learnt since")

    def post(self, sender: Block, receiver: Block, text: str) -> None:
        """Records a message from one block to another."""
        self.messages.append(Message(sender.name, receiver.name, sender.cycles, text))
        self.entries[sender.name].mail_out += 1
        self.entries[receiver.name].mail_in += 1

    def close(self, child: Block, text: str) -> None:
        """A block tells its parent what it has shown."""
        entry = self.entries[child.name]
        if entry.parent is not None:
            self.post(child, self.entries[entry.parent].block, text)

    def report(self, stop: str) -> GridReport:
        """What each block did in this attempt."""
        blocks = tuple(
            BlockReport(
                name,
                entry.parent,
                entry.hypotheses,
                entry.block.cycles,
                entry.mail_in,
                entry.mail_out,
                len(entry.block.database),
                entry.block.database.merges,
                entry.block.matches,
                entry.block.seconds,
                tuple(
                    RuleReport(rule, work.matches, work.seconds)
                    for rule, work in sorted(entry.block.work.items())
                ),
                entry.block.stop,
            )
            for name, entry in self.entries.items()
        )
        return GridReport(blocks, tuple(self.messages), stop)
