"""Values of ground terms, computed by a block from the axioms alone.

The definitions of a theory, run forwards, turn each ground term into a constructor term. A value is
the class of such a term; what was computed once is a row and is found again by one lookup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from ..block import Block, RuleSet
from ..budget import Budget
from ..database import Assumed
from ..rule import EQUALS, FALSE, TRUE, Rule
from ..theory import Signature

_ROWS_PER_VALUE = 400
_BUDGET = Budget(seconds=1e9)


class Ground:
    """The values of function applications in one theory; ``rules`` are those of its definitions."""

    def __init__(self, signature: Signature, rules: Iterable[Rule], limit: int = 60_000) -> None:
        self.signature = signature
        shared = RuleSet()
        for rule in rules:
            shared.add(rule)
        self.block = Block("ground", shared)
        for rule in shared.rules:
            self.block.match(rule)
        self.limit = limit
        self.elements: set[str] = set()
        self.canonical: dict[int, int] = {}
        self.structures: dict[tuple[str, tuple[int | None, ...]], int] = {}
        self.known: dict[tuple[str, tuple[int, ...]], int | None] = {}
        self.clock = _BUDGET.start()

    def values(self, sort: str, count: int) -> list[int]:
        """The first values of a sort by size; a sort without constructors gets new elements."""
        found: list[int] = []
        if not self.signature.sort[sort].is_inductive:
            names = [f"{sort}.{number}" for number in range(1, count + 1)]
            self.elements.update(names)
            return [self.block.database.node(name, (), sort, 0) for name in names]
        for term in self._terms(sort, count):
            value = self.apply(*term)
            if value is not None and value not in found:
                found.append(value)
        return found[:count]

    def _terms(self, sort: str, count: int) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Constructor applications in the order of their depth, ``count`` at least if possible."""
        known: dict[str, list[int]] = {
            other.name: [] if other.is_inductive else self.values(other.name, 3)
            for other in self.signature.sorts
        }
        seen: set[tuple[str, tuple[int, ...]]] = set()
        while True:
            grown = False
            snapshot = {name: values[:count] for name, values in known.items()}
            for other in self.signature.sorts:
                for name in other.constructors:
                    function = self.signature.function[name]
                    for args in product(*(snapshot[part] for part in function.arguments)):
                        if (name, args) in seen or len(known[other.name]) >= 4 * count:
                            continue
                        seen.add((name, args))
                        value = self.apply(name, args)
                        if value is None:
                            continue
                        known[other.name].append(value)
                        grown = True
                        if other.name == sort:
                            yield name, args
            if not grown or len(known[sort]) >= count:
                return

    def apply(self, symbol: str, args: tuple[int, ...]) -> int | None:
        """The value of a function or predicate at values; None when it is not found cheaply."""
        key = (symbol, args)
        if key not in self.known:
            self.known[key] = self._compute(symbol, args)
        return self.known[key]

    def _compute(self, symbol: str, args: tuple[int, ...]) -> int | None:
        database = self.block.database
        function = self.signature.function.get(symbol)
        node = database.node(symbol, args, "" if function is None else function.result, 0)
        if symbol not in self.signature.constructors:
            if len(database) > self.limit:
                return None
            most = len(database) + _ROWS_PER_VALUE
            self.block.run(0, most, self.clock)
            while self._decide_equations():
                self.block.run(0, most, self.clock)
        return self.value(node)

    def _decide_equations(self) -> bool:
        """Different values are different: constructors are free, elements are chosen so."""
        database = self.block.database
        open_rows = [
            row
            for row in database.table.get(EQUALS, {}).values()
            if database.root[row]
            not in (database.root[database.true], database.root[database.false])
            and all(self.is_value(kid) for kid in database.key[row])
        ]
        for row in open_rows:
            database.union(row, database.false, Assumed(0))
        return bool(open_rows)

    def is_value(self, node: int) -> bool:
        """Whether a node equals a term of constructors and chosen elements alone."""
        return self.value(node) is not None

    def value(self, node: int) -> int | None:
        """The constructor term that a node equals, as the first row that was seen of that term."""
        database = self.block.database
        for symbol, rows in database.outs[database.root[node]].items():
            if symbol in self.elements or symbol in (TRUE, FALSE):
                return rows[0]
            if symbol in self.signature.constructors:
                row = next((row for row in rows if database.is_row[row]), None)
                if row is not None:
                    return self._canonical(symbol, row)
        return None

    def _canonical(self, symbol: str, row: int) -> int | None:
        # Equal rows are united and one of them goes, but what a row stands for never changes.
        if row not in self.canonical:
            kids = tuple([self.value(kid) for kid in self.block.database.key[row]])
            if None in kids:
                return None
            self.canonical[row] = self.structures.setdefault((symbol, kids), row)
        return self.canonical[row]
