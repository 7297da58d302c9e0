"""A theory file cut into statements, so that an error in one cannot hide those in the next.

A statement begins on a line of its own: with a keyword, with ``(Name[…]) :=``, or at the left
margin where the statement before it is complete. Everything else continues what stands above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lemmata.engine.notation import CONNECTIVES

KEYWORDS = ("theory", "use", "sort", "const", "op", "pred", "axiom", "conjecture", "define")
"""The words that begin a statement."""

_CODE = re.compile(r"""(?:[^#`"]++|`[^`]*`|"[^"]*"|[`"])*+""")
_QUOTED = re.compile(r"""`[^`]*`|"[^"]*\"""")
_FIRST_WORD = re.compile(r"[^\W\d]\w*")
_SIGNATURE = re.compile(r"\(\s*[^()\[\],!>&\s]+\s*\[[^\[\]()]*\]\s*\)\s*:=")
_LAST_WORD = re.compile(r"[\w'`\")\]]+$")
_OPEN_ENDED = frozenset(KEYWORDS + CONNECTIVES + ("infix",)) - {"true", "false"}


@dataclass(slots=True)
class Segment:
    """The text of one statement, from offset ``start`` to ``end``, and the comments around it.

    ``before`` are the lines above it: comments, and '' for one or more blank lines.
    """

    start: int
    end: int
    before: list[str]
    after: str = ""


def segments(text: str) -> Iterator[Segment]:
    """The statements of a text in order; the last one may be empty and only hold comments.

    >>> [text[s.start : s.end] for text in ["sort N\\naxiom a:\\n  x = x # so"]
    ...  for s in segments(text)]
    ['sort N', 'axiom a:\\n  x = x', '']
    """
    current: Segment | None = None
    waiting: list[str] = []
    depth, tail, offset = 0, "", 0
    for line in text.split("\n"):
        start, offset = offset, offset + len(line) + 1
        match = _CODE.match(line)
        code = match.group() if match else ""
        comment = line[len(code) :].strip()
        code = code.rstrip()
        bare = code.lstrip()
        if not bare:
            if comment or not (waiting and not waiting[-1]):
                waiting.append(comment)
            continue
        indent = len(code) - len(bare)
        if current is None or _begins(bare, indent, text[current.start], depth, tail):
            if current is not None:
                yield current
            current = Segment(start + indent, start + len(code), waiting, comment)
            depth = 0
        else:
            current.before += [*filter(None, [current.after, *waiting])]
            current.end, current.after = start + len(code), comment
        waiting = []
        plain = _QUOTED.sub("q", bare) if "`" in bare or '"' in bare else bare
        depth += plain.count("(") + plain.count("[") - plain.count(")") - plain.count("]")
        tail = bare
    if current is not None:
        yield current
    while waiting and not waiting[-1]:
        waiting.pop()
    yield Segment(len(text), len(text), waiting)


def _begins(bare: str, indent: int, first: str, depth: int, tail: str) -> bool:
    """Whether a line begins a statement, given what the statement above it is like."""
    word = _FIRST_WORD.match(bare)
    if word and word.group() in KEYWORDS:
        return True
    if bare[0] == "(" and _SIGNATURE.match(bare):
        return True
    if depth > 0 or not _is_complete(tail):
        return False
    if bare[0] in "(!":
        return (indent == 0 or first in "(!") and not bare.startswith("!=")
    return indent == 0 and word is not None and word.group() not in CONNECTIVES


def _is_complete(tail: str) -> bool:
    last = _LAST_WORD.search(tail)
    return last is not None and last.group() not in _OPEN_ENDED
