"""Joins, compiled: for each rule and each row of its body, a Python function that finds the rest.

The function is seeded with one new row (semi-naive evaluation), so that each cycle looks only at
what has changed. Rows are reached through the indexes of the database: all inputs known is one hash
lookup, a known output or one known input is a short list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from .rule import OUT_ANY, OUT_FALSE, OUT_TRUE, RowPattern
from .term import Term, Var

if TYPE_CHECKING:
    from .database import Database

DEEPEST = 15
"""More joined rows than this are not compiled: Python nests at most twenty blocks."""

Emit: TypeAlias = Callable[[int, tuple[int, ...]], None]
Matcher: TypeAlias = "Callable[[Database, int, Emit], None]"
Closed: TypeAlias = "tuple[tuple[int, Term], ...]"
"""Slots for terms without variables."""


@lru_cache(maxsize=20_000)
def compile_join(
    body: tuple[RowPattern, ...], seed: int, width: int, closed: Closed = ()
) -> Matcher:
    """A function ``match(database, row, emit)`` for a body whose row number ``seed`` is given.

    The slots of ``closed`` stand for the classes of these terms, which must be there already.

    It calls ``emit(cost, slots)`` for each match with the classes of all ``width`` slots, and the
    largest cost of the rows.
    """
    rest = [row for place, row in enumerate(body) if place != seed]
    if len(rest) > DEEPEST:
        return interpret_join(body, seed, width, closed)
    writer = _Writer(width)
    writer.look_up(closed)
    writer.seed(body[seed])
    while rest:
        chosen = min(rest, key=writer.price)
        rest.remove(chosen)
        writer.join(chosen)
    return writer.finish()


def interpret_join(
    body: tuple[RowPattern, ...], seed: int, width: int, closed: Closed = ()
) -> Matcher:
    """The same join without code of its own: Python nests loops only so deep."""
    first = body[seed]
    rest = tuple(row for place, row in enumerate(body) if place != seed)

    def fits(database: Database, row: RowPattern, found: int, known: dict[int, int]) -> bool:
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
        database: Database, left: tuple[RowPattern, ...], known: dict[int, int], cost: int
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
            if database.is_row[found] and fits(database, row, found, extended):
                yield from extend(database, others, extended, max(cost, database.cost[found]))

    def match(database: Database, row: int, emit: Emit) -> None:
        known: dict[int, int] = {}
        for slot, term in closed:
            there = database.find(term, {})
            if there is None:
                return
            known[slot] = there
        if fits(database, first, row, known):
            for cost, slots in extend(database, rest, known, database.cost[row]):
                emit(cost, tuple(slots.get(slot, -1) for slot in range(width)))

    return match


Lookup: TypeAlias = "Callable[[Database, tuple[int, ...]], int | None]"


@lru_cache(maxsize=20_000)
def compile_lookup(term: Term, variables: tuple[Var, ...]) -> Lookup:
    """A function ``lookup(database, classes)``: the class of a term's instance, if it has a row."""
    lines: list[str] = []
    names: dict[str, object] = {"EMPTY": {}}

    def visit(part: Term) -> str:
        if isinstance(part, Var):
            return f"classes[{variables.index(part)}]"
        key = "".join(f"{visit(arg)}, " for arg in part.args)
        row, symbol = f"row{len(lines)}", f"S{len(names)}"
        names[symbol] = part.symbol
        lines.append(f"    {row} = tables.get({symbol}, EMPTY).get(({key}))")
        lines.append(f"    if {row} is None: return None")
        lines.append(f"    {row} = root[{row}]")
        return row

    result = visit(term)
    head = [
        "def lookup(database, classes):",
        "    root, tables = database.root, database.table",
    ]
    _run([*head, *lines, f"    return {result}"], names)
    lookup: Lookup = names["lookup"]  # type: ignore[assignment]  # made by the line above
    return lookup


def _run(lines: list[str], names: dict[str, object]) -> None:
    # Compiled first: an interrupt inside exec of a text makes Python end by the signal later on,
    # even if the interrupt was caught.
    exec(compile("\n".join(lines), "<join>", "exec"), names)


class _Writer:
    def __init__(self, width: int) -> None:
        self.width = width
        self.known: set[int] = set()
        self.lines: list[str] = []
        self.depth = 1
        self.rows = 0
        self.symbols: dict[str, str] = {}
        self.terms: list[Term] = []

    def look_up(self, closed: Closed) -> None:
        """Code for slots whose classes are those of known terms."""
        for slot, term in closed:
            self.put(f"v{slot} = database.find(T{len(self.terms)}, EMPTY)")
            self.put(f"if v{slot} is None: return")
            self.terms.append(term)
            self.known.add(slot)

    def put(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    def symbol(self, symbol: str) -> str:
        return self.symbols.setdefault(symbol, f"S{len(self.symbols)}")

    def seed(self, row: RowPattern) -> None:
        self.put("cost0 = costs[row0]")
        self.bind(row, "row0", False, False)

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
        name, symbol = f"row{self.rows}", self.symbol(row.symbol)
        cost = f"cost{self.rows}"
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
                source = f"uses[v{row.args[place]}].get(({symbol}, {place}), ())"
            elif row.out == OUT_TRUE:
                source = f"outs[true].get({symbol}, ())"
            elif row.out == OUT_FALSE:
                source = f"outs[false].get({symbol}, ())"
            else:
                source = f"tuple(tables.get({symbol}, EMPTY).values())"
            self.put(f"for {name} in {source}:")
            self.depth += 1
            self.put(f"if not live[{name}]: continue")
            self.depth -= 1
        self.depth += 1
        self.put(f"{cost} = costs[{name}]")
        self.put(f"if {cost} < cost{self.rows - 1}: {cost} = cost{self.rows - 1}")
        self.bind(row, name, key_known, not key_known)

    def bind(self, row: RowPattern, name: str, key_known: bool, in_loop: bool) -> None:
        """Binds the slots of a found row, and leaves when a known slot differs."""
        leave = "continue" if in_loop else "return"
        tests: list[str] = []
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
            self.put(f"if {' or '.join(tests)}: {leave}")

    def finish(self) -> Matcher:
        slots = "".join(
            f"v{slot}, " if slot in self.known else "-1, " for slot in range(self.width)
        )
        self.put(f"emit(cost{self.rows}, ({slots}))")
        head = [
            "def match(database, row0, emit):",
            "    root, keys, costs = database.root, database.key, database.cost",
            "    outs, uses, tables = database.outs, database.uses, database.table",
            "    live = database.is_row",
            "    true, false = root[database.true], root[database.false]",
        ]
        names: dict[str, object] = {name: symbol for symbol, name in self.symbols.items()}
        names["EMPTY"] = {}
        names |= {f"T{number}": term for number, term in enumerate(self.terms)}
        _run(head + self.lines, names)
        matcher: Matcher = names["match"]  # type: ignore[assignment]  # made by the line above
        return matcher
