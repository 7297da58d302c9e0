"""Comprehensions: the body is searched for over all elements of all rows at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from .bank import FAILED, Bank, Term
from .conditional import Cover
from .operation import Library, Operation
from .work import Work

_MOST_ROWS = 420


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

    def spread(self, values: list[Any]) -> list[Any]:
        """A column of the rows outside, repeated for each element."""
        return [
            value
            for value, count in zip(values, self.counts, strict=True)
            for _ in range(max(0, count))
        ]

    def gather(self, values: list[Any]) -> list[Any]:
        """A column of the elements, cut into one list for each row outside."""
        cuts = list(accumulate((max(0, count) for count in self.counts), initial=0))
        rows: list[Any] = []
        for place, count in enumerate(self.counts):
            part = values[cuts[place] : cuts[place + 1]]
            rows.append(FAILED if count < 0 or FAILED in part else part)
        return rows

    @property
    def positions(self) -> list[int]:
        """The index of each element in its own row."""
        return [place for count in self.counts for place in range(max(0, count))]


_LIMIT = 260
_MAKING = 100  # steps that it takes to make a comprehension of a body, besides its elements


def bodies(
    source: Source,
    leaves: list[Term],
    library: Library,
    types: set[str],
    work: Work,
    until: float,
    level: int,
    extra: list[Term] | None = None,
) -> Bank:
    """A bank over the elements: the element ``x``, its index ``i``, and what is known outside."""
    bank = Bank(len(source.items), list(library.instances(types)), work, until, limit=40_000)
    bank.add(Term(source.element, source.items, 1, "x"))
    bank.add(Term("int", source.positions, 2, "i"))
    if source.term.kind != source.element:
        bank.add(Term(source.term.kind, source.spread(source.term.values), 2, source.term.code))
    for leaf in leaves:
        if leaf.values is not source.term.values and not leaf.is_partial:
            bank.add(Term(leaf.kind, source.spread(leaf.values), leaf.cost, leaf.code))
    for leaf in extra or ():
        bank.add(leaf)
    while bank.cost < level and not bank.is_over:
        for _ in bank.grow():
            pass
    return bank


def comprehensions(source: Source, bank: Bank, kinds: set[str]) -> Iterator[Term]:
    """Terms of the rows outside that run through the source with a body from the bank."""
    mapped = filtered = 0
    for cost in range(1, bank.cost + 1):
        for kind, levels in bank.levels.items():
            for body in levels.get(cost, ()):
                bank.work.spend(_MAKING + 3 * len(source.items))
                if kind == "bool":
                    if filtered < _LIMIT:
                        filtered += 1
                        yield filter_by(source, body)
                elif kind in kinds and body.code != "x" and mapped < 4 * _LIMIT:
                    mapped += 1
                    yield map_over(source, body)
                if kind in ("int", "str", "bool") and source.term.kind != "str":
                    yield from _keyed(source, body)


def _loop(source: Source, body_code: str, extra: str = "") -> str:
    """The head of a comprehension: with ``enumerate`` where the body asks for the index."""
    uses_index = _uses(body_code + " " + extra, "i")
    inner = source.term.code
    return f"for i, x in enumerate({inner})" if uses_index else f"for x in {inner}"


def _uses(code: str, name: str) -> bool:
    import re

    return re.search(rf"(?<![\w'\"]){name}(?![\w'\"])", code) is not None


def map_over(source: Source, body: Term) -> Term:
    """``[body for x in source]``."""
    values = source.gather(body.values)
    code = f"[{body.code} {_loop(source, body.code)}]"
    operation = Operation(code.replace("{", "{{").replace("}", "}}"), (), f"list[{body.kind}]", 2)
    cost = source.term.cost + body.cost + 1
    return Term(operation.result, values, cost, code, operation, (), FAILED in values)


def filter_by(source: Source, body: Term) -> Term:
    """``[x for x in source if body]``."""
    tests = source.gather(body.values)
    items = source.gather(source.items)
    values = [
        FAILED
        if test is FAILED or item is FAILED
        else [x for x, keep in zip(item, test, strict=True) if keep]
        for item, test in zip(items, tests, strict=True)
    ]
    code = f"[x {_loop(source, body.code)} if {body.code}]"
    kind = f"list[{source.element}]"
    cost = source.term.cost + body.cost + 1
    return Term(kind, values, cost, code, None, (), FAILED in values)


def _keyed(source: Source, body: Term) -> Iterator[Term]:
    """``sorted`` and ``max`` by a key, and grouping into a dict."""
    if _uses(body.code, "i") or body.code == "x" or body.is_partial or body.cost > 4:
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
            else choose(key, item)
            for key, item in zip(keys, items, strict=True)
        ]
        if values.count(FAILED) * 2 <= len(values):
            yield Term(kind, values, cost, code, None, (), FAILED in values)


def _sort(keys: list[Any], items: list[Any]) -> list[Any]:
    return [items[place] for place in sorted(range(len(items)), key=keys.__getitem__)]


def _largest(keys: list[Any], items: list[Any]) -> Any:
    return items[max(range(len(items)), key=keys.__getitem__)]


def _smallest(keys: list[Any], items: list[Any]) -> Any:
    return items[min(range(len(items)), key=keys.__getitem__)]


def solve_by_map(
    source: Source, bank: Bank, kind: str, target: list[Any], rows: int
) -> Iterator[Term]:
    """Bodies that give each element of the target: a subgoal with one row for each element.

    ``target`` covers the first ``rows`` rows outside; each entry must be as long as the source.
    """
    flat: list[Any] = []
    for value, count in zip(target, source.counts, strict=False):
        if value is FAILED or count != len(value):
            return
        flat += list(value)
    if not flat or len(source.counts) < rows:
        return
    cover = Cover(frozenset({kind}), flat)
    for level in range(1, bank.cost + 1):
        for group in bank.levels.values():
            for term in group.get(level, ()):
                if cover.note(term) and term.code != "x":
                    yield map_over(source, term)
    for tree in cover.trees(3 if len(flat) > 40 else 2, bank.work, 150):
        yield map_over(source, tree)
