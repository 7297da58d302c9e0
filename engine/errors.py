"""Everything that can go wrong, as one tree.

Not proved, timed out and refuted are verdicts (``lemmata.engine.verdict``), never exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source text; lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@lru_cache(maxsize=2)
def _lines(text: str) -> list[str]:
    """The lines of a text, as editors count them; cut once, however many errors it has."""
    return [line.removesuffix("\r") for line in text.split("\n")]


class LemmataError(Exception):
    """The root of all errors that Lemmata raises on purpose."""


class SourceError(LemmataError):
    """Input text that cannot be accepted, shown with its line and a caret.

    >>> error = SourceError("unknown name", path="a.mpl", text="axiom x: zer = zer",
    ...                     span=Span(1, 10, 1, 13), expected="a declared name",
    ...                     found="'zer'", hint="did you mean 'zero'?")
    >>> print(error)
    a.mpl:1:10: unknown name
      1 | axiom x: zer = zer
        |          ^^^
      expected: a declared name
      found: 'zer'
      hint: did you mean 'zero'?
    """

    def __init__(
        self,
        message: str,
        *,
        path: str = "<text>",
        text: str = "",
        span: Span | None = None,
        expected: str = "",
        found: str = "",
        hint: str = "",
    ) -> None:
        self.message = message
        self.path = path
        self.text = text
        self.span = span
        self.expected = expected
        self.found = found
        self.hint = hint
        super().__init__(message)

    def __str__(self) -> str:
        if self.span is None:
            head = [f"{self.path}: {self.message}"]
        else:
            head = [f"{self.path}:{self.span.line}:{self.span.column}: {self.message}"]
            head += self._excerpt(self.span)
        tail = [
            f"  {label}: {value}"
            for label, value in (
                ("expected", self.expected),
                ("found", self.found),
                ("hint", self.hint),
            )
            if value
        ]
        return "\n".join(head + tail)

    def _excerpt(self, span: Span) -> list[str]:
        lines = _lines(self.text)
        if not 1 <= span.line <= len(lines):
            return []
        line = lines[span.line - 1].expandtabs(1)
        start = span.column - 1
        stop = span.end_column - 1 if span.end_line == span.line else len(line)
        # A very long line is cut around the caret, and says so.
        left = max(0, start - 60)
        right = min(len(line), max(stop, start + 1) + 60, left + 160)
        shown = ("…" if left else "") + line[left:right] + ("…" if right < len(line) else "")
        offset = start - left + (1 if left else 0)
        width = max(1, min(stop, right) - start)
        gutter = str(span.line)
        return [
            f"  {gutter} | {shown}",
            f"  {' ' * len(gutter)} | {' ' * offset}{'^' * width}",
        ]


class SourceErrors(LemmataError):
    """Several source errors found in one run, in the order in which they stand."""

    def __init__(self, errors: tuple[SourceError, ...]) -> None:
        self.errors = errors
        super().__init__(f"{len(errors)} errors")

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class UsageError(LemmataError):
    """A call or a command line that asks for something that cannot be done as asked."""


class CheckError(LemmataError):
    """A derivation was refused by the checker: it names the step and the reason."""

    def __init__(self, reason: str, *, step: int | None = None) -> None:
        self.reason = reason
        self.step = step
        super().__init__(reason if step is None else f"step {step}: {reason}")


class BackendError(LemmataError):
    """A solver, a proposer or a worker outside our own code failed."""


class IncomparableError(BackendError):
    """A hidden function gave no answer that another one could be compared with."""


class InternalError(LemmataError):
    """A fault of ours; ``replay`` names what reproduces it."""

    def __init__(self, message: str, *, replay: str = "") -> None:
        self.replay = replay
        super().__init__(f"{message} (replay: {replay})" if replay else message)
