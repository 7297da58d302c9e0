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

from lemmata.engine.budget import Clock
from lemmata.engine.formula import Forall, Formula
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import App, Term, Var, size, subterms

from .cell import Cell, StuckError, UndecidedError
from .machine import Machine
from .program import Program

FUEL = 1000
FUEL_STEP = 100
LARGEST_FUEL = 30_000
FIRST_TURN = 0.3
"""CPU seconds of the first look; each round looks three times as long."""
DIVES = ((400, 2), (400, 24))
"""Bounds of deep looks: the total size, and how large an integer may be."""
RECURSION = 12_000


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


class Narrowing:
    """Searches the values of a formula's variables for a counterexample."""

    def __init__(self, program: Program, formula: Formula, clock: Clock) -> None:
        while isinstance(formula, Forall):
            formula = formula.body
        self.machine = Machine(program)
        self.domain = self.machine.domain
        self.clock = clock
        self.until = clock.budget.seconds
        self.limit = self.reach = 0
        self.paused = False
        self.variables = tuple(free_variables(formula))
        places = {var: place for place, var in enumerate(self.variables)}
        self.check = self.machine.formula(formula, places, once=True)
        self.cells: list[Cell | None] = [self.machine.hole(var.sort) for var in self.variables]
        self.cut = False
        self.undecided = False
        self.leaves = 0
        self.least = sum(self.domain.least(var.sort) for var in self.variables)

    def search(self, largest: int = 10_000) -> Counterexample | None:
        """The smallest counterexample; None if there is none up to the size ``largest``.

        Where the smallest is slow to find, deep looks with wide bounds take turns with the growing
        one; what they find is made smaller while that is cheap. Raises ``OutOfTimeError`` when the
        clock runs out.
        """
        if not all(self.domain.is_inhabited(var.sort) for var in self.variables):
            return None
        with deep_recursion():
            limit, turn = self.least, FIRST_TURN
            while True:
                pause = self.clock.spent + turn
                while self.clock.spent < pause:
                    if limit > largest:
                        return None
                    found = self.bounded(limit, limit, pause)
                    if found is not None:
                        return found
                    if not self.cut:
                        return None
                    if not self.paused:
                        limit += 1
                for depth, reach in DIVES:
                    if depth > limit and depth <= largest:
                        found = self.bounded(depth, reach, self.clock.spent + turn)
                        if found is not None:
                            return self.smaller(found, turn)
                turn *= 3

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

    def bounded(self, limit: int, reach: int, until: float) -> Counterexample | None:
        """A counterexample up to a size, with integers up to ``reach`` in absolute value.

        Looks no longer than ``until``; ``paused`` tells that this was too short, ``cut`` that
        larger values may be counterexamples.
        """
        if self.clock.is_over:
            raise OutOfTimeError
        self.cut = self.paused = False
        self.limit, self.reach = limit, reach
        self.until = min(until, self.clock.budget.seconds)
        mark = len(self.machine.trail)
        try:
            return self.step(self.least, limit, {})
        except _PauseError:
            self.machine.undo(mark)
            self.cut = self.paused = True
            return None

    def step(self, total: int, limit: int, used: dict[str, int]) -> Counterexample | None:
        """Runs the statement with what is known, and refines what it asks for."""
        spent = self.clock.spent
        if spent > self.until:
            if self.clock.is_over:
                raise OutOfTimeError
            raise _PauseError
        self.machine.fuel = min(FUEL + FUEL_STEP * limit, LARGEST_FUEL)
        self.machine.inner_limit = limit + 8
        mark = len(self.machine.trail)
        try:
            self.leaves += 1
            if self.check(self.cells):
                self.machine.undo(mark)
                return None
            return self.counterexample()
        except (UndecidedError, RecursionError):
            self.undecided = self.cut = True  # with more fuel it may yet be decided
            self.machine.undo(mark)
            return None
        except StuckError as stuck:
            hole = stuck.hole
        free = total - self.domain.least(hole.sort)
        elements = used.get(hole.sort, 0)
        bound = min(limit - free, self.reach + 1)
        for con, sorts, price in self.domain.options(hole.sort, bound, elements):
            if free + price > limit:
                self.cut = True
                continue
            begun = len(self.machine.trail)
            self.machine.refine(hole, con, tuple(self.machine.hole(sort) for sort in sorts))
            inner = used
            if isinstance(con, int) and con == elements:
                inner = {**used, hole.sort: elements + 1}
            found = self.step(free + price, limit, inner)
            if found is not None:
                return found
            self.machine.undo(begun)
        if self.domain.is_integer(hole.sort):
            self.cut = True
        self.machine.undo(mark)
        return None

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
        return machine.domain.smallest(sort)
    if isinstance(cell.con, int):
        return machine.domain.atom(cell.con, sort)
    function = machine.program.signature.function.get(cell.con)
    sorts = function.arguments if function else ()
    parts = zip(cell.args, sorts, strict=True)
    return App(cell.con, tuple(read_term(machine, arg, kind) for arg, kind in parts), sort)
