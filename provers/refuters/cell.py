"""Cells, the values of the lazy machine, and the integer operations on them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TypeAlias


class Cell:
    """A value: ``con`` is its constructor or integer once known, ``args`` its parts.

    A suspended cell has ``code`` to run in ``env``; a hole has neither, only a sort.
    """

    __slots__ = ("args", "code", "con", "env", "sort")

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


Env: TypeAlias = "list[Cell | None]"
"""Arguments and slots of a running function; None is a slot not yet in use."""
Code: TypeAlias = Callable[[Env], Cell]
"""Runs in an environment and gives a cell."""
Check: TypeAlias = Callable[[Env], bool]
"""Decides a formula in an environment."""


class StuckError(Exception):
    """The outcome depends on a hole."""

    def __init__(self, hole: Cell) -> None:
        self.hole = hole


class UndecidedError(Exception):
    """The program does not say: no rule applies, steps ran out, or a quantifier was cut short."""


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
