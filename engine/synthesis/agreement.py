"""When two values or outcomes are the same, as far as a search for programs cares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from marshal import dumps
from typing import Any

from .outcome import Outcome

TOLERANCE = 1e-9
"""Floats that differ by less, relatively, are taken for the same answer."""


def agrees(found: Outcome, expected: Outcome) -> bool:
    """Whether two outcomes are the same but for rounding.

    >>> agrees(Outcome("returned", 0.1 + 0.2), Outcome("returned", 0.3))
    True
    >>> agrees(Outcome("returned", True), Outcome("returned", 1))
    False
    """
    if not expected.is_value or not found.is_value:
        return found.kind == expected.kind and found.kind in ("returned", "raised")
    return _agree(found.value, expected.value)


def _agree(one: object, two: object) -> bool:
    if type(one) is not type(two):
        return False
    match one, two:
        case float(), float():
            both_nan = one != one and two != two
            return both_nan or math.isclose(one, two, rel_tol=TOLERANCE, abs_tol=1e-12)
        case ((list() | tuple()), (list() | tuple())):
            return len(one) == len(two) and all(map(_agree, one, two))
        case dict(), dict():
            return one.keys() == two.keys() and all(_agree(one[key], two[key]) for key in one)
        case _:
            return bool(one == two)


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal, floats but for the last digits."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-11) or (left != left and right != right)
    return key([left]) == key([right])


def key(values: Sequence[Any]) -> bytes:
    """Equal for equal columns of values, and only for them."""
    try:
        return dumps([_ordered(value) for value in values], 2)
    except ValueError:
        return repr(values).encode()


def _ordered(value: Any) -> Any:
    """Sets and dicts in a fixed order, so that equal ones have equal bytes."""
    match value:
        case set() | frozenset():
            return ("set", sorted(map(repr, value)))
        case dict():
            return ("dict", sorted(map(repr, value.items())))
        case list():
            return [_ordered(item) for item in value]
        case tuple():
            return tuple(_ordered(item) for item in value)
        case _:
            return value
