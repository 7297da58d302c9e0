"""Bottom-up enumeration with observational equivalence: one term for each column of values.

A term is evaluated on all rows (the inputs) at once; two terms with the same column are the same
as far as anybody has seen, and only the cheaper one is kept and built upon.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from marshal import dumps
from typing import Any, TypeAlias

from .operation import LARGE, LONG, Operation
from .work import Work

Key: TypeAlias = "bytes | tuple[Any, ...]"

_PLAIN = frozenset({"int", "bool", "str"})
"""Types whose values hash by what they are; of the others the marshalled bytes are the key."""

_OVERHEAD = 8
"""Steps that a candidate takes besides its rows."""

FAILED = ...
"""Stands in a column where a term raised an exception."""


class Term:
    """An expression with its column of values; ``code`` is its Python text, fully bracketed."""

    __slots__ = ("_code", "arguments", "cost", "is_partial", "kind", "operation", "values")

    def __init__(
        self,
        kind: str,
        values: Sequence[Any],
        cost: int,
        code: str | None = None,
        operation: Operation | None = None,
        arguments: tuple[Term, ...] = (),
        is_partial: bool = False,
    ) -> None:
        self.kind = kind
        self.values = values if type(values) is tuple else tuple(values)
        self.cost = cost
        self.operation = operation
        self.arguments = arguments
        self.is_partial = is_partial
        self._code = code

    @property
    def code(self) -> str:
        """The Python text, in brackets unless it is a name or a literal."""
        if self._code is None:
            assert self.operation is not None
            parts = [argument.code for argument in self.arguments]
            self._code = f"({self.operation.template.format(*parts)})"
        return self._code

    def operations(self) -> Iterator[Operation]:
        """The operations in the term, with repetitions."""
        if self.operation is not None:
            yield self.operation
        for argument in self.arguments:
            yield from argument.operations()

    def __repr__(self) -> str:
        return f"Term({self.code}: {self.kind}, cost {self.cost})"


@contextmanager
def rare_collection() -> Iterator[None]:
    """Let the garbage collector look less often: terms are many, live long and form no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@dataclass(slots=True)
class Bank:
    """Terms by type and cost over fixed rows; ``grow`` adds the next cost level.

    ``evaluated`` counts candidates, ``terms`` the distinct ones that were kept. ``until`` is the
    mark of the common work at which this bank stops growing. A term that fails on some rows is
    kept one level later than others, or not at all.
    """

    rows: int
    operations: list[Operation]
    work: Work = field(default_factory=Work)
    until: float = float("inf")
    limit: int = 400_000
    keeps_partial: bool = True
    levels: dict[str, dict[int, list[Term]]] = field(default_factory=dict)
    seen: dict[str, dict[Key, Term | None]] = field(default_factory=dict)
    cost: int = 0
    evaluated: int = 0
    terms: int = 0

    @property
    def is_over(self) -> bool:
        """Whether work or space is used up."""
        return self.terms >= self.limit or self.work.is_past(self.until)

    def _count(self, candidates: int) -> None:
        self.evaluated += candidates
        self.work.candidates += candidates
        self.work.spend(candidates * (self.rows + _OVERHEAD))

    def add(self, term: Term) -> Term | None:
        """Keep a term unless a known one has the same column; the kept one, or ``None``."""
        self._count(1)
        key = _column_key(term.kind, term.values)
        seen = self.seen.setdefault(term.kind, {})
        if key is None or key in seen:
            return None
        seen[key] = term
        self.terms += 1
        if term.cost > self.cost or self.cost == 0:
            self.levels.setdefault(term.kind, {}).setdefault(term.cost, []).append(term)
        else:
            # Found late: it takes part from the level that comes next.
            level = self.levels.setdefault(term.kind, {})
            level.setdefault(self.cost + 1, []).append(term)
        return term

    def lookup(self, kind: str, values: Sequence[Any]) -> Term | None:
        """The term with exactly this column."""
        key = _column_key(kind, tuple(values))
        return self.seen.get(kind, {}).get(key) if key is not None else None

    def of(self, kind: str) -> list[Term]:
        """All terms of a type, cheapest first."""
        levels = self.levels.get(kind, {})
        return [term for cost in sorted(levels) for term in levels[cost]]

    def grow(self) -> Iterator[Term]:
        """Build all terms of the next cost; each new one is handed out as it is found."""
        self.cost += 1
        cost = self.cost
        for kind in list(self.levels):
            yield from [*self.levels[kind].get(cost, ())]
        for operation in self.operations:
            left = cost - operation.cost
            if left < len(operation.arguments):
                continue
            match [self.levels.get(kind) for kind in operation.arguments]:
                case [only]:
                    if only and left in only and left <= operation.reach:
                        yield from self._unary(operation, only[left])
                case [lefts, rights]:
                    reach = operation.reach
                    splits = range(max(1, left - reach), min(left, reach + 1))
                    for first in splits if lefts and rights else ():
                        if first in lefts and left - first in rights:  # type: ignore[operator]
                            yield from self._binary(operation, first, left - first)
                case all_levels:
                    if all(all_levels):
                        yield from self._many(operation, left)
            if self.is_over:
                return

    def _unary(self, operation: Operation, terms: list[Term]) -> Iterator[Term]:
        function = operation.function
        for one in terms:
            term = self._apply(operation, function, (one,))
            if term is not None:
                yield term

    def _binary(self, operation: Operation, first: int, second: int) -> Iterator[Term]:
        """All pairs of two levels; the loop that a search spends its time in, so written out."""
        if operation.is_commutative and first > second:
            return
        function = operation.function
        kind = operation.result
        lefts = self.levels[operation.arguments[0]][first]
        rights = self.levels[operation.arguments[1]][second]
        seen = self.seen.setdefault(kind, {})
        is_plain = kind in _PLAIN
        check = 0
        for place, one in enumerate(lefts):
            others = rights
            if operation.is_commutative and first == second:
                others = rights[place:]
            column = one.values
            is_whole = not one.is_partial
            for other in others:
                if is_whole and not other.is_partial:
                    try:
                        values = tuple(map(function, column, other.values))
                        key = values if is_plain else dumps(values, 2)
                        is_known = key in seen
                    except Exception:
                        term = self._part(operation, function, (one, other))
                        if term is not None:
                            yield term
                        continue
                    if not is_known:
                        term = self._keep(operation, (one, other), values, key, False)
                        if term is not None:
                            yield term
                else:
                    term = self._part(operation, function, (one, other))
                    if term is not None:
                        yield term
            self._count(len(others))
            check += len(others)
            if check > 400:
                check = 0
                if self.is_over:
                    return

    def _many(self, operation: Operation, cost: int) -> Iterator[Term]:
        function = operation.function
        for place, terms in enumerate(self._choices(operation.arguments, cost)):
            term = self._apply(operation, function, terms)
            if term is not None:
                yield term
            if place % 256 == 0 and self.is_over:
                return

    def _choices(self, kinds: tuple[str, ...], cost: int) -> Iterator[tuple[Term, ...]]:
        if len(kinds) == 1:
            for term in self.levels[kinds[0]].get(cost, ()):
                yield (term,)
            return
        for first in range(1, cost - len(kinds) + 2):
            head = self.levels[kinds[0]].get(first)
            if head:
                for rest in self._choices(kinds[1:], cost - first):
                    for term in head:
                        yield (term, *rest)

    def _apply(
        self, operation: Operation, function: Callable[..., Any], terms: tuple[Term, ...]
    ) -> Term | None:
        """Evaluate and keep; the whole column at once where nothing fails."""
        self._count(1)
        for term in terms:
            if term.is_partial:
                return self._part(operation, function, terms)
        try:
            values = tuple(map(function, *[term.values for term in terms]))
        except Exception:
            return self._part(operation, function, terms)
        key = _column_key(operation.result, values)
        if key is None or key in self.seen.setdefault(operation.result, {}):
            return None
        return self._keep(operation, terms, values, key, False)

    def _part(
        self, operation: Operation, function: Callable[..., Any], terms: tuple[Term, ...]
    ) -> Term | None:
        """Evaluate where some rows fail; kept unless most do."""
        if not self.keeps_partial:
            return None
        values = tuple(map(total(function, len(terms)), *[term.values for term in terms]))
        failed = values.count(FAILED)
        if failed * 2 > self.rows:
            return None
        key = _column_key(operation.result, values)
        if key is None or key in self.seen.setdefault(operation.result, {}):
            return None
        return self._keep(operation, terms, values, key, failed > 0)

    def _keep(
        self,
        operation: Operation,
        terms: tuple[Term, ...],
        values: tuple[Any, ...],
        key: Key,
        is_partial: bool,
    ) -> Term | None:
        """A new column becomes a term, unless its values are too large to go on with."""
        kind = operation.result
        self.seen[kind][key] = None
        if _is_large(kind, values, key, is_partial):
            return None
        cost = self.cost + is_partial
        term = Term(kind, values, cost, None, operation, terms, is_partial)
        self.seen[kind][key] = term
        self.terms += 1
        self.levels.setdefault(kind, {}).setdefault(cost, []).append(term)
        return None if is_partial else term


@functools.lru_cache(maxsize=4096)
def total(function: Callable[..., Any], arity: int) -> Callable[..., Any]:
    """The function with ``FAILED`` for an exception, and for an argument that has failed."""

    def unary(one: Any) -> Any:
        if one is FAILED:
            return FAILED
        try:
            return function(one)
        except Exception:
            return FAILED

    def binary(one: Any, other: Any) -> Any:
        if one is FAILED or other is FAILED:
            return FAILED
        try:
            return function(one, other)
        except Exception:
            return FAILED

    def many(*arguments: Any) -> Any:
        if FAILED in arguments:
            return FAILED
        try:
            return function(*arguments)
        except Exception:
            return FAILED

    match arity:
        case 1:
            return unary
        case 2:
            return binary
        case _:
            return many


def _column_key(kind: str, values: tuple[Any, ...]) -> Key | None:
    """What two terms with the same column have in common; None for values that are not data, or
    not of their type, out of a list of many types for example."""
    try:
        if kind in _PLAIN:
            hash(values)
            return values
        return dumps(values, 2)
    except (TypeError, ValueError):
        return None


def _is_large(kind: str, values: tuple[Any, ...], key: Key, is_partial: bool) -> bool:
    """Whether some value is too large to go on with."""
    if isinstance(key, bytes):
        return len(key) > LONG * len(values)
    if kind == "bool":
        return False
    known: Sequence[Any] = values
    if is_partial:
        known = [value for value in values if value is not FAILED]
    try:
        if kind == "int":
            return bool(max(known) > LARGE or min(known) < -LARGE)
        return max(map(len, known)) > LONG
    except TypeError:
        # A value of another type, out of an empty list for example: nothing to build on.
        return True
