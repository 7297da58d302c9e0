"""A proof laid out on one page or several, so that no page grows too large to read or to load."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from .narrative import Line, Section

_OVERHEAD = 260
_LINK = re.compile(r'href="step:(\d+)"')


@dataclass
class Sheet:
    """One page of a proof.

    ``trail`` are the subproofs that lead here, outermost first, each with the number of its page;
    ``section`` is what opens on this page.
    """

    number: int
    lines: Sequence[Line]
    trail: tuple[tuple[Markup, int], ...] = ()
    section: Section | None = None
    is_start: bool = True


@dataclass
class Sheets:
    """The pages of a proof: where each step stands, and which subproofs have pages of their own."""

    stem: str
    limit: int = 100_000
    sheets: list[Sheet] = field(default_factory=list)
    home: dict[int, int] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)

    @staticmethod
    def of(lines: Sequence[Line], stem: str, limit: int = 100_000) -> Sheets:
        """Lays lines out on pages of at most about ``limit`` characters."""
        sheets = Sheets(stem, limit)
        sheets._place(lines, (), None)
        return sheets

    def file(self, number: int) -> str:
        """The file of a page, without its folder."""
        return f"{self.stem}.html" if number == 0 else f"{self.stem}.{number + 1}.html"

    @property
    def files(self) -> list[str]:
        """The files of all pages, in order."""
        return [self.file(sheet.number) for sheet in self.sheets]

    def elsewhere(self, section: Section) -> str | None:
        """The file in which a subproof is told, if it has a page of its own."""
        number = self.moved.get(id(section))
        return None if number is None else self.file(number)

    def resolve(self, html: str, number: int) -> str:
        """The page with its links to steps filled in."""

        def target(found: re.Match[str]) -> str:
            home = self.home[int(found[1])]
            return f'href="{"" if home == number else self.file(home)}#s{found[1]}"'

        return _LINK.sub(target, html)

    def _place(
        self, lines: Sequence[Line], trail: tuple[tuple[Markup, int], ...], section: Section | None
    ) -> int:
        first, waiting = len(self.sheets), []
        run: list[Line] = []
        left = self.limit
        for line in lines:
            away = self._away(line)
            size = weight(line) - sum(map(_section_weight, away)) + _OVERHEAD * len(away)
            if run and size > left:
                self._add(run, trail, section, len(self.sheets) == first)
                run, left = [], self.limit
            run.append(line)
            left -= size
            waiting += [(inner, len(self.sheets)) for inner in away]
            for inner in away:
                self.moved[id(inner)] = -1
        self._add(run, trail, section, len(self.sheets) == first)
        for inner, here in waiting:
            self.moved[id(inner)] = len(self.sheets)
            self._place(inner.lines, (*trail, (inner.title, here)), inner)
        return first

    def _add(
        self,
        lines: list[Line],
        trail: tuple[tuple[Markup, int], ...],
        section: Section | None,
        is_start: bool,
    ) -> None:
        number = len(self.sheets)
        self.sheets.append(Sheet(number, lines, trail, section if is_start else None, is_start))
        if section is not None and is_start:
            self.home.update((assumed.number, number) for assumed in section.assumptions)
        self.home.update((step, number) for step in self._numbers(lines) if step not in self.home)

    def _away(self, line: Line) -> list[Section]:
        """The subproofs of a line, or inside them, that must go to pages of their own."""
        if weight(line) <= self.limit:
            return []
        away = [one for one in line.sections if _section_weight(one) > self.limit // 4]
        if weight(line) - sum(map(_section_weight, away)) > self.limit:
            return list(line.sections)
        return away

    def _numbers(self, lines: Sequence[Line]) -> Iterator[int]:
        for line in lines:
            yield line.number
            yield from line.shown
            for row in line.rows:
                yield from row.shown
            for section in line.sections:
                if id(section) not in self.moved:
                    yield from (assumed.number for assumed in section.assumptions)
                    yield from self._numbers(section.lines)


def weight(line: Line) -> int:
    """About how many characters a line takes on a page."""
    own = _OVERHEAD + len(line.math) + len(line.reason)
    rows = sum(_OVERHEAD + len(row.math) + len(row.reason) for row in line.rows)
    return own + rows + sum(map(_section_weight, line.sections))


def _section_weight(section: Section) -> int:
    assumed = sum(_OVERHEAD + len(one.math) for one in section.assumptions)
    own = _OVERHEAD + len(section.title) + len(section.goal) + assumed
    return own + sum(map(weight, section.lines))


def count_steps(section: Section) -> int:
    """How many steps a subproof takes, those told as links of a chain included."""
    return sum(map(_count, section.lines))


def _count(line: Line) -> int:
    own = (line.piece == 0) + len(line.shown) + sum(len(row.shown) for row in line.rows)
    return own + sum(map(count_steps, line.sections))
