"""Loops that a search carries on, level by level: comprehensions over a source, and folds.

A loop knows what its next level would cost, so that a search can always carry on the cheapest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from .bank import FAILED, Bank, Term
from .components import Components
from .comprehension import Source, Spread, filter_by, keyed, loop_head, map_over, uses
from .concatenation import Pieces
from .conditional import Cover
from .lookup import table
from .work import Work

_MAKING = 100  # steps that it takes to make a comprehension of a body, besides its elements
_TREE_LEVEL = 3
_LONGEST_TABLE = 64
_LEAST = 40_000  # steps that may always be spent on putting bodies together
_SEPARATORS = ("", " ", ",", ", ", "-", "_", "\n", ".", "/")
_PLAIN = ("int", "str", "bool", "float")
_AGGREGATES: dict[str, tuple[tuple[str, str, Callable[[Any], Any]], ...]] = {
    "bool": (("int", "sum({})", sum), ("bool", "all({})", all), ("bool", "any({})", any)),
    "int": (("int", "sum({})", sum), ("int", "max({})", max), ("int", "min({})", min)),
    "float": (("float", "sum({})", sum), ("float", "max({})", max), ("float", "min({})", min)),
    "str": (("str", "''.join({})", "".join),),
}
"""What is made of all values of a body at once."""


class Stream(Protocol):
    """Terms in levels of growing cost."""

    @property
    def next_cost(self) -> int:
        """What the terms of the next level cost at least."""
        ...

    def advance(self) -> Iterator[Term]:
        """The terms of the next level."""
        ...


@dataclass(slots=True)
class Goal:
    """The answer as a comprehension: ``finish`` makes the answer of the list of elements.

    ``parts`` is that list for each answered row. Where it is as long as the source, bodies are
    matched element by element; where it is shorter, a test that keeps just so many is found first.
    """

    source: Source
    parts: list[list[Any]]
    kind: str
    finish: Callable[[Term], Term]
    flat: list[Any] = field(init=False)
    cover: Cover | None = field(init=False)
    _tests: list[tuple[Term, list[int]]] = field(default_factory=list)
    _bodies: list[Term] = field(default_factory=list)
    _components: Components | None = field(init=False)
    _has_table: bool = False

    def __post_init__(self) -> None:
        self.flat = [item for part in self.parts for item in part]
        counts = self.source.counts
        is_map = all(len(part) == n for part, n in zip(self.parts, counts, strict=False))
        self.cover = Cover(frozenset({self.kind}), self.flat) if is_map else None
        self._components = Components.of(self.kind, self.flat) if is_map else None

    @property
    def is_possible(self) -> bool:
        """Whether the elements of the source suffice."""
        counts = zip(self.parts, self.source.counts, strict=False)
        return bool(self.flat) and all(len(part) <= count for part, count in counts)

    def note(self, term: Term) -> Iterator[Term]:
        """Take a body into account; the answers that it gives."""
        if self.cover is not None:
            if self.cover.note(term) and term.code != "x":
                yield self.finish(map_over(self.source, term))
            if self._components is not None:
                self._components.note(term)
            if self.kind == "str" == term.kind and len(self._bodies) < 1500:
                self._bodies.append(term)
        elif term.kind == "bool" and not term.is_partial:
            kept = self._kept(term)
            if kept is not None:
                self._tests.append((term, kept))
                for body in self._bodies:
                    if self._fits(body, kept):
                        yield self.finish(filter_by(self.source, term, _or_element(body)))
        if self.cover is None and term.kind == self.kind and len(self._bodies) < 1500:
            self._bodies.append(term)
            for test, kept in self._tests:
                if self._fits(term, kept):
                    yield self.finish(filter_by(self.source, test, _or_element(term)))

    def trees(self, bank: Bank | Spread) -> Iterator[Term]:
        """Answers by bodies that are conditionals, lists of cases, or put together from parts."""
        if self.cover is not None:
            if not self._has_table:
                self._has_table = True
                yield from self._table()
            if self._components is not None:
                until = bank.work.share(0.02, _LEAST)
                for made in self._components.compose(4, (), bank.work, until):
                    yield self.finish(map_over(self.source, made))
            for tree in self.cover.trees(3 if len(self.flat) > 40 else 2, bank.work, 150):
                yield self.finish(map_over(self.source, tree))
            if self._bodies and len(max(self.flat, key=len)) > 1:
                yield from self._concatenations(bank.work)

    def _table(self) -> Iterator[Term]:
        """Answers by what stands for each element, where elements come again and again."""
        element = Term(self.source.element, self.source.items, 1, "x")
        if self.source.element in ("str", "int"):
            made = table(element, self.flat, self.kind, _LONGEST_TABLE)
            if made is not None:
                yield self.finish(map_over(self.source, made))

    def _concatenations(self, work: Work) -> Iterator[Term]:
        """Answers by bodies that are put together from pieces."""
        rows = list(range(len(self.flat)))
        total = len(self.source.items)
        until = work.share(0.02, _LEAST)
        solved = Pieces(self._bodies, rows, total).solve(self.flat, 4, work, until)
        for body in islice(solved, 2):
            if uses(body.code, "x"):
                yield self.finish(map_over(self.source, body))

    def _kept(self, test: Term) -> list[int] | None:
        """The places that a test keeps, if in each row they are as many as are wanted."""
        kept: list[int] = []
        start = 0
        for part, count in zip(self.parts, self.source.counts, strict=False):
            places = [p for p in range(start, start + count) if test.values[p]]
            if len(places) != len(part):
                return None
            kept += places
            start += count
        return kept

    def _fits(self, body: Term, kept: list[int]) -> bool:
        return all(
            body.values[place] == wanted for place, wanted in zip(kept, self.flat, strict=True)
        )


def _or_element(body: Term) -> Term | None:
    return None if body.code == "x" else body


def goals(source: Source, target: list[Any], kinds: frozenset[str]) -> list[Goal]:
    """The ways in which the answers may be comprehensions over a source."""
    if len(kinds) != 1 or FAILED in target or -1 in source.counts[: len(target)]:
        return []
    kind = next(iter(kinds))
    found = []
    if kind.startswith("list["):
        found.append(Goal(source, target, kind[5:-1], lambda term: term))
    elif kind == "str":
        for separator in _SEPARATORS:
            parts = [list(v) if separator == "" else v.split(separator) for v in target]
            if separator == "" or any(len(part) > 1 for part in parts):
                if separator:
                    parts = [part if text else [] for part, text in zip(parts, target, strict=True)]
                found.append(Goal(source, parts, "str", _joining(separator)))
    elif kind.startswith("dict["):
        values = kind[5:-1].partition(", ")[2]
        rows = source.gather(source.items)[: len(target)]
        if all(map(_are_keys, rows, target)):
            parts = [[d[x] for x in row] for row, d in zip(rows, target, strict=True)]
            found.append(Goal(source, parts, values, _keying(source, kind)))
    return [goal for goal in found if goal.is_possible]


def _are_keys(row: list[Any], answer: dict[Any, Any]) -> bool:
    """Whether the keys of an answer are these elements, each once."""
    try:
        return list(dict.fromkeys(row)) == list(answer)
    except TypeError:  # elements that cannot be keys, such as lists
        return False


def _joining(separator: str) -> Callable[[Term], Term]:
    def finish(term: Term) -> Term:
        values = [v if v is FAILED else separator.join(v) for v in term.values]
        code = f"{separator!r}.join({term.code})"
        return Term("str", values, term.cost + 2, code, is_partial=term.is_partial)

    return finish


def _keying(source: Source, kind: str) -> Callable[[Term], Term]:
    items = source.gather(source.items)

    def finish(term: Term) -> Term:
        values = [
            FAILED if value is FAILED or keys is FAILED else dict(zip(keys, value, strict=True))
            for keys, value in zip(items, term.values, strict=True)
        ]
        code = f"{{x: {term.code[1:-1]}}}"
        return Term(kind, values, term.cost + 1, code, is_partial=term.is_partial)

    return finish


@dataclass(slots=True)
class Comprehension:
    """The comprehensions over one source, by the cost of their bodies."""

    source: Source
    bank: Bank | Spread
    goals: list[Goal]
    kinds: set[str]
    surcharge: int = 0
    wanted: frozenset[str] = frozenset()
    default: str = "None"

    @property
    def next_cost(self) -> int:
        """What the next bodies, the source and the loop cost together."""
        return self.source.term.cost + self.bank.cost + 2 + self.surcharge

    def advance(self) -> Iterator[Term]:
        """Bodies of the next cost: answers that they give, then comprehensions to build on."""
        made: list[Term] = []
        for term in self.bank.grow():
            for goal in self.goals:
                yield from goal.note(term)
            made.append(term)
        if self.bank.cost >= _TREE_LEVEL:
            for goal in self.goals:
                yield from goal.trees(self.bank)
        for body in made:
            yield from self._over(body)

    def _over(self, body: Term) -> Iterator[Term]:
        if not (uses(body.code, "x") or uses(body.code, "i")):
            return
        self.bank.work.spend(_MAKING + 3 * len(self.source.items))
        if body.kind == "bool" and f"list[{self.source.element}]" in self.kinds:
            yield filter_by(self.source, body)
        if body.kind == "bool":
            yield from self._firsts(body)
        if body.kind in self.kinds and body.code != "x":
            mapped = map_over(self.source, body)
            if body.kind != "bool" and f"list[{body.kind}]" in self.kinds:
                yield mapped
            for aggregate in _AGGREGATES.get(body.kind, ()):
                yield _aggregated(mapped, *aggregate)
        if body.kind in _PLAIN and self.source.term.kind != "str":
            yield from keyed(self.source, body)

    def _firsts(self, test: Term) -> Iterator[Term]:
        """The first element that passes a test, its place, and the last such place."""
        source = self.source
        rows = list(zip(source.gather(source.items), source.gather(test.values), strict=True))
        cost = source.term.cost + test.cost + 2
        code = source.term.code
        if source.element in self.wanted:
            last = None if self.default == "None" else eval(self.default)
            values = [
                FAILED
                if FAILED in row
                else next((x for x, ok in zip(*row, strict=True) if ok), last)
                for row in rows
            ]
            head = loop_head(source, test.code)
            yield Term(
                source.element,
                values,
                cost,
                f"next((x {head} if {test.code}), {self.default})",
                is_partial=FAILED in values,
            )
        if "int" in self.wanted:
            for name, choose in (("next", min), ("max", max)):
                places = [
                    FAILED
                    if FAILED in row
                    else choose((i for i, ok in enumerate(row[1]) if ok), default=-1)
                    for row in rows
                ]
                inner = f"(i for i, x in enumerate({code}) if {test.code})"
                end = "-1" if name == "next" else "default=-1"
                text = f"{name}({inner}, {end})"
                yield Term("int", places, cost, text, is_partial=FAILED in places)


def _aggregated(mapped: Term, kind: str, template: str, function: Callable[[Any], Any]) -> Term:
    values: list[Any] = []
    for row in mapped.values:
        try:
            values.append(row if row is FAILED else function(row))
        except (ValueError, TypeError):
            values.append(FAILED)
    code = f"({template.format(mapped.code)})"
    return Term(kind, values, mapped.cost + 1, code, is_partial=FAILED in values)
