"""Quantifiers inside a statement: a search for values within the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lemmata.engine.term import Var

from .cell import Cell, Check, Env, StuckError, UndecidedError

if TYPE_CHECKING:
    from .machine import Machine


def quantified(
    machine: Machine, bound: tuple[Var, ...], check: Check, first: int, wanted: bool
) -> Check:
    """Looks for values that make the body true (exists) or false (for all).

    ``check`` decides the body in frames where the bound variables stand from place ``first`` on.
    """
    domain = machine.domain

    def run(env: Env) -> bool:
        if any(domain.is_uninterpreted(var.sort) for var in bound):
            raise UndecidedError
        holes = [machine.hole(var.sort) for var in bound]
        frame = [*env[:first], *[None] * (first - len(env)), *holes]
        mark = len(machine.trail)
        try:
            cost = sum(domain.least(var.sort) for var in bound)
            found = exhaust(machine, lambda: check(frame) == wanted, holes, cost)
        finally:
            machine.undo(mark)
        return found == wanted

    return run


def exhaust(machine: Machine, attempt: Callable[[], bool], holes: list[Cell], cost: int) -> bool:
    """Whether some values of the holes make the attempt succeed.

    Raises ``UndecidedError`` where the limit on sizes cut the search, ``StuckError`` where the answer
    depends on a hole from outside.
    """
    mine = set(map(id, holes))
    try:
        return attempt()
    except StuckError as error:
        hole = error.hole
        if id(hole) not in mine:
            raise
    cut = False
    domain, limit = machine.domain, machine.inner_limit
    least = domain.least(hole.sort)
    for con, sorts, price in domain.options(hole.sort, limit):
        total = cost + price - least
        if total > limit:
            cut = True
            continue
        mark = len(machine.trail)
        parts = tuple(machine.hole(sort) for sort in sorts)
        machine.refine(hole, con, parts)
        try:
            if exhaust(machine, attempt, [*holes, *parts], total):
                return True
        except UndecidedError:
            cut = True
        finally:
            machine.undo(mark)
    if cut or not domain.is_finite_choice(hole.sort):
        raise UndecidedError
    return False
