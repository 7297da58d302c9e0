"""What an exploration keeps so that it can go on after any interruption."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from ..checker import Theorem

Why: TypeAlias = Literal["refuted", "vacuous", "redundant", "open"]
"""Why a statement is not tried (again): it is false, has premises that never hold, follows from
what is kept, or withstood the effort that was made."""


LEMMA = "lemma"
"""The method of a theorem that is kept because others rest on it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A theorem with how it was proved and what that cost."""

    theorem: Theorem
    method: str = ""
    cpu_seconds: float = 0.0
    origin: str = ""
    """Who proposed it, if not the enumeration."""


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A statement that was looked at and is no new law.

    ``statement`` is its canonical text. ``effort`` are the CPU seconds that it was given, ``known``
    counts the theorems known at the time: with more of either it may be worth another attempt.
    ``detail`` is what showed it, such as the values that refute it.
    """

    statement: str
    why: Why
    effort: float = 0.0
    known: int = 0
    detail: str = ""


class Record(Protocol):
    """Where an exploration writes what it found the moment it is found.

    What was added is there whenever and however the run ends, and a record that is opened again
    gives it back: nothing is lost and nothing is proved twice.
    """

    def theorems(self) -> Sequence[Kept]:
        """All theorems in the order in which they were added, each after its lemmas."""
        ...

    def add(self, theorem: Theorem, method: str = "", cpu_seconds: float = 0.0) -> None:
        """Keeps a theorem, and the lemmas it rests on that are not kept yet."""
        ...

    def credit(self, name: str, origin: str) -> None:
        """Keeps who proposed a theorem that was added; a later word replaces an earlier."""
        ...

    def dismissed(self) -> Mapping[str, Dismissed]:
        """All dismissed statements, by their text."""
        ...

    def dismiss(self, statements: Iterable[Dismissed]) -> None:
        """Keeps statements as dismissed, all of them or none; a later word replaces an earlier."""
        ...
