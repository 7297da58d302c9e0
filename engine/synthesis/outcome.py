"""What came of one call of a function, as data that no program can tamper with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "returned",
    "raised",
    "timed out",
    "out of memory",
    "exited",
    "crashed",
    "too large",
    "tampered",
    "not loaded",
]
"""How a call ended; every way has a name."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that is not plain data, described by what can be compared.

    ``kind`` is ``iterator`` (``content`` holds its items), ``object`` (``content`` holds its
    state) or ``opaque`` (nothing but the type's name is known).
    """

    kind: Literal["iterator", "object", "opaque"]
    name: str
    content: object = None

    def __repr__(self) -> str:
        match self.kind:
            case "iterator":
                return f"<{self.name} of {self.content!r}>"
            case "object":
                return f"<{self.name}: {self.content!r}>"
            case "opaque":
                return f"<{self.name}>"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one call: a value, an exception, or the name of what went wrong.

    ``error`` and ``message`` belong to an exception; ``after`` holds the arguments as the call
    left them, where it changed them; ``printed`` is the beginning of what the call printed.

    >>> Outcome("returned", value=3)
    returned 3
    >>> Outcome("raised", error="ValueError", message="empty")
    raised ValueError('empty')
    """

    kind: Kind
    value: object = None
    error: str = ""
    message: str = ""
    after: tuple[object, ...] | None = None
    printed: str = ""

    @property
    def is_value(self) -> bool:
        """Whether the call returned."""
        return self.kind == "returned"

    def __repr__(self) -> str:
        match self.kind:
            case "returned":
                shown = f"returned {_shown(self.value)}"
            case "raised":
                shown = f"raised {self.error}({self.message!r})"
            case _:
                shown = f"{self.kind} ({self.message})" if self.message else self.kind
        return (
            shown if self.after is None else f"{shown}, arguments changed to {_shown(self.after)}"
        )


def _shown(value: object) -> str:
    try:
        return repr(value)
    except ValueError:  # Python puts no integer of more than 4300 digits in words
        return f"{type(value).__name__} with an integer of thousands of digits"
