"""The conversation with a hidden function: what is asked, submitted and answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..verdict import Refuted
from .outcome import Outcome


@dataclass(frozen=True, slots=True)
class Example:
    """One call of the hidden function and what came of it."""

    arguments: tuple[object, ...]
    outcome: Outcome

    def __repr__(self) -> str:
        return f"{call_text('f', self.arguments)} {self.outcome!r}"


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A call on which a candidate does something else than the hidden function."""

    arguments: tuple[object, ...]
    expected: Outcome
    found: Outcome
    name: str = "f"

    @property
    def call(self) -> str:
        """The call, to be pasted."""
        return call_text(self.name, self.arguments)

    def __repr__(self) -> str:
        return f"{self.call}: hidden {self.expected!r}, candidate {self.found!r}"


@dataclass(frozen=True, slots=True)
class NotRefuted:
    """No counterexample within the stated effort; this is not a proof of equality."""

    goal: str
    effort: object
    cpu_seconds: float = 0.0

    def __repr__(self) -> str:
        return f"NotRefuted({self.effort!r})"


class Oracle(Protocol):
    """What a search may know of a hidden function."""

    @property
    def name(self) -> str:
        """The name a candidate's function must have."""
        ...

    @property
    def examples(self) -> Sequence[Example]:
        """All that was answered so far: given examples, queries, counterexamples."""
        ...

    @property
    def queries_left(self) -> int:
        """How many calls may still be asked."""
        ...

    @property
    def submissions_left(self) -> int:
        """How many candidates may still be submitted."""
        ...

    def ask(self, *arguments: object) -> Outcome:
        """What the hidden function does with these arguments; costs one query."""
        ...

    def rehearse(self, candidate: str, calls: Sequence[tuple[object, ...]]) -> list[Outcome]:
        """What a candidate itself does on these calls; costs nothing, tells nothing hidden."""
        ...

    def submit(self, candidate: str) -> Refuted | NotRefuted:
        """A verdict on a candidate, given as Python source; costs one submission."""
        ...


def call_text(name: str, arguments: tuple[object, ...]) -> str:
    """A call as Python source.

    >>> call_text("f", (3, [1, 2], float("inf")))
    "f(3, [1, 2], float('inf'))"
    """
    return f"{name}({', '.join(map(value_text, arguments))})"


def value_text(value: object) -> str:
    """A value as a Python expression that makes it again."""
    match value:
        case float() if value != value or value in (float("inf"), float("-inf")):
            return f"float({str(value)!r})"
        case int() if value.bit_length() > 14_000:
            return hex(value)  # decimal digits are limited in number
        case list():
            return f"[{', '.join(map(value_text, value))}]"
        case tuple():
            inner = ", ".join(map(value_text, value))
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        case dict():
            pairs = (f"{value_text(key)}: {value_text(item)}" for key, item in value.items())
            return "{" + ", ".join(pairs) + "}"
        case _:
            return repr(value)
