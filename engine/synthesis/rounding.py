"""Answers that were rounded: a term may fit but for the last step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .bank import FAILED, Term
from .operation import Operation

_MOST_DIGITS = 4


def decimals(answers: Sequence[Any]) -> int:
    """To how many decimal places all answers seem to be rounded; 0 where they do not.

    >>> decimals([0.67, 12.5, 3.33]), decimals([0.1 + 0.2, 0.5]), decimals([1, 2])
    (2, 0, 0)
    """
    if not answers or any(type(value) not in (int, float) for value in answers):
        return 0
    if not all(map(math.isfinite, answers)):
        return 0
    for digits in range(1, _MOST_DIGITS + 1):
        if all(round(value, digits) == value for value in answers):
            needing = sum(round(value, digits - 1) != value for value in answers)
            return digits if 4 * needing >= len(answers) else 0
    return 0


def fitting_when_rounded(term: Term, answers: Sequence[Any], digits: int) -> Term | None:
    """The term rounded to so many places, if that gives the answers."""
    for value, wanted in zip(term.values, answers, strict=False):
        if type(value) is not float or abs(value - wanted) > 0.6 * 10**-digits:
            return None
    operation = Operation(f"round({{0}}, {digits})", ("float",), "float", 2)
    values = [v if v is FAILED else operation.function(v) for v in term.values]
    if any(v != wanted for v, wanted in zip(values, answers, strict=False)):
        return None
    return Term("float", values, term.cost + 2, None, operation, (term,), FAILED in values)
