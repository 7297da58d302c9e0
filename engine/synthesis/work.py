"""Work, counted in steps: what a search shares out between its parts, so that none reads a clock.

A step is one evaluation on one row, give or take the bookkeeping. With a fixed seed the same steps
are done on any machine at any load; the clock only ends a search whose whole budget is used up.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

STEPS_A_SECOND = 2_500_000
"""What a budget of one second is taken to be worth, when shares of it are given out."""

_STEPS_A_LOOK = 50_000  # reading a clock can cost as much as a hundred candidates


@dataclass(slots=True)
class Work:
    """Steps done, out of the number a budget is worth; ``deadline`` is the budget itself.

    ``candidates`` counts the terms that were evaluated on the way.

    >>> work = Work(total=1000)
    >>> mark = work.share(0.25)
    >>> work.spend(250)
    >>> mark, work.is_past(mark)
    (250, True)
    """

    total: int = STEPS_A_SECOND
    deadline: float = float("inf")
    done: int = 0
    candidates: int = 0
    _look_at: int = 0
    _is_over: bool = False

    @classmethod
    def within(cls, seconds: float, deadline: float) -> Work:
        """The work of so many CPU seconds, ending at a reading of ``time.process_time``."""
        return cls(int(seconds * STEPS_A_SECOND), deadline)

    def spend(self, steps: int) -> None:
        """Count steps that were done."""
        self.done += steps

    def share(self, part: float, least: int = 0) -> int:
        """The mark at which a part of what is left will be used up; at least so many steps."""
        return self.done + max(least, int(part * (self.total - self.done)))

    def is_past(self, mark: float) -> bool:
        """Whether a mark is reached, or the whole budget is over."""
        return self.done >= mark or self.is_over

    @property
    def is_over(self) -> bool:
        """Whether the budget's seconds are used up; the clock is read once in many steps."""
        if self.done >= self._look_at:
            self._look_at = self.done + _STEPS_A_LOOK
            self._is_over = time.process_time() >= self.deadline
        return self._is_over
