"""Needed narrowing: the smallest values for which a statement fails.

The statement is run on unknown values. Whenever it gets stuck, the unknown that it asked for is
refined in all possible ways and nothing else is touched, so one outcome settles all values that
share what was looked at. The bound on the total size of the values grows until one is found.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from lemmata.engine.budget import Clock
from lemmata.engine.formula import Forall, Formula
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import App, Term, Var, size, subterms

from .cell import ANY, Cell, Range, StuckError, UndecidedError, Wish
from .levels import Levels
from .machine import Machine
from .program import Program
from .symmetry import interchangeable

FUEL = 1000
FUEL_STEP = 100
LARGEST_FUEL = 30_000
FIRST_TURN = 0.3
"""CPU seconds of the first look."""
GROWTH = 1.5
"""How many times as long each round of looks is as the one before."""
DEPTH = 400
"""The bound on sizes in deep looks."""
LOST = 200
"""A deep look that comes so deep is on a way without end, and not taken up again."""
UNROLLED = 2.0
"""How many times as long as a round of looks unrolling may take after it."""
BETTER = 1.0
"""CPU seconds that looking for a smaller counterexample may take."""
FEW = 3
"""How many integers are tried at least where nothing tells which ones matter."""
RECURSION = 12_000


Used: TypeAlias = "Mapping[str, int]"
"""How many elements of a sort without identity are in use, and what integers, up to which."""

Way: TypeAlias = "tuple[int, str | int | Range, tuple[str, ...], Used]"
"""A way to know more of a hole: how much larger values get, what becomes known, its parts."""


class OutOfTimeError(Exception):
    """The clock ran out in the middle of a search."""


class _PauseError(Exception):
    """This bound had its share of time."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Values for the variables of a statement, and for the open symbols at some arguments."""

    assignment: tuple[tuple[Var, Term], ...]
    tables: tuple[tuple[Term, Term], ...] = ()


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Lets programs recurse further than Python does by default."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@dataclass(frozen=True, slots=True)
class Dive:
    """A deep look that is cut short: how large its integers may be, or guided by comparisons."""

    reach: int
    is_guided: bool


class Narrowing:
    """Searches the values of a formula's variables for a counterexample."""

    def __init__(self, program: Program, formula: Formula, clock: Clock) -> None:
        while isinstance(formula, Forall):
            formula = formula.body
        self.machine = Machine(program)
        self.domain = self.machine.domain
        self.clock = clock
        self.until = clock.budget.seconds
        self.reach = self.deepest = 0
        self.is_guided = False
        self.paused = False
        self.variables = tuple(free_variables(formula))
        places = {var: place for place, var in enumerate(self.variables)}
        self.check = self.machine.formula(formula, places, once=True, wanted=False)
        self.cells: list[Cell | None] = [self.machine.hole(var.sort) for var in self.variables]
        self.cut = False
        self.undecided = False
        self.leaves = 0
        self.least = sum(self.domain.least(var.sort) for var in self.variables)
        self.level = self.least
        self.path: list[int] = []
        self.resumed: tuple[int, ...] = ()
        self.paths: dict[tuple[int, int, bool], tuple[tuple[int, ...], bool]] = {}
        self.alike = interchangeable(program, formula)
        self.asks_integers = False
        """Whether an integer was ever asked for; without, guided looks find what others do."""
        self.limit, self.turn = self.least, FIRST_TURN
        self.dives = [Dive(2, is_guided=False), Dive(0, is_guided=True)]
        self.levels = Levels(program, formula)
        self.allowance = 0.0
        """What unrolling may still take; it may be in debt."""

    def search(self, largest: int = 10_000) -> Counterexample | None:
        """The smallest counterexample; None if there is none up to the size ``largest``.

        Where the smallest is slow to find, a guided look, deep ones and unrolling take turns with the
        growing one; what they find is made smaller while that is cheap. Raises ``OutOfTimeError`` when the
        clock runs out; with a new clock, the same search then goes on where it stopped.
        """
        if not all(self.domain.is_inhabited(var.sort) for var in self.variables):
            return None
        with deep_recursion():
            while not self.clock.is_over:
                begun = self.clock.spent
                pause = begun + self.turn / 2
                while self.clock.spent < pause:
                    if self.limit > largest:
                        return None
                    found = self.bounded(self.limit, self.limit, pause)
                    if found is not None:
                        return found
                    if not self.cut:
                        return None
                    if not self.paused:
                        self.limit += 1
                found = self.guided(largest, self.turn) if self.asks_integers else None
                for dive in list(self.dives):
                    if dive.is_guided and not self.asks_integers:
                        continue
                    if found is None and self.limit < DEPTH <= largest:
                        until = self.clock.spent + self.turn / (1 if dive.is_guided else 2)
                        found = self.bounded(DEPTH, dive.reach, until, is_guided=dive.is_guided)
                        if not self.paused or self.deepest > LOST:
                            self.dives.remove(dive)
                if found is None and largest >= DEPTH:
                    found = self.unrolled(UNROLLED * (self.clock.spent - begun))
                if found is not None:
                    return self.smaller(found, min(BETTER, self.clock.spent / 2))
                self.turn *= GROWTH
        raise OutOfTimeError

    def guided(self, largest: int, turn: float) -> Counterexample | None:
        """A growing look in which integers cost what has to be known of them."""
        pause = self.clock.spent + turn
        while self.clock.spent < pause and self.level <= largest:
            found = self.bounded(self.level, 0, pause, is_guided=True)
            if found is not None:
                return found
            if not self.paused:
                self.level += 1
        return None

    def unrolled(self, seconds: float) -> Counterexample | None:
        """What unrolling finds in about this time, if the statement fails there when it is run."""
        self.allowance += seconds
        while self.allowance > 0 and not self.levels.is_over and not self.clock.is_over:
            before = self.levels.spent
            values = self.levels.look(self.clock, self.allowance)
            self.allowance -= self.levels.spent - before
            found = None if values is None else self.confirmed(values)
            if found is not None:
                return found
        return None

    def confirmed(self, values: Mapping[Var, Term]) -> Counterexample | None:
        """The values as a counterexample, if they are one."""
        machine = self.machine
        mark = len(machine.trail)
        for var, hole in zip(self.variables, self.cells, strict=True):
            assert hole is not None
            self.assign(hole, values[var])
        machine.fuel = LARGEST_FUEL
        try:
            return None if self.check(self.cells) else self.counterexample()
        except (StuckError, UndecidedError, RecursionError):
            return None
        finally:
            machine.undo(mark)

    def assign(self, hole: Cell, value: Term) -> None:
        """Makes a hole a known value, until ``undo``."""
        assert isinstance(value, App)
        con = self.domain.beginning(value)
        parts = tuple(self.machine.hole(arg.sort) for arg in value.args)
        self.machine.refine(hole, con, parts)
        for part, arg in zip(parts, value.args, strict=True):
            self.assign(part, arg)

    def smaller(self, found: Counterexample, turn: float) -> Counterexample:
        """A smaller counterexample, if a look of the same length finds one."""
        try:
            better: Counterexample | None = found
            while better is not None:
                found = better
                total = sum(size(term) for _, term in found.assignment)
                self.machine.undo(0)
                better = self.bounded(total - 1, 3, self.clock.spent + turn / 2)
        except OutOfTimeError:
            pass
        return found

    def bounded(
        self, limit: int, reach: int, until: float, *, is_guided: bool = False
    ) -> Counterexample | None:
        """A counterexample up to a size, with integers up to ``reach`` in absolute value.

        A guided look divides integers where the statement compares them, and only there.
        Looks no longer than ``until``; ``paused`` tells that this was too short, and the same look
        then goes on where it stopped; ``cut`` tells that larger values may be counterexamples.
        """
        if self.clock.is_over:
            raise OutOfTimeError
        look = limit, reach, is_guided
        self.resumed, self.cut = self.paths.pop(look, ((), False))
        self.paused = False
        self.deepest = 0
        self.reach, self.is_guided = reach, is_guided
        self.until = min(until, self.clock.budget.seconds)
        self.path.clear()
        mark = len(self.machine.trail)
        try:
            return self.step(self.least, limit, {})
        except _PauseError:
            self.machine.undo(mark)
            self.paths[look] = tuple(self.path), self.cut
            self.cut = self.paused = True
            return None

    def step(self, total: int, limit: int, used: Used) -> Counterexample | None:
        """Runs the statement with what is known, and refines what it asks for."""
        if self.clock.spent > self.until:
            raise _PauseError
        machine = self.machine
        self.deepest = max(self.deepest, total)
        machine.fuel = min(FUEL + FUEL_STEP * limit, LARGEST_FUEL)
        machine.inner_limit = limit + 8
        mark = len(machine.trail)
        try:
            self.leaves += 1
            if self.check(self.cells):
                machine.undo(mark)
                return None
            return self.counterexample()
        except (UndecidedError, RecursionError):
            self.undecided = self.cut = True  # with more fuel it may yet be decided
            machine.undo(mark)
            return None
        except StuckError as stuck:
            hole, wish = stuck.hole, stuck.wish
        if self.domain.is_integer(hole.sort):
            self.asks_integers = True
        depth = len(self.path)
        start = self.resumed[depth] if depth < len(self.resumed) else 0
        if depth + 1 >= len(self.resumed):
            self.resumed = ()
        self.path.append(start)
        if self.is_guided and wish is not None:
            ways = self.divided(hole, wish, used)
        else:
            ways = self.options(hole, limit - total, used)
        for index, (price, known, sorts, inner) in enumerate(ways):
            if index < start:
                continue
            if total + price > limit:
                self.cut = True
                continue
            self.path[depth] = index
            begun = len(machine.trail)
            if isinstance(known, Range):
                machine.narrow(hole, known)
            else:
                machine.refine(hole, known, tuple(machine.hole(sort) for sort in sorts))
            found = self.step(total + price, limit, inner)
            if found is not None:
                return found
            machine.undo(begun)
        if self.domain.is_integer(hole.sort):
            self.cut = True
        machine.undo(mark)
        self.path.pop()
        return None

    def divided(self, hole: Cell, wish: Wish, used: Used) -> Iterator[Way]:
        """Tells apart the integers that a comparison tells apart, and no others."""
        relation, numbers = wish
        known = hole.range
        ways: list[Way] = [(0, number, (), used) for number in numbers]
        if relation == "<=":
            (border,) = numbers
            parts = [known.up_to(border), known.above(border)]
            price = int(abs(border) >= FEW)
            ways = []
        else:
            parts = [known.without(numbers)]
            price = int(len(known.excluded) >= FEW)
        others: list[Way] = [
            (price, part, (), used) for part in parts if part.smallest() is not None
        ]
        yield from others + ways if relation == "!=" else ways + others

    def options(self, hole: Cell, room: int, used: Used) -> Iterator[Way]:
        """How a hole may begin; in a guided look, an integer is one of few."""
        sort, least = hole.sort, self.domain.least(hole.sort)
        count = used.get(sort, 0)
        if self.domain.is_integer(sort) and self.is_guided:
            smallest = hole.range.smallest()
            some = range(max(count + 1, FEW))
            for number in dict.fromkeys((*(() if smallest is None else (smallest,)), *some)):
                if number in hole.range:
                    yield 0, number, (), {**used, sort: max(count, number + 1)}
            return
        alike = self.alike.get(sort, ())
        bound = min(room + least, self.reach + 1)
        for con, sorts, price in self.domain.options(sort, bound, count):
            inner = used
            if con in alike:
                place = alike.index(str(con))
                if place > count:
                    continue
                if place == count:
                    inner = {**used, sort: count + 1}
            elif con == count and self.domain.is_uninterpreted(sort):
                inner = {**used, sort: count + 1}
            yield price - least, con, sorts, inner

    def counterexample(self) -> Counterexample:
        """The values found; what was never asked for is as small as can be."""
        self.machine.fuel = 10 * FUEL
        assignment = tuple(
            (var, read_term(self.machine, cell, var.sort))
            for var, cell in zip(self.variables, self.cells, strict=True)
            if cell is not None
        )
        rows = tuple(self.table_rows())
        terms = [term for _, term in assignment] + [term for row in rows for term in row]
        names = self.element_names(terms)
        return Counterexample(
            tuple((var, renamed(term, names)) for var, term in assignment),
            tuple((renamed(one, names), renamed(two, names)) for one, two in rows),
        )

    def element_names(self, terms: Iterable[Term]) -> dict[str, str]:
        """Elements of open sorts numbered as they occur, for they have no identity."""
        names: dict[str, str] = {}
        counts: dict[str, int] = {}
        for term in terms:
            for part in subterms(term):
                if isinstance(part, Var) or part.symbol in names:
                    continue
                if self.domain.is_uninterpreted(part.sort):
                    index = counts.get(part.sort, 0)
                    counts[part.sort] = index + 1
                    names[part.symbol] = self.domain.element_name(part.sort, index)
        return names

    def table_rows(self) -> Iterator[tuple[Term, Term]]:
        """What the search decided about open symbols."""
        signature = self.machine.program.signature
        for (name, key), cell in self.machine.tables.items():
            if cell.con is None:
                continue
            function = signature.function.get(name)
            sorts = function.arguments if function else signature.predicate[name].arguments
            result = function.result if function else "Bool"
            args = [self.read(value, sort) for value, sort in zip(key, sorts, strict=True)]
            yield App(name, tuple(args), result), read_term(self.machine, cell, result)

    def read(self, value: object, sort: str) -> Term:
        """The term of a value in nested tuples."""
        assert isinstance(value, tuple)
        con, *parts = value
        if isinstance(con, int):
            return self.domain.atom(con, sort)
        sorts = self.machine.program.signature.function[con].arguments
        args = tuple(self.read(part, kind) for part, kind in zip(parts, sorts, strict=True))
        return App(con, args, sort)


def renamed(term: Term, names: Mapping[str, str]) -> Term:
    """The term with constants renamed."""
    if isinstance(term, Var):
        return term
    args = tuple(renamed(arg, names) for arg in term.args)
    return App(names.get(term.symbol, term.symbol), args, term.sort)


def read_term(machine: Machine, cell: Cell, sort: str) -> Term:
    """The term of a cell; parts that nothing asked for are as small as can be."""
    if cell.con is None and cell.code is not None:
        machine.force(cell)
    if cell.con is None:
        number = cell.range.smallest() if cell.range is not ANY else None
        if number is not None:
            return machine.domain.atom(number, sort)
        return machine.domain.smallest(sort)
    if isinstance(cell.con, int):
        return machine.domain.atom(cell.con, sort)
    function = machine.program.signature.function.get(cell.con)
    sorts = function.arguments if function else ()
    parts = zip(cell.args, sorts, strict=True)
    return App(cell.con, tuple(read_term(machine, arg, kind) for arg, kind in parts), sort)
