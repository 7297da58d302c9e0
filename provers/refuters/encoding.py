"""Compact values: what ground terms are while generated code computes with them.

A sort shaped like the natural numbers (a constant and a unary step) becomes Python integers, and so
do built-in integers, enumerations and sorts without constructors; other values are tuples of the
constructor's number and the encoded arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import product
from typing import TypeAlias

from lemmata.engine.errors import UsageError
from lemmata.engine.term import App, Term
from lemmata.engine.theory import Signature

from .domain import Domain
from .program import is_numeral

Value: TypeAlias = "int | tuple[Value, ...]"


class Encoding:
    """Translates closed constructor terms to compact values and back."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.domain = Domain(signature)
        self.tags = {
            name: tag for sort in signature.sorts for tag, name in enumerate(sort.constructors)
        }
        self._levels: dict[str, list[list[Value]]] = {}

    @cached_property
    def numbers(self) -> dict[str, tuple[str, str]]:
        """Sorts that are integers here: the names of their zero and their step."""
        found: dict[str, tuple[str, str]] = {}
        for sort in self.signature.sorts:
            functions = [self.signature.function[name] for name in sort.constructors]
            zeros = [f.name for f in functions if not f.arguments]
            steps = [f.name for f in functions if f.arguments == (sort.name,)]
            if len(functions) == 2 and len(zeros) == len(steps) == 1:
                found[sort.name] = (zeros[0], steps[0])
        return found

    @cached_property
    def enumerations(self) -> frozenset[str]:
        """Sorts all of whose constructors are constants."""
        return frozenset(
            sort.name
            for sort in self.signature.sorts
            if sort.is_inductive
            and not any(self.signature.function[name].arguments for name in sort.constructors)
        )

    def encode(self, term: Term) -> Value:
        """The value of a closed constructor term; ``UsageError`` for anything else."""
        if not isinstance(term, App):
            raise UsageError(f"a value has no variables, found '{term.name}'")
        name, sort = term.symbol, term.sort
        if name not in self.tags:
            if is_numeral(name, sort, self.signature):
                return int(name)
            element = self.domain.element(name)
            if element is None or term.args or not self.domain.is_uninterpreted(sort):
                raise UsageError(f"'{name}' is not a constructor, so this is not a value")
            return element
        if sort in self.numbers:
            count = 0
            while isinstance(term, App) and term.symbol == self.numbers[sort][1]:
                count, term = count + 1, term.args[0]
            if not isinstance(term, App) or term.symbol != self.numbers[sort][0]:
                raise UsageError("a numeral must end in its zero")
            return count
        if sort in self.enumerations:
            return self.tags[name]
        return (self.tags[name], *map(self.encode, term.args))

    def decode(self, value: Value, sort: str) -> Term:
        """The closed constructor term of a value."""
        if isinstance(value, int):
            if sort in self.numbers:
                zero, step = self.numbers[sort]
                term = App(zero, (), sort)
                for _ in range(value):
                    term = App(step, (term,), sort)
                return term
            if sort in self.enumerations:
                return App(self.signature.sort[sort].constructors[value], (), sort)
            if self.domain.is_integer(sort):
                return App(str(value), (), sort)
            return App(self.domain.element_name(sort, value), (), sort)
        tag, *parts = value
        assert isinstance(tag, int)
        name = self.signature.sort[sort].constructors[tag]
        sorts = self.signature.function[name].arguments
        return App(name, tuple(map(self.decode, parts, sorts)), sort)

    def values(self, sort: str, size: int) -> list[Value]:
        """All values of exactly this size, in a fixed order.

        Of a sort without constructors the size counts the elements: 1 gives the first one.
        """
        levels = self._levels.setdefault(sort, [[]])
        while len(levels) <= size:
            levels.append(list(self._of_size(sort, len(levels))))
        return levels[size]

    def _of_size(self, sort: str, size: int) -> Iterator[Value]:
        if self.domain.is_integer(sort):
            yield from (0,) if size == 1 else (size - 1, 1 - size)
        elif self.domain.is_uninterpreted(sort) or sort in self.numbers:
            yield size - 1
        elif sort in self.signature.sort:
            for tag, name in enumerate(self.signature.sort[sort].constructors):
                sorts = self.signature.function[name].arguments
                if not sorts:
                    if size == 1:
                        yield tag if sort in self.enumerations else (tag,)
                    continue
                for sizes in _compositions(size - 1, len(sorts)):
                    parts = map(self.values, sorts, sizes)
                    yield from ((tag, *part) for part in product(*parts))


def _compositions(total: int, count: int) -> Iterator[tuple[int, ...]]:
    """The ways to write ``total`` as a sum of ``count`` positive numbers."""
    if count == 1:
        if total >= 1:
            yield (total,)
        return
    for first in range(1, total - count + 2):
        for rest in _compositions(total - first, count - 1):
            yield first, *rest
