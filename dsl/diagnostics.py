"""Places in source texts, and the problems found there, collected so that none hides another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from lemmata.engine.errors import SourceError, SourceErrors, Span

MOST_ERRORS = 100
"""How many errors one run reports; a last one says how many more there are."""


MOST_COMPARED = 500
"""Among how many names one that is meant is looked for by comparing all of them."""

ENOUGH_ERRORS = 1000
"""After so many errors the rest of a file is not read."""


@dataclass(frozen=True)
class Source:
    """A text and the place it came from."""

    path: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        starts, at = [0], self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def span(self, start: int, end: int) -> Span:
        """The lines and columns of a stretch given by offsets.

        >>> Source("a.mpl", "one\\ntwo").span(4, 7)
        Span(line=2, column=1, end_line=2, end_column=4)
        """
        first, last = self._position(start), self._position(max(start, end))
        return Span(*first, *last)

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1


@dataclass
class Problems:
    """The errors of one run, over all the files it reads."""

    errors: list[SourceError] = field(default_factory=list)
    _order: dict[str, int] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether so much is wrong that reading on tells nobody anything."""
        return len(self.errors) >= ENOUGH_ERRORS

    def add(
        self,
        source: Source,
        start: int,
        end: int,
        message: str,
        *,
        expected: str = "",
        found: str = "",
        hint: str = "",
    ) -> None:
        """Note an error in ``source`` from offset ``start`` to ``end``."""
        self._order.setdefault(source.path, len(self._order))
        self.errors.append(
            SourceError(
                message,
                path=source.path,
                text=source.text,
                span=source.span(start, end),
                expected=expected,
                found=found,
                hint=hint,
            )
        )

    def whole(self, path: str, message: str, *, hint: str = "", expected: str = "") -> None:
        """Note an error that concerns a file as a whole."""
        self._order.setdefault(path, len(self._order))
        self.errors.append(SourceError(message, path=path, hint=hint, expected=expected))

    def raise_any(self) -> None:
        """Raise what was found: one ``SourceError``, or ``SourceErrors`` in the order of the text."""
        if not self.errors:
            return
        found = sorted(self.errors, key=self._place)
        if len(found) == 1:
            raise found[0]
        if len(found) > MOST_ERRORS:
            more = len(found) - MOST_ERRORS
            count = f"at least {more}" if self.is_full else f"{more}"
            last = SourceError(f"{count} more errors are not shown", path=found[-1].path)
            found = [*found[:MOST_ERRORS], last]
        raise SourceErrors(tuple(found))

    def _place(self, error: SourceError) -> tuple[int, int, int]:
        span = error.span or Span(0, 0, 0, 0)
        return self._order[error.path], span.line, span.column


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the closest known word, or nothing.

    >>> did_you_mean("axoim", ["axiom", "sort"])
    "did you mean 'axiom'?"
    """
    names = list(known)
    if len(names) <= MOST_COMPARED:
        close = get_close_matches(word, names, n=1, cutoff=0.6)
    else:  # comparing each with each would take minutes: one slip of the hand is looked for
        close = sorted(_slips(word, frozenset("".join(names))) & frozenset(names))
    return f"did you mean '{close[0]}'?" if close else ""


def _slips(word: str, letters: Iterable[str]) -> set[str]:
    """What differs from a word by one letter, or by the order of two."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {left + right[1:] for left, right in cuts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    for letter in letters:
        found.update(left + letter + right for left, right in cuts)
        found.update(left + letter + right[1:] for left, right in cuts if right)
    return found
