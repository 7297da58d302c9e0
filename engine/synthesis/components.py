"""Answers with a fixed number of parts: each part is looked for by itself, all at once.

A tuple, a list of one length, or a dict with the same keys in every row asks for one term a part.
Where only some rows are of that shape, the composed term answers those, and a conditional may do
the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from .bank import FAILED, Term
from .conditional import Cover, conditional, is_conditional
from .fitting import fits
from .operation import Operation
from .types import infer, join
from .work import Work

_MOST_PARTS = 6
_MOST_SIZES = 3
_MOST_NUMBERS = 300
_MOST_EACH = 3
"""Terms a part that are combined with those of the other parts."""


@dataclass(slots=True)
class Components:
    """One cover for each part of the answers on the rows of one shape.

    ``opening`` and ``closing`` are the brackets, ``labels`` the text before each part.
    """

    kind: str
    labels: tuple[str, ...]
    brackets: tuple[str, str]
    rows: list[int]
    covers: list[Cover]
    found: list[list[Term]] = field(init=False)
    _composed: int = 0

    def __post_init__(self) -> None:
        self.found = [[] for _ in self.covers]

    @classmethod
    def by_size(cls, kind: str, target: Sequence[Any]) -> list[Components]:
        """The parts of the answers of each size that several have."""
        if "[" not in kind:
            return []
        sizes = Counter(len(v) for v in target if isinstance(v, (tuple, list, dict)))
        found = [
            cls.of(
                kind, [v if hasattr(v, "__len__") and len(v) == size else FAILED for v in target]
            )
            for size, _ in sizes.most_common(_MOST_SIZES)
        ]
        return [components for components in found if components is not None]

    @classmethod
    def of(cls, kind: str, target: Sequence[Any]) -> Components | None:
        """The parts of answers of this type; ``None`` where they have no fixed shape."""
        name = kind.partition("[")[0]
        made = {"tuple": tuple, "list": list, "dict": dict}.get(name)
        if made is None or kind.endswith("...]"):
            return None
        rows = [row for row, value in enumerate(target) if type(value) is made]
        values = [target[row] for row in rows]
        if len(rows) < 3 or len(set(map(len, values))) != 1:
            return None
        size = len(values[0])
        if not (2 if name == "tuple" else 1) <= size <= _MOST_PARTS:
            return None
        keys: Sequence[Any] = range(size)
        labels: tuple[str, ...] = ("",) * size
        brackets = ("(", ")") if name == "tuple" else ("[", "]")
        if name == "dict":
            keys = list(values[0])
            if any(list(value) != keys for value in values):
                return None
            labels = tuple(f"{key!r}: " for key in keys)
            brackets = ("{", "}")
        covers = []
        for key in keys:
            column = [value[key] for value in values]
            found = join(map(infer, column))
            members = found.parameters if found.name == "union" else (found,)
            kinds = {"int" if member.name == "unknown" else str(member) for member in members}
            if kinds <= {"int", "float"} and "float" in kinds:
                kinds = {"int", "float"}
            covers.append(Cover(frozenset(kinds), column))
        return cls(kind, labels, brackets, rows, covers)

    def note(self, term: Term) -> None:
        """Take a term into account for every part."""
        kind = term.kind
        for place, cover in enumerate(self.covers):
            is_wanted = kind in cover.kinds or kind == "bool"
            if is_wanted and cover.note(self._inside(term)):
                known = self.found[place]
                if len(known) < _MOST_EACH:
                    known.append(term)

    def _inside(self, term: Term) -> Term:
        """The term on the rows of the shape; it remembers the one on all rows."""
        values = [term.values[row] for row in self.rows]
        return Term(term.kind, values, term.cost, "", None, (term,), FAILED in values)

    def compose(
        self, level: int, numbers: Sequence[Term], work: Work, until: float
    ) -> Iterator[Term]:
        """Terms of all parts together, once each part has one; few, the cheapest first.

        ``numbers`` are integer terms of all rows, from which parts with constants of their own
        are fitted.
        """
        if sum(map(len, self.found)) == self._composed and level > 7:
            return
        for place, cover in enumerate(self.covers):
            if self.found[place] or level < 3:
                continue
            if cover.kinds <= {"int", "float"}:
                inner = [self._inside(term) for term in numbers[:_MOST_NUMBERS]]
                for fitted in fits(inner, cover.target, len(self.rows), work, until):
                    self.found[place].append(_outside(fitted))
                    break
            if self.found[place] or level < 4:
                continue
            for tree in cover.trees(1 if level < 5 else 2, work, 120, until):
                if tree.cost <= 3 * level + 6:
                    self.found[place].append(_outside(tree))
                    break
        if not all(self.found):
            return
        self._composed = sum(map(len, self.found))
        choices = sorted(product(*self.found), key=lambda parts: sum(p.cost for p in parts))
        for parts in choices[:8]:
            yield self._term(parts)

    def _term(self, parts: tuple[Term, ...]) -> Term:
        inside = ", ".join(f"{label}{{{place}}}" for place, label in enumerate(self.labels))
        opening, closing = self.brackets
        if opening == "{":
            opening, closing = "{{", "}}"
        operation = Operation(
            f"{opening}{inside}{closing}", tuple(part.kind for part in parts), self.kind, 2
        )
        values = [
            FAILED if FAILED in column else _applied(operation.function, column)
            for column in zip(*(part.values for part in parts), strict=True)
        ]
        cost = sum(part.cost for part in parts) + 2
        return Term(self.kind, values, cost, None, operation, parts, FAILED in values)


def _outside(term: Term) -> Term:
    """A term made of terms on the rows of one shape, made again of the terms on all rows."""
    if term.operation is None:
        return term.arguments[0]
    parts = tuple(map(_outside, term.arguments))
    if is_conditional(term):
        return conditional(*parts)
    function = term.operation.function
    values = [
        FAILED if FAILED in column else _applied(function, column)
        for column in zip(*(part.values for part in parts), strict=True)
    ]
    return Term(term.kind, values, term.cost, None, term.operation, parts, FAILED in values)


def _applied(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    try:
        return function(*arguments)
    except Exception:
        return FAILED
