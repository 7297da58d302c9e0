"""Comprehensions: the body is searched for over all elements of all rows at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from .bank import FAILED, Bank, Term
from .operation import MODULES, Library
from .work import Work

_MOST_ROWS = 420
_SAMPLE = 40  # distinct elements that bodies are enumerated over
_COMPILING = 200  # what making a function of a body takes, in steps


@dataclass(slots=True)
class Source:
    """A list or string term to run through, with its elements laid out as rows of a bank."""

    term: Term
    element: str
    counts: list[int]
    items: list[Any]

    @classmethod
    def of(cls, term: Term) -> Source | None:
        """The source, or ``None`` where there is nothing (or too much) to run through."""
        if term.kind == "str":
            element = "str"
        elif term.kind.startswith("list["):
            element = term.kind[5:-1]
        else:
            return None
        counts = [-1 if value is FAILED else len(value) for value in term.values]
        total = sum(max(0, count) for count in counts)
        if not 2 <= total <= _MOST_ROWS or max(counts) < 2:
            return None
        items = [item for value in term.values if value is not FAILED for item in value]
        return cls(term, element, counts, items)

    @property
    def sort(self) -> str:
        """The type of the elements; characters are a sort of their own, as they are all alike."""
        if self.element == "str" and all(len(item) == 1 for item in self.items):
            return "character"
        return self.element

    @property
    def is_hashable(self) -> bool:
        """Whether equal elements are the same, so that a body has one value for each."""
        if self.element not in ("int", "str", "bool") and not self.element.startswith("tuple["):
            return False
        try:
            return bool(set(self.items))
        except TypeError:
            return False

    def spread(self, values: Sequence[Any]) -> list[Any]:
        """A column of the rows outside, repeated for each element."""
        return [
            value
            for value, count in zip(values, self.counts, strict=True)
            for _ in range(max(0, count))
        ]

    def gather(self, values: Sequence[Any]) -> list[Any]:
        """A column of the elements, cut into one list for each row outside."""
        cuts = list(accumulate((max(0, count) for count in self.counts), initial=0))
        rows: list[Any] = []
        for place, count in enumerate(self.counts):
            part = list(values[cuts[place] : cuts[place + 1]])
            rows.append(FAILED if count < 0 or FAILED in part else part)
        return rows

    @property
    def occurrences(self) -> list[int]:
        """How often each element stands in its own row."""
        rows = (value for value in self.term.values if value is not FAILED)
        return [row.count(item) for row in rows for item in row]

    @property
    def positions(self) -> list[int]:
        """The index of each element in its own row."""
        return [place for count in self.counts for place in range(max(0, count))]


def bodies(
    source: Source,
    leaves: list[Term],
    library: Library,
    types: set[str],
    work: Work,
    extra: Iterable[Term] = (),
) -> Bank:
    """A bank over the elements: the element ``x``, its index ``i``, and what is known outside."""
    bank = Bank(len(source.items), list(library.instances(types)), work, limit=40_000)
    bank.add(Term(source.element, source.items, 1, "x"))
    bank.add(Term("int", source.positions, 2, "i"))
    if source.term.code not in {leaf.code for leaf in leaves}:
        bank.add(Term(source.term.kind, source.spread(source.term.values), 2, source.term.code))
    for leaf in leaves:
        if leaf.values is not source.term.values and not leaf.is_partial:
            bank.add(Term(leaf.kind, source.spread(leaf.values), leaf.cost, leaf.code))
    if source.is_hashable:
        bank.add(Term("int", source.occurrences, 2, f"{source.term.code}.count(x)"))
    for leaf in extra:
        bank.add(leaf)
    return bank


class _Known(dict[Any, Any]):
    """The values of a body by element; what is asked for first is computed then."""

    def __init__(self, body: Term) -> None:
        super().__init__()
        code = compile(f"lambda x: {body.code}", "<body>", "eval")
        self.function = eval(code, dict(MODULES))

    def __missing__(self, x: Any) -> Any:
        try:
            value = self.function(x)
        except Exception:
            value = FAILED
        self[x] = value
        return value


@dataclass(slots=True)
class Elements:
    """Bodies that depend on the element alone, enumerated once for all sources with such elements."""

    bank: Bank
    levels: list[list[tuple[Term, _Known]]] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        source: Source,
        alike: list[Any],
        constants: list[Term],
        library: Library,
        types: set[str],
        work: Work,
    ) -> Elements:
        """Bodies over elements like those of a source; ``alike`` are such elements."""
        distinct = list(dict.fromkeys(alike))
        items = distinct[:: max(1, len(distinct) // _SAMPLE)][:_SAMPLE]
        operations = [op for op in library.instances(types) if op.is_bounded]
        bank = Bank(len(items), operations, work, limit=8_000, keeps_partial=False)
        bank.add(Term(source.element, items, 1, "x"))
        for leaf in constants:
            bank.add(Term(leaf.kind, [leaf.values[0]] * len(items), leaf.cost, leaf.code))
        return cls(bank)

    def level(self, number: int) -> list[tuple[Term, _Known]]:
        """The bodies of one cost, each with its values."""
        while len(self.levels) <= number:
            made = [*self.bank.grow()] if self.levels else []
            self.bank.work.spend(_COMPILING * len(made))
            self.levels.append([(term, _Known(term)) for term in made if uses(term.code, "x")])
        return self.levels[number]


@dataclass(slots=True)
class Spread:
    """The bodies of ``Elements`` over the elements of one source, level by level, as a bank's."""

    source: Source
    shared: Elements
    cost: int = 0

    @property
    def work(self) -> Work:
        """The common work."""
        return self.shared.bank.work

    def grow(self) -> Iterator[Term]:
        """The bodies of the next cost."""
        self.cost += 1
        items = self.source.items
        for body, known in self.shared.level(self.cost):
            self.work.spend(len(items) // 4)
            values = [known[x] for x in items]
            yield Term(body.kind, values, body.cost, body.code, is_partial=FAILED in values)


def loop_head(source: Source, body_code: str, extra: str = "") -> str:
    """The head of a comprehension: with ``enumerate`` where the body asks for the index."""
    uses_index = uses(body_code + " " + extra, "i")
    inner = source.term.code
    return f"for i, x in enumerate({inner})" if uses_index else f"for x in {inner}"


def uses(code: str, name: str) -> bool:
    return re.search(rf"(?<![\w'\"]){name}(?![\w'\"])", code) is not None


def map_over(source: Source, body: Term) -> Term:
    """``[body for x in source]``."""
    values = source.gather(body.values)
    code = f"[{body.code} {loop_head(source, body.code)}]"
    cost = source.term.cost + body.cost + 1
    return Term(f"list[{body.kind}]", values, cost, code, is_partial=FAILED in values)


def filter_by(source: Source, test: Term, body: Term | None = None) -> Term:
    """``[body for x in source if test]``; without a body the element itself."""
    tests = source.gather(test.values)
    items = source.gather(source.items if body is None else body.values)
    values = [
        FAILED
        if row is FAILED or item is FAILED
        else [x for x, keep in zip(item, row, strict=True) if keep]
        for item, row in zip(items, tests, strict=True)
    ]
    element = "x" if body is None else body.code
    code = f"[{element} {loop_head(source, element, test.code)} if {test.code}]"
    kind = f"list[{source.element if body is None else body.kind}]"
    cost = source.term.cost + test.cost + 1 + (0 if body is None else body.cost)
    return Term(kind, values, cost, code, is_partial=FAILED in values)


def keyed(source: Source, body: Term) -> Iterator[Term]:
    """``sorted`` and ``max`` by a key, and grouping into a dict."""
    if uses(body.code, "i") or body.code == "x" or body.is_partial or body.cost > 4:
        return
    keys = source.gather(body.values)
    items = source.gather(source.items)
    cost = source.term.cost + body.cost + 2
    inner = source.term.code
    forms = (
        (f"list[{source.element}]", f"sorted({inner}, key=lambda x: {body.code})", _sort),
        (source.element, f"max({inner}, key=lambda x: {body.code})", _largest),
        (source.element, f"min({inner}, key=lambda x: {body.code})", _smallest),
    )
    for kind, code, choose in forms:
        values = [
            FAILED
            if key is FAILED or item is FAILED or (not item and kind == source.element)
            else _chosen(choose, key, item)
            for key, item in zip(keys, items, strict=True)
        ]
        if values.count(FAILED) * 2 <= len(values):
            yield Term(kind, values, cost, code, None, (), FAILED in values)


def _chosen(
    choose: Callable[[list[Any], list[Any]], Any], keys: list[Any], items: list[Any]
) -> Any:
    try:
        return choose(keys, items)
    except TypeError:  # keys that have no order
        return FAILED


def _sort(keys: list[Any], items: list[Any]) -> list[Any]:
    return [items[place] for place in sorted(range(len(items)), key=keys.__getitem__)]


def _largest(keys: list[Any], items: list[Any]) -> Any:
    return items[max(range(len(items)), key=keys.__getitem__)]


def _smallest(keys: list[Any], items: list[Any]) -> Any:
    return items[min(range(len(items)), key=keys.__getitem__)]
