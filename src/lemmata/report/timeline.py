"""The timeline of an exploration as a drawing: laws over CPU seconds, and the counts of each round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log10

from lemmata.engine.exploration.development import Development, Law, Progress

WIDTH, LEFT, RIGHT, PANEL, TOP = 880.0, 78.0, 112.0, 220.0, 26.0
_DOTS = 400


@dataclass(frozen=True, slots=True)
class Dot:
    """A law at the moment it was proved; ``href`` is its page."""

    x: float
    y: float
    name: str
    statement: str
    href: str
    is_essential: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """A count over time; its label stands at its end, ``label_y`` clear of the others."""

    name: str
    path: str
    label_y: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing in pixels, and the rows of the table that says the same in numbers.

    ``staircase`` is the number of laws over CPU seconds, ``curves`` the counts on a scale where
    each step is a factor of ten. ``rounds`` mark the ends of rounds.
    """

    staircase: str
    dots: Sequence[Dot]
    curves: Sequence[Curve]
    seconds: Sequence[Tick]
    laws: Sequence[Tick]
    powers: Sequence[Tick]
    rounds: Sequence[Tick]
    rows: Sequence[Progress]
    left_out: int
    width: float = WIDTH
    panel: float = PANEL
    top: float = TOP
    left: float = LEFT
    right: float = WIDTH - RIGHT

    @staticmethod
    def of(development: Development, href: Callable[[Law], str]) -> Timeline:
        """The timeline of a development; ``href`` gives the page of a law."""
        rows = development.timeline
        found = sorted(development.laws_found, key=lambda law: law.at)
        end = max([0.01, *(row.at for row in rows), *(law.at for law in found)])
        across, up = _scale(end), _scale(max(1, len(found)))

        def x(at: float) -> float:
            return round(LEFT + (WIDTH - LEFT - RIGHT) * at / across[-1], 1)

        def y(count: float) -> float:
            return round(TOP + PANEL * (1 - count / up[-1]), 1)

        staircase = f"M{x(0)} {y(0)}" + "".join(
            f"H{x(law.at)}V{y(number)}" for number, law in enumerate(found, 1)
        )
        dots = [
            Dot(x(law.at), y(number), law.name, law.statement, href(law), law.essential)
            for number, law in enumerate(found, 1)
        ]
        # Of very many laws the essential ones are shown, then the rest from the start.
        shown = sorted(dots, key=lambda dot: not dot.is_essential)[:_DOTS]
        most = max([10, *(row.proposed for row in rows)])
        power = ceil(log10(most))

        def height(count: int) -> float:
            return round(TOP + PANEL * (1 - log10(max(1, count)) / power), 1)

        return Timeline(
            staircase + f"H{x(end)}",
            sorted(shown, key=lambda dot: dot.x),
            _curves(rows, x, height),
            [Tick(x(value), f"{value:g}") for value in across],
            [Tick(y(value), f"{value:g}") for value in up if value == int(value)],
            [Tick(height(10**each), f"{10**each:,}") for each in range(power + 1)],
            [Tick(x(row.at), str(row.size)) for row in _last_of_size(rows)],
            rows,
            len(dots) - len(shown),
        )


def _curves(
    rows: Sequence[Progress], x: Callable[[float], float], height: Callable[[int], float]
) -> list[Curve]:
    names = ("proposed", "refuted", "redundant", "vacuous", "proved", "open")
    ends = []
    for name in names:
        counts = [(row.at, getattr(row, name)) for row in rows]
        if any(count for _, count in counts):
            path = f"M{x(0)} {height(0)}" + "".join(
                f"L{x(at)} {height(count)}" for at, count in counts
            )
            ends.append((height(counts[-1][1]), name, path))
    curves, below = [], float("-inf")
    for at, name, path in sorted(ends):
        below = max(at, below + 15)
        curves.append(Curve(name, path, below))
    return curves


def _last_of_size(rows: Sequence[Progress]) -> list[Progress]:
    last = {row.size: row for row in rows}
    return list(last.values())


def _scale(end: float) -> list[float]:
    """Round numbers from 0 to at least ``end``, some five steps.

    >>> _scale(7)
    [0.0, 2.0, 4.0, 6.0, 8.0]
    """
    raw = end / 5
    unit = 10.0 ** (ceil(log10(raw)) - 1)
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= raw)
    return [round(step * number, 10) for number in range(ceil(end / step - 1e-9) + 1)]
