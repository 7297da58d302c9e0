"""Cells, the values of the lazy machine, and the integer operations on them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TypeAlias


class Cell:
    """A value: ``con`` is its constructor or integer once known, ``args`` its parts.

    A suspended cell has ``code`` to run in ``env``; a hole has neither, only a sort. A cell is
    ``blocked`` while none of these holes is known: running it again would change nothing.
    """

    __slots__ = ("args", "blocked", "code", "con", "env", "sort")

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
        self.blocked: Watch | None = None


Env: TypeAlias = "list[Cell | None]"
"""Arguments and slots of a running function; None is a slot not yet in use."""
Watch: TypeAlias = "tuple[Cell, ...]"
WATCHED = 32
Code: TypeAlias = Callable[[Env], Cell]
"""Runs in an environment and gives a cell."""
Check: TypeAlias = Callable[[Env], bool]
"""Decides a formula in an environment."""


class StuckError(Exception):
    """The outcome depends on a hole; only knowing one of ``watch`` could change that."""

    def __init__(self, hole: Cell, watch: Watch | None) -> None:
        self.hole = hole
        self.watch = watch


def joined(one: Watch | None, two: Watch | None) -> Watch | None:
    """Both sets of holes; None where they are too many to be worth watching."""
    if one is None or two is None or one == two:
        return one if one == two else None
    both = tuple(dict.fromkeys(one + two))
    return both if len(both) <= WATCHED else None


class UndecidedError(Exception):
    """The program does not say: no rule applies, steps ran out, or a quantifier was cut short."""


def both(first: Check, second: Check, unit: bool) -> Check:
    """And (``unit`` true) or Or: either side alone may decide."""

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
                error.watch = joined(error.watch, other.watch)
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
