"""The files that go with a theorem's page: its proof for other programs to read and check."""

from __future__ import annotations

from dataclasses import dataclass

from lemmata.engine.checker import Theorem
from lemmata.provers.exporters import export


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file by name, what it is, and its text."""

    name: str
    title: str
    note: str
    text: str


def attachments(theorem: Theorem, stem: str) -> tuple[Attachment, ...]:
    """The proof as a proof file and as a Rocq script."""
    return (
        Attachment(
            f"{stem}.json",
            "Proof file",
            "JSON; the command “lemmata check” accepts it",
            export(theorem, "json"),
        ),
        Attachment(
            f"{stem}.v",
            "Rocq script",
            "with its axioms as hypotheses and no library; “coqc” accepts it",
            export(theorem, "rocq"),
        ),
    )
