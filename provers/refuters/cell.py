"""Cells, the values of the lazy machine, and the integer operations on them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Range:
    """What is known of an integer: an interval, None for no bound, and values that it is not."""

    low: int | None = None
    high: int | None = None
    excluded: frozenset[int] = field(default_factory=frozenset)

    def __contains__(self, value: int) -> bool:
        is_low = self.low is not None and value < self.low
        is_high = self.high is not None and value > self.high
        return not (is_low or is_high or value in self.excluded)

    def without(self, values: Iterable[int]) -> Range:
        """The same without some values."""
        return Range(self.low, self.high, self.excluded.union(values))

    def up_to(self, value: int) -> Range:
        """The part that is at most a value."""
        high = value if self.high is None else min(value, self.high)
        return Range(self.low, high, self.excluded)

    def above(self, value: int) -> Range:
        """The part that is greater than a value."""
        low = value + 1 if self.low is None else max(value + 1, self.low)
        return Range(low, self.high, self.excluded)

    def smallest(self) -> int | None:
        """The value nearest to zero; None if there is none."""
        start = 0
        if self.low is not None:
            start = max(start, self.low)
        if self.high is not None:
            start = min(start, self.high)
        near = (start + sign * step for step in range(len(self.excluded) + 1) for sign in (1, -1))
        return next((value for value in near if value in self), None)


ANY = Range()
"""Nothing is known of the integer."""


class Cell:
    """A value: ``con`` is its constructor or integer once known, ``args`` its parts.

    A suspended cell has ``code`` to run in ``env``; a hole has neither, only a sort. A cell is
    ``blocked`` while no more is known of these holes: running it again would change nothing. Of an
    integer in a hole, ``range`` is known.
    """

    __slots__ = ("args", "blocked", "code", "con", "env", "range", "sort")

    def __init__(
        self,
        con: str | int | None,
        args: tuple[Cell, ...] = (),
        code: Code | None = None,
        env: Env | None = None,
        sort: str = "",
    ) -> None:
        self.con = con
        self.args = args
        self.code = code
        self.env = env
        self.sort = sort
        self.range = ANY
        self.blocked: Blocked | None = None

    @property
    def hole(self) -> Cell | None:
        """The hole that the cell is, or that its value is known to be."""
        if self.con is not None:
            return None
        if self.code is None:
            return self
        blocked = self.blocked
        return blocked.hole if blocked is not None and blocked.is_value else None


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why a cell waits: the holes and what was known of them; it may be the value of one."""

    watch: Watch
    ranges: tuple[Range, ...]
    hole: Cell
    wish: Wish | None
    is_value: bool = False


Env: TypeAlias = "list[Cell | None]"
"""Arguments and slots of a running function; None is a slot not yet in use."""
Watch: TypeAlias = "tuple[Cell, ...]"
Wish: TypeAlias = "tuple[Literal['=', '!=', '<='], tuple[int, ...]]"
"""How knowing more of an integer in a hole would help: its relation to some numbers, or to one."""
WATCHED = 32
Code: TypeAlias = Callable[[Env], Cell]
"""Runs in an environment and gives a cell."""
Check: TypeAlias = Callable[[Env], bool]
"""Decides a formula in an environment."""


class StuckError(Exception):
    """The outcome depends on a hole; only knowing one of ``watch`` could change that.

    Where the hole is an integer, ``wish`` may tell what about it would be enough to know.
    """

    def __init__(self, hole: Cell, watch: Watch | None, wish: Wish | None = None) -> None:
        self.hole = hole
        self.watch = watch
        self.wish = wish

    def join(self, other: StuckError, *, is_choice: bool) -> None:
        """Another part of the same outcome is stuck as well.

        Where one part is enough, each of their numbers may matter; where all are needed, it is
        those of the part that has fewer, or all that are to be avoided.
        """
        self.watch = joined(self.watch, other.watch)
        if other.wish is None or self.hole.sort != other.hole.sort:
            return
        if self.wish is None or (self.wish[0] == "!=" and other.wish[0] != "!="):
            # Better a number that is asked for than one to avoid, or a guess.
            self.hole, self.wish = other.hole, other.wish
        elif self.hole is other.hole and self.wish[0] == other.wish[0] != "<=":
            relation, numbers = self.wish
            if is_choice or relation == "!=":
                self.wish = relation, tuple(dict.fromkeys(numbers + other.wish[1]))
            elif len(other.wish[1]) < len(numbers):
                self.wish = other.wish

    def deny(self) -> None:
        """The opposite of what was asked is wanted."""
        if self.wish is not None and self.wish[0] != "<=":
            self.wish = "!=" if self.wish[0] == "=" else "=", self.wish[1]


def joined(one: Watch | None, two: Watch | None) -> Watch | None:
    """Both sets of holes; None where they are too many to be worth watching."""
    if one is None or two is None or one == two:
        return one if one == two else None
    both = tuple(dict.fromkeys(one + two))
    return both if len(both) <= WATCHED else None


class UndecidedError(Exception):
    """The program does not say: no rule applies, steps ran out, or a quantifier was cut short."""


def both(first: Check, second: Check, unit: bool, is_choice: bool) -> Check:
    """And (``unit`` true) or Or: either side alone may decide.

    ``is_choice`` tells that one side is enough for the outcome that is looked for.
    """

    def run(env: Env) -> bool:
        try:
            if first(env) != unit:
                return not unit
        except (StuckError, UndecidedError) as found:
            error = found
        else:
            return second(env)
        try:
            if second(env) != unit:
                return not unit
        except StuckError as other:
            if isinstance(error, StuckError):
                error.join(other, is_choice=is_choice)
        raise error.with_traceback(None)

    return run


def remainder(one: int, two: int) -> int:
    """The remainder of a division, never negative; division by zero is left open."""
    if two == 0:
        raise UndecidedError
    return one % abs(two)


def quotient(one: int, two: int) -> int:
    """The quotient that goes with ``remainder``."""
    return (one - remainder(one, two)) // two


ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": quotient,
    "mod": remainder,
}
COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
