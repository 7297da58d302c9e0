"""Claims whose words stand in the same order as in a claim that was read: they can be read too.

Large files say the same thing of many names. Which words are names the grammar tells without
knowing them, so a second claim of one outline is not parsed; what it means, ``pattern`` tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .syntax import Name, UnreadClaim

WORD = re.compile(r"[^\W\d]\w*'*|[0-9]+|[^\w\s()\[\],.:#`'\"]+|::+|\S")
"""What a formula consists of, where the grammar's reading does not hang on the context."""

MOST_OUTLINES = 50_000
"""How many outlines, and how many words, are remembered."""

_HEAD = re.compile(r"(axiom|conjecture)[ \t]+([^\s:#,()\[\]\"`]+)[ \t]*:(?!:)")
_CONTEXT = frozenset('[#`"')
_NAME = re.compile(r"[^\W\d]\w*'*")


class _Kinds(dict[str, str]):
    """Each word as itself, but all names as one word, and all numbers."""

    def __missing__(self, word: str) -> str:
        kind = "x" if _NAME.fullmatch(word) else "0" if is_number(word) else word
        if len(self) < MOST_OUTLINES:
            self[word] = kind
        return kind


@dataclass(slots=True)
class Outlines:
    """The outlines of the claims that were read; ``keywords`` are the words that are no names."""

    keywords: frozenset[str]
    _kinds: _Kinds = field(init=False)
    _known: set[tuple[str, ...]] = field(default_factory=set)
    _new: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        self._kinds = _Kinds({word: word for word in self.keywords})

    def match(self, text: str, start: int, end: int) -> UnreadClaim | None:
        """The claim between two offsets, if one of its outline could be read."""
        self._new = None
        head = _HEAD.match(text, start, end)
        if head is None:
            return None
        words = WORD.findall(text, head.end(), end)
        outline = tuple(map(self._kinds.__getitem__, words))
        if outline in self._known:
            label = Name(head[2], head.start(2), head.end(2))
            return UnreadClaim("axiom" if head[1] == "axiom" else "conjecture", label)
        if not is_contextual(outline):
            self._new = outline
        return None

    def learn(self) -> None:
        """Remember the outline of the claim that did not match, since it could be read."""
        if self._new is not None and len(self._known) < MOST_OUTLINES:
            self._known.add(self._new)


def is_contextual(words: tuple[str, ...]) -> bool:
    """Whether how the words are told apart hangs on what stands around them."""
    return not _CONTEXT.isdisjoint(words)


def is_number(word: str) -> bool:
    """Whether the grammar takes a word for a number."""
    return word.isascii() and word.isdecimal()
