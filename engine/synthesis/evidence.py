"""How much the answers say against how much a term could have been made to fit.

Ten truth values carry ten bits at most; among a hundred thousand terms, a hundred fit them by
chance. A term is in doubt while the answers carry fewer bits than it took to find it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from .agreement import key

BITS_A_COST = 2.0
"""Each unit of cost multiplies the terms there are by about four."""

_DISTINCT = 3.0  # bits more for an answer that comes once: it could have been many others


def bits(answers: Sequence[Any]) -> float:
    """The information in the answers, as far as they differ from each other.

    >>> round(bits([True, False, True, False])), bits([7, 7, 7, 7])
    (4, 0.0)
    """
    tally = Counter(key([answer]) for answer in answers)
    if len(tally) == 1:
        return 0.0
    whole = len(answers)
    return sum(
        times * math.log2(whole / times) + (_DISTINCT if times == 1 else 0.0)
        for times in tally.values()
    )


def doubt(cost: int, answers: float) -> float:
    """Bits by which the answers fall short of what a term of this cost needs; below 0 for none."""
    return BITS_A_COST * cost + 1 - answers
