"""The values of each sort: how they begin, how large they are, how they are named."""

from __future__ import annotations

import math
from collections.abc import Iterator

from lemmata.engine.term import App, Term
from lemmata.engine.theory import Signature

from .program import INTEGER


class Domain:
    """Ways to refine an unknown value, cheapest first.

    The size of a constructor term is its number of symbols, the size of an integer is 1 more than
    its absolute value, an element of a sort without constructors has size 1.
    """

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self._least = self._least_sizes()
        self._shapes: dict[str, list[tuple[str, tuple[str, ...], int]]] = {}
        for sort in signature.sorts:
            shapes = []
            for name in sort.constructors:
                arguments = signature.function[name].arguments
                price = 1 + sum(self._least.get(arg, 1) for arg in arguments)
                if price < math.inf:
                    shapes.append((name, arguments, int(price)))
            self._shapes[sort.name] = sorted(shapes, key=lambda shape: shape[2])

    def _least_sizes(self) -> dict[str, float]:
        least: dict[str, float] = {
            sort.name: math.inf if sort.is_inductive else 1 for sort in self.signature.sorts
        }
        changed = True
        while changed:
            changed = False
            for sort in self.signature.sorts:
                for name in sort.constructors:
                    arguments = self.signature.function[name].arguments
                    size = 1 + sum(least.get(arg, 1) for arg in arguments)
                    if size < least[sort.name]:
                        least[sort.name] = size
                        changed = True
        return least

    def is_integer(self, sort: str) -> bool:
        """Whether the sort is that of the built-in integers."""
        declared = self.signature.sort.get(sort)
        return sort == INTEGER and declared is not None and not declared.is_inductive

    def is_uninterpreted(self, sort: str) -> bool:
        """Whether nothing generates the sort's values."""
        declared = self.signature.sort.get(sort)
        return declared is not None and not declared.is_inductive and not self.is_integer(sort)

    def is_finite_choice(self, sort: str) -> bool:
        """Whether ``options`` lists all ways in which a value of the sort can begin."""
        return not self.is_integer(sort) and not self.is_uninterpreted(sort)

    def is_inhabited(self, sort: str) -> bool:
        """Whether the sort has a value that can be written down."""
        return self._least.get(sort, 1) < math.inf

    def least(self, sort: str) -> int:
        """The size of the smallest value."""
        size = self._least.get(sort, 1)
        return int(size) if size < math.inf else 1_000_000

    def options(
        self, sort: str, limit: int, used: int = 0
    ) -> Iterator[tuple[str | int, tuple[str, ...], int]]:
        """How a value can begin: constructor or number, sorts of the parts, least size.

        Of a sort without constructors, the ``used`` elements so far and one new one.
        """
        if self.is_integer(sort):
            yield 0, (), 1
            for number in range(1, limit):
                yield number, (), number + 1
                yield -number, (), number + 1
        elif self.is_uninterpreted(sort):
            for index in range(used + 1):
                yield index, (), 1
        elif sort == "Bool" and sort not in self._shapes:
            yield "false", (), 1
            yield "true", (), 1
        else:
            yield from self._shapes[sort]

    # Elements of sorts without constructors are named after the sort: a1, a2, …

    def element_name(self, sort: str, index: int) -> str:
        """The name of an element of a sort that nothing generates."""
        base = sort[:1].lower() if sort[:1].isalpha() else "e"
        name = f"{base}{index + 1}"
        while name in self.signature.function or name in self.signature.predicate:
            name += "'"
        return name

    def atom(self, value: int, sort: str) -> Term:
        """The constant of an integer or of an element."""
        name = str(value) if self.is_integer(sort) else self.element_name(sort, value)
        return App(name, (), sort)

    def element(self, name: str) -> int | None:
        """The index of an element, if the name is one of ``element_name``."""
        digits = name.rstrip("'")[1:]
        declared = name in self.signature.function
        return int(digits) - 1 if digits.isdigit() and not declared else None

    def beginning(self, value: App) -> str | int:
        """What a value begins with: its constructor, its number, the index of an element."""
        if self.is_integer(value.sort):
            return int(value.symbol)
        element = self.element(value.symbol) if self.is_uninterpreted(value.sort) else None
        return value.symbol if element is None else element

    def smallest(self, sort: str) -> Term:
        """A smallest value of the sort."""
        if self.is_integer(sort):
            return App("0", (), sort)
        if self.is_uninterpreted(sort):
            return App(self.element_name(sort, 0), (), sort)
        name, arguments, _ = self._shapes[sort][0]
        return App(name, tuple(self.smallest(arg) for arg in arguments), sort)
