"""The part of the graph of citations that a page shows, cut to what one can read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .catalogue import Entry
from .layout import Box, draw

_NAME = 26


def _name(entry: Entry) -> str:
    return entry.name


@dataclass(frozen=True, slots=True)
class Mark:
    """A drawn statement."""

    entry: Entry
    box: Box
    label: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Arc:
    """A drawn citation, by the numbers of the entries: ``source`` is cited by ``target``."""

    source: int
    target: int
    path: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn graph; ``left_out`` counts statements that belong to it and are not shown."""

    marks: Sequence[Mark]
    arcs: Sequence[Arc]
    width: float
    height: float
    left_out: int


def around(entry: Entry, most: int = 40) -> Picture:
    """All that a statement rests on, nearest first, and what cites it."""
    found = {entry.number: entry}
    queue = deque([entry])
    left_out: set[int] = set()
    while queue:
        for used in queue.popleft().uses:
            if used.number in found:
                continue
            if len(found) < most:
                found[used.number] = used
                queue.append(used)
            else:
                left_out.add(used.number)
    for user in entry.used_by:
        if len(found) < most + most // 3:
            found[user.number] = user
        elif user.number not in found:
            left_out.add(user.number)
    return _draw(found, entry, len(left_out))


def whole(
    entries: Sequence[Entry], most: int = 150, label: Callable[[Entry], str] = _name
) -> Picture:
    """The graph of a theory; of a large one, the statements that are cited most."""
    linked = [entry for entry in entries if entry.uses or entry.used_by]
    chosen = sorted(linked, key=lambda entry: (-len(entry.used_by), entry.number))[:most]
    found = {entry.number: entry for entry in sorted(chosen, key=lambda entry: entry.number)}
    return _draw(found, None, len(linked) - len(found), label)


def _draw(
    found: dict[int, Entry],
    here: Entry | None,
    left_out: int,
    label: Callable[[Entry], str] = _name,
) -> Picture:
    labels = {number: _short(label(entry)) for number, entry in found.items()}
    edges = [
        (used.number, entry.number)
        for entry in found.values()
        for used in entry.uses
        if used.number in found
    ]
    drawing = draw(labels, edges)
    marks = [
        Mark(entry, drawing.boxes[number], labels[number], entry is here)
        for number, entry in found.items()
    ]
    arcs = [Arc(one, two, drawing.paths[one, two]) for one, two in edges]
    return Picture(marks, arcs, drawing.width, drawing.height, left_out)


def _short(name: str) -> str:
    return name if len(name) <= _NAME else name[: _NAME - 1] + "…"
