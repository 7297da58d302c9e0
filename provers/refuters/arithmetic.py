"""Addition and multiplication as theories define them: routines that Python's integers run at once.

A routine on numerals is addition if it gives the other argument at zero and one step more at each
step, and multiplication if it gives zero at zero and adds the other argument at each step. Both
follow by induction, so values are the same; they only come without a call for each step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from lemmata.engine.term import App, Term, Var

from .encoding import Encoding
from .program import Leaf, Program, Routine, Switch, Tree

Operation: TypeAlias = Literal["sum", "product"]

LARGEST = 1 << 64
"""The largest value that is computed: larger ones cost more than they tell."""


def arithmetic(program: Program, encoding: Encoding) -> dict[str, Operation]:
    """The routines that add or multiply numerals."""
    found: dict[str, Operation] = {}
    for routine in program.routines.values():
        if _is_sum(routine, encoding):
            found[routine.name] = "sum"
    for routine in program.routines.values():
        if _is_product(routine, encoding, found):
            found[routine.name] = "product"
    return found


def _recursion(routine: Routine, encoding: Encoding) -> tuple[Var, Tree, Term, Tree] | None:
    """Of f(x, 0) = t, f(x, s(p)) = u: the x, t, f(x, p) and u; f may look at either argument."""
    tree, numbers = routine.tree, encoding.numbers
    if len(routine.parameters) != 2 or not isinstance(tree, Switch) or tree.default is not None:
        return None
    sort = routine.result
    if sort not in numbers or any(var.sort != sort for var in routine.parameters):
        return None
    if tree.slot not in routine.parameters or set(tree.cases) != set(numbers[sort]):
        return None
    zero, step = numbers[sort]
    place = routine.parameters.index(tree.slot)
    other = routine.parameters[1 - place]
    _, start = tree.cases[zero]
    (before,), after = tree.cases[step]
    args = (before, other) if place == 0 else (other, before)
    return other, start, App(routine.name, args, sort), after


def _is_sum(routine: Routine, encoding: Encoding) -> bool:
    match _recursion(routine, encoding):
        case (other, Leaf(start), inner, Leaf(after)):
            step = encoding.numbers[routine.result][1]
            return start == other and after == App(step, (inner,), routine.result)
        case _:
            return False


def _is_product(routine: Routine, encoding: Encoding, found: Mapping[str, Operation]) -> bool:
    match _recursion(routine, encoding):
        case (other, Leaf(App() as start), inner, Leaf(App(symbol, args))):
            zero = encoding.numbers[routine.result][0]
            is_added = found.get(symbol) == "sum" and args in ((inner, other), (other, inner))
            return start.symbol == zero and is_added
        case _:
            return False
