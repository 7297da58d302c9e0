"""Strings taken apart: an output as a sequence of known pieces and constant text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .bank import FAILED, Term
from .operation import Operation
from .work import Work

_JOIN = Operation("{0} + {1}", ("str", "str"), "str", 1)


_WORDS = Operation("str({0})", ("int",), "str", 1)


def in_words(number: Term) -> Term:
    """A number as text."""
    values = [value if value is FAILED else str(value) for value in number.values]
    return Term("str", values, number.cost + 1, None, _WORDS, (number,), number.is_partial)


class Pieces:
    """String terms, found again by the texts they have in the first two rows of a goal."""

    def __init__(self, terms: Iterable[Term], rows: list[int], total: int) -> None:
        self.rows = rows
        self.total = total
        self.second = rows[1 % len(rows)]
        self.by_texts: dict[str, dict[str, list[Term]]] = {}
        for term in terms:
            text = term.values[rows[0]]
            if text is not FAILED and text and all(term.values[row] is not FAILED for row in rows):
                beside = self.by_texts.setdefault(text, {})
                known = beside.setdefault(term.values[self.second], [])
                if len(known) < 40:
                    known.append(term)

    def solve(self, target: list[Any], parts: int, work: Work, until: float) -> Iterator[Term]:
        """Concatenations of at most ``parts`` pieces that give the target on these rows."""
        wanted = [target[row] for row in self.rows]
        if any(not isinstance(text, str) for text in wanted):
            return
        if not any(wanted):
            yield Term("str", [""] * self.total, 1, "''")
            return
        dead: set[tuple[tuple[str, ...], int]] = set()
        for chosen in self._cover(wanted, parts, dead, work, until):
            yield _joined(chosen)

    def _cover(
        self,
        rest: list[str],
        parts: int,
        dead: set[tuple[tuple[str, ...], int]],
        work: Work,
        until: float,
    ) -> Iterator[list[Term]]:
        if not any(rest):
            yield []
            return
        key = (tuple(rest), parts)
        if parts == 0 or key in dead or work.is_past(until):
            return
        any_found = False
        first = rest[0]
        options: list[tuple[float, Term, list[str]]] = []
        for length in range(len(first), 0, -1):
            for term in self._beginning(first[:length], rest[1 % len(rest)]):
                left = _after(rest, [term.values[row] for row in self.rows])
                work.spend(len(rest))
                if left is not None:
                    options.append((term.cost - 0.5 * length, term, left))
        options.sort(key=lambda option: option[0])
        for _, term, left in options[:12]:
            for others in self._cover(left, parts - 1, dead, work, until):
                any_found = True
                yield [term, *others]
        common = _common_start(rest)
        for length in sorted({1, 2, len(common)} & set(range(1, len(common) + 1))):
            text = common[:length]
            left = [item[length:] for item in rest]
            constant = Term("str", [text] * self.total, 2 + length, repr(text))
            for others in self._cover(left, parts - 1, dead, work, until):
                any_found = True
                yield [constant, *others]
        if not any_found:
            dead.add(key)

    def _beginning(self, text: str, second: str) -> Iterator[Term]:
        """Terms that are this text in the first row, and begin the text of the second."""
        beside = self.by_texts.get(text)
        if beside is not None:
            for length in range(len(second) + 1):
                yield from beside.get(second[:length], ())


def _after(rest: list[str], pieces: list[str]) -> list[str] | None:
    left = []
    for text, piece in zip(rest, pieces, strict=True):
        if not text.startswith(piece):
            return None
        left.append(text[len(piece) :])
    return left


def _common_start(texts: list[str]) -> str:
    low, high = min(texts), max(texts)
    for place, character in enumerate(low):
        if character != high[place]:
            return low[:place]
    return low


def _joined(terms: list[Term]) -> Term:
    whole = terms[0]
    for term in terms[1:]:
        values = [
            FAILED if one is FAILED or other is FAILED else one + other
            for one, other in zip(whole.values, term.values, strict=True)
        ]
        cost = whole.cost + term.cost + 1
        whole = Term("str", values, cost, None, _JOIN, (whole, term), FAILED in values)
    return whole
