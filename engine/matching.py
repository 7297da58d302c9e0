"""Joins, compiled: for each rule and each row of its body, a Python function that finds the rest.

The function is seeded with one new row (semi-naive evaluation), so that each cycle looks only at
what has changed. Rows are reached through the indexes of the database: all inputs known is one hash
lookup, a known output or one known input is a short list. What is to be done with a match is
compiled into the innermost loop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import CodeType
from typing import TYPE_CHECKING, Any, TypeAlias

from .rule import OUT_ANY, OUT_FALSE, OUT_TRUE, RowPattern
from .term import Term

if TYPE_CHECKING:
    from .block import Block
    from .database import Database
    from .rule import Rule

DEEPEST = 15
"""More joined rows than this are not compiled: Python nests at most twenty blocks."""

Matcher: TypeAlias = "Callable[[Database, int, Rule, Block], None]"
Offer: TypeAlias = "Callable[[Database, int, tuple[int, ...], Rule, Block], None]"
Ending: TypeAlias = "Callable[[JoinWriter], None]"
"""Writes what is to be done where all rows are found."""

Closed: TypeAlias = "tuple[tuple[int, Term], ...]"
"""Slots for terms without variables."""


def compile_join(
    body: tuple[RowPattern, ...], seed: int, closed: Closed, ending: Ending
) -> Matcher:
    """A function ``match(database, row, rule, block)`` for a body whose row ``seed`` is given.

    The slots of ``closed`` stand for the classes of these terms, which must be there already. The
    ending finds the classes of all slots in variables, and the largest cost of the rows.
    """
    rest = [row for place, row in enumerate(body) if place != seed]
    if len(rest) > DEEPEST:
        return _interpreted(body, seed, closed, ending)
    writer = JoinWriter()
    writer.look_up(closed)
    writer.seed(body[seed])
    while rest:
        chosen = min(rest, key=writer.price)
        rest.remove(chosen)
        writer.join(chosen)
    ending(writer)
    matcher: Matcher = writer.finish("row0, rule, block")
    return matcher


def _interpreted(
    body: tuple[RowPattern, ...], seed: int, closed: Closed, ending: Ending
) -> Matcher:
    """The same where the rows are found step by step; only what follows is compiled."""
    slots, offer = slots_of(body, closed), compile_ending(body, closed, ending)

    def match(database: Database, row: int, rule: Rule, block: Block) -> None:
        for cost, known in interpret_join(database, row, body, seed, closed):
            offer(database, cost, tuple([known[slot] for slot in slots]), rule, block)

    return match


def slots_of(body: tuple[RowPattern, ...], closed: Closed) -> tuple[int, ...]:
    """The slots that have classes when all rows of a body are found."""
    found = {slot for row in body for slot in (*row.args, row.out) if slot >= 0}
    return tuple(sorted(found.union(slot for slot, _ in closed)))


def compile_ending(body: tuple[RowPattern, ...], closed: Closed, ending: Ending) -> Offer:
    """What is to be done with a match as a function of its own, whichever row was found first."""
    writer = JoinWriter()
    slots = slots_of(body, closed)
    if slots:
        writer.put("".join(f"v{slot}, " for slot in slots) + "= classes")
    writer.known.update(slots)
    writer.is_given = True
    for row in body:
        writer.note(row)
    ending(writer)
    offer: Offer = writer.finish("cost, classes, rule, block")
    return offer


def interpret_join(
    database: Database, row: int, body: tuple[RowPattern, ...], seed: int, closed: Closed = ()
) -> Iterator[tuple[int, dict[int, int]]]:
    """The same join without code of its own: Python nests loops only so deep.

    Each match is the largest cost of its rows, with the classes of the slots.
    """
    first = body[seed]
    rest = tuple(row for place, row in enumerate(body) if place != seed)

    def fits(row: RowPattern, found: int, known: dict[int, int]) -> bool:
        pairs = list(zip(row.args, database.key[found], strict=True))
        match row.out:
            case value if value == OUT_TRUE:
                wanted = database.root[database.true]
            case value if value == OUT_FALSE:
                wanted = database.root[database.false]
            case value if value == OUT_ANY:
                wanted = database.root[found]
            case slot:
                pairs.append((slot, database.root[found]))
                wanted = database.root[found]
        return wanted == database.root[found] and all(
            known.setdefault(slot, node) == node for slot, node in pairs
        )

    def extend(
        left: tuple[RowPattern, ...], known: dict[int, int], cost: int
    ) -> Iterator[tuple[int, dict[int, int]]]:
        if not left:
            yield cost, known
            return
        row = max(left, key=lambda r: sum(slot in known for slot in (*r.args, r.out)))
        others = tuple(other for other in left if other is not row)
        if row.out in known:
            candidates = list(database.outs[known[row.out]].get(row.symbol, ()))
        else:
            place = next((n for n, slot in enumerate(row.args) if slot in known), None)
            if place is None:
                candidates = list(database.table.get(row.symbol, {}).values())
            else:
                users = database.uses[known[row.args[place]]]
                candidates = list(users.get((row.symbol, place), ()))
        for found in candidates:
            extended = dict(known)
            if database.is_row[found] and fits(row, found, extended):
                yield from extend(others, extended, max(cost, database.cost[found]))

    known: dict[int, int] = {}
    for slot, term in closed:
        there = database.find(term, {})
        if there is None:
            return
        known[slot] = there
    if fits(first, row, known):
        yield from extend(rest, known, database.cost[row])


@lru_cache(maxsize=10_000)
def _code(text: str) -> CodeType:
    # Rules of one form differ in their symbols alone, which are not part of the text.
    # Compiled apart from exec: an interrupt inside exec of a text makes Python end by the signal
    # later on, even if the interrupt was caught.
    return compile(text, "<join>", "exec")


_WORD = re.compile(r"[a-z]+")

_LOCALS = {
    "root": "database.root",
    "keys": "database.key",
    "costs": "database.cost",
    "outs": "database.outs",
    "uses": "database.uses",
    "tables": "database.table",
    "live": "database.is_row",
    "best": "database.best",
    "sizes": "database.size",
    "true": "database.root[database.true]",
    "false": "database.root[database.false]",
}
"""What the code of a join may use of a database, under which names."""


class JoinWriter:
    """The code of one join under construction.

    A slot ``n`` that is ``known`` is the variable ``vn``; ``found`` has the slots of the rows'
    outputs by what the rows are.
    """

    def __init__(self) -> None:
        self.known: set[int] = set()
        self.found: dict[tuple[str, tuple[int, ...]], int] = {}
        self.lines: list[str] = []
        self.depth = 1
        self.rows = 0
        self.loops = 0
        self.is_given = False
        self.names: dict[object, str] = {}

    def look_up(self, closed: Closed) -> None:
        """Code for slots whose classes are those of known terms."""
        for slot, term in closed:
            self.put(f"v{slot} = database.find({self.name(term)}, EMPTY)")
            self.put(f"if v{slot} is None: return")
            self.known.add(slot)

    def put(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    def name(self, value: object) -> str:
        """A name for a value that the code uses: a symbol, a term, a number."""
        return self.names.setdefault(value, f"N{len(self.names)}")

    @property
    def cost(self) -> str:
        """The code of the largest cost of the rows."""
        rows = [f"costs[row{number}]" for number in range(self.rows + 1)]
        if self.is_given:
            return "cost"
        return rows[0] if len(rows) == 1 else f"max({', '.join(rows)})"

    @property
    def leave(self) -> str:
        """The statement that ends the work on one match."""
        return "continue" if self.loops else "return"

    def note(self, row: RowPattern) -> None:
        """Remembers where the output of a row of the body is."""
        if row.out >= 0:
            self.found[row.symbol, row.args] = row.out

    def seed(self, row: RowPattern) -> None:
        self.bind(row, "row0")

    def price(self, row: RowPattern) -> tuple[int, int]:
        """How many rows the join may have to look at: less is joined first."""
        bound = [slot in self.known for slot in row.args]
        if all(bound):
            return (0, 0)
        if row.out in self.known:
            return (1, -sum(bound))
        if any(bound):
            return (2, -sum(bound))
        return (3, 0)

    def join(self, row: RowPattern) -> None:
        self.rows += 1
        name, symbol = f"row{self.rows}", self.name(row.symbol)
        bound = [place for place, slot in enumerate(row.args) if slot in self.known]
        key_known = len(bound) == len(row.args)
        if key_known:
            key = "".join(f"v{slot}, " for slot in row.args)
            self.put(f"{name} = tables.get({symbol}, EMPTY).get(({key}))")
            self.put(f"if {name} is not None:")
        else:
            if row.out in self.known:
                source = f"outs[v{row.out}].get({symbol}, ())"
            elif bound:
                place = bound[0]
                used = self.name((row.symbol, place))
                source = f"uses[v{row.args[place]}].get({used}, ())"
            elif row.out == OUT_TRUE:
                source = f"outs[true].get({symbol}, ())"
            elif row.out == OUT_FALSE:
                source = f"outs[false].get({symbol}, ())"
            else:
                source = f"tuple(tables.get({symbol}, EMPTY).values())"
            self.put(f"for {name} in {source}:")
            self.loops += 1
        self.depth += 1
        self.bind(row, name, key_known)

    def bind(self, row: RowPattern, name: str, key_known: bool = False) -> None:
        """Binds the slots of a found row, and leaves when a known slot differs."""
        in_loop = self.rows > 0 and not key_known
        tests = [f"not live[{name}]"] if in_loop else []
        self.note(row)
        if not key_known and row.args:
            self.put(f"key = keys[{name}]")
            for place, slot in enumerate(row.args):
                if slot in self.known:
                    tests.append(f"key[{place}] != v{slot}")
                else:
                    self.put(f"v{slot} = key[{place}]")
                    self.known.add(slot)
        match row.out:
            case value if value == OUT_TRUE:
                tests.append(f"root[{name}] != true")
            case value if value == OUT_FALSE:
                tests.append(f"root[{name}] != false")
            case value if value == OUT_ANY:
                pass
            case slot if slot in self.known:
                tests.append(f"root[{name}] != v{slot}")
            case slot:
                self.put(f"v{slot} = root[{name}]")
                self.known.add(slot)
        if not tests:
            return
        if key_known:
            # Inside an if, not a loop: go on only when the tests fail.
            self.put(f"if not ({' or '.join(tests)}):")
            self.depth += 1
        else:
            self.put(f"if {' or '.join(tests)}: {'continue' if in_loop else 'return'}")

    def finish(self, parameters: str) -> Any:
        """The function that the code makes, of the database and these parameters."""
        text = "\n".join(self.lines)
        used = set(_WORD.findall(text))
        head = [f"    {name} = {path}" for name, path in _LOCALS.items() if name in used]
        names: dict[str, Any] = {name: value for value, name in self.names.items()}
        names["EMPTY"] = {}
        exec(_code("\n".join([f"def match(database, {parameters}):", *head, text])), names)
        return names["match"]
